"""Help: the keys, and what this is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowloom.studio.commands.command import Command

if TYPE_CHECKING:
    from flowloom.studio.workspace import Workspace


def shortcuts(workspace: Workspace) -> None:
    """Every action with its key."""
    from flowloom.studio.dialogs.shortcuts import ShortcutsDialog

    ShortcutsDialog(workspace.window).exec()


def about(workspace: Workspace) -> None:
    """The version, and what it stands on."""
    from flowloom.studio.dialogs.about import about as show

    show(workspace.window)


COMMANDS: tuple[Command, ...] = (
    Command("help.shortcuts", "Keyboard shortcuts", shortcuts, ("F1", "Ctrl+?"), "Help", icon="keyboard", section="learn"),
    Command("help.about", "About Flowloom", about, (), "Help", icon="info", section="about"),
)
