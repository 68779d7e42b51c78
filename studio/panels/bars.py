"""The notices above a canvas: not trusted, changed outside, unsaved work found. Each asks one clear question."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from flowloom.studio.theme import theme
from flowloom.studio.theme.icons import pixmap
from flowloom.studio.theme.style import restyle

if TYPE_CHECKING:
    from flowloom.studio.workspace import Page, Workspace


class Bar(QFrame):
    """One notice: an icon, a sentence, what it means in smaller words, and buttons."""

    def __init__(self, parent: QWidget, icon: str, tone: str) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self.setProperty("tone", tone)
        self._icon, self._tone = icon, tone
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(12)
        self._mark = QLabel(self)
        row.addWidget(self._mark)
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
        row.addLayout(words, 1)
        self._row = row
        theme.themes().changed.connect(self._tint)
        self._tint()

    def say(self, title: str, words: str = "") -> None:
        self.title.setText(title)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)

    def offer(self, text: str, does: Callable[[], object], kind: str = "") -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("kind", kind)
        button.clicked.connect(lambda _checked=False: does())
        self._row.addWidget(button)
        return button

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
