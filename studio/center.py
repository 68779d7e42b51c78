"""The middle of the window: the welcome page, the canvases below their notice bars, and the flow's Use face."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from flowloom.studio.panels.registry import panel

if TYPE_CHECKING:
    from flowloom.studio.workspace import Page, Workspace


class Center(QStackedWidget):
    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._face = "build"
        self._welcome: QWidget | None = None
        self._use: QWidget | None = None
        self._build = QWidget(self)
        column = QVBoxLayout(self._build)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._views = QStackedWidget(self._build)
        column.addWidget(self._views, 1)
        self._by_page: dict[int, QWidget] = {}
        self.addWidget(self._build)
        workspace.page_opened.connect(self._opened)
        workspace.page_closed.connect(self._closed)
        workspace.page_changed.connect(self.refresh)
        for page in workspace.pages:
            self._opened(page)
        self.refresh()

    @property
    def face(self) -> str:
        return self._face

    def show_face(self, face: str) -> None:
        """``use`` or ``build``; without a Use face here it stays with the graph."""
        self._face = face if face == "build" or panel("use") is not None else "build"
        self.refresh()

    def refresh(self) -> None:
        page = self._workspace.page
        if page is None:
            if self._welcome is None:
                from flowloom.studio.panels.welcome import WelcomePage

                self._welcome = WelcomePage(self._workspace, self)
                self.addWidget(self._welcome)
            self.setCurrentWidget(self._welcome)
        elif self._face == "use" and (found := panel("use")) is not None:
            if self._use is None:
                self._use = found.make(self._workspace)
                self.addWidget(self._use)
            self.setCurrentWidget(self._use)
        else:
            self._views.setCurrentWidget(self._by_page[id(page)])
            self.setCurrentWidget(self._build)

    def release(self) -> None:
        """Let go of the canvases, so that another window can take them."""
        for page in self._workspace.pages:
            page.view.setParent(None)

    def _opened(self, page: Page) -> None:
        from flowloom.studio.panels.bars import PageBars

        column = QWidget(self._views)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(PageBars(self._workspace, page, column))
        layout.addWidget(page.view, 1)
        self._by_page[id(page)] = column
        self._views.addWidget(column)
        page.view.show()

    def _closed(self, page: Page) -> None:
        column = self._by_page.pop(id(page), None)
        if column is not None:
            self._views.removeWidget(column)
            column.deleteLater()
