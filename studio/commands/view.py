"""What is shown: panels, faces, theme, the palette, finding."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from flowloom.studio.commands.command import Command, always, has_document
from flowloom.studio.panels.registry import panel

if TYPE_CHECKING:
    from flowloom.studio.window import MainWindow
    from flowloom.studio.workspace import Workspace


def _window(workspace: Workspace) -> MainWindow:
    from flowloom.studio.window import window_of

    return window_of(workspace)


def _toggle(id: str) -> Callable[[Workspace], None]:
    return lambda workspace: _window(workspace).toggle(id)


def _is_shown(id: str) -> Callable[[Workspace], bool]:
    return lambda workspace: workspace.window is not None and _window(workspace).is_shown(id)


def _has(id: str) -> Callable[[Workspace], bool]:
    return lambda workspace: workspace.page is not None and panel(id) is not None


def _tab(id: str) -> Callable[[Workspace], None]:
    def show(workspace: Workspace) -> None:
        if found := _window(workspace).panel(id):
            found.setFocus()

    return show


def palette(workspace: Workspace) -> None:
    """Find or do anything."""
    from flowloom.studio.panels.palette import Palette

    Palette(workspace, _window(workspace)).open_over()


def find(workspace: Workspace) -> None:
    """Find in names, prompts, code and values of the flow."""
    from flowloom.studio.panels.find import open_find

    open_find(workspace)


def _face(face: str) -> Callable[[Workspace], None]:
    return lambda workspace: _window(workspace).show_face(face)


def _is_face(face: str) -> Callable[[Workspace], bool]:
    return lambda workspace: workspace.window is not None and _window(workspace).center.face == face


def next_pane(workspace: Workspace) -> None:
    _window(workspace).move_focus(1)


def previous_pane(workspace: Workspace) -> None:
    _window(workspace).move_focus(-1)


def _next_flow(step: int) -> Callable[[Workspace], None]:
    def show(workspace: Workspace) -> None:
        if workspace.page is not None:
            index = workspace.pages.index(workspace.page)
            workspace.show(workspace.pages[(index + step) % len(workspace.pages)])

    return show


def _several(workspace: Workspace) -> bool:
    return len(workspace.pages) > 1


def _theme(name: str) -> Callable[[Workspace], None]:
    return lambda workspace: workspace.settings.set("theme", name)


def _is_theme(name: str) -> Callable[[Workspace], bool]:
    return lambda workspace: workspace.settings.get("theme", "system") == name


def menu_bar(workspace: Workspace) -> None:
    """Show the menu bar, or fold it into the mark."""
    shown = not _has_menu_bar(workspace)
    workspace.settings.set("menu_bar", shown)
    _window(workspace).show_menu_bar(shown)


def _has_menu_bar(workspace: Workspace) -> bool:
    return bool(workspace.settings.get("menu_bar", False))


def present(workspace: Workspace) -> None:
    """Larger type for a room, without the library."""
    studio = workspace.parts.get("studio")
    if studio is not None:
        studio.present(not studio.presenting)


def _presenting(workspace: Workspace) -> bool:
    studio = workspace.parts.get("studio")
    return studio is not None and studio.presenting


COMMANDS: tuple[Command, ...] = (
    Command("view.palette", "Find or do anything", palette, ("Ctrl+Shift+P", "Ctrl+K"), "View", always, "magnifying-glass", section="do"),
    Command("edit.find", "Find in this flow", find, ("Ctrl+F",), "Edit", has_document, "magnifying-glass", section="find"),
    Command("view.use", "Use the flow", _face("use"), ("Ctrl+Shift+U",), "View", _has("use"), section="face", checked=_is_face("use")),
    Command("view.build", "Build the flow", _face("build"), ("Ctrl+Shift+B",), "View", has_document, section="face", checked=_is_face("build")),
    Command("view.library", "Library", _toggle("library"), ("Ctrl+1",), "View", has_document, section="panel", checked=_is_shown("library")),
    Command("view.outline", "Outline", _toggle("outline"), ("Ctrl+2",), "View", has_document, section="panel", checked=_is_shown("outline")),
    Command("view.inspector", "Inspector", _toggle("inspector"), ("Ctrl+3",), "View", has_document, section="panel", checked=_is_shown("inspector")),
    Command("view.bottom", "Results", _toggle("bottom"), ("Ctrl+J",), "View", has_document, section="panel", checked=_is_shown("bottom")),
    Command("view.chat", "Chat", _toggle("chat"), ("Ctrl+4",), "View", _has("chat"), section="panel", checked=_is_shown("chat")),
    Command("view.timeline", "Show the run", _tab("timeline"), ("Alt+1",), "View", _has("timeline"), section="tab"),
    Command("view.data", "Show the data", _tab("data"), ("Alt+2",), "View", _has("data"), section="tab"),
    Command("view.problems", "Show the problems", _tab("problems"), ("Alt+3",), "View", _has("problems"), section="tab"),
    Command("view.log", "Show the log", _tab("log"), ("Alt+4",), "View", _has("log"), section="tab"),
    Command("view.history", "Show the history", _tab("history"), ("Alt+5",), "View", _has("history"), section="tab"),
    Command("view.next_pane", "Go to the next panel", next_pane, ("Ctrl+F6",), "View", always, section="go"),
    Command("view.previous_pane", "Go to the panel before", previous_pane, ("Ctrl+Shift+F6",), "View", always, section="go"),
    Command("view.next_flow", "Next flow", _next_flow(1), ("Ctrl+Tab", "Ctrl+PgDown"), "View", _several, section="go"),
    Command("view.previous_flow", "Flow before", _next_flow(-1), ("Ctrl+Shift+Tab", "Ctrl+PgUp"), "View", _several, section="go"),
    Command("view.present", "Present to a room", present, ("Ctrl+Shift+F5",), "View", has_document, "presentation", section="look", checked=_presenting),
    Command("view.dark", "Dark", _theme("dark"), (), "View", always, section="theme", checked=_is_theme("dark")),
    Command("view.light", "Light", _theme("light"), (), "View", always, section="theme", checked=_is_theme("light")),
    Command("view.system_theme", "As the system is: dark or light", _theme("system"), (), "View", always, section="theme", checked=_is_theme("system")),
    Command("view.menu_bar", "Menu bar", menu_bar, (), "View", always, section="look", checked=_has_menu_bar),
)  # fmt: skip
