from __future__ import annotations

from pathlib import Path

from flowloom.flows.document import read
from flowloom.flows.document.pins import Pins, parse_pins, read_pins

TEXT = '{\n  "version": 1,\n  "pins": {\n    "a": {"output": [1, null, "é"], "note": "kept"},\n    "odd": 3\n  },\n  "theirs": true\n}\n'


def test_pins_are_values_by_node() -> None:
    pins = parse_pins(TEXT)
    assert pins.values == {"a": [1, None, "é"]}
    assert pins.as_text() == TEXT


def test_pinning_again_keeps_what_is_not_ours() -> None:
    pins = parse_pins(TEXT).with_pin("a", None).with_pin("b", {"x": 1})
    assert pins.values == {"a": None, "b": {"x": 1}}
    assert '"a": {"output": null, "note": "kept"}' in pins.as_text()
    assert '"odd": 3' in pins.as_text()


def test_renaming_and_clearing() -> None:
    pins = parse_pins(TEXT)
    assert pins.renamed("a", "z").as_text() == TEXT.replace('"a"', '"z"')
    assert pins.renamed("nobody", "z") is pins
    assert pins.without(["a"]).values == {}
    assert pins.without(["nobody"]) is pins


def test_beside_a_flow(tmp_path: Path) -> None:
    (tmp_path / "flow.dag.yaml").write_text("nodes: []\n")
    assert read_pins(read(tmp_path)) == Pins()
    (tmp_path / "flow.pins.json").write_text('{"search": NaN}')
    value = read_pins(read(tmp_path)).values["search"]
    assert value != value
