"""Short dialogs in our own look: one thing told, or one question with its answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from flowloom.studio.language import tr, tr_data
from flowloom.studio.theme import theme
from flowloom.studio.theme.icons import pixmap

if TYPE_CHECKING:
    from flowloom.flows.errors import FlowloomError


class Message(QDialog):
    """``answers`` are (id, words, kind) from left to right, the last one first in line for Enter; ``answer`` is the id that was chosen,
    empty where the dialog was closed."""

    def __init__(
        self, parent: QWidget | None, title: str, words: str, answers: Sequence[tuple[str, str, str]], *, detail: str = "",
        icon: str = "info", tone: str = "accent",
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setWindowTitle("Flowloom")
        self.answer = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        top = QHBoxLayout()
        top.setSpacing(16)
        mark = QLabel(self)
        mark.setPixmap(pixmap(icon, getattr(theme.current(), tone), 24, self.devicePixelRatioF()))
        mark.setAlignment(Qt.AlignmentFlag.AlignTop)
        top.addWidget(mark)
        texts = QVBoxLayout()
        texts.setSpacing(8)
        for text, role in ((title, "large"), (words, ""), (detail, "muted")):
            if text:
                label = QLabel(self)
                label.setTextFormat(Qt.TextFormat.PlainText)
                label.setText(text)
                label.setWordWrap(True)
                label.setMinimumWidth(360)
                label.setMaximumWidth(520)
                label.setProperty("role", role)
                texts.addWidget(label)
        top.addLayout(texts, 1)
        column.addLayout(top)
        self.body = QVBoxLayout()
        column.addLayout(self.body)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        self.buttons: dict[str, QPushButton] = {}
        for number, (id, text, kind) in enumerate(answers):
            button = QPushButton(text, self)
            button.setProperty("kind", kind)
            button.setMinimumWidth(88)
            button.setAutoDefault(True)
            button.clicked.connect(lambda _checked=False, id=id: self._choose(id))
            if number == len(answers) - 1:
                button.setDefault(True)
                button.setFocus()
            self.buttons[id] = button
            row.addWidget(button)
        column.addLayout(row)
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)

    def _choose(self, id: str) -> None:
        self.answer = id
        self.accept()


def ask(parent: QWidget | None, title: str, words: str, answers: Sequence[tuple[str, str, str]], **more: str) -> str:
    """Ask, and give the id of the answer; empty where the dialog was closed."""
    dialog = Message(parent, title, words, answers, **more)
    dialog.exec()
    dialog.deleteLater()
    return dialog.answer


def tell(parent: QWidget | None, error: FlowloomError) -> None:
    """Show what went wrong and what to do next."""
    where = error.where if error.file and error.file not in error.message else ""
    hint = tr_data(error.hint) if error.hint else ""
    ask(
        parent, tr("That did not work"), tr_data(error.message), [("ok", tr("OK"), "primary")],
        detail="\n".join(part for part in (hint, where) if part), icon="warning-circle", tone="bad",
    )  # fmt: skip
