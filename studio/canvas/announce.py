"""Tells screen readers where the keyboard is on the canvas: the card's name, what it is, what it is wired to, how its run went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from flowloom.studio.canvas.cards import Card
from flowloom.studio.language import tr

if TYPE_CHECKING:
    from flowloom.studio.canvas.scene import CanvasScene
    from flowloom.studio.canvas.view import CanvasView

_STATES: Final = ("waiting", "running", "completed", "failed", "bypassed", "cancelled")


class Announcer(QObject):
    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self._view = view
        self._help = view.accessibleDescription()
        view.scene_.current_changed.connect(self._tell)

    def _tell(self) -> None:
        view = self._view
        words = words_of(view.scene_, view.scene_.current) if view.scene_.current is not None else ""
        view.setAccessibleDescription(f"{words}. {self._help}" if words else self._help)
        if words and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(view, words))


def words_of(scene: CanvasScene, item_id: str) -> str:
    """One sentence about a card, frame or note."""
    item = scene.card_items.get(item_id)
    if item is not None:
        return ", ".join(_card_words(scene, item.card, item.marks.state, item.marks.error))
    if (frame := scene.frame_items.get(item_id)) is not None:
        return tr("Frame {title}", title=frame.frame.title)
    if (note := scene.note_items.get(item_id)) is not None:
        return tr("Note: {text}", text=note.note.text)
    return ""


def _card_words(scene: CanvasScene, card: Card, state: str, error: str) -> list[str]:
    def titles(names: list[str]) -> str:
        found = dict.fromkeys(scene.cards.cards[name].title for name in names if name in scene.cards.cards)
        return ", ".join(found)

    wires = scene.cards.wires_of(card.id)
    sources = [wire.source.card for wire in wires if wire.target.card == card.id]
    targets = [wire.target.card for wire in wires if wire.source.card == card.id]
    missing = [row.name for row in card.inputs if row.required and not row.filled and card.is_node]
    found = [card.title, *card.lines[:1]]
    if sources:
        found.append(tr("takes from {cards}", cards=titles(sources)))
    if targets:
        found.append(tr("gives to {cards}", cards=titles(targets)))
    if missing:
        found.append(tr("still needs {inputs}", inputs=", ".join(missing)))
    if card.collapsed:
        found.append(tr("folded"))
    if state in _STATES:
        found.append(_state_words(state))
    if error:
        found.append(error)
    return found


def _state_words(state: str) -> str:
    return {
        "waiting": tr("waiting"), "running": tr("at work"), "completed": tr("done"), "failed": tr("failed"),
        "bypassed": tr("skipped"), "cancelled": tr("stopped"),
    }[state]  # fmt: skip
