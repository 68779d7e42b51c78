"""The prompt or code of a node, with its variants above and what there is to know of it below."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, Literal

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from flowloom.studio.editors.code_editor import CodeEditor
from flowloom.studio.editors.completion import Completion
from flowloom.studio.editors.line_ends import carried
from flowloom.studio.editors.prompt_editor import PromptEditor
from flowloom.studio.editors.python_editor import PythonEditor
from flowloom.studio.editors.tokens import estimated_tokens
from flowloom.studio.inspector.controls import ElidedLabel, IconButton, label
from flowloom.studio.inspector.messages_view import MessagesView
from flowloom.studio.inspector.variants_bar import VariantsBar
from flowloom.studio.language import tr

_CHAPTER_MS: Final = 1500
"""After a pause of this length what one types is a step of undo of its own."""

Kind = Literal["prompt", "python"]


class SourceEditor(QWidget):
    """``changed`` carries the file, its whole new text, and a key that is the same for edits that are one step of undo."""

    changed = Signal(str, str, str)
    messages_asked = Signal()
    """Messages are looked at now, and should be those of the text as it is."""
    expand_asked = Signal()

    def __init__(self, kind: Kind, path: str) -> None:
        super().__init__()
        self.kind, self.path = kind, path
        self._text = ""
        self._chapter = 0
        self.variants = VariantsBar()
        self.editor: CodeEditor = PromptEditor() if kind == "prompt" else PythonEditor(path=path)
        # Shown without a parent, even for a moment, it would be a window of its own and take the keyboard.
        self.editor.setParent(self)
        self.editor.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.editor.edited.connect(self._edited)
        self.editor.cursorPositionChanged.connect(self._show_fault)
        self.messages = MessagesView()
        self.messages.hide()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_CHAPTER_MS)
        self._pause.timeout.connect(self._next_chapter)
        self.editor.left.connect(self._next_chapter)
        self._watch = QTimer(self)
        self._watch.setSingleShot(True)
        self._watch.setInterval(60)
        self._watch.timeout.connect(self._show_fault)
        self.editor.marked.connect(self._watch.start)
        box = self._box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self._head())
        box.addWidget(self.editor)
        box.addWidget(self.messages)
        box.addLayout(self._foot())

    def _head(self) -> QWidget:
        self.views = QFrame(self)
        self.views.setProperty("role", "segments")
        inner = QHBoxLayout(self.views)
        inner.setContentsMargins(2, 2, 2, 2)
        inner.setSpacing(2)
        group = QButtonGroup(self)
        self.prompt_tab, self.messages_tab = _segment(tr("Prompt")), _segment(tr("Messages"))
        for button in (self.prompt_tab, self.messages_tab):
            group.addButton(button)
            inner.addWidget(button)
            button.toggled.connect(self._switch)
        self.prompt_tab.setChecked(True)
        self.views.setVisible(self.kind == "prompt")
        return PairRow(self.variants, self.views)

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(8)
        self.file = ElidedLabel(self.path, "tiny", middle=True)
        self.fault = label("", "bad", wrap=True)
        self.fault.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.fault.hide()
        self.tokens = label("", "tiny")
        foot.addWidget(self.file, 1)
        foot.addWidget(self.fault, 1)
        foot.addWidget(self.tokens)
        self.expand = IconButton("arrows-out-simple", tr("Edit in a larger window"), self.expand_asked.emit, size=22)
        foot.addWidget(self.expand)
        return foot

    def show_text(self, path: str, text: str) -> None:
        """The file as the document has it."""
        if path != self.path:
            self.path = path
            self._chapter += 1
            if isinstance(self.editor, PythonEditor):
                self.editor.path = path
        self._text = text
        self.editor.set_text(text)
        if self.kind == "prompt":
            self.tokens.setText(tr("about {count} tokens", count=estimated_tokens(text)))
        self.file.setText(path)

    def set_known(self, valued: Collection[str], offers: Sequence[Completion], *, chat: bool) -> None:
        if isinstance(self.editor, PromptEditor):
            self.editor.set_known(valued, offers, chat=chat)

    def lend_editor(self) -> CodeEditor:
        """Hand the editor to a larger window; ``take_editor_back`` ends it."""
        self._box.removeWidget(self.editor)
        self.editor.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        return self.editor

    def take_editor_back(self) -> None:
        self.editor.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._box.insertWidget(1, self.editor)
        self.editor.setVisible(not self.messages_tab.isChecked())
        self.editor.setFocus()

    def check(self) -> None:
        """Look at once at what is wrong."""
        if isinstance(self.editor, PromptEditor | PythonEditor):
            self.editor.check()

    @property
    def shows_messages(self) -> bool:
        return not self.messages.isHidden()

    def _switch(self) -> None:
        messages = self.messages_tab.isChecked()
        self.messages.setVisible(messages)
        self.editor.setVisible(not messages)
        if messages:
            self.messages_asked.emit()

    def _edited(self, shown: str) -> None:
        text = carried(self._text, shown)
        self._pause.start()
        self._text = text
        self.changed.emit(self.path, text, f"text:{self.path}:{self._chapter}")

    def _next_chapter(self) -> None:
        self._chapter += 1

    def _show_fault(self) -> None:
        """What is wrong, in words below the editor: on the cursor's line, else the first."""
        marks = self.editor.marks
        here = self.editor.mark_of(self.editor.textCursor().blockNumber() + 1)
        mark = here or next((mark for mark in marks if mark.severity == "error"), None)
        words = tr("Line {line}: {message}", line=mark.line, message=mark.message) if mark else ""
        if self.fault.text() != words:
            self.fault.setText(words)
            role = "warn" if mark and mark.severity == "warning" else "bad"
            self.fault.setProperty("role", role)
            self.fault.style().unpolish(self.fault)
            self.fault.style().polish(self.fault)
        self.fault.setVisible(bool(words))
        self.file.setVisible(not words)


class PairRow(QWidget):
    """Two widgets side by side, at either end; one below the other where there is no room."""

    def __init__(self, first: QWidget, second: QWidget) -> None:
        super().__init__()
        self._first, self._second = first, second
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)
        self._box.addWidget(first)
        self._box.addStretch(1)
        self._box.addWidget(second)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._turn()
        return super().event(event)

    def _turn(self) -> None:
        shown = [widget for widget in (self._first, self._second) if not widget.isHidden()]
        needed = sum(widget.sizeHint().width() for widget in shown) + 8
        down = len(shown) == 2 and needed > self.width()
        wanted = QBoxLayout.Direction.TopToBottom if down else QBoxLayout.Direction.LeftToRight
        if self._box.direction() != wanted:
            self._box.setDirection(wanted)
            for widget in (self._first, self._second):
                self._box.setAlignment(widget, Qt.AlignmentFlag.AlignLeft if down else Qt.AlignmentFlag(0))
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())


def _segment(words: str) -> QPushButton:
    made = QPushButton(words)
    made.setProperty("kind", "segment")
    made.setCheckable(True)
    return made
