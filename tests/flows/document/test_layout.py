from __future__ import annotations

from pathlib import Path

import pytest

from flowloom.flows.document import read
from flowloom.flows.document.layout import Frame, Layout, Note, Place, parse_layout, read_layout
from flowloom.flows.errors import DocumentError

TEXT = """\
{
  "version": 1,
  "theirs": {
    "a": 1
  },
  "nodes": {
    "@inputs": {"x": 0, "y": -10.5},
    "answer": {"x": 240, "y": 80, "title": "Answer", "collapsed": true, "glow": 3},
    "odd": "not a place"
  },
  "frames": [
    {"id": "f1", "title": "Search", "x": 0, "y": 0, "tilt": 2}
  ]
}
"""


def test_places_are_read() -> None:
    layout = parse_layout(TEXT)
    assert layout.places == {"@inputs": Place(0, -10.5), "answer": Place(240, 80, "Answer", collapsed=True)}
    assert layout.place("odd") is None
    assert layout.frames == (Frame("f1", "Search"),)
    assert layout.notes == ()


def test_an_untouched_layout_is_written_as_it_was() -> None:
    assert parse_layout(TEXT).as_text() == TEXT
    assert parse_layout(TEXT).with_places({}).as_text() == TEXT


def test_a_moved_card_changes_its_line_only() -> None:
    moved = parse_layout(TEXT).with_places({"answer": Place(250.0, 80.25, collapsed=True)})
    changed = [(a, b) for a, b in zip(TEXT.splitlines(), moved.as_text().splitlines(), strict=True) if a != b]
    assert changed == [
        (
            '    "answer": {"x": 240, "y": 80, "title": "Answer", "collapsed": true, "glow": 3},',
            '    "answer": {"x": 250, "y": 80.25, "collapsed": true, "glow": 3},',
        )
    ]


def test_renaming_and_deleting_keep_the_rest() -> None:
    layout = parse_layout(TEXT)
    assert layout.renamed("answer", "reply").as_text() == TEXT.replace('"answer"', '"reply"')
    assert layout.renamed("nobody", "x") is layout
    assert "answer" not in layout.without(["answer", "nobody"]).as_text()
    assert layout.without(["nobody"]) is layout


def test_frames_and_notes() -> None:
    layout = parse_layout(TEXT).with_frame(Frame("f1", "Find", 5, 6)).with_note(Note("n1", "why\ntwo"))
    assert layout.frames == (Frame("f1", "Find", 5, 6),)
    assert layout.notes == (Note("n1", "why\ntwo"),)
    assert '"tilt": 2' in layout.as_text()
    assert layout.without_item("f1").frames == ()
    assert layout.without_item("n1").notes == ()


def test_what_does_not_fit_takes_the_default() -> None:
    layout = Layout({"version": 1, "nodes": {"a": {"x": "1", "y": True, "title": 3}}, "notes": [{"text": "no id"}, 3]})
    assert layout.places == {"a": Place()}
    assert layout.notes == ()


def test_beside_a_flow(tmp_path: Path) -> None:
    (tmp_path / "flow.dag.yaml").write_text("nodes: []\n")
    assert read_layout(read(tmp_path)) == Layout()
    (tmp_path / "flow.layout.json").write_text(TEXT)
    assert read_layout(read(tmp_path)).place("answer") == Place(240, 80, "Answer", collapsed=True)
    (tmp_path / "flow.layout.json").write_text("{")
    with pytest.raises(DocumentError, match=r"flow\.layout\.json, line 1"):
        read_layout(read(tmp_path))
    assert read_layout(read(tmp_path, overlay={"flow.layout.json": ""})).places == {}
