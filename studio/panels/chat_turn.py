"""One turn of a conversation on the screen: the question, and the reply as it streams and as it stands."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from flowloom.flows.engine.codec import to_json
from flowloom.studio.language import tr, tr_data
from flowloom.studio.run.citations import SCHEME, Citation, linked, with_lines
from flowloom.studio.run.conversation import Turn, pictures_of, words_of
from flowloom.studio.run.fixes import Fix
from flowloom.studio.run.words import length
from flowloom.studio.theme import theme
from flowloom.studio.theme.icons import icon
from flowloom.studio.theme.style import restyle
from flowloom.studio.views import pictures
from flowloom.studio.views.kinds import as_text, media_of
from flowloom.studio.views.markdown_view import MarkdownView

if TYPE_CHECKING:
    from collections.abc import Sequence

_THUMB: Final = QSize(220, 180)
_SHARE: Final = 0.86
"""How much of the width a question may take."""


class TurnView(QWidget):
    """Signals say what a person wants of the turn."""

    edit_asked = Signal(object)
    retry_asked = Signal(object)
    citation_asked = Signal(object)
    fix_asked = Signal(object)

    def __init__(self, turn: Turn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.turn = turn
        self._fixes: Sequence[Fix] = ()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._words: QLabel | None = None
        self._layout.addWidget(self._question(), 0, Qt.AlignmentFlag.AlignRight)
        self._live = _plain("", self)
        self._live.setAccessibleName(tr("Reply"))
        self._layout.addWidget(self._live)
        self._body = QVBoxLayout()
        self._body.setSpacing(8)
        self._layout.addLayout(self._body)
        self.reply: MarkdownView | None = None
        self._foot = self._actions()
        self._layout.addWidget(self._foot)
        self.stream("")
        if turn.state != "running":
            self.settle(())

    def stream(self, text: str) -> None:
        """Show how far the reply is."""
        self._live.setText(text or tr("Thinking..."))
        role = "" if text else "muted"
        if self._live.property("role") != role:
            self._live.setProperty("role", role)
            restyle(self._live)
        self._foot.setVisible(False)

    def settle(self, fixes: Sequence[Fix]) -> None:
        """The turn has ended: show its reply as Markdown, or what went wrong."""
        turn = self.turn
        if turn.state == "stopped":
            self._live.setText(f"{self._live.text()}\n{tr('Stopped.')}" if self._live.property("role") == "" else tr("Stopped."))
        else:
            self._live.hide()
        if turn.state == "completed":
            self._show_answer(turn.answer)
        elif turn.fault is not None:
            self._show_fault(fixes)
        self._foot.setVisible(True)

    def _question(self) -> QWidget:
        bubble = QFrame(self)
        bubble.setProperty("role", "bubble")
        column = QVBoxLayout(bubble)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        for picture in pictures_of(self.turn.question):
            if (label := _picture(picture, bubble)) is not None:
                column.addWidget(label)
        if words := words_of(self.turn.question):
            self._words = _plain(words, bubble)
            self._words.setAccessibleName(tr("Question"))
            column.addWidget(self._words)
        return bubble

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """A question is as wide as its longest line, up to its share of the width, and as high as it then needs."""
        if self._words is None:
            return
        most = max(80, round(self.width() * _SHARE) - 24)
        lines = self._words.text().split("\n")
        natural = max(self._words.fontMetrics().horizontalAdvance(line[:400]) for line in lines) + 4
        width = min(natural, most)
        self._words.setFixedSize(width, self._words.heightForWidth(width))

    def _show_answer(self, answer: Any) -> None:
        form = to_json(answer)
        parts = form if isinstance(form, list) and all(isinstance(item, str) or media_of(item) for item in form) else [form]
        for part in parts:
            label = _picture(part, self)
            if label is not None:
                self._body.addWidget(label)
                continue
            text = part if isinstance(part, str) else f"```json\n{as_text(part)}\n```"
            self.reply = MarkdownView(self, fit=True, own_schemes=(SCHEME,))
            self.reply.setAccessibleName(tr("Reply"))
            self.reply.link_asked.connect(self._link)
            self.reply.set_markdown(linked(with_lines(text), self.turn.citations))
            self._body.addWidget(self.reply)
        if self.turn.citations:
            self._body.addLayout(self._sources())

    def _sources(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(4)
        for citation in self.turn.citations:
            button = QPushButton(f"[{citation.number}]  {citation.title}".replace("&", "&&"), self)
            button.setProperty("kind", "link")
            button.setAccessibleName(tr("Source {number}: {title}", number=citation.number, title=citation.title))
            button.clicked.connect(partial(self._open, citation))
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return column

    def _show_fault(self, fixes: Sequence[Fix]) -> None:
        fault = self.turn.fault
        if fault is None:
            return
        frame = QFrame(self)
        frame.setProperty("role", "bar")
        frame.setProperty("tone", "bad")
        words = _plain("\n".join(tr_data(part) for part in (fault.message, fault.hint) if part), frame)
        column = QVBoxLayout(frame)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        column.addWidget(words)
        row = QHBoxLayout()
        for fix in fixes[:2]:
            button = QPushButton(fix.title, frame)
            button.clicked.connect(partial(self._do, fix))
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self._body.addWidget(frame)

    def _actions(self) -> QWidget:
        foot = QWidget(self)
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.edit_button = self._tool("pencil-simple", tr("Edit the question and ask again"), foot)
        self.edit_button.clicked.connect(self._ask_edit)
        self.retry_button = self._tool("arrow-clockwise", tr("Ask again"), foot)
        self.retry_button.clicked.connect(self._ask_retry)
        self.copy_button = self._tool("copy", tr("Copy the reply"), foot)
        self.copy_button.clicked.connect(self._copy)
        self._length = QLabel("", foot)
        self._length.setProperty("role", "tiny")
        for widget in (self.edit_button, self.retry_button, self.copy_button, self._length):
            row.addWidget(widget)
        if self.turn.seconds is not None:
            self._length.setText(length(self.turn.seconds))
        row.addStretch(1)
        return foot

    def tell_length(self) -> None:
        if self.turn.seconds is not None:
            self._length.setText(length(self.turn.seconds))

    def _tool(self, name: str, words: str, parent: QWidget) -> QToolButton:
        button = QToolButton(parent)
        button.setIcon(icon(name, theme.current().muted))
        button.setIconSize(QSize(14, 14))
        button.setToolTip(words)
        button.setAccessibleName(words)
        return button

    def _open(self, citation: Citation, _checked: bool = False) -> None:
        self.citation_asked.emit(citation)

    def _do(self, fix: Fix, _checked: bool = False) -> None:
        self.fix_asked.emit(fix)

    def _ask_edit(self) -> None:
        self.edit_asked.emit(self.turn)

    def _ask_retry(self) -> None:
        self.retry_asked.emit(self.turn)

    def _copy(self) -> None:
        QApplication.clipboard().setText(as_text(to_json(self.turn.answer)))

    def _link(self, address: str) -> None:
        number = address.partition(":")[2]
        found: Citation | None = next((one for one in self.turn.citations if str(one.number) == number), None)
        if found is not None:
            self.citation_asked.emit(found)


def _plain(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _picture(value: Any, parent: QWidget) -> QLabel | None:
    media = media_of(value)
    image = pictures.decode(media.data, _THUMB) if media is not None and media.kind == "image" else None
    if image is None:
        return None
    label = QLabel(parent)
    label.setPixmap(QPixmap.fromImage(image))
    label.setAccessibleName(tr("Picture"))
    return label

