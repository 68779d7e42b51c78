"""What stands below the canvas: Run, Data, Problems, Log, History, as tabs of one dock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from flowloom.studio.language import tr
from flowloom.studio.panels.dock import LEAST
from flowloom.studio.panels.registry import Panel, panel, panels
from flowloom.studio.theme import theme
from flowloom.studio.theme.icons import icon

if TYPE_CHECKING:
    from flowloom.studio.workspace import Page, Workspace


class Stack(QStackedWidget):
    """Panels one behind another, which never make the dock grow."""

    def minimumSizeHint(self) -> QSize:
        return LEAST


class BottomDock(QDockWidget):
    """Tabs are made from the registry; a panel is made when its tab is first opened."""

    shown = Signal(str)
    """The id of the panel that is now in front."""

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(tr("Results"), parent)
        self.setObjectName("bottom")
        self._workspace = workspace
        self._panels: dict[str, QWidget] = {}
        self._tabs: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._row = QWidget(self)
        self._row.setObjectName("bottomTabs")
        self._layout = QHBoxLayout(self._row)
        self._layout.setContentsMargins(8, 4, 8, 4)
        self._layout.setSpacing(4)
        self._note = QLabel(self._row)
        self._note.setProperty("role", "muted")
        self._close = QToolButton(self._row)
        self._close.setToolTip(tr("Hide the results"))
        self._close.setAccessibleName(tr("Hide the results"))
        self._close.clicked.connect(self.hide)
        self._layout.addStretch(1)
        self._layout.addWidget(self._note)
        self._layout.addWidget(self._close)
        self._stack = Stack(self)
        self._stack.setProperty("role", "panel")
        self.setTitleBarWidget(self._row)
        self.setWidget(self._stack)
        for found in panels("bottom"):
            if found.always:
                self._add_tab(found)
        self.visibilityChanged.connect(self._seen)
        theme.themes().changed.connect(self._tint)
        self._page: Page | None = None
        workspace.page_changed.connect(self._page_changed)
        self._page_changed()
        self._tint()
        self._current = next(iter(self._tabs), "")
        if self._current:
            self._tabs[self._current].setChecked(True)

    @property
    def current(self) -> str:
        """The id of the panel in front."""
        return self._current

    def show_tab(self, id: str) -> QWidget | None:
        """Bring a panel to the front, with a tab where it has none yet, and give it; None where there is no such panel."""
        found = panel(id)
        if found is None or found.area != "bottom":
            return None
        if id not in self._tabs:
            self._add_tab(found)
        self._current = id
        self._tabs[id].setChecked(True)
        self.show()
        return self._make(id)

    def set_note(self, words: str) -> None:
        """What stands right of the tabs, such as the last run in short."""
        self._note.setText(words)

    def set_count(self, id: str, count: int) -> None:
        """A number after a tab's title, none for 0."""
        if (found := panel(id)) and id in self._tabs:
            self._tabs[id].setText(f"{found.title()}  {count}" if count else found.title())

    def _page_changed(self) -> None:
        if self._page is not None:
            self._page.document.problems_changed.disconnect(self._count_problems)
            if (runner := self._page.parts.get("runner")) is not None:
                runner.finished.disconnect(self._count_problems)
                runner.view_changed.disconnect(self._count_problems)
        self._page = self._workspace.page
        if self._page is not None:
            self._page.document.problems_changed.connect(self._count_problems)
            if (runner := self._page.parts.get("runner")) is not None:
                runner.finished.connect(self._count_problems)
                runner.view_changed.connect(self._count_problems)
        self._count_problems()

    def _count_problems(self) -> None:
        if self._page is None:
            self.set_count("problems", 0)
            return
        from flowloom.studio.panels.problem_fixes import run_faults

        self.set_count("problems", len(self._page.document.problems) + len(run_faults(self._page)))

    def _add_tab(self, found: Panel) -> None:
        button = QPushButton(found.title(), self._row)
        button.setProperty("kind", "tab")
        button.setCheckable(True)
        button.setAccessibleName(found.title())
        button.clicked.connect(lambda _checked=False, id=found.id: self.show_tab(id))
        self._group.addButton(button)
        self._layout.insertWidget(len(self._tabs), button)
        self._tabs[found.id] = button
        button.show()

    def _make(self, id: str) -> QWidget | None:
        found = panel(id)
        if found is None:
            return None
        if id not in self._panels:
            self._panels[id] = found.make(self._workspace)
            self._stack.addWidget(self._panels[id])
        self._stack.setCurrentWidget(self._panels[id])
        self.shown.emit(id)
        return self._panels[id]

    def _seen(self, visible: bool) -> None:
        if visible and self._current not in self._panels:
            QTimer.singleShot(0, self, self._make_current)

    def _make_current(self) -> None:
        if self.isVisible() and self._current:
            self._make(self._current)

    def _tint(self) -> None:
        self._close.setIcon(icon("x", theme.current().muted))
