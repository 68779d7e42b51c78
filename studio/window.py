"""The window: title bar, docks around the canvas, status bar. It arranges; what is done goes through commands."""

from __future__ import annotations

import base64
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenuBar, QTabWidget, QVBoxLayout, QWidget

from flowloom.studio.center import Center
from flowloom.studio.commands.table import MENUS, Actions
from flowloom.studio.language import tr
from flowloom.studio.panels.bottom import BottomDock
from flowloom.studio.panels.dock import Dock
from flowloom.studio.panels.registry import panel, panels
from flowloom.studio.status_bar import StatusBar
from flowloom.studio.theme.logo import window_icon
from flowloom.studio.title_bar import TitleBar

if TYPE_CHECKING:
    from flowloom.studio.workspace import Page, Workspace

LAYOUT_VERSION: Final = 1
_AREAS: Final = {
    "left": Qt.DockWidgetArea.LeftDockWidgetArea,
    "right": Qt.DockWidgetArea.RightDockWidgetArea,
    "beside": Qt.DockWidgetArea.RightDockWidgetArea,
}
_WIDTHS: Final = {"library": 208, "inspector": 320, "chat": 340}
_NARROW_WIDTHS: Final = {"library": 184, "inspector": 300, "chat": 300}
NARROW: Final = 1366
"""Below this width of the window the side panels leave more to the canvas."""


