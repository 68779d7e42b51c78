"""Edits of single documents, as they look; random documents are in test_yaml_draft.py."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.flows.document.splice import apply_splices
from flowloom.flows.document.yaml_draft import YamlDraft
from flowloom.flows.document.yaml_edit import append_item, rename_key, set_value
from flowloom.flows.document.yaml_text import load_yaml
from flowloom.flows.errors import DocumentError

SET: list[tuple[str, tuple[str | int, ...], Any, str]] = [
    ("a: 1 # one\n", ("a",), 2, "a: 2 # one\n"),
    ('a: "x"\n', ("a",), "y", 'a: "y"\n'),
    ("a: 'x'\n", ("a",), "it's", "a: 'it''s'\n"),
    ("a: x\n", ("a",), "yes", "a: 'yes'\n"),
    ("a:\nb: 1\n", ("a",), "x", "a: x\nb: 1\n"),
    ("a: # why\n", ("a",), "x", "a: x # why\n"),
    ("a: 1 # why\n", ("a",), {"b": 1}, "a: # why\n  b: 1\n"),
    ("a:  # why\n  b: 1\n  c: 2\nd: 3\n", ("a",), 5, "a: 5  # why\nd: 3\n"),
    ("a: |\n  x\n\nb: 1\n", ("a",), "z", "a: z\n\nb: 1\n"),
    ("a: x\nb: 1\n", ("a",), "p\nq\n", "a: |\n  p\n  q\nb: 1\n"),
    ("{a: 1}", ("a",), "x, y", "{a: 'x, y'}"),
    ("{a}", ("a",), 1, "{a: 1}"),
    (
        "inputs: {}  # none\nb: 1\n",
        ("inputs", "q", "type"),
        "string",
        "inputs:  # none\n  q:\n    type: string\nb: 1\n",
    ),
    ("inputs:\nb: 1\n", ("inputs", "q"), 1, "inputs:\n  q: 1\nb: 1\n"),
    ("b: 1", ("inputs", "q"), 1, "b: 1\ninputs:\n  q: 1"),
    ("b: 1", ("a",), "x\ny\n", "b: 1\na: |\n  x\n  y\n"),
    ("# empty\n", ("a", "b"), 1, "# empty\na:\n  b: 1\n"),
    ("", ("a",), 1, "a: 1\n"),
    ("{}", ("a",), 1, "{a: 1}"),
    ("- a: 1\n", (0, "b"), 2, "- a: 1\n  b: 2\n"),
    ("-\n  a: 1\n", (0, "b"), [1, 2], "-\n  a: 1\n  b: [1, 2]\n"),
    ("a: {b: 1, }\n", ("a", "c"), None, "a: {b: 1, c: null, }\n"),
    ("a: |+\n  x\n\n", ("b",), 1, "a: |+\n  x\n\nb: 1\n"),
    ("a:\n  - 1\n  # of a\n", ("a",), "p\nq", 'a: "p\\nq"\n  # of a\n'),
    ("a: |\n  x", ("b",), 1, "a: |-\n  x\nb: 1"),
    ("? a\n: 1\n", ("b",), 2, "? a\n: 1\nb: 2\n"),
]


@pytest.mark.parametrize(("text", "path", "value", "wanted"), SET)
def test_setting_changes_only_what_it_must(text: str, path: Any, value: Any, wanted: str) -> None:
    doc = load_yaml(text, "f")
    changed, _ = apply_splices(text, set_value(doc, path, value))
    assert changed == wanted


def test_a_new_section_goes_where_it_belongs() -> None:
    text = "$schema: x\n# what it gives\noutputs: {}\nnodes: []\n"
    changed, _ = apply_splices(text, set_value(load_yaml(text, "f"), ("inputs", "q"), 1, before=("outputs", "nodes")))
    assert changed == "$schema: x\n# what it gives\ninputs:\n  q: 1\noutputs: {}\nnodes: []\n"


APPEND = [
    ("nodes:\n- a: 1\n", "nodes:\n- a: 1\n- b: 2\n  c: 3\n"),
    ("nodes:\n  - a: 1\n  # last\n", "nodes:\n  - a: 1\n  - b: 2\n    c: 3\n  # last\n"),
    ("nodes:\n- a: 1\n\n- a: 2\n", "nodes:\n- a: 1\n\n- a: 2\n\n- b: 2\n  c: 3\n"),
    ("nodes: []\n", "nodes:\n- b: 2\n  c: 3\n"),
    ("nodes:\nx: 1\n", "nodes:\n- b: 2\n  c: 3\nx: 1\n"),
    ("x: 1\n", "x: 1\nnodes:\n- b: 2\n  c: 3\n"),
    ("nodes: [{a: 1}]\n", "nodes: [{a: 1}, {b: 2, c: 3}]\n"),
    ("{nodes: []}\n", "{nodes: [{b: 2, c: 3}]}\n"),
    ("nodes:\n-\n  a: 1\n", "nodes:\n-\n  a: 1\n- b: 2\n  c: 3\n"),
]


@pytest.mark.parametrize(("text", "wanted"), APPEND)
def test_appending_follows_the_manner_of_the_list(text: str, wanted: str) -> None:
    changed, _ = apply_splices(text, append_item(load_yaml(text, "f"), ("nodes",), {"b": 2, "c": 3}))
    assert changed == wanted


@pytest.mark.parametrize("text", [text for text, _ in APPEND])
def test_several_items_at_once_are_those_one_after_another(text: str) -> None:
    values = [{"b": 2, "c": 3}, {"d": "two\nlines\n"}, {"e": 4}]
    one_by_one, at_once = YamlDraft(text, "f"), YamlDraft(text, "f")
    for value in values:
        one_by_one.append(("nodes",), value)
    at_once.extend(("nodes",), values)
    assert at_once.value == one_by_one.value
    if not text.startswith("{"):
        assert at_once.text == one_by_one.text


def test_renaming_keeps_the_quotes() -> None:
    text = "a:\n  'x': 1 # c\n"
    changed, _ = apply_splices(text, rename_key(load_yaml(text, "f"), ("a", "x"), "new name"))
    assert changed == "a:\n  'new name': 1 # c\n"


def test_an_edit_that_cannot_be_made_says_where() -> None:
    doc = load_yaml("a: 1\nb: text\n", "f")
    with pytest.raises(DocumentError, match="line 2") as caught:
        set_value(doc, ("b", "c"), 1)
    assert caught.value.hint
    with pytest.raises(DocumentError, match="list"):
        append_item(doc, ("a",), 1)
    with pytest.raises(DocumentError, match="rename"):
        rename_key(doc, ("z",), "y")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: {type: code, pat\n  h, b: 1}\n", "a: {type: code, pat h: new, b: 1}\n"),
        ('a: {"pat\n  h"}\n', "a: {pat h: new}\n"),
        ("a: {? pat\n  h, b: 1}\n", "a: {? pat\n  h\n    : new, b: 1}\n"),
    ],
)
def test_a_key_that_goes_over_lines_within_brackets_can_be_given_a_value(text: str, expected: str) -> None:
    draft = YamlDraft(text, "flow.dag.yaml")
    draft.set(("a", "pat h"), "new")
    assert (draft.text, draft.value["a"]["pat h"]) == (expected, "new")
