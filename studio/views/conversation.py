"""A model call as a conversation: the messages that were sent, and the reply, one under the other."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from flowloom.studio.language import tr
from flowloom.studio.theme import theme
from flowloom.studio.theme.icons import icon
from flowloom.studio.views.image_view import ImageView
from flowloom.studio.views.kinds import media_of
from flowloom.studio.views.markdown_view import MarkdownView

MOST_MESSAGES: Final = 60
"""Of a longer conversation the last ones are shown, until all are asked for."""
MOST_CHARACTERS: Final = 6_000


@dataclass(frozen=True, slots=True)
class Part:
    """One message: who says it, its text, and what else it carries, as pictures and as lines (calls of tools)."""

    role: str
    text: str
    pictures: tuple[bytes, ...] = ()
    calls: tuple[str, ...] = ()
    is_reply: bool = False
    name: str = field(default="")


def parts_of(request: Mapping[str, Any], reply: Mapping[str, Any] | None) -> list[Part]:
    """The messages of a request in OpenAI's form, then the first choice of its reply."""
    found: list[Part] = []
    messages = request.get("messages")
    if isinstance(messages, Sequence) and not isinstance(messages, str):
        found += [_part(message) for message in messages if isinstance(message, Mapping)]
    elif "prompt" in request:
        found.append(Part("prompt", str(request["prompt"])))
    choices = (reply or {}).get("choices")
    if isinstance(choices, list) and choices and isinstance(choices[0], Mapping):
        message = choices[0].get("message")
        found.append(_part(message if isinstance(message, Mapping) else {"content": choices[0].get("text")}, is_reply=True))
    return found


def _part(message: Mapping[str, Any], is_reply: bool = False) -> Part:
    content = message.get("content")
    texts: list[str] = []
    pictures: list[bytes] = []
    for piece in content if isinstance(content, list) else [content]:
        media = media_of(piece) if isinstance(piece, Mapping) else None
        if media is not None and media.kind == "image":
            pictures.append(media.data)
        elif isinstance(piece, Mapping):
            texts.append(str(piece["text"]) if isinstance(piece.get("text"), str) else json.dumps(piece, ensure_ascii=False, default=str))
        elif piece is not None:
            texts.append(str(piece))
    calls = message.get("tool_calls")
    lines = [_call(call) for call in calls if isinstance(call, Mapping)] if isinstance(calls, list) else []
    if isinstance(message.get("function_call"), Mapping):
        lines.append(_call({"function": message["function_call"]}))
    role = str(message.get("role") or ("assistant" if is_reply else "user"))
    return Part(role, "\n".join(texts), tuple(pictures), tuple(lines), is_reply, str(message.get("name") or ""))


def _call(call: Mapping[str, Any]) -> str:
    function = call.get("function")
    function = function if isinstance(function, Mapping) else {}
    return f"{function.get('name')}({str(function.get('arguments') or '')[:MOST_CHARACTERS]})"


def role_words(part: Part) -> str:
    """Who speaks, in words for people."""
    if part.is_reply:
        return tr("Reply")
    words = {
        "system": tr("System"),
        "developer": tr("Developer"),
        "user": tr("User"),
        "assistant": tr("Assistant"),
        "tool": tr("Tool"),
        "function": tr("Function"),
        "prompt": tr("Prompt"),
    }
    return words.get(part.role, part.role[:40])


class _Message(QFrame):
    """One message as a card."""

    def __init__(self, part: Part, parent: QWidget) -> None:
        super().__init__(parent)
        self._part = part
        self.setProperty("role", "well")
        self.setAccessibleName(f"{role_words(part)}: {part.text[:200]}")
        self._role = QLabel(role_words(part) + (f" · {part.name[:40]}" if part.name else ""), self)
        self._role.setTextFormat(Qt.TextFormat.PlainText)
        self._role.setProperty("role", "section")
        self._copy = QToolButton(self)
        self._copy.setToolTip(tr("Copy this message"))
        self._copy.setAccessibleName(tr("Copy this message"))
        self._copy.clicked.connect(self._copy_text)
        head = QHBoxLayout()
        head.addWidget(self._role)
        head.addStretch(1)
        head.addWidget(self._copy)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(12, 4, 4, 12)
        self._layout.setSpacing(4)
        self._layout.addLayout(head)
        self._text = self._label(part.text)
        self._layout.addWidget(self._text)
        self._text.setVisible(bool(part.text))
        self._all = QPushButton(tr("Show all {count} characters", count=f"{len(part.text):,}"), self)
        self._all.setProperty("kind", "link")
        self._all.clicked.connect(self._show_all)
        self._all.setVisible(len(part.text) > MOST_CHARACTERS)
        self._layout.addWidget(self._all, 0, Qt.AlignmentFlag.AlignLeft)
        for data in part.pictures:
            picture = ImageView(self)
            picture.setFixedHeight(200)
            picture.show_picture(data)
            self._layout.addWidget(picture)
        for call in part.calls:
            self._layout.addWidget(self._label(call))
        theme.themes().changed.connect(self._tint)
        self._tint()

    def _label(self, text: str) -> MarkdownView:
        label = MarkdownView(self, fit=True)
        label.set_plain(text[:MOST_CHARACTERS])
        return label

    def _show_all(self) -> None:
        self._text.set_plain(self._part.text)
        self._all.hide()

    def _copy_text(self) -> None:
        QGuiApplication.clipboard().setText("\n".join([self._part.text, *self._part.calls]).strip())

    def _tint(self) -> None:
        shown = theme.current()
        self._copy.setIcon(icon("copy", shown.faint))
        if self._part.is_reply:
            self._role.setStyleSheet(f"color: {shown.accent.name()};")


class ConversationView(QScrollArea):
    """``show_calls`` takes every call of a node, one after the other; the last one is at the end, in sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Messages and reply"))
        self._parts: list[Part] = []
        self._showing_all = False

    @property
    def parts(self) -> list[Part]:
        return self._parts

    def show_calls(self, calls: Sequence[tuple[Mapping[str, Any], Mapping[str, Any] | None]]) -> None:
        """Show calls as pairs of request and reply; None for a reply that did not come."""
        parts: list[Part] = []
        for request, reply in calls:
            found = parts_of(request, reply)
            # A later call mostly repeats the messages of the one before, and adds to them.
            shared = 0
            while shared < min(len(found), len(parts)) and _same(found[shared], parts[shared]):
                shared += 1
            parts += found[shared:] if shared >= 2 or shared == len(parts) else found
        if parts != self._parts:
            self._parts = parts
            self._fill()

    def _fill(self) -> None:
        inside = QWidget(self)
        inside.setProperty("role", "panel")
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.setSpacing(8)
        hidden = 0 if self._showing_all else max(0, len(self._parts) - MOST_MESSAGES)
        if hidden:
            more = QPushButton(tr("Show {count} earlier messages", count=hidden), inside)
            more.setProperty("kind", "link")
            more.clicked.connect(self._show_all)
            layout.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        for part in self._parts[hidden:]:
            layout.addWidget(_Message(part, inside))
        layout.addStretch(1)
        self.setWidget(inside)

    def _show_all(self) -> None:
        self._showing_all = True
        self._fill()


def _same(a: Part, b: Part) -> bool:
    return (a.role, a.text, a.calls, a.pictures) == (b.role, b.text, b.calls, b.pictures)
