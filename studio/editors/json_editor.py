"""A small editor for a value written as JSON."""

from __future__ import annotations

import json
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from flowloom.studio.editors.code_editor import CodeEditor, Mark
from flowloom.studio.editors.highlighter import Highlighter
from flowloom.studio.editors.syntax import json_line
from flowloom.studio.language import tr

EMPTY: Final = object()
"""What an empty text stands for: no value."""


class JsonEditor(CodeEditor):
    """``value_changed`` carries the value whenever the text is one, EMPTY where there is no text."""

    value_changed = Signal(object)
    lines_shown = (1, 12)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(4)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._colours = Highlighter(self.document(), json_line)
        self.edited.connect(self._judge)

    def number_width(self) -> int:
        return 2

    def show_value(self, value: Any) -> None:
        """Show a value, unless the text says it already."""
        if value is EMPTY:
            if self.text().strip() and not self.marks:
                self.set_text("")
            return
        if not _equal(self.value(), value):
            self.set_text(as_json(value))
            self.set_marks(())

    def value(self) -> Any:
        """The value the text says; EMPTY where there is none or the text is no JSON."""
        text = self.text().strip()
        if not text:
            return EMPTY
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return EMPTY

    def _judge(self, text: str) -> None:
        if not text.strip():
            self.set_marks(())
            self.value_changed.emit(EMPTY)
            return
        try:
            value = json.loads(text)
        except json.JSONDecodeError as error:
            self.set_marks([Mark(error.lineno, tr("This is not JSON yet: {why}", why=error.msg))])
        except RecursionError:
            self.set_marks([Mark(1, tr("This is nested too deeply."))])
        else:
            self.set_marks(())
            self.value_changed.emit(value)

    def paint_numbers(self, event: Any) -> None:
        """No numbers beside so short a text, only the mark of a fault."""
        if self.marks:
            super().paint_numbers(event)


def as_json(value: Any) -> str:
    """The value as text: in one line where it is short."""
    try:
        line = json.dumps(value, ensure_ascii=False)
        return line if len(line) <= 36 else json.dumps(value, ensure_ascii=False, indent=2)
    except (TypeError, ValueError, RecursionError):
        return str(value)


def _equal(first: Any, second: Any) -> bool:
    return type(first) is type(second) and first == second
