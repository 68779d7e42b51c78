from __future__ import annotations

import json
from pathlib import Path

from flowloom.flows.model.images import Image
from flowloom.flows.worker.values import Blob, Shown
from flowloom.studio.views.held import as_json, held, megabytes, top


def test_json_comes_back_as_it_is() -> None:
    value = {"a": [1, {"b": None}], "c": "x"}
    assert as_json(value) is value
    assert held(value).value is value
    assert held(value).load is None


def test_other_values_become_json() -> None:
    assert as_json((1, (2,))) == [1, [2]]
    assert as_json({"deep": [{"image": Image(b"\x89PNG", "image/png")}]}) == {"deep": [{"image": {"data:image/png;base64": "iVBORw=="}}]}
    assert as_json({1: "x"}) == {"1": "x"}


def test_a_large_value_shows_its_beginning_and_can_be_loaded(tmp_path: Path) -> None:
    file = tmp_path / "v.json"
    file.write_text(json.dumps({"$flowloom": "tuple", "items": [1, 2]}))
    found = held(Blob("[1, 2", 5_000_000, "tuple", str(file)))
    assert (found.value, found.words) == ("[1, 2", "The beginning of 4.8 MB")
    assert found.load is not None
    assert found.load() == [1, 2]
    assert held(Blob("x", 10, "str")).load is None


def test_a_value_that_is_only_described() -> None:
    found = held(Shown("<a thing>", "Thing", "it has no form"))
    assert (found.value, found.words) == ("<a thing>", "Only how it looks: Thing")


def test_a_line_about_a_value_costs_nothing() -> None:
    assert top(Blob("begin", 10, "str")) == "begin"
    assert top(Shown({"a": 1}, "T", "")) == {"a": 1}
    assert top((1, 2)) == (1, 2)
    assert megabytes(2_000) == "2 KB"
