"""Fields for JSON, for one of what is known, for files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from flowloom.flows.model.flow import MISSING
from flowloom.flows.node.spec import Port
from flowloom.studio.inspector.pick_fields import JsonField, PathField, PickField, relative


def test_a_list_must_be_one() -> None:
    field = JsonField(Port("stop", "list", required=False), "Stop")
    heard: list[object] = []
    field.edited.connect(heard.append)
    QTest.keyClicks(field.editor, '{"a": 1}')
    assert heard == []
    assert "list" in field._fault.text()
    field.editor.selectAll()
    QTest.keyClicks(field.editor, '["a"]')
    assert heard == [["a"]]
    assert field._fault.isHidden()
    field.editor.selectAll()
    QTest.keyClick(field.editor, Qt.Key.Key_Delete)
    assert heard[-1] is MISSING


def test_a_text_that_is_json_is_shown_as_what_it_says() -> None:
    field = JsonField(Port("stop", "list"), "Stop")
    field.set_value('["a", "b"]')
    assert field.editor.text() == '["a", "b"]'


def test_what_is_known_can_be_chosen_and_anything_typed() -> None:
    field = PickField(Port("connection", "connection"), "Connection")
    heard: list[object] = []
    field.edited.connect(heard.append)
    field.set_choices([("local", "local: the model on this computer"), ("work", "work")])
    field.set_value("other")
    assert heard == []
    field.combo.setFocus()
    field.line.selectAll()
    QTest.keyClicks(field.line, "my")
    assert heard == ["m", "my"]
    field.combo.activated.emit(0)
    assert heard[-1] == "local"
    assert field.line.text() == "local"
    field.set_choices([("local", "local: the model on this computer"), ("work", "work"), ("new", "new")])
    assert field.line.text() == "local", "more choices change no text"


def test_a_file_is_written_from_the_folder_of_the_flow(tmp_path: Path) -> None:
    field = PathField(Port("path", "string"), "Path", tmp_path)
    heard: list[object] = []
    field.edited.connect(heard.append)
    field.take(str(tmp_path / "data" / "rows.csv"))
    assert heard == ["data/rows.csv"]
    assert relative("/elsewhere/rows.csv", tmp_path) == "/elsewhere/rows.csv"
    QTest.keyClick(field.line, Qt.Key.Key_Backspace)
    assert heard[-1] == "data/rows.cs"
