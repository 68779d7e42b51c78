from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.flows.document.json_text import dump_json, load_json, newline_of
from flowloom.flows.errors import DocumentError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(st.dictionaries(st.text(max_size=6), VALUES, max_size=5), st.sampled_from(["\n", "\r\n"]))
def test_what_is_written_reads_back(data: dict[str, Any], newline: str) -> None:
    text = dump_json(data, newline)
    assert load_json(text, "f") == json.loads(json.dumps(data))
    assert text.endswith(newline)
    assert newline_of(text) == newline
    text.encode("utf-8")


def test_each_entry_has_its_line() -> None:
    text = dump_json({"version": 1, "nodes": {"a": {"x": 1}, "b": {"x": 2}}, "notes": [], "names": ["ü"]})
    assert text.splitlines() == [
        "{",
        '  "version": 1,',
        '  "nodes": {',
        '    "a": {"x": 1},',
        '    "b": {"x": 2}',
        "  },",
        '  "notes": [],',
        '  "names": [',
        '    "ü"',
        "  ]",
        "}",
    ]


def test_broken_characters_survive_as_escapes() -> None:
    text = dump_json({"a": ["\ud800é"]})
    text.encode("utf-8")
    assert load_json(text, "f") == {"a": ["\ud800é"]}


def test_mistakes_name_their_place() -> None:
    with pytest.raises(DocumentError) as caught:
        load_json('{\n  "a": x\n}', "flow.layout.json")
    assert (caught.value.file, caught.value.line) == ("flow.layout.json", 2)
    for text, said in [("[1]", "object"), ('{"a": 1, "a": 2}', "twice"), ('{"a":' * 100_000, "nested too deeply")]:
        with pytest.raises(DocumentError, match=said):
            load_json(text, "f")
    assert load_json("\ufeff \n", "f") == {}
