"""The whole flow small in the canvas's lower right corner, with a frame around what is seen. Press or drag there to go there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QWheelEvent
from PySide6.QtWidgets import QWidget

from flowloom.studio.canvas.overview import block_color
from flowloom.studio.language import tr
from flowloom.studio.theme import theme as themes
from flowloom.studio.theme.theme import with_alpha

if TYPE_CHECKING:
    from flowloom.studio.canvas.view import CanvasView

SIZE: Final = QSize(152, 92)
PAD: Final = 8


class Minimap(QWidget):
    """The blocks are kept as a picture; only the frame is drawn anew while the view moves."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self._view = view
        self._blocks: QPixmap | None = None
        self._content = QRectF()
        self.setObjectName("minimap")
        self.setFixedSize(SIZE)
        self.setAccessibleName(tr("Map of the flow"))
        self.setToolTip(tr("Press or drag to go to another part of the flow"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(120)
        self._later.timeout.connect(self._anew)
        view.view_changed.connect(self.update)
        themes.themes().changed.connect(self._anew)

    def refresh(self) -> None:
        """The flow changed: draw it anew a moment later, however often it changes until then."""
        self._later.start()

    def _anew(self) -> None:
        self._blocks = None
        self.update()

    @property
    def shown_rect(self) -> QRectF:
        """The part of the scene that the map shows: everything, and what is seen."""
        return self._content

    def _scale(self) -> tuple[float, QPointF]:
        """Pixels a canvas unit, and where the scene's origin lies on the map."""
        content = self._content
        wide, tall = self.width() - 2 * PAD, self.height() - 2 * PAD
        scale = min(wide / max(content.width(), 1), tall / max(content.height(), 1), 0.14)
        middle = content.center()
        return scale, QPointF(self.width() / 2 - middle.x() * scale, self.height() / 2 - middle.y() * scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = themes.current()
        if self._blocks is None:
            self._content = self._view.scene_.content_rect()
            self._blocks = self._draw_blocks()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self._blocks)
        scale, origin = self._scale()
        seen = self._view.visible_rect()
        frame = QRectF(seen.x() * scale + origin.x(), seen.y() * scale + origin.y(), seen.width() * scale, seen.height() * scale)
        inner = QRectF(self.rect()).adjusted(3.5, 3.5, -3.5, -3.5)
        # Where everything is seen, a frame around everything says nothing.
        if frame.intersects(inner) and not frame.contains(inner):
            frame = frame.intersected(inner)
            painter.setPen(QPen(theme.accent, 1))
            painter.setBrush(with_alpha(theme.accent, 0.06))
            painter.drawRoundedRect(frame, 2, 2)
        painter.end()

    def _draw_blocks(self) -> QPixmap:
        theme = themes.current()
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.border, 1))
        painter.setBrush(theme.surface)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        scale, origin = self._scale()
        painter.setPen(Qt.PenStyle.NoPen)
        blocks: dict[str, list[QRectF]] = {}
        for item in self._view.scene_.card_items.values():
            rect = item.card_rect
            wide, tall = max(rect.width() * scale, 1.5), max(rect.height() * scale, 1.5)
            block = QRectF(rect.x() * scale + origin.x(), rect.y() * scale + origin.y(), wide, tall)
            blocks.setdefault(item.card.kind, []).append(block)
        for kind, rects in blocks.items():
            painter.setBrush(block_color(theme, kind))
            if rects[0].width() <= 6:
                painter.drawRects(rects)
                continue
            for block in rects:
                painter.drawRoundedRect(block, 1.5, 1.5)
        painter.end()
        return pixmap

    def _go(self, event: QMouseEvent) -> None:
        scale, origin = self._scale()
        point = event.position() - origin
        self._view.look_at(QPointF(point.x() / scale, point.y() / scale))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._go(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._view.set_zoom(self._view.zoom * 1.2 ** (event.angleDelta().y() / 120))
        event.accept()
