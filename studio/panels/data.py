"""Data: what exactly went in and out of the chosen card or wire, in the run that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from flowloom.flows.model.flow import Constant
from flowloom.studio.language import tr
from flowloom.studio.panels.data_entries import (
    CALLS,
    ERROR,
    MISSING,
    Entry,
    card_entries,
    first_to_show,
    run_entries,
    wire_entries,
)
from flowloom.studio.panels.elided import Elided
from flowloom.studio.panels.empty import EmptyPane
from flowloom.studio.panels.row_list import RowList
from flowloom.studio.panels.rows import Row
from flowloom.studio.run.words import node_words, run_words, title_of
from flowloom.studio.theme import theme
from flowloom.studio.views.held import top
from flowloom.studio.views.kinds import in_short
from flowloom.studio.views.value_view import ValueView

if TYPE_CHECKING:
    from flowloom.studio.canvas.cards import Wire
    from flowloom.studio.run.run_view import RunView
    from flowloom.studio.workspace import Page, Workspace

WAIT_MS = 80
"""While values stream they are shown this often."""


class DataPanel(QWidget):
    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._workspace = workspace
        self._page: Page | None = None
        self._wire: Wire | None = None
        self._about = ""
        self._chosen = ""
        self._asked = ""
        self._entries: dict[str, Entry] = {}
        self._shown: Any = None
        self.empty = EmptyPane(
            "table",
            tr("Nothing has run yet"),
            tr("After a run, choose a card or a wire to see exactly what went in and what came out."),
            self,
            action=tr("Run the flow"),
            does=self._run,
        )
        self.title = Elided(self)
        self.title.setProperty("role", "heading")
        self.words = Elided(self)
        self.words.setProperty("role", "small")
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.title)
        head.addWidget(self.words)
        head.addStretch(1)
        self.list = RowList(self, height=28, tall=42)
        self.list.setAccessibleName(tr("Values"))
        self.list.setMinimumWidth(140)
        self.list.pointed.connect(self._pointed)
        self.value = ValueView(self)
        right = QWidget(self)
        room = QVBoxLayout(right)
        room.setContentsMargins(12, 0, 4, 0)
        room.addWidget(self.value)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.list)
        self.splitter.addWidget(right)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([260, 700])
        full = QWidget(self)
        column = QVBoxLayout(full)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.splitter, 1)
        head.setContentsMargins(4, 0, 4, 0)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(full)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self.refresh)
        workspace.page_changed.connect(self._page_changed)
        workspace.selection_changed.connect(self._selected)
        theme.themes().changed.connect(self._again)
        self._page_changed()

    @property
    def entries(self) -> list[Entry]:
        """What can be looked at now."""
        return list(self._entries.values())

    @property
    def _view(self) -> RunView | None:
        runner = self._page.parts.get("runner") if self._page is not None else None
        return runner.view if runner is not None else None

    def _page_changed(self) -> None:
        if self._page is not None:
            self._listen(self._page, on=False)
        self._page = self._workspace.page
        self._wire = None
        if self._page is not None:
            self._listen(self._page, on=True)
        self.refresh()

    def _listen(self, page: Page, *, on: bool) -> None:
        runner, gestures = page.parts.get("runner"), getattr(page.view, "gestures", None)
        pairs: list[tuple[Any, Any]] = []
        if runner is not None:
            pairs += [(runner.changed, self._changed), (runner.view_changed, self.refresh), (runner.finished, self.refresh)]
        if gestures is not None:
            pairs.append((gestures.wire_chosen, self._wire_chosen))
        for signal, slot in pairs:
            signal.connect(slot) if on else signal.disconnect(slot)

    def _selected(self) -> None:
        if self._workspace.selection:
            self._wire = None
        self.refresh()

    def _wire_chosen(self, wire: Wire | None) -> None:
        self._wire = wire
        self.refresh()

    def _changed(self, names: set[str]) -> None:
        card = self._workspace.current_node
        concerned = card is None or card in names or any(name.startswith(f"{card}/") for name in names)
        if concerned and not self._timer.isActive():
            self._timer.start()

    def _again(self) -> None:
        self._shown = None
        self.refresh()

    def refresh(self) -> None:
        """Look again at what is chosen, and at the run."""
        view, page = self._view, self._page
        if view is None or page is None:
            self._stack.setCurrentWidget(self.empty)
            return
        self._stack.setCurrentIndex(1)
        about, entries = self._describe(view, page)
        self._entries = {entry.key: entry for entry in entries}
        self.list.blockSignals(True)
        rows = _rows(entries)
        if rows != self.list.rows:
            self.list.show_rows(rows)
        if about != self._about:
            self._about = about
            wanted = self._asked if self._asked in self._entries and ERROR not in self._entries else first_to_show(entries)
        else:
            wanted = self._chosen if self._chosen in self._entries else first_to_show(entries)
        self.list.point(wanted)
        self.list.blockSignals(False)
        self._chosen = wanted
        self._show(self._entries.get(wanted))

    def _describe(self, view: RunView, page: Page) -> tuple[str, list[Entry]]:
        """What is chosen, and what there is of it; writes the line above."""
        document = page.document
        card = self._workspace.current_node
        if self._wire is not None:
            wire = self._wire
            self.title.say(tr("{source} to {target}", source=title_of(document, wire.source.card), target=title_of(document, wire.target.card)))
            self.words.say(run_words(view))
            return f"wire {wire.key}", wire_entries(view, wire, page.scene.cards, lambda name: self._title(page, name))
        if card is not None and (entries := card_entries(view, card, _settings(page, card))):
            self.title.say(self._title(page, card))
            node = view.nodes.get(card)
            self.words.say(node_words(view, node, document) if node is not None else run_words(view))
            return f"card {card}", entries
        self.title.say(tr("The whole flow"))
        unknown = card is not None and not card.startswith("@")
        self.words.say(tr("The chosen card took no part in the run.") if unknown else "")
        return "run", run_entries(view)

    @staticmethod
    def _title(page: Page, card: str) -> str:
        found = page.scene.cards.cards.get(card)
        return found.title if found is not None else title_of(page.document, card)

    def _pointed(self, key: str) -> None:
        self._chosen = self._asked = key
        self._show(self._entries.get(key))

    def _show(self, entry: Entry | None) -> None:
        fresh = (self._about, entry)
        if fresh == self._shown:
            return
        self._shown = fresh
        if entry is None:
            self.value.show_nothing("")
        elif entry.key == CALLS:
            self.value.show_exchange(entry.calls)
        elif entry.value is MISSING:
            self.value.show_nothing(entry.words)
        else:
            self.value.show_value(entry.value, kind_hint=entry.hint)

    def _run(self) -> None:
        self._workspace.do("run.run")


def _settings(page: Page, card: str) -> set[str]:
    """Inputs of a card that are written in the flow, and came from no other card."""
    node = next((node for name, node in page.document.flow.nodes.items() if name == card), None)
    return {name for name, binding in node.inputs.items() if isinstance(binding, Constant)} if node is not None else set()


def _rows(entries: list[Entry]) -> list[Row]:
    rows: list[Row] = []
    section = ""
    for entry in entries:
        if entry.section != section:
            section = entry.section
            rows.append(Row(section, heading=True))
        words = "" if entry.value is MISSING or entry.key == CALLS else in_short(top(entry.value), 60)
        rows.append(Row(entry.title, icon=_icon(entry), words=words, value=entry.key))
    return rows


def _icon(entry: Entry) -> str:
    kinds = {CALLS: "chats", ERROR: "warning-circle", "log": "terminal", "thinking": "brain", "wire": "flow-arrow"}
    group = entry.key.partition(":")[0]
    groups = {"in": "arrow-right", "out": "arrow-left", "called": "arrow-elbow-down-right", "metric": "chart-bar"}
    return kinds.get(entry.key) or groups.get(group, "circle")
