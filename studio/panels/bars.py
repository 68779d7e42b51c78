"""The notices above a canvas: not trusted, changed outside, unsaved work found. Each asks one clear question."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from flowloom.studio.theme import theme
from flowloom.studio.theme.icons import pixmap
from flowloom.studio.theme.style import restyle

if TYPE_CHECKING:
    from flowloom.studio.workspace import Page, Workspace


LEAST_WORDS: Final = 300
"""Pixels the words of a notice want beside its buttons."""


class Bar(QFrame):
    """One notice: an icon, a sentence, what it means in smaller words, and buttons."""

    def __init__(self, parent: QWidget, icon: str, tone: str) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self.setProperty("tone", tone)
        self._icon, self._tone = icon, tone
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(16, 8, 12, 8)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._mark = QLabel(self)
        self._grid.addWidget(self._mark, 0, 0)
        words = QVBoxLayout()
        words.setSpacing(0)
        self.title = QLabel(self)
        self.title.setProperty("role", "heading")
        self.words = QLabel(self)
        self.words.setProperty("role", "small")
        for label in (self.title, self.words):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            words.addWidget(label)
        self._grid.addLayout(words, 0, 1)
        self._buttons = QWidget(self)
        self._row = QHBoxLayout(self._buttons)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._below = False
        self._grid.addWidget(self._buttons, 0, 2)
        theme.themes().changed.connect(self._tint)
        self._tint()

    def say(self, title: str, words: str = "") -> None:
        self.title.setText(title)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)

    def offer(self, text: str, does: Callable[[], object], kind: str = "") -> QPushButton:
        button = QPushButton(text, self._buttons)
        button.setProperty("kind", kind)
        button.clicked.connect(lambda _checked=False: does())
        self._row.addWidget(button)
        return button

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the buttons go below the words."""
        super().resizeEvent(event)
        below = self.width() < self._buttons.sizeHint().width() + LEAST_WORDS
        if below != self._below:
            self._below = below
            self._grid.removeWidget(self._buttons)
            if below:
                self._grid.addWidget(self._buttons, 1, 1, 1, 2, Qt.AlignmentFlag.AlignLeft)
            else:
                self._grid.addWidget(self._buttons, 0, 2)

    def set_tone(self, icon: str, tone: str) -> None:
        self._icon, self._tone = icon, tone
        self.setProperty("tone", tone)
        restyle(self)
        self._tint()

    def _tint(self) -> None:
        shown = theme.current()
        color = {"warn": shown.warn, "bad": shown.bad}.get(self._tone, shown.accent)
        self._mark.setPixmap(pixmap(self._icon, color, 20, self.devicePixelRatioF()))


class PageBars(QWidget):
    """The notices of one page, each made when it is first needed."""

    def __init__(self, workspace: Workspace, page: Page, parent: QWidget) -> None:
        super().__init__(parent)
        from flowloom.studio.panels.file_bars import OutsideBar, RecoveryBar
        from flowloom.studio.panels.trust_bar import TrustBar

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.trust = TrustBar(workspace, page, self)
        self.recovery = RecoveryBar(workspace, page, self)
        self.outside = OutsideBar(workspace, page, self)
        for bar in (self.recovery, self.outside, self.trust):
            column.addWidget(bar)
