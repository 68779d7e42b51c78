"""Find in the open flow: names and titles, prompts, code, and values, those of the last run too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from flowloom.flows.document.layout import LAYOUT_FILE
from flowloom.flows.document.pins import PINS_FILE
from flowloom.flows.model.flow import Constant
from flowloom.studio.language import tr
from flowloom.studio.panels.popup import SearchPopup
from flowloom.studio.panels.rows import Row

if TYPE_CHECKING:
    from flowloom.studio.workspace import Page, Workspace

MOST: Final = 60
"""Hits shown of each group."""
LONGEST: Final = 200_000
"""Characters of one value that are searched."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One place: a card, and the file or field and line in it."""

    group: str
    card: str
    words: str
    where: str = ""
    place: str = ""
    line: int = 0


def find(page: Page, text: str) -> Iterator[Hit]:
    """Where the text stands in a flow; case does not count."""
    wanted = text.casefold()
    document = page.document
    cards = page.scene.cards.cards
    for card in cards.values():
        if wanted in card.title.casefold() or wanted in card.id.casefold():
            yield Hit("names", card.id, card.title, card.id if card.is_node else "")
    for card in cards.values():
        for row in card.ports:
            if wanted in row.name.casefold():
                yield Hit("names", card.id, row.name, card.title, row.name)
    users = {node.source.path: node.name for node in document.flow.nodes.values() if node.source.path}
    for path, content in document.files.items():
        if path in (document.name, LAYOUT_FILE, PINS_FILE):
            continue
        group = "code" if path.endswith(".py") else "prompts"
        for number, line in enumerate(content.splitlines(), start=1):
            if wanted in line.casefold():
                yield Hit(group, str(users.get(path, "")), line.strip()[:200], f"{path}:{number}", path, number)
    for node in document.flow.nodes.values():
        for name, binding in node.inputs.items():
            if isinstance(binding, Constant) and wanted in _text(binding.value).casefold():
                yield Hit("values", node.name, f"{name}: {_around(_text(binding.value), wanted)}", cards[node.name].title, name)
    yield from _in_run(page, wanted)


def _in_run(page: Page, wanted: str) -> Iterator[Hit]:
    runner = page.parts.get("runner")
    view = runner.view if runner is not None else None
    if view is None:
        return
    for name, node in view.nodes.items():
        found = _text(node.output)
        if wanted in found.casefold() and name in page.scene.cards.cards:
            yield Hit("run", name, _around(found, wanted), page.scene.cards.cards[name].title)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value[:LONGEST]
    import json

    return "" if value is None else json.dumps(value, ensure_ascii=False, default=str)[:LONGEST]


def _around(text: str, wanted: str) -> str:
    """The text near the first hit, on one line."""
    at = max(text.casefold().find(wanted), 0)
    start = max(at - 30, 0)
    piece = " ".join(text[start : at + 100].split())
    return f"…{piece}" if start else piece


class FindPopup(SearchPopup):
    def __init__(self, workspace: Workspace, page: Page, parent: QWidget) -> None:
        super().__init__(
            parent, tr("Find in this flow"), tr("Find in names, prompts, code and values"), tr("“{text}” is nowhere in this flow.")
        )
        self._workspace, self._page = workspace, page

    def found(self, text: str) -> list[Row]:
        if not text:
            return []
        titles = {
            "names": tr("Names"), "prompts": tr("Prompts"), "code": tr("Code"), "values": tr("Values"), "run": tr("Last run")
        }  # fmt: skip
        icons = {"names": "tag", "prompts": "text-align-left", "code": "code", "values": "pencil-simple", "run": "play"}
        groups: dict[str, list[Row]] = {}
        for hit in find(self._page, text):
            rows = groups.setdefault(hit.group, [])
            if len(rows) < MOST:
                rows.append(Row(hit.words, icons[hit.group], note=hit.where, value=hit))
        return [row for group, rows in groups.items() for row in (Row(titles[group], heading=True), *rows)]

    def choose(self, value: object) -> None:
        if isinstance(value, Hit):
            QTimer.singleShot(0, self._workspace, lambda: self._workspace.place_asked.emit(value.card, value.place, value.line))


def open_find(workspace: Workspace) -> None:
    """Open the search over the canvas, with what was searched last."""
    page = workspace.page
    if page is None or workspace.window is None:
        return
    popup = FindPopup(workspace, page, workspace.window)
    last = str(page.parts.get("searched", ""))
    popup.field.textChanged.connect(lambda text: page.parts.update(searched=text))
    popup.open_over(last)
