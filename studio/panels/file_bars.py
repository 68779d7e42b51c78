"""Notices about a flow's files: changed by another program, or unsaved work found after a crash."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from flowloom.flows.errors import FlowloomError
from flowloom.studio.language import tr
from flowloom.studio.panels.bars import Bar

if TYPE_CHECKING:
    from flowloom.studio.workspace import Page, Workspace


class OutsideBar(Bar):
    """Files changed on disk: reload, keep, or see the difference. Also shown where saving met such a change."""

    def __init__(self, workspace: Workspace, page: Page, parent: QWidget) -> None:
        super().__init__(parent, "arrows-clockwise", "warn")
        self._workspace, self._page = workspace, page
        self._watcher = page.parts["watcher"]
        self.difference_button = self.offer(tr("See the difference"), self.difference)
        self.keep_button = self.offer(tr("Keep mine"), self.keep)
        self.reload_button = self.offer(tr("Reload"), self.reload, "primary")
        self._watcher.changed_outside.connect(self.refresh)
        page.parts["saving"].conflict.connect(self._conflict)
        self.refresh()

    def refresh(self) -> None:
        outside = self._watcher.outside
        names = ", ".join(item.path for item in outside[:3]) + ("…" if len(outside) > 3 else "")
        own = self._page.document.modified
        words = (
            tr("Changed: {names}. Reloading replaces what you have not saved here; you can undo it.", names=names)
            if own
            else tr("Changed: {names}.", names=names)
        )
        self.say(tr("Another program changed files of this flow"), words)
        self.setVisible(bool(outside))

    def _conflict(self, _error: FlowloomError) -> None:
        self._watcher.check()
        self._workspace.say(tr("Not saved: another program changed files of this flow. Choose what counts, above the canvas."))

    def difference(self) -> None:
        from flowloom.studio.dialogs.difference import DifferenceDialog

        dialog = DifferenceDialog(self._watcher.outside, self._workspace.window)
        dialog.exec()
        answer = dialog.answer
        dialog.deleteLater()
        if answer == "reload":
            self.reload()
        elif answer == "keep":
            self.keep()

    def keep(self) -> None:
        self._watcher.keep()
        self._workspace.say(tr("Kept. Saving will replace what the other program wrote."))

    def reload(self) -> None:
        if self._watcher.reload(tr("Reload from disk")):
            self._workspace.say(tr("Reloaded."))


class RecoveryBar(Bar):
    """Unsaved work of a studio that ended without saving: recover it, or give it up."""

    def __init__(self, workspace: Workspace, page: Page, parent: QWidget) -> None:
        super().__init__(parent, "lifebuoy", "accent")
        self._workspace, self._page = workspace, page
        self._keeper = page.parts["backup"]
        self.discard_button = self.offer(tr("Discard"), self.discard)
        self.recover_button = self.offer(tr("Recover"), self.recover, "primary")
        self.refresh()

    def refresh(self) -> None:
        found = self._keeper.found
        self.setVisible(bool(found))
        if not found:
            return
        when = datetime.fromtimestamp(found[0].when).strftime("%Y-%m-%d %H:%M")
        words = tr("From {when}. Recovering can be undone.", when=when)
        if changed := self._keeper.changed_since(found[0]):
            words += " " + tr("Since then these changed on disk: {names}.", names=", ".join(changed[:3]))
        self.say(tr("Unsaved work was found: the studio ended before it was saved"), words)

    def recover(self) -> None:
        if self._keeper.found and self._keeper.recover(self._keeper.found[0], tr("Recover unsaved work")):
            self._workspace.say(tr("Recovered. Save to keep it."))
        self.refresh()

    def discard(self) -> None:
        for backup in self._keeper.found:
            self._keeper.discard(backup)
        self.refresh()
