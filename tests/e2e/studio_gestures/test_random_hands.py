"""Hands that do anything, in any order: nothing breaks, screen and model agree, and undo leads back byte for byte."""

from __future__ import annotations

import random
import sys
import traceback
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtWidgets import QApplication

from tests.e2e.studio_gestures.hands import ALT, CONTROL, NO, SHIFT

if TYPE_CHECKING:
    from tests.e2e.studio_gestures.hands import Hands

KEYS = tuple(
    getattr(Qt.Key, f"Key_{name}")
    for name in (*"CIPGNLMHFOBWAX1ZYVD", "Tab", "F2", "Return", "Escape", "Delete", "Left", "Right", "Up", "Down")
)
HELD = (NO, NO, NO, CONTROL, CONTROL, SHIFT, ALT, CONTROL | SHIFT)
ELSEWHERE = {(key, held) for key in (Qt.Key.Key_N, Qt.Key.Key_O, Qt.Key.Key_W, Qt.Key.Key_P, Qt.Key.Key_1) for held in (CONTROL, CONTROL | SHIFT, ALT)}
"""Keys that mean other things in the window: new flow, open, close, palette."""
STEPS = 120


class RandomHands:
    def __init__(self, hands: Hands, chance: random.Random) -> None:
        self.hands = hands
        self.chance = chance
        self.done: list[str] = []

    def act(self) -> None:
        kind = self.chance.choices((self.drag, self.click, self.double_click, self.wheel, self.key), (30, 12, 8, 6, 44))[0]
        self.done.append(kind.__name__)
        kind()
        if self.chance.random() < 0.15:
            self.calm()

    def calm(self) -> None:
        """Close what opened, and come back to the canvas."""
        close_what_waits()
        self.hands.front()
        self.hands.click(self.hands.view.viewport().rect().topRight() + QPoint(-5, 5))

    def point(self) -> QPoint:
        hands, chance = self.hands, self.chance
        room = hands.view.viewport().rect().adjusted(2, 2, -3, -3)
        found = QPoint(chance.randint(room.left(), room.right()), chance.randint(room.top(), room.bottom()))
        luck = chance.random()
        if luck < 0.6:
            card = hands.scene.cards.cards[chance.choice(sorted(hands.scene.cards.cards))]
            rect = hands.scene.rect(card.id)
            spot = QPointF(rect.left() + chance.random() * rect.width(), rect.top() + chance.random() * rect.height())
            if card.ports and luck < 0.3:
                spot = hands.scene.port_point(chance.choice(card.ports).ref(card.id))
            found = hands.view.mapFromScene(spot)
        elif luck < 0.7 and hands.scene.wire_items:
            found = hands.view.mapFromScene(chance.choice(list(hands.scene.wire_items.values())).route.middle)
        return QPoint(min(max(found.x(), room.left()), room.right()), min(max(found.y(), room.top()), room.bottom()))

    def drag(self) -> None:
        held = self.chance.choice((NO, NO, SHIFT, CONTROL, CONTROL | SHIFT))
        self.hands.drag(self.point(), self.point(), held)

    def click(self) -> None:
        self.hands.click(self.point(), self.chance.choice((NO, SHIFT, CONTROL)))

    def double_click(self) -> None:
        self.hands.double_click(self.point())

    def wheel(self) -> None:
        self.hands.turn_wheel(self.point(), self.chance.choice((-2, -1, 1, 2)))

    def key(self) -> None:
        key, held = self.chance.choice(KEYS), self.chance.choice(HELD)
        if (key, held) in ELSEWHERE or QApplication.focusWidget() is None:
            self.hands.front()
            return
        if key in (Qt.Key.Key_D, Qt.Key.Key_V) and len(self.hands.scene.cards.cards) > 20:
            # What doubles again and again would only take time.
            return
        self.hands.key(key, held)


def close_what_waits() -> None:
    for _ in range(5):
        found = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if found is not None:
            found.close()


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """What was raised where Qt called us, which it only prints."""
    found: list[str] = []
    before = sys.excepthook

    def note(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        found.append("".join(traceback.format_exception(kind, error, trace)))

    sys.excepthook = note
    yield found
    sys.excepthook = before


def test_anything_in_any_order(hands: Hands, faults: list[str], rng: random.Random, samples: int, wait: Callable[..., None]) -> None:
    flow = hands.scene.document
    before = dict(flow.files)
    someone = RandomHands(hands, rng)
    # Menus and dialogs that keep Qt waiting are closed as by a person who did not mean them.
    closer = QTimer()
    closer.timeout.connect(close_what_waits)
    closer.start(40)
    for _ in range(STEPS * samples):
        someone.act()
        assert not faults, (faults[0], someone.done[-6:])
        assert set(hands.scene.cards.cards) == {"@inputs", "@outputs", *flow.flow.nodes}
        assert hands.scene.wire_items.keys() == hands.scene.cards.wires.keys()
    closer.stop()
    someone.calm()
    for _ in range(flow.undo_stack.index()):
        hands.key(Qt.Key.Key_Z, CONTROL)
    assert flow.files == before
    hands.save()
    assert hands.saved() == before["flow.dag.yaml"]
    assert not faults, faults[0]