class MainWindow(QMainWindow):
    """One window over a workspace. Another one may be built around the same workspace after ``release``."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self._released = False
        self.setObjectName("flowloom")
        self.setWindowIcon(window_icon())
        self.setMinimumSize(900, 560)
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(True)
        self.setDockOptions(
            QMainWindow.DockOption.AnimatedDocks | QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AllowTabbedDocks
            if not workspace.settings.reduced_motion
            else QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AllowTabbedDocks
        )
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        for area in Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea:
            side = "Left" if area == Qt.DockWidgetArea.LeftDockWidgetArea else "Right"
            self.setCorner(getattr(Qt.Corner, f"Bottom{side}Corner"), area)
        self.actions_table = workspace.parts["actions"] = Actions(workspace, self)
        self._build_top()
        self.center = workspace.parts["center"] = Center(workspace, self)
        self.setCentralWidget(self.center)
        self.status = workspace.parts["status_bar"] = StatusBar(workspace, self)
        self.setStatusBar(self.status)
        self._build_docks()
        workspace.page_changed.connect(self._page_changed)
        workspace.page_opened.connect(self._opened)
        workspace.place_asked.connect(self._lead_to)
        self._remembered: dict[str, bool] = {}
        workspace.window = self
        self._sized = False
        self._restore()
        self._page_changed()
        self.center.setFocus()

    # Made of

    def _build_top(self) -> None:
        top = QWidget(self)
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.menus = QMenuBar(top)
        self._menu_keys: list[QShortcut] = []
        self.menus.setNativeMenuBar(False)
        for name in MENUS:
            menu = self.actions_table.menu(name, self.menus)
            title = menu.title()
            menu.setTitle(f"&{title}" if title.startswith(name[0]) else f"{title}(&{name[0]})")
            self.menus.addMenu(menu)
            key = QShortcut(QKeySequence(f"Alt+{name[0]}"), self)
            key.activated.connect(partial(self._open_menu, name))
            self._menu_keys.append(key)
        self.show_menu_bar(bool(self.workspace.settings.get("menu_bar", False)))
        self.title = self.workspace.parts["title_bar"] = TitleBar(self.workspace, self.actions_table, top)
        self.title.face_chosen.connect(self.show_face)
        self.title.show_face("build")
        column.addWidget(self.menus)
        column.addWidget(self.title)
        self.setMenuWidget(top)

    def _build_docks(self) -> None:
        self.docks: dict[str, Dock] = {}
        for area in ("left", "beside", "right"):
            for found in panels(area):
                dock = self.docks[found.id] = Dock(found, self.workspace, self)
                self.addDockWidget(_AREAS[area], dock)
        self.bottom = self.workspace.parts["bottom"] = BottomDock(self.workspace, self)
        self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.bottom)
        if "outline" in self.docks and "library" in self.docks:
            self.tabifyDockWidget(self.docks["library"], self.docks["outline"])
            self.docks["library"].raise_()
        if "chat" in self.docks and "inspector" in self.docks:
            self.splitDockWidget(self.docks["chat"], self.docks["inspector"], Qt.Orientation.Horizontal)
        for hidden in ("chat", "outline"):
            if hidden in self.docks:
                self.docks[hidden].hide()
        self._size_docks()

    def _size_docks(self) -> None:
        widths = _WIDTHS if self.width() >= NARROW else _NARROW_WIDTHS
        sized = [(self.docks[name], width) for name, width in widths.items() if name in self.docks]
        self.resizeDocks([dock for dock, _ in sized], [width for _, width in sized], Qt.Orientation.Horizontal)
        self.resizeDocks([self.bottom], [220], Qt.Orientation.Vertical)

    def show_menu_bar(self, shown: bool) -> None:
        """Menus in a bar of their own, or below the mark; Alt and a letter opens each either way."""
        self.menus.setVisible(shown)
        for key in self._menu_keys:
            key.setEnabled(not shown)

    def _open_menu(self, name: str) -> None:
        self.title.open_menu(name)

    # What it shows

    def panel(self, id: str) -> QWidget | None:
        """The widget of a panel, brought into sight; None where there is no such panel."""
        found = panel(id)
        if found is None:
            return None
        if found.area == "bottom":
            return self.bottom.show_tab(id)
        return self.docks[id].bring() if id in self.docks else None

    def toggle(self, id: str) -> None:
        dock: QDockWidget | None = self.bottom if id == "bottom" else self.docks.get(id)
        if dock is None:
            return
        if dock.isVisible():
            dock.hide()
        elif isinstance(dock, Dock):
            dock.bring()
        else:
            dock.show()
        self.title.chat_button.setChecked(self.is_shown("chat"))
        self.actions_table.refresh()

    def is_shown(self, id: str) -> bool:
        dock: QDockWidget | None = self.bottom if id == "bottom" else self.docks.get(id)
        return dock is not None and dock.isVisible()

    def show_face(self, face: str) -> None:
        """Use or Build. In Use the panels of the graph are put away, and come back with it."""
        if face == self.center.face:
            return
        self.center.show_face(face)
        self.title.show_face(self.center.face)
        self._put_away(self.center.face == "use" and self.workspace.page is not None)
        self.actions_table.refresh()

    def _page_changed(self) -> None:
        page = self.workspace.page
        self._put_away(page is None or self.center.face == "use")
        title = page.document.title if page is not None else ""
        self.setWindowTitle(f"{title} - Flowloom" if title else "Flowloom")

    def _opened(self, page: Page) -> None:
        # Once docks and notices have taken their room.
        QTimer.singleShot(0, page.view, page.view.show_first)
        QTimer.singleShot(0, page.view, page.view.setFocus)

    def _put_away(self, away: bool) -> None:
        """Hide the panels of the graph, or show those again that were hidden so."""
        docks: dict[str, QDockWidget] = {**self.docks, "bottom": self.bottom}
        if away and not self._remembered:
            self._remembered = {name: not dock.isHidden() for name, dock in docks.items()}
            for dock in docks.values():
                dock.hide()
        elif not away and self._remembered:
            for name, shown in self._remembered.items():
                docks[name].setVisible(shown)
            self._remembered = {}
            if not self._sized:
                # Panels have their sizes only once they are shown for the first time.
                self._sized = True
                QTimer.singleShot(0, self, self._size_docks)
        self.title.chat_button.setChecked(self.is_shown("chat"))

    def _lead_to(self, node: str, field: str, line: int) -> None:
        """Show a card and the field or line of it that is meant."""
        page = self.workspace.page
        if page is None:
            return
        self.show_face("build")
        if node and node in page.scene.cards.cards:
            page.scene.select([node])
            page.view.reveal(node)
        if inspector := self.panel("inspector"):
            inspector.show_place(node, field, line)  # pyright: ignore[reportAttributeAccessIssue]

    # Remembered

    def _restore(self) -> None:
        settings = self.workspace.settings
        room = self.screen().availableSize()
        self.resize(QSize(1440, 900).boundedTo(room).expandedTo(self.minimumSize()))
        geometry = _bytes(settings.get("geometry"))
        if geometry is not None:
            self.restoreGeometry(geometry)
        state = _bytes(settings.get("docks"))
        if state is not None:
            self._sized = self.restoreState(state, LAYOUT_VERSION)

    def remember(self) -> None:
        """Keep size and docks for the next start."""
        if self._remembered:
            self._put_away(False)
        settings = self.workspace.settings
        settings.set("geometry", _text(self.saveGeometry()))
        settings.set("docks", _text(self.saveState(LAYOUT_VERSION)))
        settings.save()

    def release(self) -> None:
        """Let go of the workspace for another window; this one closes without a question."""
        self._released = True
        self.remember()
        self.center.release()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._released:
            event.accept()
            return
        from flowloom.studio.application import close_pages
        from flowloom.studio.dialogs.unsaved import may_close_all

        if not may_close_all(self.workspace, self):
            event.ignore()
            return
        self.remember()
        close_pages(self.workspace)
        event.accept()

    # Folders dragged onto the window

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        from flowloom.studio.commands.file import open_at

        event.acceptProposedAction()
        for url in event.mimeData().urls():
            if url.isLocalFile():
                open_at(self.workspace, url.toLocalFile())

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F10 and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.open_menus()
            event.accept()
            return
        super().keyPressEvent(event)

    def open_menus(self) -> None:
        """Open the menus for the keyboard: in the bar where it is shown, else below the mark."""
        if self.menus.isVisible():
            self.menus.setFocus(Qt.FocusReason.MenuBarFocusReason)
            self.menus.setActiveAction(self.menus.actions()[0])
        else:
            self.title.open_menu()

    def move_focus(self, step: int) -> None:
        """Go to the next panel in sight: library, canvas, chat, inspector, results."""
        names = ("outline", "library", "center", "chat", "inspector", "bottom")
        places: dict[str, QWidget] = {**self.docks, "center": self.center, "bottom": self.bottom}
        seen = [places[name] for name in names if name in places and not places[name].visibleRegion().isEmpty()]
        if not seen:
            return
        focus = self.focusWidget()
        here = next((index for index, place in enumerate(seen) if focus is not None and place.isAncestorOf(focus)), -step)
        for offset in range(1, len(seen) + 1):
            if _focus_into(seen[(here + offset * step) % len(seen)]):
                return


def _focus_into(place: QWidget) -> bool:
    """Give the focus to the first thing in a panel that takes it."""
    found = [place, *place.findChildren(QWidget)]
    for widget in found:
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return True
    return False


def _text(data: QByteArray) -> str:
    return base64.b64encode(data.data()).decode("ascii")


def _bytes(text: object) -> QByteArray | None:
    if not isinstance(text, str):
        return None
    try:
        return QByteArray(base64.b64decode(text, validate=True))
    except ValueError:
        return None


def window_of(workspace: Workspace) -> MainWindow:
    """The window over a workspace."""
    assert isinstance(workspace.window, MainWindow), tr("The window is not open")
    return workspace.window
