"""Closing with unsaved changes asks first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from flowloom.studio.dialogs.message import ask
from flowloom.studio.language import tr

if TYPE_CHECKING:
    from flowloom.studio.workspace import Page, Workspace


def may_close(workspace: Workspace, page: Page, parent: QWidget | None) -> bool:
    """Whether a page may close: nothing is unsaved, or the person saved it or gave it up."""
    if not page.document.modified:
        return True
    workspace.show(page)
    answer = ask(
        parent, tr("Save {name} before closing?", name=page.document.title), tr("What you changed is lost if you do not save it."),
        [("lose", tr("Don't save"), "danger"), ("", tr("Cancel"), ""), ("save", tr("Save"), "primary")],
        icon="floppy-disk", tone="accent",
    )  # fmt: skip
    return page.parts["saving"].save() if answer == "save" else answer == "lose"


def may_close_all(workspace: Workspace, parent: QWidget | None) -> bool:
    """Whether every page may close; asked one after another."""
    return all(may_close(workspace, page, parent) for page in list(workspace.pages))
