"""One value that a person gives, in the way its type asks for: a text, a number, a choice, a tick, JSON or an image."""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QTextOption
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from flowloom.flows.model.flow import MISSING, FlowInput
from flowloom.studio.language import tr
from flowloom.studio.theme.style import code_font, restyle

_PICTURES = "*.png *.jpg *.jpeg *.gif *.webp *.bmp"


class TextBox(QPlainTextEdit):
    """A text field that grows with its text up to ``most`` lines; Tab leaves it. Ctrl+Enter asks to begin."""

    submitted = Signal()

    def __init__(self, parent: QWidget | None = None, *, least: int = 1, most: int = 8, enter_submits: bool = False) -> None:
        super().__init__(parent)
        self._least, self._most, self._enter = least, most, enter_submits
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(200, self.minimumHeight())

    def _fit(self, _size: object = None) -> None:
        needed = round(self.document().size().height())
        lines = max(self._least, min(self._most, needed))
        off, on = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(on if needed > self._most else off)
        height = lines * self.fontMetrics().lineSpacing() + 20
        if height != self.minimumHeight():
            self.setFixedHeight(height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (control or (self._enter and not shift)):
            self.submitted.emit()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()


class InputField(QWidget):
    """The field of one flow input. ``changed`` after every keystroke; ``problem`` says why its text is no value."""

    changed = Signal()
    submitted = Signal()

    def __init__(self, spec: FlowInput, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec = spec
        self.problem = ""
        self._title = QLabel(spec.name, self)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._note = QLabel(spec.description, self)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setWordWrap(True)
        self._note.setProperty("role", "tiny")
        self._note.setVisible(bool(spec.description))
        self._fault = QLabel("", self)
        self._fault.setTextFormat(Qt.TextFormat.PlainText)
        self._fault.setWordWrap(True)
        self._fault.setProperty("role", "bad")
        self._fault.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._title)
        self.editor = self._make(layout)
        self.editor.setAccessibleName(spec.name)
        self.editor.setAccessibleDescription(spec.description)
        self._title.setBuddy(self.editor)
        self.setFocusProxy(self.editor)
        layout.addWidget(self._note)
        layout.addWidget(self._fault)

    @property
    def value(self) -> Any:
        """What was given; MISSING where the field is empty and the flow's default counts. Raises ValueError for text that is no value."""
        kind, editor = self.spec.type, self.editor
        if isinstance(editor, QCheckBox):
            return editor.isChecked()
        if isinstance(editor, QComboBox):
            index = editor.currentIndex()
            return self.spec.enum[index] if 0 <= index < len(self.spec.enum) else MISSING
        text = editor.toPlainText() if isinstance(editor, QPlainTextEdit) else editor.text() if isinstance(editor, QLineEdit) else ""
        if kind in ("string", "secret", "file_path"):
            return text if text or not self.spec.required else MISSING
        if not text.strip():
            return MISSING
        if kind == "image":
            return {"data:image/*;path": text.strip()}
        if kind == "int":
            return int(text)
        if kind == "double":
            return float(text)
        return json.loads(text)

    def set_value(self, value: Any) -> None:
        """Show a value, or the flow's default for MISSING."""
        if value is MISSING:
            value = "" if self.spec.default is MISSING or self.spec.default is None else self.spec.default
        editor = self.editor
        if isinstance(editor, QCheckBox):
            editor.setChecked(value is True or str(value).lower() == "true")
        elif isinstance(editor, QComboBox):
            editor.setCurrentIndex(self.spec.enum.index(value) if value in self.spec.enum else -1)
        elif isinstance(editor, QPlainTextEdit):
            editor.setPlainText(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2))
        elif isinstance(editor, QLineEdit):
            if isinstance(value, dict) and self.spec.type == "image":
                value = next(iter(value.values()), "")
            editor.setText(str(value))
        self.check()

    def check(self) -> bool:
        """Say below the field what is wrong with it; whether it is fine."""
        try:
            self.value  # noqa: B018 - asked for whether it raises
        except ValueError:
            words = {"int": tr("This must be a whole number."), "double": tr("This must be a number.")}
            self.show_problem(words.get(self.spec.type, tr("This must be JSON, such as a list [1, 2] or an object.")))
        else:
            self.show_problem("")
        return not self.problem

    def show_problem(self, words: str) -> None:
        self.problem = words
        self._fault.setText(words)
        self._fault.setVisible(bool(words))
        state = "bad" if words else ""
        if self.editor.property("state") != state:
            self.editor.setProperty("state", state)
            restyle(self.editor)

    def _make(self, layout: QVBoxLayout) -> QWidget:
        spec = self.spec
        if spec.enum:
            box = QComboBox(self)
            box.addItems([str(choice) for choice in spec.enum])
            box.currentIndexChanged.connect(self._edited)
            layout.addWidget(box)
            return box
        if spec.type == "bool":
            tick = QCheckBox(spec.name, self)
            self._title.hide()
            tick.toggled.connect(self._edited)
            layout.addWidget(tick)
            return tick
        if spec.type in ("int", "double", "secret"):
            line = QLineEdit(self)
            if spec.type == "secret":
                line.setEchoMode(QLineEdit.EchoMode.Password)
            line.textChanged.connect(self._edited)
            line.returnPressed.connect(self.submitted)
            layout.addWidget(line)
            return line
        if spec.type == "image":
            return self._image(layout)
        text = TextBox(self, least=1 if spec.type == "string" else 2)
        if spec.type != "string":
            text.setFont(code_font())
        text.textChanged.connect(self._edited)
        text.submitted.connect(self.submitted)
        layout.addWidget(text)
        return text

    def _image(self, layout: QVBoxLayout) -> QWidget:
        line = QLineEdit(self)
        line.setPlaceholderText(tr("A picture's file"))
        line.textChanged.connect(self._edited)
        choose = QPushButton(tr("Choose..."), self)
        choose.clicked.connect(lambda: self._choose(line))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(line, 1)
        row.addWidget(choose)
        layout.addLayout(row)
        return line

    def _choose(self, line: QLineEdit) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("Choose a picture"), line.text(), tr("Pictures ({endings})", endings=_PICTURES))
        if path:
            line.setText(path)

    def _edited(self, *_values: object) -> None:
        self.check()
        self.changed.emit()



