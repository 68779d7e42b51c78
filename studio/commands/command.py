"""What a person can do, as data: one table for menus, keys, the palette and buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from flowloom.studio.workspace import Workspace

Menu = Literal["File", "Edit", "Canvas", "Node", "Run", "View", "Help", ""]


def always(_workspace: Workspace) -> bool:
    return True


def has_document(workspace: Workspace) -> bool:
    return workspace.page is not None


def can_edit(workspace: Workspace) -> bool:
    """Whether a graph is open that may be edited."""
    return workspace.page is not None and workspace.page.document.editable


def has_selection(workspace: Workspace) -> bool:
    return bool(workspace.selection)


@dataclass(frozen=True, slots=True)
class Command:
    """One action. ``id`` never changes (``file.save``); ``title`` is English and passes through ``tr_data`` where it is shown.

    ``keys`` are Qt's portable key texts, the first one is shown. ``where`` is ``canvas`` for keys that count only while the canvas has
    the focus, since they mean something else in a text (Delete, arrows, letters).
    """

    id: str
    title: str
    run: Callable[[Workspace], None]
    keys: tuple[str, ...] = ()
    menu: Menu = ""
    enabled: Callable[[Workspace], bool] = always
    icon: str = ""
    where: Literal["window", "canvas"] = "window"
    section: str = ""
    """Commands of a menu with the same section stand together."""
    checked: Callable[[Workspace], bool] | None = None
    """For actions that switch something on and off: whether it is on."""
