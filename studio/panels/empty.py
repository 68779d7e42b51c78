"""A pane with nothing in it yet: what will be here, and the one thing to do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from flowloom.studio.theme import theme
from flowloom.studio.theme.icons import pixmap


class EmptyPane(QWidget):
    def __init__(self, icon: str, title: str, words: str, parent: QWidget, *, action: str = "", does: Callable[[], object] | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 12, 24, 12)
        column.setSpacing(4)
        column.addStretch(1)
        self._mark = QLabel(self)
        self._mark.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._mark)
        for text, role in ((title, "heading"), (words, "small")):
            label = QLabel(self)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setText(text)
            label.setProperty("role", role)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
            column.addWidget(label)
        if action and does is not None:
            column.addSpacing(8)
            self.button = QPushButton(action, self)
            self.button.clicked.connect(lambda _checked=False: does())
            column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)
        theme.themes().changed.connect(self._tint)
        self._tint()

    def _tint(self) -> None:
        self._mark.setPixmap(pixmap(self._icon, theme.current().faint, 24, self.devicePixelRatioF()))
