from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import yaml

from flowloom.flows.document.yaml_text import MAX_DEPTH, MAX_NODES, load_values, load_yaml
from flowloom.flows.errors import YamlError

# Text, line and column of the refusal, a word of the message, a word of the next step.
REFUSED = [
    ("a: 1\nb: 2\na: 3\n", 3, 1, "first is on line 1", "Rename"),
    ('{"a": 1, "a": 2}', 1, 10, "twice", "Rename"),
    ("1: a\n1.0: b\n", 2, 1, "twice", "Rename"),
    ("a: !shout x\n", 1, 4, "tag '!shout'", "Delete the tag"),
    ("a: !!python/object/apply:os.system [id]\n", 1, 4, "python", "Delete the tag"),
    ("a: !!set {x}\n", 1, 4, "!!set", "Delete the tag"),
    ("a: !!int x\n", 1, 4, "whole number", "quotes"),
    ("a:\n\t- b\n", 2, 1, "character", "spaces instead of tabs"),
    ("a: [1, 2\nb: 3\n", 2, 2, "brackets is not closed", "bracket"),
    ("a: {b: ${inputs.x}}\n", 1, 9, "must be quoted", "${inputs.name}"),
    ("a: 'x\n", 2, 1, "never closed", "quote"),
    ("a: b: c\n", 1, 5, "colon", "quotes"),
    ("a:\n  b: 1\n c: 2\n", 3, 2, "does not fit", "indentation"),
    ("a: @x\n", 1, 4, "cannot begin", "quotes"),
    ("a: 1\n---\nb: 2\n", 2, 1, "more than one", "Delete the line '---'"),
    ("%YAML 1.1\n---\na: 1\n", 1, 1, "old version", "%YAML"),
    ("a: *b\n", 1, 4, "Nothing is named '&b'", "Add '&b'"),
    ("a: &x [1, *x]\n", 1, 11, "contains itself", "instead of '*x'"),
    ("a: 2024-02-30\n", 1, 4, "2024-02-30", "quotes"),
    ("? [a]\n: b\n", 1, 3, "key must be", "name before the colon"),
    ("a: \x07\n", 1, 4, "control character", "Delete"),
    ("<<: 1\n", 1, 5, "mapping", "<<: *name"),
    ("é: 1\nübel: 'x\n", 3, 1, "never closed", "quote"),
    ('a: "\\q"\n', 1, 5, "backslash", "\\\\"),
    ("a: |x\n  b\n", 1, 5, "not YAML", "Check the line"),
    ("\ufeffa: 1\na: 2\n", 2, 1, "twice", "Rename"),
    ("a: 1\r\n\r\na: 2\r\n", 3, 1, "twice", "Rename"),
]


@pytest.mark.parametrize(("text", "line", "column", "said", "hint"), REFUSED)
def test_a_refusal_says_where_and_what_to_do(text: str, line: int, column: int, said: str, hint: str) -> None:
    with pytest.raises(YamlError) as caught:
        load_yaml(text, "flow.dag.yaml")
    error = caught.value
    assert (error.file, error.line, error.column) == ("flow.dag.yaml", line, column)
    assert said in error.message
    assert error.message.startswith(f"flow.dag.yaml, line {line}, column {column}: ")
    assert hint in error.hint


def test_bombs_are_refused_before_they_are_built() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
    )
    started = time.perf_counter()
    with pytest.raises(YamlError, match="more than 100,000 values"):
        load_yaml(bomb, "f")
    assert time.perf_counter() - started < 1
    with pytest.raises(YamlError, match="deeper than 64"):
        load_yaml("[" * 100_000, "f")
    nested = "a0: &a0 [[[[[[[[[[x]]]]]]]]]]\n" + "".join(f"a{n}: &a{n} [[[[[*a{n - 1}]]]]]\n" for n in range(1, 20))
    with pytest.raises(YamlError, match="deeper than 64"):
        load_yaml(nested, "f")
    with pytest.raises(YamlError, match="10 MiB"):
        load_yaml("# " + "x" * 10 * 1024 * 1024, "f")


def test_the_caps_admit_what_is_below_them() -> None:
    assert load_values("[" * MAX_DEPTH + "]" * MAX_DEPTH, "f") is not None
    assert len(load_values("- 1\n" * (MAX_NODES - 1), "f")) == MAX_NODES - 1
    with pytest.raises(YamlError, match="more than"):
        load_values("- 1\n" * MAX_NODES, "f")


def test_a_flow_of_ten_thousand_nodes_is_no_bomb() -> None:
    node = "- name: n{0}\n  type: python\n  source: {{type: code, path: a.py}}\n  inputs: {{a: 1, b: 2}}\n"
    text = "nodes:\n" + "".join(node.format(number) for number in range(10_000))
    assert len(load_values(text, "f")["nodes"]) == 10_000


def test_aliases_and_merges() -> None:
    text = "base: &b {x: 1, y: 2}\nmore: &m {y: 3, z: 4}\na: *b\nn:\n  <<: [*b, *m]\n  x: 0\n"
    value = load_values(text, "f")
    assert value["a"] == {"x": 1, "y": 2}
    assert value["n"] == {"x": 0, "y": 2, "z": 4}


def test_line_breaks_of_old_yaml_are_ordinary_characters() -> None:
    doc = load_yaml("a: x\u2028y\nb: 'p\x85q'\nc: \u2029\n", "f")
    assert doc.value == {"a": "x\u2028y", "b": "p\x85q", "c": "\u2029"}
    place = doc.location(("b",))
    assert place is not None
    assert (place.line, place.column) == (2, 4)


def test_only_a_part_of_a_text() -> None:
    text = "---\na: 1\n---\nbody: [\n"
    doc = load_yaml(text, "f", start=4, end=9)
    assert doc.value == {"a": 1}
    place = doc.location(("a",))
    assert place is not None
    assert (place.line, text[place.start : place.end]) == (2, "1")


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "\ufeff", "null", "~\n"])
def test_nothing_written_is_nothing(text: str) -> None:
    assert load_values(text, "f") is None


def test_values_and_places_cost_little_more_than_libyaml_itself() -> None:
    """A thousand nodes take 0.04 s on an idle core; held here against libyaml's own share, which a busy machine slows alike."""
    text = "inputs:\n  q: {type: string}\nnodes:\n" + "".join(
        f"- name: n{number}\n  type: python\n  source:\n    type: code\n    path: a.py\n  inputs:\n    q: ${{inputs.q}}\n"
        for number in range(1000)
    )
    ours, theirs = [], []
    for _ in range(7):
        ours.append(_seconds(lambda: load_yaml(text, "f")))
        theirs.append(_seconds(lambda: list(yaml.parse(text, Loader=yaml.CSafeLoader))))
    assert min(ours) < 6 * min(theirs)


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
