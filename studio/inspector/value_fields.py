"""Fields for one value each. All have ``set_value``, and ``edited``, which carries the new value or MISSING for none."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from flowloom.flows.model.flow import MISSING
from flowloom.flows.node.spec import Port
from flowloom.studio.inspector.controls import Combo, Switch, label
from flowloom.studio.language import tr


class ValueField(QWidget):
    """The base of all fields. ``port`` says what values it takes; ``words`` name it for those who listen."""

    edited = Signal(object)

    def __init__(self, port: Port, words: str) -> None:
        super().__init__()
        self.port = port
        self.words = words
        self.chapter = 0
        """Edits of one chapter, one right after the other, are one step of undo."""
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(4)
        self._fault = label("", "bad", wrap=True)
        self._fault.hide()

    def main(self) -> QWidget:
        """The widget that takes the keyboard."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a value; MISSING where nothing is written. A person's text that means the same stays as typed."""
        raise NotImplementedError

    def hint(self) -> str:
        """What holds where nothing is written."""
        default = self.port.default
        if default is MISSING or default is None or default == "":
            if not self.port.is_setting and default is MISSING:
                return tr("no value yet")
            return tr("required") if self.port.required else tr("default")
        return shown_value(default)

    def complain(self, words: str) -> None:
        """Say below the field why its text does not count; nothing where ``words`` are empty."""
        self._fault.setText(words)
        self._fault.setVisible(bool(words))
        widget = self.main()
        state = "bad" if words else ""
        if widget.property("state") != state:
            widget.setProperty("state", state)
            widget.style().unpolish(widget)
            widget.style().polish(widget)


class TextField(ValueField):
    """One line of text."""

    def __init__(self, port: Port, words: str) -> None:
        super().__init__(port, words)
        self.line = QLineEdit()
        self.line.setAccessibleName(words)
        self.line.setPlaceholderText(self.hint())
        if port.type == "secret":
            self.line.setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)
        self.line.textEdited.connect(lambda text: self.edited.emit(text if text else MISSING))
        self.box.addWidget(self.line)

    def main(self) -> QWidget:
        return self.line

    def set_value(self, value: Any) -> None:
        text = "" if value is MISSING or value is None else value if isinstance(value, str) else shown_value(value)
        if self.line.text() != text:
            place = self.line.cursorPosition()
            self.line.setText(text)
            if self.line.hasFocus():
                self.line.setCursorPosition(min(place, len(text)))


class LinesField(ValueField):
    """A text of any number of lines, as high as it needs to be up to eight."""

    def __init__(self, port: Port, words: str) -> None:
        super().__init__(port, words)
        self.lines = GrowingText(least=3 if port.multiline else 1)
        self.lines.setAccessibleName(words)
        self.lines.setPlaceholderText(self.hint())
        self.lines.edited.connect(lambda text: self.edited.emit(text if text else MISSING))
        self.box.addWidget(self.lines)

    def main(self) -> QWidget:
        return self.lines

    def set_value(self, value: Any) -> None:
        self.lines.set_text("" if value is MISSING or value is None else value if isinstance(value, str) else shown_value(value))


class GrowingText(QPlainTextEdit):
    """As high as its text, from ``least`` to ``most`` lines. Tab leads on to the next field."""

    edited = Signal(str)

    def __init__(self, *, least: int = 1, most: int = 8) -> None:
        super().__init__()
        self._least, self._most = least, most
        self._setting = False
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.document().setDocumentMargin(2)
        self.setProperty("role", "field")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportMargins(6, 0, 4, 0)
        self.textChanged.connect(self._changed)
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self._fit())
        self._fit()

    def text(self) -> str:
        return self.document().toRawText().replace("\u2029", "\n")

    def set_text(self, text: str) -> None:
        if self.text() != text:
            self._setting = True
            place = self.textCursor().position()
            self.setPlainText(text)
            cursor = self.textCursor()
            cursor.setPosition(min(place, len(self.document().toRawText()) - 1 if text else 0))
            self.setTextCursor(cursor)
            self._setting = False

    def _changed(self) -> None:
        if not self._setting:
            self.edited.emit(self.text())

    def _fit(self) -> None:
        lines, block = 0, self.document().begin()
        while block.isValid() and lines < self._most:
            self.blockBoundingRect(block)  # lays the block out, which may not have been needed so far
            lines += max(1, block.lineCount())
            block = block.next()
        lines = max(self._least, min(lines, self._most))
        height = lines * self.fontMetrics().lineSpacing() + 14
        if self.height() != height or self.minimumHeight() != height:
            self.setFixedHeight(max(30, height))
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if lines >= self._most else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(policy)

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def sizeHint(self) -> QSize:
        return QSize(160, self.minimumHeight())


class SwitchField(ValueField):
    """Yes or no."""

    def __init__(self, port: Port, words: str) -> None:
        super().__init__(port, words)
        self.switch = Switch(words)
        self.state = label("", "muted")
        self.switch.touched.connect(lambda checked: self.edited.emit(checked))
        inner = QHBoxLayout()
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        inner.addWidget(self.switch)
        inner.addWidget(self.state, 1)
        self.box.addLayout(inner)
        self.set_value(MISSING)

    def main(self) -> QWidget:
        return self.switch

    def set_value(self, value: Any) -> None:
        unset = value is MISSING or value is None or value == ""
        default = self.port.default
        state = (default is True) if unset else (value is True or str(value).lower() == "true")
        self.switch.setChecked(state)
        self.switch.faded = unset
        words = tr("on") if state else tr("off")
        self.state.setText(tr("{state}, by default", state=words) if unset else words)
        self.switch.update()


class ChoiceField(ValueField):
    """One of the port's choices."""

    def __init__(self, port: Port, words: str) -> None:
        super().__init__(port, words)
        self.combo = Combo(words)
        self._choices: list[Any] = []
        self._fill(list(port.choices))
        self.combo.activated.connect(lambda index: self.edited.emit(self._choices[index]))
        self.box.addWidget(self.combo)

    def _fill(self, choices: list[Any]) -> None:
        self.combo.clear()
        self._choices = []
        if not self.port.required or self.port.default is not MISSING:
            default = self.port.default
            words = tr("default") if default is MISSING or default is None else tr("default: {value}", value=shown_value(default))
        else:
            words = tr("Choose…")
        self._choices.append(MISSING)
        self.combo.addItem(words)
        for choice in choices:
            self._choices.append(choice)
            self.combo.addItem(shown_value(choice))

    def main(self) -> QWidget:
        return self.combo

    def set_value(self, value: Any) -> None:
        if value is None or value == "":
            value = MISSING
        index = next((number for number, choice in enumerate(self._choices) if choice is value or choice == value), None)
        if index is None:
            self._fill([*self.port.choices, value])
            index = len(self._choices) - 1
        self.combo.setCurrentIndex(index)


def shown_value(value: Any) -> str:
    """A plain value as a person reads and types it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    from flowloom.studio.editors.json_editor import as_json

    return as_json(value)
