"""Which outputs can be pinned."""

from __future__ import annotations

from pathlib import Path

from flowloom.flows.worker.values import Blob, Shown
from flowloom.studio.run.pins import MOST_BYTES, as_text, pinnable


def test_json_can_be_pinned_and_anything_else_says_why_not() -> None:
    assert pinnable({"a": [1, None]}) == ({"a": [1, None]}, "")
    assert pinnable(Shown("<object>", "Thing", "it holds a Thing"))[1] == "it holds a Thing"
    assert pinnable(object())[1]


def test_a_big_value_is_read_whole_unless_it_is_too_big(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text('"all of it"')
    assert pinnable(Blob("all", 11, "str", str(file))) == ("all of it", "")
    assert pinnable(Blob("all", MOST_BYTES + 1, "str", str(file)))[1] == "it is too big"


def test_the_text_to_edit_is_json() -> None:
    assert as_text({"ä": 1}) == '{\n  "ä": 1\n}'
