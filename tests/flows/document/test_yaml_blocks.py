from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.flows.document.yaml_blocks import Manner, column, content_end, lines_of, manner_of, one_line
from flowloom.flows.document.yaml_text import load_values, load_yaml
from tests.flows.document.yaml_samples import LONG, TEXTS

SCALARS = st.none() | st.booleans() | st.integers() | st.sampled_from(TEXTS + LONG)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(TEXTS), inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=5 * settings.default.max_examples)
@given(
    st.dictionaries(st.sampled_from(TEXTS), VALUES, min_size=1, max_size=4),
    st.sampled_from([Manner(), Manner("\r\n", 4, 2), Manner("\n", 3, 3)]),
)
def test_values_read_back_the_same_in_both_versions(value: dict[str, Any], manner: Manner) -> None:
    for text in (manner.newline.join(lines_of(value, manner)) + manner.newline, one_line(value)):
        assert load_values(text, "f") == value
        assert yaml.load(text, Loader=yaml.CSafeLoader) == value


def test_nodes_look_as_people_write_them() -> None:
    value = {
        "nodes": [
            {
                "name": "ask",
                "source": {"type": "code", "path": "a.jinja2"},
                "inputs": {"q": "${inputs.q}", "stop": ["END"]},
            }
        ]
    }
    assert lines_of(value, Manner()) == [
        "nodes:",
        "- name: ask",
        "  source:",
        "    type: code",
        "    path: a.jinja2",
        "  inputs:",
        "    q: ${inputs.q}",
        "    stop: [END]",
    ]


@pytest.mark.parametrize(
    ("text", "manner"),
    [
        ("a:\n  b: 1\n", Manner("\n", 2, 0)),
        ("a:\r\n    b: 1\r\n    c:\r\n      - x\r\n", Manner("\r\n", 4, 2)),
        ("a:\n- x:\n     y: 1\n", Manner("\n", 3, 0)),
        ("", Manner()),
    ],
)
def test_the_manner_of_a_document(text: str, manner: Manner) -> None:
    assert manner_of(load_yaml(text, "f")) == manner


def test_places_on_lines() -> None:
    doc = load_yaml("\ufeffa:\n  b: |\n    x\n\nc: 1\n", "f")
    assert column(doc, 1) == 0
    node = doc.node(("a", "b"))
    assert node is not None
    assert doc.text[node.start : content_end(doc, node)] == "|\n    x"
