"""A button that shows the key that does the same."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPaintEvent
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QStylePainter, QWidget

from flowloom.studio.theme import theme
from flowloom.studio.theme.style import font, on_button
from flowloom.studio.theme.theme import SIZES, with_alpha

GAP: Final = 8


class KeyButton(QPushButton):
    """``key`` is written small and faint after the text; on narrow windows it goes first."""

    def __init__(self, text: str, key: str, kind: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("kind", kind)
        self._key = key
        self._set_tip()

    @property
    def key(self) -> str:
        return self._key

    def set_key(self, key: str) -> None:
        self._key = key
        self._set_tip()
        self.updateGeometry()
        self.update()

    def _set_tip(self) -> None:
        self.setToolTip(f"{self.text()}  {self._key}".strip())

    def _key_width(self) -> int:
        return QFontMetrics(font(SIZES["tiny"])).horizontalAdvance(self._key) + GAP if self._key else 0

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width() + self._key_width(), hint.height())

    def minimumSizeHint(self) -> QSize:
        return super().sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        room = self._key_width()
        if not room or self.width() < super().sizeHint().width() + room:
            super().paintEvent(event)
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        space = max(QFontMetrics(self.font()).horizontalAdvance(" "), 1)
        option.text += " " * -(-room // space)  # pyright: ignore[reportAttributeAccessIssue]
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        painter.setFont(font(SIZES["tiny"]))
        shown = theme.current()
        on = self.property("kind") == "primary" and self.isEnabled()
        painter.setPen(with_alpha(on_button(), 0.75) if on else shown.muted)
        where = QRect(0, 0, self.width() - 12, self.height())
        painter.drawText(where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._key)
