"""The prompt as the model reads it: each message under its role, and below them the reply of the last run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from flowloom.studio.inspector.controls import label
from flowloom.studio.language import tr, tr_data

_MOST: Final = 12_000
"""Characters of one message that are shown; the rest is in the Data pane."""


@dataclass(frozen=True, slots=True)
class Message:
    role: str
    text: str


class MessagesView(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)
        self.messages: tuple[Message, ...] = ()

    def show_messages(self, messages: Sequence[Message], *, note: str = "", fault: str = "") -> None:
        """``note`` is a line above them, ``fault`` what kept the prompt from being filled in."""
        self.messages = tuple(messages)
        while (item := self._box.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if note:
            self._box.addWidget(label(note, "tiny", wrap=True))
        for message in messages:
            self._box.addWidget(_Message(message))
        if fault:
            self._box.addWidget(label(fault, "bad", wrap=True))


class _Message(QFrame):
    def __init__(self, message: Message) -> None:
        super().__init__()
        self.setProperty("role", "well")
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 8, 12, 8)
        box.setSpacing(4)
        box.addWidget(label(tr_data(message.role), "section"))
        text = message.text if len(message.text) <= _MOST else f"{message.text[:_MOST]}…"
        words = label(text, "", wrap=True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard)
        words.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        words.setAccessibleName(f"{tr_data(message.role)}: {text[:200]}")
        box.addWidget(words)


def read_messages(answer: Any) -> list[Message]:
    """Messages out of what a worker or a request holds: ``{"messages": [{"role", "content"}]}`` or ``{"text"}``."""
    if not isinstance(answer, dict):
        return []
    if "text" in answer:
        return [Message(tr("text"), str(answer["text"]))]
    return [
        Message(str(message.get("role", "")), content_text(message.get("content")))
        for message in answer.get("messages", ())
        if isinstance(message, dict)
    ]


def content_text(content: Any) -> str:
    """The text of a message's content; parts that are no text are named."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        parts = [part.get("text") if isinstance(part, dict) and part.get("type") == "text" else tr("(an image)") for part in content]
        return "\n".join(str(part) for part in parts)
    if content is None:
        return ""
    from flowloom.studio.editors.json_editor import as_json

    return as_json(content)
