"""Find or do anything: commands by name, cards of the flow, nodes to add, flows that were open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from flowloom.studio.commands.table import commands, key_text
from flowloom.studio.language import tr, tr_data
from flowloom.studio.panels.matching import score
from flowloom.studio.panels.popup import SearchPopup
from flowloom.studio.panels.rows import Row
from flowloom.studio.theme.icons import node_icon

if TYPE_CHECKING:
    from flowloom.studio.workspace import Workspace

MOST: Final = 8
LATELY: Final = 5


class Palette(SearchPopup):
    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent, tr("Find or do anything"), tr("Type what you want to do or find"), tr("Nothing is called “{text}”."))
        self._workspace = workspace

    def found(self, text: str) -> list[Row]:
        if not text:
            lately = [id for id in self._workspace.settings.get("lately", []) if id in commands()][:LATELY]
            rows = [Row(tr("Lately"), heading=True), *(self._command(id) for id in lately)] if lately else []
            rest = [id for id, command in commands().items() if command.menu and id not in lately and self._can(id)]
            return [*rows, Row(tr("Actions"), heading=True), *(self._command(id) for id in rest)]
        groups = (
            (tr("Actions"), self._commands(text)), (tr("In this flow"), self._cards(text)),
            (tr("Add a node"), self._nodes(text)), (tr("Recent flows"), self._recent(text)),
        )  # fmt: skip
        shown = [(title, sorted(found, key=lambda pair: -pair[0])[:MOST]) for title, found in groups if found]
        shown.sort(key=lambda group: -group[1][0][0])
        return [row for title, found in shown for row in (Row(title, heading=True), *(row for _, row in found))]

    def _can(self, id: str) -> bool:
        return commands()[id].enabled(self._workspace)

    def _command(self, id: str) -> Row:
        command = commands()[id]
        return Row(tr_data(command.title), command.icon or "caret-right", note=key_text(command), value=("do", id))

    def _commands(self, text: str) -> list[tuple[int, Row]]:
        found: list[tuple[int, Row]] = []
        for id, command in commands().items():
            fit = max(score(text, tr_data(command.title)), score(text, command.title))
            if fit and id != "view.palette" and self._can(id):
                found.append((fit, self._command(id)))
        return found

    def _cards(self, text: str) -> list[tuple[int, Row]]:
        page = self._workspace.page
        if page is None:
            return []
        scored = ((max(score(text, card.title), score(text, card.id)), card) for card in page.scene.cards.cards.values())
        return [(fit, Row(card.title, card.icon, card.kind, note=card.id, value=("card", card.id))) for fit, card in scored if fit]

    def _nodes(self, text: str) -> list[tuple[int, Row]]:
        from flowloom.studio.document.new_node import offered

        page = self._workspace.page
        if page is None or not page.document.editable:
            return []
        scored = ((max(score(text, tr_data(spec.title)), score(text, spec.title)), spec) for spec in offered(self._workspace.registry))
        return [
            (fit, Row(tr_data(spec.title), node_icon(spec.kind, spec.icon), spec.kind, note=tr_data(spec.category), value=("add", spec.id)))
            for fit, spec in scored
            if fit
        ]

    def _recent(self, text: str) -> list[tuple[int, Row]]:
        from flowloom.studio.document.recent import recent

        scored = ((score(text, entry.title), entry) for entry in recent() if entry.exists)
        return [(fit, Row(entry.title, "folder", note=entry.path, value=("open", entry.path))) for fit, entry in scored if fit]

    def choose(self, value: object) -> None:
        # After the popup is gone: what a command opens must not be closed with it.
        QTimer.singleShot(0, self._workspace, lambda: _carry_out(self._workspace, value))


class RecentPopup(SearchPopup):
    """The flows that were open, the last one first."""

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent, tr("Open recent"), tr("Search flows that were open"), tr("Nothing is called “{text}”."))
        self._workspace = workspace

    def found(self, text: str) -> list[Row]:
        from flowloom.studio.document.recent import recent

        there = [entry for entry in recent() if entry.exists and (not text or score(text, entry.title) or score(text, entry.path))]
        if not there and not text:
            return [Row(tr("Flows you open will be listed here."), heading=True)]
        return [Row(entry.title, "folder", words=entry.path, value=("open", entry.path)) for entry in there]

    def choose(self, value: object) -> None:
        QTimer.singleShot(0, self._workspace, lambda: _carry_out(self._workspace, value))


def _carry_out(workspace: Workspace, value: object) -> None:
    assert isinstance(value, tuple)
    kind, what = value
    page = workspace.page
    if kind == "do":
        lately = [what, *(id for id in workspace.settings.get("lately", []) if id != what)]
        workspace.settings.set("lately", lately[:LATELY])
        workspace.do(what)
    elif kind == "card" and page is not None:
        page.scene.select([what])
        page.view.reveal(what)
        page.view.setFocus()
    elif kind == "add" and page is not None:
        page.parts["gestures"].add_node(what)
    elif kind == "open":
        from flowloom.studio.commands.file import open_at

        open_at(workspace, what)
