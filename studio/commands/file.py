"""Files: new, open, save, close, trust, settings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog

from flowloom.flows.errors import FlowloomError
from flowloom.studio.commands.command import Command, always, has_document
from flowloom.studio.language import tr

if TYPE_CHECKING:
    from flowloom.studio.workspace import Workspace


def flows_folder(workspace: Workspace) -> Path:
    """Where new flows go: the folder chosen last, or ``Flowloom`` among the person's documents."""
    chosen = workspace.settings.get("flows_folder")
    if isinstance(chosen, str) and os.path.isdir(chosen):
        return Path(chosen)
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)) / "Flowloom"


def open_at(workspace: Workspace, path: str | Path) -> bool:
    """Open a flow, telling what is wrong where that fails."""
    from flowloom.studio.application import open_path
    from flowloom.studio.dialogs.message import tell

    try:
        open_path(workspace, path)
    except FlowloomError as error:
        tell(workspace.window, error)
        return False
    return True


def new(workspace: Workspace) -> None:
    """Start a flow from a template."""
    from flowloom.studio.dialogs.new_flow import NewFlowDialog

    dialog = NewFlowDialog(workspace, workspace.window)
    if dialog.exec() and dialog.made is not None:
        workspace.settings.set("flows_folder", str(dialog.made.parent))
        open_at(workspace, dialog.made)
    dialog.deleteLater()


def new_from(workspace: Workspace, template: str, title: str) -> bool:
    """Start a flow from a template at once, in a folder of its own, and open it."""
    from flowloom.studio.dialogs.message import tell
    from flowloom.studio.document.new_flow import free_folder, new_flow

    try:
        made = new_flow(free_folder(flows_folder(workspace), title), template)
    except FlowloomError as error:
        tell(workspace.window, error)
        return False
    return open_at(workspace, made)


def demo(workspace: Workspace) -> None:
    """The demo flow, which needs no key and no network: the copy made before, where it is still there."""
    before = workspace.settings.get("demo")
    if isinstance(before, str) and os.path.isdir(before):
        open_at(workspace, before)
    elif new_from(workspace, "demo", "demo") and workspace.page is not None:
        workspace.settings.set("demo", str(workspace.page.document.root))


def open_folder(workspace: Workspace) -> None:
    """Choose a folder that holds a flow."""
    start = str(workspace.page.document.root.parent) if workspace.page else str(flows_folder(workspace))
    chosen = QFileDialog.getExistingDirectory(workspace.window, tr("Open a flow's folder"), start)
    if chosen:
        open_at(workspace, chosen)


def open_file(workspace: Workspace) -> None:
    """Choose a flow file, for folders that hold several."""
    start = str(workspace.page.document.root) if workspace.page else str(flows_folder(workspace))
    kinds = tr("Flow files ({patterns})", patterns="*.yaml *.yml *.prompty")
    chosen, _ = QFileDialog.getOpenFileName(workspace.window, tr("Open a flow file"), start, kinds)
    if chosen:
        open_at(workspace, chosen)


def open_recent(workspace: Workspace) -> None:
    """Choose among the flows that were open."""
    from flowloom.studio.panels.palette import RecentPopup

    if workspace.window is not None:
        RecentPopup(workspace, workspace.window).open_over()


def save(workspace: Workspace) -> None:
    """Write what changed."""
    if workspace.page is not None and workspace.page.parts["saving"].save():
        workspace.say(tr("Saved."))


def save_as(workspace: Workspace) -> None:
    """Write the whole flow to another folder and go on there."""
    page = workspace.page
    if page is None:
        return
    from flowloom.studio.dialogs.save_as import SaveAsDialog
    from flowloom.studio.document.recent import remember

    dialog = SaveAsDialog(page.document, workspace.window)
    if dialog.exec() and page.parts["saving"].save_as(dialog.folder):
        workspace.say(tr("Saved to {folder}.", folder=str(page.document.root)))
        remember(page.document.root, page.document.title)
        workspace.page_changed.emit()
    dialog.deleteLater()


def close(workspace: Workspace) -> None:
    """Close the flow, asking where something is unsaved."""
    from flowloom.studio.application import close_page
    from flowloom.studio.dialogs.unsaved import may_close

    page = workspace.page
    if page is not None and may_close(workspace, page, workspace.window):
        close_page(workspace, page)


def reload(workspace: Workspace) -> None:
    """Look whether another program changed the flow's files."""
    if workspace.page is not None:
        workspace.page.parts["watcher"].check()
        if not workspace.page.parts["watcher"].outside:
            workspace.say(tr("The files on disk are those you see here."))


def trust(workspace: Workspace) -> None:
    """Trust what would run of this flow."""
    if workspace.page is not None:
        workspace.page.parts["trust"].trust()


def _is_restricted(workspace: Workspace) -> bool:
    return workspace.page is not None and workspace.page.parts["trust"].state != "trusted"


def _is_modified(workspace: Workspace) -> bool:
    return workspace.page is not None and workspace.page.document.modified


def settings(workspace: Workspace) -> None:
    """Theme, language, motion."""
    from flowloom.studio.dialogs.settings import SettingsDialog

    dialog = SettingsDialog(workspace, workspace.window)
    dialog.exec()
    dialog.deleteLater()


def leave(workspace: Workspace) -> None:
    """Close the window."""
    if workspace.window is not None:
        workspace.window.close()


COMMANDS: tuple[Command, ...] = (
    Command("file.new", "New flow", new, ("Ctrl+N",), "File", always, "plus", section="open"),
    Command("file.open", "Open folder", open_folder, ("Ctrl+O",), "File", always, "folder-open", section="open"),
    Command("file.open_file", "Open flow file", open_file, (), "File", always, "file", section="open"),
    Command("file.recent", "Open recent", open_recent, ("Ctrl+Shift+O",), "File", always, "clock-counter-clockwise", section="open"),
    Command("file.demo", "Try the demo", demo, (), "File", always, "sparkle", section="open"),
    Command("file.save", "Save", save, ("Ctrl+S",), "File", _is_modified, "floppy-disk", section="save"),
    Command("file.save_as", "Save as", save_as, ("Ctrl+Shift+S",), "File", has_document, section="save"),
    Command("file.reload", "Check for changes on disk", reload, (), "File", has_document, section="save"),
    Command("file.trust", "Trust this folder", trust, (), "File", _is_restricted, "shield-check", section="save"),
    Command("file.settings", "Settings", settings, ("Ctrl+,",), "File", always, "gear", section="settings"),
    Command("file.close", "Close flow", close, ("Ctrl+W",), "File", has_document, section="leave"),
    Command("file.leave", "Leave Flowloom", leave, ("Ctrl+Q",), "File", always, section="leave"),
)
