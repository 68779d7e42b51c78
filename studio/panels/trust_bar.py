"""The one clear bar over a flow that is not trusted: what would run, Trust, or Stay restricted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from flowloom.flows.errors import FlowloomError
from flowloom.studio.language import tr
from flowloom.studio.panels.bars import Bar
from flowloom.studio.theme import theme
from flowloom.studio.theme.icons import icon

if TYPE_CHECKING:
    from flowloom.studio.workspace import Page, Workspace


class TrustBar(Bar):
    def __init__(self, workspace: Workspace, page: Page, parent: QWidget) -> None:
        super().__init__(parent, "shield-warning", "warn")
        self._workspace, self._page = workspace, page
        self._trust = page.parts["trust"]
        self._stays = False
        self.look_button = self.offer(tr("See what would run"), self.look)
        self.stay_button = self.offer(tr("Stay restricted"), self.stay)
        self.trust_button = self.offer(tr("Trust"), self.trust, "primary")
        self._trust.changed.connect(self.refresh)
        page.parts["watcher"].changed_outside.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        if outside := self._trust.outside:
            names = ", ".join(outside[:3]) + ("…" if len(outside) > 3 else "")
            title = tr("Changed by another program, so it no longer runs")
            words = tr("Changed: {names}. Look and edit freely; trust it again to run it.", names=names)
        else:
            title = tr("This folder is not trusted, so nothing in it runs")
            words = tr("Look and edit freely. Trust it once you know where it comes from.")
        self.say(title, words)
        trusted = self._trust.state == "trusted"
        if trusted:
            self._stays = False
        # First what counts, the screen or the disk; then whether it may run.
        self.setVisible(not trusted and not self._stays and not self._page.parts["watcher"].outside)

    def look(self) -> None:
        """Show every file and tool that a run would use."""
        from flowloom.studio.dialogs.message import Message

        dialog = Message(
            self._workspace.window, tr("What would run"), tr("A run of this flow uses these files and tools of this computer."),
            [("", tr("Close"), ""), ("trust", tr("Trust"), "primary")], icon="shield-warning", tone="warn",
        )  # fmt: skip
        table = QTreeWidget(dialog)
        table.setHeaderLabels([tr("File or tool"), tr("What it is")])
        table.setRootIsDecorated(False)
        table.setUniformRowHeights(True)
        table.setAccessibleName(tr("What would run"))
        for line in self._trust.what_runs():
            item = QTreeWidgetItem([line.name, line.words + (f" {tr('Changed since you trusted it.')}" if line.changed else "")])
            item.setToolTip(0, line.name)
            item.setToolTip(1, line.words)
            if line.changed:
                item.setIcon(0, icon("warning", theme.current().warn))
            table.addTopLevelItem(item)
        table.resizeColumnToContents(0)
        table.setColumnWidth(0, min(table.columnWidth(0) + 16, 280))
        table.setMinimumSize(600, min(72 + 30 * table.topLevelItemCount(), 380))
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        dialog.body.addWidget(table)
        dialog.exec()
        answer = dialog.answer
        dialog.deleteLater()
        if answer == "trust":
            self.trust()

    def trust(self) -> None:
        from flowloom.studio.dialogs.message import tell

        try:
            self._trust.trust()
        except FlowloomError as error:
            tell(self._workspace.window, error)
            return
        self._workspace.say(tr("Trusted. It runs now."))

    def stay(self) -> None:
        """Put the bar away; what was not trusted stays so."""
        self._trust.distrust()
        self._stays = True
        self.refresh()
        self._workspace.say(tr("Stays restricted: you can look and edit, nothing runs. File, Trust this folder, when you change your mind."))
