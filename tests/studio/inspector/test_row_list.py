"""Rows of a form stay the same widgets while what they show stays the same thing."""

from __future__ import annotations

from pathlib import Path

from flowloom.flows.model.flow import Constant, Reference
from flowloom.flows.node.spec import Port
from flowloom.studio.inspector.input_row import InputRow
from flowloom.studio.inspector.row_list import RowList, settings_summary
from flowloom.studio.inspector.rows import Row


def a_row(name: str, binding: Constant | Reference | None = None) -> Row:
    return Row(("inputs", name), Port(name, "string"), name, "lines", "input", binding)


def test_a_row_that_stays_keeps_its_widget(tmp_path: Path) -> None:
    rows = RowList()
    rows.fill([a_row("a"), a_row("b")], lambda row: InputRow(row, tmp_path))
    first, second = rows.shown()
    rows.fill([a_row("new"), a_row("b", Constant("x")), a_row("a", Reference("node", "n"))], lambda row: InputRow(row, tmp_path))
    shown = rows.shown()
    assert shown[1] is second
    assert shown[2] is not first, "a wire takes another widget than a field"
    assert [widget.row.name for widget in shown] == ["new", "b", "a"]
    assert [rows._box.itemAt(place).widget() for place in range(3)] == shown
    rows.fill([], lambda row: InputRow(row, tmp_path))
    assert rows.isHidden()


def test_what_is_set_is_said_in_a_few_words() -> None:
    rows = [a_row("Temperature", Constant(0.0)), a_row("Stop", Constant(["x"])), a_row("Model"), a_row("Max tokens", Constant(60))]
    assert settings_summary(rows) == "temperature 0, max tokens 60"
