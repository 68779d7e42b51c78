"""A picture that a value holds, fitted to the room or pixel by pixel. It is decoded only after its size was looked at."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from flowloom.studio.language import tr
from flowloom.studio.theme import theme
from flowloom.studio.theme.icons import icon
from flowloom.studio.views import pictures

_SQUARE = 8
_LARGEST_ZOOM = 16.0


class _Canvas(QWidget):
    """Paints the picture. ``zoom`` is 0 for 'as large as fits'."""

    zoomed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.image: QImage | None = None
        self.zoom = 0.0
        self._offset = QPoint()
        self._grabbed: QPoint | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Picture"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(80, 60)

    def show_image(self, image: QImage | None) -> None:
        self.image, self.zoom, self._offset = image, 0.0, QPoint()
        self.update()

    @property
    def scale(self) -> float:
        """Screen pixels for one of the picture's."""
        if self.image is None:
            return 1.0
        fits = min((self.width() - 2) / self.image.width(), (self.height() - 2) / self.image.height(), 1.0)
        return self.zoom or max(fits, 0.001)

    def zoom_by(self, factor: float) -> None:
        self.zoom = max(0.02, min(_LARGEST_ZOOM, self.scale * factor))
        self.update()
        self.zoomed.emit()

    def set_zoom(self, zoom: float) -> None:
        self.zoom, self._offset = zoom, QPoint()
        self.update()
        self.zoomed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.image is None:
            return
        painter = QPainter(self)
        scale = self.scale
        size = QSize(round(self.image.width() * scale), round(self.image.height() * scale))
        left = (self.width() - size.width()) / 2 + self._offset.x()
        top = (self.height() - size.height()) / 2 + self._offset.y()
        where = QRectF(left, top, max(1, size.width()), max(1, size.height()))
        if self.image.hasAlphaChannel():
            self._paint_squares(painter, where)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 2)
        painter.drawImage(where, self.image)
        painter.setPen(theme.current().border)
        painter.drawRect(where)
        if self.hasFocus():
            painter.setPen(theme.current().accent)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _paint_squares(self, painter: QPainter, where: QRectF) -> None:
        """What shines through where the picture is transparent."""
        shown = theme.current()
        seen = where.intersected(QRectF(self.rect()))
        painter.fillRect(seen, shown.surface)
        other = QColor(shown.border)
        row = int(seen.top()) // _SQUARE
        while row * _SQUARE < seen.bottom():
            column = int(seen.left()) // _SQUARE
            column += (row + column) % 2
            while column * _SQUARE < seen.right():
                square = QRectF(column * _SQUARE, row * _SQUARE, _SQUARE, _SQUARE)
                painter.fillRect(square.intersected(seen), other)
                column += 2
            row += 1

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom_by(1.2 if event.angleDelta().y() > 0 else 1 / 1.2)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._grabbed = event.position().toPoint() - self._offset
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is not None and self.zoom:
            self._offset = event.position().toPoint() - self._grabbed
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grabbed = None
        self.unsetCursor()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: (40, 0), Qt.Key.Key_Right: (-40, 0), Qt.Key.Key_Up: (0, 40), Qt.Key.Key_Down: (0, -40)}
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(1.25)
        elif key == Qt.Key.Key_Minus:
            self.zoom_by(0.8)
        elif key == Qt.Key.Key_0:
            self.set_zoom(0.0)
        elif key in steps and self.zoom:
            self._offset += QPoint(*steps[key])
            self.update()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().event(event)


class ImageView(QWidget):
    """``ready`` is emitted when the picture, or why there is none, is on the screen."""

    ready = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measured: pictures.Measured | None = None
        self._data = b""
        self._canvas = _Canvas(self)
        self._canvas.zoomed.connect(self._tell)
        self._message = QLabel(self)
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.setProperty("role", "muted")
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setWordWrap(True)
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setProperty("role", "small")
        self._buttons = {
            name: self._button(words, act)
            for name, words, act in (
                ("magnifying-glass-minus", tr("Smaller"), lambda: self._canvas.zoom_by(0.8)),
                ("magnifying-glass-plus", tr("Larger"), lambda: self._canvas.zoom_by(1.25)),
                ("corners-out", tr("Fit"), lambda: self._canvas.set_zoom(0.0)),
                ("number-square-one", tr("Pixel by pixel"), lambda: self._canvas.set_zoom(1.0)),
            )
        }
        foot = QHBoxLayout()
        foot.setSpacing(4)
        foot.addWidget(self._words)
        foot.addStretch(1)
        for button in self._buttons.values():
            foot.addWidget(button)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._message)
        self._stack.addWidget(self._canvas)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self._stack, 1)
        layout.addLayout(foot)
        self.setFocusProxy(self._canvas)
        theme.themes().changed.connect(self._tint)
        self._tint()

    @property
    def image(self) -> QImage | None:
        """The picture on the screen; large ones were made smaller."""
        return self._canvas.image

    def show_picture(self, data: bytes) -> None:
        """Show the picture that these bytes are, as soon as it is decoded."""
        self._data = b""
        self._canvas.show_image(None)
        self._measured = measured = pictures.measure(data)
        if measured is None:
            self._say(tr("This is no picture that can be shown here."))
        elif not measured.fits:
            self._say(
                tr("The picture is too large to be shown: {width} by {height} pixels.", width=f"{measured.width:,}", height=f"{measured.height:,}")
            )
        else:
            self._say(tr("Opening the picture …"), done=False)
            self._data = data
            QTimer.singleShot(0, self, self._decode)

    def _decode(self) -> None:
        data, self._data = self._data, b""
        if not data:
            return
        image = pictures.decode(data)
        if image is None:
            self._say(tr("The picture is damaged."))
            return
        self._canvas.show_image(image)
        self._stack.setCurrentWidget(self._canvas)
        self._set_enabled(True)
        self._tell()
        self.ready.emit()

    def _say(self, words: str, done: bool = True) -> None:
        self._message.setText(words)
        self._stack.setCurrentWidget(self._message)
        self._set_enabled(False)
        self._words.setText("")
        if done:
            self.ready.emit()

    def _tell(self) -> None:
        if self._measured is not None and self.image is not None:
            found = self._measured
            percent = round(100 * self._canvas.scale * self.image.width() / found.width)
            self._words.setText(f"{found.format.upper()} · {found.width:,} × {found.height:,} · {percent} %")

    def _set_enabled(self, enabled: bool) -> None:
        for button in self._buttons.values():
            button.setVisible(enabled)

    def _button(self, words: str, act: object) -> QToolButton:
        button = QToolButton(self)
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.clicked.connect(act)
        return button

    def _tint(self) -> None:
        for name, button in self._buttons.items():
            button.setIcon(icon(name, theme.current().muted))
        self._canvas.update()
