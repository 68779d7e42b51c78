"""The small bar in the canvas's lower left corner: zoom out, how far it is zoomed, zoom in, show everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton

from flowloom.studio.language import tr
from flowloom.studio.theme import icons
from flowloom.studio.theme import theme as themes

if TYPE_CHECKING:
    from flowloom.studio.canvas.view import CanvasView

STEP = 1.2


class ZoomBox(QFrame):
    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self._view = view
        self.setObjectName("zoomBox")
        self.setProperty("role", "card")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 2, 4, 2)
        row.setSpacing(0)
        self.out = self._button(tr("Zoom out"), lambda: view.set_zoom(view.zoom / STEP))
        self.percent = self._button(tr("Zoom to 100 %"), lambda: view.set_zoom(1.0))
        self.percent.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.percent.setMinimumWidth(56)
        self.nearer = self._button(tr("Zoom in"), lambda: view.set_zoom(view.zoom * STEP))
        self.whole = self._button(tr("Show everything"), view.fit)
        for button in (self.out, self.percent, self.nearer, self.whole):
            row.addWidget(button)
        view.zoom_changed.connect(self._show_zoom)
        themes.themes().changed.connect(self._redress)
        self._show_zoom(view.zoom)
        self._redress()
        self.resize(self.sizeHint())

    def _button(self, name: str, run: Callable[[], object]) -> QToolButton:
        button = QToolButton(self)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setAutoRaise(True)
        button.setFixedHeight(28)
        button.setMinimumWidth(28)
        button.setIconSize(QSize(14, 14))
        button.clicked.connect(lambda: run())
        return button

    def _show_zoom(self, zoom: float) -> None:
        self.percent.setText(tr("{percent} %", percent=round(zoom * 100)))
        self.percent.setMinimumWidth(max(56, self.percent.fontMetrics().horizontalAdvance("400 %") + 16))
        self.resize(self.sizeHint())

    def _redress(self) -> None:
        color = themes.current().muted
        self.out.setIcon(icons.icon("minus", color))
        self.nearer.setIcon(icons.icon("plus", color))
        self.whole.setIcon(icons.icon("corners-out", color))
