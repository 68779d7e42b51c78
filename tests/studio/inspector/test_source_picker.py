"""The list of values an input can take, by keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from flowloom.flows.model.flow import Reference
from flowloom.studio.canvas.cards import PortRef
from flowloom.studio.inspector.source_picker import Act, SourcePicker
from flowloom.studio.inspector.sources import Offer

OFFERS = (
    Offer(PortRef("@inputs", "out", "question"), Reference("input", "question"), "Inputs › question", "string", "Why?"),
    Offer(PortRef("search", "out", "output"), Reference("node", "search"), "Search", "list", '["question"]'),
    Offer(PortRef("later", "out", "output"), Reference("node", "later"), "Later", "string", "", "It waits for this step."),
)


@pytest.fixture
def picked() -> list[object]:
    return []


@pytest.fixture
def picker(picked: list[object]) -> Iterator[SourcePicker]:
    window = QWidget()
    window.resize(320, 400)
    window.show()
    made = SourcePicker(window, "question", OFFERS, [Act("literal", "Write a value instead", "pencil-simple")])
    made.picked.connect(picked.append)
    made.open_below(window)
    yield made
    window.close()
    window.deleteLater()


def titles(picker: SourcePicker) -> list[str]:
    return [picker.list.item(row).text() for row in range(picker.list.count())]


def test_the_first_wire_is_at_hand(picker: SourcePicker, picked: list[object]) -> None:
    assert titles(picker) == ["Write a value instead", "Inputs › question", "Search", "Later"]
    QTest.keyClick(picker.search, Qt.Key.Key_Return)
    assert picked == [OFFERS[0]]


def test_typing_finds_by_title_first_and_by_value(picker: SourcePicker, picked: list[object]) -> None:
    QTest.keyClicks(picker.search, "QUEST")
    assert titles(picker) == ["Inputs › question", "Search"]
    QTest.keyClick(picker.search, Qt.Key.Key_Down)
    QTest.keyClick(picker.search, Qt.Key.Key_Return)
    assert picked == [OFFERS[1]]


def test_what_does_not_fit_is_shown_but_not_taken(picker: SourcePicker, picked: list[object]) -> None:
    QTest.keyClicks(picker.search, "later")
    QTest.keyClick(picker.search, Qt.Key.Key_Return)
    assert picked == []
    assert "It waits for this step." in picker.list.item(0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_keys_pass_over_what_does_not_fit(picker: SourcePicker, picked: list[object]) -> None:
    QTest.keyClick(picker.search, Qt.Key.Key_Up)
    QTest.keyClick(picker.search, Qt.Key.Key_Up)
    QTest.keyClick(picker.search, Qt.Key.Key_Return)
    assert picked == [OFFERS[1]], "up from the first goes to the last that fits"


def test_the_mouse_picks_and_escape_leaves(picker: SourcePicker, picked: list[object]) -> None:
    place = picker.list.visualItemRect(picker.list.item(2)).center()
    QTest.mouseClick(picker.list.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert picked == [OFFERS[1]]


def test_escape_takes_nothing(picker: SourcePicker, picked: list[object]) -> None:
    QTest.keyClick(picker.search, Qt.Key.Key_Escape)
    assert picked == []
    assert not picker.isVisible()


def test_a_name_that_nothing_bears_says_so(picker: SourcePicker) -> None:
    QTest.keyClicks(picker.search, "zzz")
    assert picker.none.isVisible()
