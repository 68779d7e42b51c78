"""One input: its field or its wire."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flowloom.flows.model.flow import Constant, Reference
from flowloom.flows.node.spec import Port
from flowloom.studio.canvas.cards import PortRef
from flowloom.studio.inspector.input_row import ChipButton, InputRow, make_field
from flowloom.studio.inspector.rows import Row, Widget
from flowloom.studio.inspector.sources import Offer

PORT = Port("question", "string", description="What is asked")


def a_row(binding: Constant | Reference | None = None, **more: object) -> Row:
    return Row(("inputs", "question"), PORT, "question", "lines", "input", binding, **more)  # type: ignore[arg-type]


def test_a_literal_is_typed_and_says_what_it_is(tmp_path: Path) -> None:
    widget = InputRow(a_row(Constant("Why?")), tmp_path)
    heard: list[object] = []
    widget.changed.connect(lambda _row, value: heard.append(value))
    assert widget.state.text() == "literal"
    QTest.keyClicks(widget.main(), "!")
    assert heard == ["!Why?"]
    assert InputRow(a_row(), tmp_path).state.text() == "needed"


def test_a_wire_names_its_other_end_and_can_be_cut_by_keys(tmp_path: Path) -> None:
    widget = InputRow(a_row(Reference("node", "search")), tmp_path)
    widget.show_row(widget.row, "Search the handbook › passages", "3 items")
    assert widget.wire is not None
    assert widget.wire.chip.accessibleName() == "question takes Search the handbook › passages"
    asked: list[str] = []
    widget.cut.connect(lambda row: asked.append("cut"))
    widget.pick_asked.connect(lambda row, below: asked.append("pick"))
    QTest.keyClick(widget.wire.chip, Qt.Key.Key_Space)
    QTest.keyClick(widget.wire.cut, Qt.Key.Key_Return)
    assert asked == ["pick", "cut"]


def test_a_wire_beside_an_empty_input_is_one_click_away(tmp_path: Path) -> None:
    widget = InputRow(a_row(), tmp_path)
    offer = Offer(PortRef("@inputs", "out", "question"), Reference("input", "question"), "Inputs › question", "string")
    assert widget.quick.isHidden()
    taken: list[object] = []
    widget.quick_taken.connect(lambda _row, offer: taken.append(offer))
    widget.offer(offer)
    assert widget.quick.text() == "Take it from Inputs › question"
    QTest.mouseClick(widget.quick, Qt.MouseButton.LeftButton)
    assert taken == [offer]
    widget.offer(None)
    assert widget.quick.isHidden()


def test_what_is_wrong_stands_below(tmp_path: Path) -> None:
    widget = InputRow(a_row(Constant(1), note="This step has no input of that name.", removable=True), tmp_path)
    assert not widget.note.isHidden()
    widget.complain("It is wrong.", "error")
    assert widget.note.text() == "This step has no input of that name.\nIt is wrong."
    assert widget.note.property("role") == "bad"
    widget.complain("")
    assert widget.note.text() == "This step has no input of that name."


def test_a_chip_without_room_shortens_its_words(application: QApplication) -> None:
    chip = ChipButton()
    chip.set_words("A title that is far too long for so narrow a chip")
    chip.resize(120, 24)
    chip.show()
    application.processEvents()
    assert "…" in chip.text()
    assert chip.minimumSizeHint().width() <= 40
    chip.close()


@pytest.mark.parametrize("widget", ["connection", "model", "choice", "switch", "number", "text", "lines", "json", "path", "folder", "image"])
def test_every_kind_of_field_is_made_and_named(widget: Widget, tmp_path: Path) -> None:
    row = Row(("inputs", "x"), Port("x", "int" if widget == "number" else "string"), "The x", widget, "setting")
    assert "The x" in make_field(row, tmp_path).main().accessibleName()
