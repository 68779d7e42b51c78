from __future__ import annotations

import pytest

from flowloom.flows.document.migrate import LAYOUT, PINS, migrate
from flowloom.flows.errors import DocumentError


def test_a_layout_without_version_moves_under_nodes() -> None:
    old = {"search": [10, 20], "answer": {"x": 1, "y": 2, "title": "Answer"}, "zoom": 1.5}
    assert migrate(old, LAYOUT, "f") == {
        "version": 1,
        "nodes": {"search": {"x": 10, "y": 20}, "answer": {"x": 1, "y": 2, "title": "Answer"}},
        "zoom": 1.5,
    }


def test_pins_without_version_move_under_pins() -> None:
    assert migrate({"search": ["a"]}, PINS, "f") == {"version": 1, "pins": {"search": {"output": ["a"]}}}


def test_the_newest_form_stays_as_it_is() -> None:
    for migrations, section in ((LAYOUT, "nodes"), (PINS, "pins")):
        data = {"version": len(migrations), section: {"a": {"x": 1, "output": 1}}, "theirs": [1]}
        assert migrate(data, migrations, "f") == data
        assert migrate({section: {}}, migrations, "f") == {"version": 1, section: {}}
        assert migrate({}, migrations, "f") == {"version": len(migrations)}


@pytest.mark.parametrize("version", [len(LAYOUT) + 1, "1", True, -1])
def test_a_form_of_the_future_is_refused(version: object) -> None:
    with pytest.raises(DocumentError) as caught:
        migrate({"version": version, "nodes": {}}, LAYOUT, "flow.layout.json")
    assert caught.value.hint
