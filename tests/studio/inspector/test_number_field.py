"""The field for a number: bounds, steps, the slider."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from flowloom.flows.model.flow import MISSING
from flowloom.flows.node.spec import Port
from flowloom.studio.inspector.number_field import NumberField

TEMPERATURE = Port("temperature", "double", required=False, minimum=0, maximum=2, default=1.0)


def heard_of(field: NumberField) -> list[object]:
    heard: list[object] = []
    field.edited.connect(heard.append)
    return heard


def test_only_numbers_within_bounds_count() -> None:
    field = NumberField(TEMPERATURE, "Temperature")
    heard = heard_of(field)
    QTest.keyClicks(field.line, "2.5")
    assert heard == [2, 2], "beyond the bounds nothing is given"
    assert field.line.property("state") == "bad"
    assert not field._fault.isHidden()
    assert field._fault.text() == "It must be between 0 and 2."
    QTest.keyClick(field.line, Qt.Key.Key_Backspace)
    QTest.keyClick(field.line, Qt.Key.Key_Backspace)
    QTest.keyClick(field.line, Qt.Key.Key_Backspace)
    assert heard[-1] is MISSING
    assert field.line.property("state") == ""


@pytest.mark.parametrize("text", ["abc", "1e999", "nan", "1,5"])
def test_what_is_no_number_says_so(text: str) -> None:
    field = NumberField(Port("x", "double"), "X")
    QTest.keyClicks(field.line, text)
    assert "number" in field._fault.text()


def test_a_whole_number_takes_no_point() -> None:
    field = NumberField(Port("n", "int", minimum=1), "N")
    heard = heard_of(field)
    QTest.keyClicks(field.line, "3.5")
    assert heard == [3]
    assert field._fault.text() == "Write a whole number."


def test_arrow_keys_count_within_the_bounds() -> None:
    field = NumberField(TEMPERATURE, "Temperature")
    heard = heard_of(field)
    QTest.keyClick(field.line, Qt.Key.Key_Up)
    assert heard == [1.1], "steps begin at the default"
    QTest.keyClick(field.line, Qt.Key.Key_PageUp)
    assert heard[-1] == 2
    QTest.keyClick(field.line, Qt.Key.Key_Down)
    assert heard[-1] == 1.9


def test_the_slider_gives_a_value_and_follows_one() -> None:
    field = NumberField(TEMPERATURE, "Temperature")
    assert field.slider is not None
    heard = heard_of(field)
    field.set_value(0.5)
    assert (field.slider.value(), heard) == (25, [])
    QTest.keyClick(field.slider, Qt.Key.Key_Right)
    assert heard == [0.52]
    assert field.line.text() == "0.52"
    field.set_value(MISSING)
    assert field.line.text() == ""
    assert field.slider.property("state") == "unset"


def test_a_number_typed_another_way_stays_as_typed() -> None:
    field = NumberField(TEMPERATURE, "Temperature")
    field.edited.connect(field.set_value)
    QTest.keyClicks(field.line, "0.50")
    assert field.line.text() == "0.50"
