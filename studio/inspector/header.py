"""The head of the inspector: what is chosen, by its chip, title and kind."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from flowloom.studio.canvas.cards import Card
from flowloom.studio.inspector.controls import ElidedLabel, IconButton, NameEdit
from flowloom.studio.language import tr
from flowloom.studio.theme.icons import node_icon, pixmap
from flowloom.studio.theme.theme import current, themes, with_alpha


class Header(QWidget):
    """The chip, the title, which can be written over, and what kind of step it is."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumHeight(60)
        self._card: Card | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(8)
        self.chip = QLabel()
        self.chip.setFixedSize(24, 24)
        self.title = NameEdit(tr("Title"))
        self.title.setProperty("role", "title")
        self.title.setTextMargins(-2, 0, 0, 0)
        self.titled = self.title.named
        self.subtitle = ElidedLabel("", "tiny")
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.subtitle)
        self.more = IconButton("dots-three", tr("More for this step"), size=28)
        row.addWidget(self.chip)
        row.addLayout(words, 1)
        row.addWidget(self.more)
        themes().changed.connect(self._paint_chip)

    def show_plain(self, title: str, subtitle: str) -> None:
        self._card = None
        self._show(title, subtitle, editable=False)

    def show_card(self, card: Card, subtitle: str, *, editable: bool) -> None:
        self._card = card
        self._show(card.title, subtitle, editable=editable)
        self.more.setVisible(card.is_node)

    def _show(self, title: str, subtitle: str, *, editable: bool) -> None:
        self.title.set_name(title)
        self.title.setReadOnly(not editable)
        self.title.setFocusPolicy(Qt.FocusPolicy.StrongFocus if editable else Qt.FocusPolicy.NoFocus)
        self.title.setCursorPosition(0)
        self.title.setToolTip(title)
        self.subtitle.setText(subtitle)
        self.subtitle.setVisible(bool(subtitle))
        self.more.setVisible(False)
        self.chip.setVisible(self._card is not None)
        self._paint_chip()

    def _paint_chip(self, _theme: object = None) -> None:
        card = self._card
        if card is None:
            return
        theme = current()
        ratio = self.devicePixelRatioF()
        canvas = QPixmap(QSize(24, 24) * ratio)
        canvas.setDevicePixelRatio(ratio)
        canvas.fill(Qt.GlobalColor.transparent)
        painter = QPainter(canvas)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(with_alpha(theme.kind(card.kind), 0.2))
        painter.drawRoundedRect(0, 0, 24, 24, 6, 6)
        painter.drawPixmap(5, 5, pixmap(card.icon or node_icon(card.kind), theme.kind(card.kind), 14, ratio))
        painter.end()
        self.chip.setPixmap(canvas)
