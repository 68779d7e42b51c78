"""All commands in one table, and the QActions made from it: menus, keys, the palette and buttons share them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from flowloom.flows.errors import FlowloomError
from flowloom.studio.commands.command import Command
from flowloom.studio.language import tr_data
from flowloom.studio.theme import theme
from flowloom.studio.theme.icons import icon

if TYPE_CHECKING:
    from flowloom.studio.workspace import Page, Workspace

MODULES: Final = ("file", "edit", "canvas", "node", "run", "view", "help")
MENUS: Final = ("File", "Edit", "Canvas", "Node", "Run", "View", "Help")


@lru_cache(maxsize=1)
def commands() -> dict[str, Command]:
    """Every command by its id, in the order of the menus. Two of one id are a mistake of ours: ValueError."""
    found: dict[str, Command] = {}
    for name in MODULES:
        module = f"flowloom.studio.commands.{name}"
        if find_spec(module) is None:
            continue
        for command in import_module(module).COMMANDS:
            if command.id in found:
                raise ValueError(f"two commands are called {command.id}")
            found[command.id] = command
    return found


def key_text(command: Command) -> str:
    """The command's first key as this computer writes it, ``Ctrl+Shift+P``; empty where it has none."""
    return QKeySequence(command.keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if command.keys else ""


class Actions(QObject):
    """One QAction a command. Those for the whole window hang on it; those of the canvas only show their keys, which mean something else in
    a text: the canvas listens to them itself."""

    def __init__(self, workspace: Workspace, window: QWidget) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._actions: dict[str, QAction] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._refresh)
        for command in commands().values():
            action = self._actions[command.id] = self._made(command)
            if command.where == "window":
                window.addAction(action)
        workspace.command_asked.connect(self.do)
        workspace.page_changed.connect(self.refresh)
        workspace.selection_changed.connect(self.refresh)
        workspace.page_opened.connect(self._opened)
        for page in workspace.pages:
            self._opened(page)
        theme.themes().changed.connect(self._tint)
        self._refresh()

    def _made(self, command: Command) -> QAction:
        action = QAction(tr_data(command.title), self)
        action.setObjectName(command.id)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        context = Qt.ShortcutContext.WindowShortcut if command.where == "window" else Qt.ShortcutContext.WidgetShortcut
        action.setShortcutContext(context)
        action.setCheckable(command.checked is not None)
        action.triggered.connect(lambda _checked=False, id=command.id: self.do(id))
        return action

    def action(self, id: str) -> QAction:
        return self._actions[id]

    def __contains__(self, id: str) -> bool:
        return id in self._actions

    def do(self, id: str) -> None:
        """Carry out a command where it may be carried out; what it cannot do becomes a notice."""
        command = commands().get(id)
        if command is None or not command.enabled(self._workspace):
            return
        try:
            command.run(self._workspace)
        except FlowloomError as error:
            words = tr_data(error.message)
            self._workspace.say(f"{words} {tr_data(error.hint)}".strip() if error.hint else words)
        self.refresh()

    def refresh(self) -> None:
        """Look again, soon, at what may be done."""
        self._timer.start()

    def _refresh(self) -> None:
        for command in commands().values():
            action = self._actions[command.id]
            action.setEnabled(command.enabled(self._workspace))
            if command.checked is not None:
                action.setChecked(command.checked(self._workspace))

    def _opened(self, page: Page) -> None:
        page.document.changed.connect(self.refresh)
        page.document.modified_changed.connect(self.refresh)
        page.document.undo_stack.indexChanged.connect(self.refresh)

    # Menus

    def menu(self, name: str, parent: QWidget) -> QMenu:
        """A menu of the table, its sections apart."""
        menu = QMenu(tr_data(name), parent)
        menu.setToolTipsVisible(False)
        self.fill(menu, name)
        menu.aboutToShow.connect(self._refresh)
        menu.aboutToShow.connect(lambda: self._give_icons(name))
        return menu

    def fill(self, menu: QMenu, name: str) -> None:
        section: str | None = None
        for command in self.of(name):
            if section is not None and command.section != section:
                menu.addSeparator()
            section = command.section
            action = self._actions[command.id]
            menu.addAction(action)

    def _give_icons(self, menu: str) -> None:
        """Icons of a menu that is about to show: making those of all menus would take a quarter of the studio's start."""
        for command in self.of(menu):
            action = self._actions[command.id]
            if command.icon and action.icon().isNull():
                action.setIcon(icon(command.icon, theme.current().muted))

    def of(self, menu: str) -> Iterator[Command]:
        """The commands of a menu; those of a section stand together, in the order in which the sections come first."""
        mine = [command for command in commands().values() if command.menu == menu]
        sections = list(dict.fromkeys(command.section for command in mine))
        yield from sorted(mine, key=lambda command: sections.index(command.section))

    def _tint(self) -> None:
        for command in commands().values():
            action = self._actions[command.id]
            if command.icon and not action.icon().isNull():
                action.setIcon(icon(command.icon, theme.current().muted))
