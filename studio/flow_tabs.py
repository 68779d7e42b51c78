"""The open flows as tabs: a dot marks what is not saved, a cross closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QSizePolicy, QTabBar, QToolButton, QWidget

from flowloom.studio.language import tr
from flowloom.studio.theme import theme
from flowloom.studio.theme.icons import icon

if TYPE_CHECKING:
    from flowloom.studio.workspace import Page, Workspace


class FlowTabs(QTabBar):
    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._pages: list[Page] = []
        self.setAccessibleName(tr("Open flows"))
        self.setExpanding(False)
        self.setDrawBase(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.currentChanged.connect(self._chosen)
        workspace.page_opened.connect(self._opened)
        workspace.page_closed.connect(self._closed)
        workspace.page_changed.connect(self._changed)
        theme.themes().changed.connect(self.refresh)
        for page in workspace.pages:
            self._opened(page)
        self._changed()

    def tabSizeHint(self, index: int) -> QSize:
        hint = super().tabSizeHint(index)
        return QSize(min(hint.width(), 240), hint.height())

    def sizeHint(self) -> QSize:
        """As wide as its tabs: Qt's own hint leaves a gap behind few of them."""
        hint = super().sizeHint()
        return QSize(sum(self.tabSizeHint(index).width() for index in range(self.count())) + 2, hint.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(120, self.sizeHint().width()), super().minimumSizeHint().height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton and (index := self.tabAt(event.position().toPoint())) >= 0:
            self._ask_close(self._pages[index])
            return
        super().mouseReleaseEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def refresh(self) -> None:
        """Titles and marks as the flows stand."""
        shown = theme.current()
        for index, page in enumerate(self._pages):
            document = page.document
            self.setTabText(index, document.title.replace("&", "&&"))
            self.setTabToolTip(index, str(document.root / document.name))
            button = self.tabButton(index, QTabBar.ButtonPosition.RightSide)
            if isinstance(button, QToolButton):
                modified = document.modified
                button.setIcon(icon("circle-fill" if modified else "x", shown.accent if modified else shown.faint))
                button.setToolTip(tr("Not saved yet. Close this flow") if modified else tr("Close this flow"))
                button.setAccessibleName(button.toolTip())
        self.updateGeometry()

    def _opened(self, page: Page) -> None:
        if page in self._pages:
            return
        self.blockSignals(True)
        self._pages.append(page)
        index = self.addTab(page.document.title)
        button = QToolButton(self)
        button.setIconSize(QSize(10, 10))
        button.setFixedSize(20, 20)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: self._ask_close(page))
        self.setTabButton(index, QTabBar.ButtonPosition.RightSide, button)
        self.blockSignals(False)
        page.document.changed.connect(self.refresh)
        page.document.modified_changed.connect(self.refresh)
        self.refresh()

    def _closed(self, page: Page) -> None:
        if page in self._pages:
            index = self._pages.index(page)
            self._pages.remove(page)
            self.blockSignals(True)
            self.removeTab(index)
            self.blockSignals(False)
            self._changed()

    def _changed(self) -> None:
        page = self._workspace.page
        if page in self._pages:
            self.blockSignals(True)
            self.setCurrentIndex(self._pages.index(page))
            self.blockSignals(False)
        self.setVisible(bool(self._pages))
        self.updateGeometry()
        self.update()

    def _chosen(self, index: int) -> None:
        if 0 <= index < len(self._pages):
            self._workspace.show(self._pages[index])

    def _ask_close(self, page: Page) -> None:
        self._workspace.show(page)
        self._workspace.do("file.close")
