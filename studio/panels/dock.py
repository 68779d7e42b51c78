"""Docks: panels that move, hide and are remembered. Each makes its panel when it is first seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QDockWidget, QSizePolicy, QVBoxLayout, QWidget

from flowloom.studio.panels.registry import Panel
from flowloom.studio.theme import theme

if TYPE_CHECKING:
    from flowloom.studio.workspace import Workspace

HANDLE: Final = 8
LEAST: Final = QSize(160, 120)
"""The smallest a panel becomes."""


class Handle(QWidget):
    """The strip a dock is moved by: quiet, dotted while the pointer is over it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HANDLE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._over = False

    def sizeHint(self) -> QSize:
        return QSize(40, HANDLE)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, HANDLE)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._over = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._over = False
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = theme.current()
        painter = QPainter(self)
        painter.fillRect(event.rect(), shown.surface)
        if self._over:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(shown.borderstrong)
            middle = self.width() / 2
            for step in range(-2, 3):
                painter.drawEllipse(QPointF(middle + step * 6, HANDLE / 2), 1.5, 1.5)


class Holder(QWidget):
    """Holds a panel at the size a person gave its dock: what the panel shows never makes it grow."""

    def __init__(self, content: QWidget, least: QSize, parent: QWidget) -> None:
        super().__init__(parent)
        self._least = least
        row = QVBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(content)

    def minimumSizeHint(self) -> QSize:
        return self._least


class Dock(QDockWidget):
    """One panel in a dock. ``panel`` says which; ``content`` is the panel's widget, made when first asked for or seen."""

    def __init__(self, panel: Panel, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(panel.title(), parent)
        self.panel = panel
        self._workspace = workspace
        self._content: QWidget | None = None
        self.setObjectName(panel.id)
        self.setTitleBarWidget(Handle(self))
        empty = QWidget(self)
        empty.setProperty("role", "panel")
        self.setWidget(empty)
        self.visibilityChanged.connect(self._seen)
        self.topLevelChanged.connect(self._floated)

    @property
    def content(self) -> QWidget:
        if self._content is None:
            self._content = self.panel.make(self._workspace)
            before = self.widget()
            self.setWidget(Holder(self._content, LEAST, self))
            before.deleteLater()
        return self._content

    @property
    def made(self) -> bool:
        return self._content is not None

    def bring(self) -> QWidget:
        """Show the panel, before others that share its place."""
        content = self.content
        self.show()
        self.raise_()
        return content

    def _seen(self, visible: bool) -> None:
        if visible and self._content is None:
            QTimer.singleShot(0, self, self._make)

    def _make(self) -> None:
        if self.isVisible():
            _ = self.content

    def _floated(self, floating: bool) -> None:
        """A dock of its own needs the system's title to be moved and closed by."""
        if floating:
            self.setTitleBarWidget(None)  # pyright: ignore[reportArgumentType]
        elif not isinstance(self.titleBarWidget(), Handle):
            self.setTitleBarWidget(Handle(self))
