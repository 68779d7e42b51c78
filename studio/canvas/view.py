"""The window onto a canvas: zoom, pan, what is drawn behind and over it. What a person does there goes to ``gestures``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from flowloom.flows.document.layout import INPUTS_ID
from flowloom.studio.canvas.announce import Announcer
from flowloom.studio.canvas.arrange import Size, free_spot
from flowloom.studio.canvas.ground import Ground
from flowloom.studio.canvas.minimap import Minimap
from flowloom.studio.canvas.overview import BELOW, Overview
from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.canvas.zoom_box import ZoomBox
from flowloom.studio.language import tr
from flowloom.studio.theme import theme as themes

if TYPE_CHECKING:
    from flowloom.studio.canvas.interactions.gestures import Gestures

LEAST_ZOOM: Final = 0.05
MOST_ZOOM: Final = 3.0
STEP: Final = 1.2
"""What one step of zooming multiplies by."""
FAR: Final = 200_000
"""How far the canvas reaches to each side."""
READABLE: Final = 0.5
"""A flow that was just opened is shown no smaller than this."""
EDGE: Final = 16
"""Pixels between the view's edge and what lies in its corners."""
SETTLED_MS: Final = 90
"""How long after the last change of zoom cards are drawn sharp again."""


class CanvasView(QGraphicsView):
    """``gestures`` gets every event first; what it does not handle pans and zooms."""

    zoom_changed = Signal(float)
    view_changed = Signal()
    """Another part of the canvas is seen."""

    def __init__(self, scene: CanvasScene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self.gestures: Gestures | None = None
        self._scene = scene
        self._zoom = 1.0
        self._ground = Ground()
        self._overview = Overview()
        self._untouched = True
        """Whether nobody looked elsewhere since the flow was opened: it is then fitted into the view whenever that changes its size."""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSceneRect(QRectF(-FAR, -FAR, 2 * FAR, 2 * FAR))
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setAccessibleName(tr("Canvas"))
        self.setAccessibleDescription(
            tr("The flow as a graph. Arrow keys walk along its wires, Enter opens a card, C connects it.")
        )
        self._announcer = Announcer(self)
        self.zoom_box = ZoomBox(self)
        self.minimap = Minimap(self)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLED_MS)
        self._settled.timeout.connect(self._sharpen)
        themes.themes().changed.connect(self._redress)
        scene.cards_changed.connect(self.minimap.refresh)

    # Zoom and place

    @property
    def scene_(self) -> CanvasScene:
        """The scene, as what it is."""
        return self._scene

    @property
    def zoom(self) -> float:
        """1.0 is 100 %."""
        return self._zoom

    def set_zoom(self, zoom: float, at: QPointF | QPoint | None = None) -> None:
        """Zoom so that what is at a point of the viewport (its middle, unless given) stays there."""
        self._untouched = False
        zoom = min(max(zoom, LEAST_ZOOM), MOST_ZOOM)
        if abs(zoom - 1) < 0.02:
            zoom = 1.0
        if zoom == self._zoom:
            return
        point = QPointF(at) if at is not None else QPointF(self.viewport().rect().center())
        there = self.to_scene(point)
        self._zoom = zoom
        self._scene.pictures.hurried = True
        self._settled.start()
        self.setTransform(QTransform.fromScale(zoom, zoom))
        self._scroll_to(there.x() * zoom - point.x(), there.y() * zoom - point.y())
        self.zoom_changed.emit(zoom)
        self.view_changed.emit()

    def to_scene(self, point: QPointF) -> QPointF:
        """A point of the viewport in the scene, fractions kept."""
        x, y = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        return QPointF((point.x() + x) / self._zoom, (point.y() + y) / self._zoom)

    def visible_rect(self) -> QRectF:
        """What of the scene is seen."""
        corner = self.to_scene(QPointF(0, 0))
        return QRectF(corner.x(), corner.y(), self.viewport().width() / self._zoom, self.viewport().height() / self._zoom)

    def show_first(self) -> None:
        """Show a flow that was just opened: whole where that can be read, else its beginning. So too after each change of the view's size,
        until a person looks elsewhere."""
        rect = self._scene.content_rect()
        self.fit()
        if self._zoom < READABLE and not rect.isNull():
            self.set_zoom(READABLE)
            seen = self.visible_rect()
            start = self._scene.rect(INPUTS_ID)
            start = start if not start.isNull() else rect
            x = start.left() - 2 * EDGE / READABLE + seen.width() / 2
            tall = rect.height() <= seen.height()
            self.look_at(QPointF(x, rect.center().y() if tall else start.center().y()))
        self._untouched = True

    def _scroll_to(self, x: float, y: float) -> None:
        self.horizontalScrollBar().setValue(round(x))
        self.verticalScrollBar().setValue(round(y))

    def pan_by(self, dx: float, dy: float) -> None:
        """Move what is seen by pixels of the viewport: positive ones show what lies to the left and above."""
        self._untouched = False
        self._scroll_to(self.horizontalScrollBar().value() - dx, self.verticalScrollBar().value() - dy)
        self.view_changed.emit()

    def look_at(self, point: QPointF) -> None:
        """Bring a point of the scene to the middle."""
        self._untouched = False
        middle = self.viewport().rect().center()
        self._scroll_to(point.x() * self._zoom - middle.x(), point.y() * self._zoom - middle.y())
        self.view_changed.emit()

    def fit(self, *, most: float = 1.0) -> None:
        """Show everything, no larger than ``most``."""
        self._fit(self._scene.content_rect(), most)

    def show_all(self) -> None:
        """The same as ``fit``."""
        self.fit()

    def fit_selection(self) -> None:
        """Show what is chosen as large as it goes up to 100 %; everything where nothing is."""
        found = QRectF()
        for name in self._scene.selected:
            found = found.united(self._scene.rect(name))
        self._fit(found if not found.isNull() else self._scene.content_rect(), 1.0)

    def _fit(self, rect: QRectF, most: float) -> None:
        if rect.isNull():
            self.set_zoom(1.0)
            self.look_at(QPointF(0, 0))
            return
        size = self.viewport().size()
        # Room below for what lies in the corners.
        wide, tall = max(size.width() - 56, 80), max(size.height() - 136, 80)
        self.set_zoom(min(wide / rect.width(), tall / rect.height(), most))
        self.look_at(rect.center() + QPointF(0, 24 / self._zoom))

    def center_on(self, item_id: str) -> None:
        """Bring a card, frame or note to the middle, large enough to read."""
        rect = self._scene.rect(item_id)
        if not rect.isNull():
            if self._zoom < 0.6:
                self.set_zoom(0.8)
            self.look_at(rect.center())

    def reveal(self, item_id: str) -> None:
        """Scroll as far as it takes to see a card, frame or note whole."""
        rect = self._scene.rect(item_id)
        if rect.isNull():
            return
        seen = self.visible_rect().adjusted(*(edge * EDGE * 2 / self._zoom for edge in (1, 1, -1, -1)))
        dx = min(rect.left() - seen.left(), 0) or max(min(rect.right() - seen.right(), rect.left() - seen.left()), 0)
        dy = min(rect.top() - seen.top(), 0) or max(min(rect.bottom() - seen.bottom(), rect.top() - seen.top()), 0)
        if dx or dy:
            self.pan_by(-dx * self._zoom, -dy * self._zoom)

    def place_for_new(self) -> QPointF:
        """The upper left corner for a new card: free, and near the middle of what is seen."""
        middle = self.visible_rect().center()
        size = Size(216, 128)
        spots = {name: (rect.x(), rect.y()) for name, rect in self._rects()}
        sizes = {name: Size(rect.width(), rect.height()) for name, rect in self._rects()}
        x, y = free_spot(middle.x() - size.width / 2, middle.y() - size.height / 2, size, spots, sizes)
        return QPointF(x, y)

    def _rects(self) -> list[tuple[str, QRectF]]:
        return [(name, item.card_rect) for name, item in self._scene.card_items.items()]

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        self._scene.pictures.begin()
        if self._zoom >= BELOW:
            super().paintEvent(event)
            return
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        exposed = event.rect()
        painter.setClipRect(exposed)
        painter.setWorldTransform(self.viewportTransform())
        scene_rect = self.mapToScene(exposed.adjusted(-2, -2, 2, 2)).boundingRect()
        self.drawBackground(painter, scene_rect)
        self._overview.paint(painter, self._scene, scene_rect, themes.current())
        self._scene.overlay.paint(painter)
        painter.end()

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        offset = QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        self._ground.paint(painter, self.mapFromScene(rect).boundingRect(), offset, self._zoom, themes.current())

    def _sharpen(self) -> None:
        """The zoom has come to rest: draw sharp what was shown by stand-ins, some each time."""
        pictures = self._scene.pictures
        pictures.hurried = False
        if self._zoom >= BELOW:
            self.viewport().update()

    def _redress(self) -> None:
        self.viewport().update()

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        before, after = event.oldSize(), event.size()
        super().resizeEvent(event)
        size = self.size()
        self.zoom_box.move(EDGE, size.height() - self.zoom_box.height() - EDGE)
        self.minimap.move(size.width() - self.minimap.width() - EDGE, size.height() - self.minimap.height() - EDGE)
        if self._untouched:
            self.show_first()
        elif before.isValid():
            # What was in the middle stays there.
            self.pan_by((after.width() - before.width()) / 2, (after.height() - before.height()) / 2)
        self.view_changed.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.ApplicationFontChange, QEvent.Type.FontChange) and hasattr(self, "_settled"):
            self._scene.remeasure()

    def _offered(self, what: str, event: Any, *more: Any) -> bool:
        """Whether the gestures took the event."""
        if self.gestures is None:
            return False
        taken = getattr(self.gestures, what)(event, *more)
        if taken:
            event.accept()
        return bool(taken)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._offered("press", event, self.to_scene(event.position())):
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = self.to_scene(event.position())
        if not self._offered("move", event, point) and event.buttons() == Qt.MouseButton.NoButton:
            self._scene.set_hovered(self._scene.hit(point, self.slack) if self._zoom >= BELOW else None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._offered("release", event, self.to_scene(event.position())):
            event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self._offered("double_click", event, self.to_scene(event.position())):
            event.ignore()

    @property
    def slack(self) -> float:
        """How much wider ports and wires are felt, in canvas units: the same reach on the screen from afar."""
        return max(0.0, min(6 / self._zoom - 6, 14.0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._offered("key", event):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self._offered("key_release", event):
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        point = self.to_scene(QPointF(self.viewport().mapFromGlobal(event.globalPos())))
        if not self._offered("context_menu", event, point):
            event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._offered("wheel", event):
            return
        event.accept()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if not event.pixelDelta().isNull() and not control:
            self.pan_by(event.pixelDelta().x(), event.pixelDelta().y())
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.pan_by(event.angleDelta().y() or event.angleDelta().x(), 0)
        else:
            steps = (event.angleDelta().y() or event.angleDelta().x()) / 120
            self.set_zoom(self._zoom * STEP**steps, event.position())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.NativeGesture and isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.set_zoom(self._zoom * (1 + event.value()), event.position())
                return True
        elif event.type() == QEvent.Type.Leave:
            self._scene.set_hovered(None)
        return super().viewportEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if not self._offered("drag_enter", event, self.to_scene(event.position())):
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if not self._offered("drag_move", event, self.to_scene(event.position())):
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        if self.gestures is not None:
            self.gestures.drag_leave()

    def dropEvent(self, event: QDropEvent) -> None:
        if not self._offered("drop", event, self.to_scene(event.position())):
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._scene.set_focus_shown(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._scene.set_focus_shown(False)
        if self.gestures is not None:
            self.gestures.focus_lost()
