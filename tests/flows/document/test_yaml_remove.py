from __future__ import annotations

from typing import Any

import pytest

from flowloom.flows.document.splice import apply_splices
from flowloom.flows.document.yaml_remove import delete
from flowloom.flows.document.yaml_text import load_yaml
from flowloom.flows.errors import DocumentError

CASES: list[tuple[str, list[tuple[str | int, ...]], str]] = [
    ("a: 1 # one\nb: 2\n", [("a",)], "b: 2\n"),
    ("# top\na: 1\n# middle\nb: 2\n", [("b",)], "# top\na: 1\n# middle\n"),
    ("a:\n  b: 1\n", [("a", "b")], "a: {}\n"),
    ("a:  # why\n- 1\n- 2\nb: 1\n", [("a", 0), ("a", 1)], "a: []  # why\nb: 1\n"),
    ("- a: 1\n  b: 2\n", [(0, "a")], "- b: 2\n"),
    ("- a: 1\n  b: 2\n  c: 3\n", [(0, "a"), (0, "b")], "- c: 3\n"),
    ("- a: 1\n  b: 2\n", [(0, "b")], "- a: 1\n"),
    ("nodes:\n- a: 1\n  b: |\n    x\n\n- c: 2\n", [("nodes", 0)], "nodes:\n\n- c: 2\n"),
    ("a: {x: 1, y: 2, z: 3}\n", [("a", "y")], "a: {x: 1, z: 3}\n"),
    ("a: {x: 1, y: 2}\n", [("a", "y")], "a: {x: 1}\n"),
    ("a: {x: 1, y: 2,}\n", [("a", "x")], "a: {y: 2,}\n"),
    ("a: [\n  1,  # one\n  2,  # two\n  3\n]\n", [("a", 1)], "a: [\n  1,  # one\n  # two\n  3\n]\n"),
    ("a: {x: 1}\n", [("a", "x")], "a: {}\n"),
    ("a: 1\nb: 2", [("b",)], "a: 1"),
    ("a: 1\r\nb: 2\r\n", [("a",)], "b: 2\r\n"),
    ("a: 1\n", [("a",)], "{}\n"),
    ("a:\n- 1\n  # of the first\n- 2\n# of the list\n", [("a", 0)], "a:\n- 2\n# of the list\n"),
    ("a: |-\n  text\nb:\n  - 1\n  # of b\nc: 1\n", [("b",)], "a: |-\n  text\nc: 1\n"),
    ("a: |+\n  x\n\nb: 1\n", [("b",)], "a: |+\n  x\n\n"),
    ("\ufeffa: 1\nb: 2\n", [("a",)], "\ufeffb: 2\n"),
    ("a: |+\n  x\n\nb: 1\n\nc: 2\n", [("b",)], "a: |+\n  x\n\nc: 2\n"),
]


@pytest.mark.parametrize(("text", "paths", "wanted"), CASES)
def test_deleting_takes_whole_lines_and_leaves_the_rest(text: str, paths: Any, wanted: str) -> None:
    changed, _ = apply_splices(text, delete(load_yaml(text, "f"), paths))
    assert changed == wanted


def test_what_is_not_there_cannot_be_deleted() -> None:
    with pytest.raises(DocumentError, match="no 'b'"):
        delete(load_yaml("a: 1\n", "f"), [("b",)])
    with pytest.raises(DocumentError, match="no 'value'"):
        delete(load_yaml("", "f"), [("a",)])
