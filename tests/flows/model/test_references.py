from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.flows.errors import ReferenceFault
from flowloom.flows.model.flow import Constant, Reference
from flowloom.flows.model.references import ReferenceSyntax, follow, parse_binding

PARTS = st.text('abc_é文 -.[]${}"0', min_size=1, max_size=8) | st.integers(0, 30)
NAMES = st.from_regex(r"\A\w[\w -]{0,6}\w\Z").filter(lambda name: name not in ("inputs", "flow"))


@settings(max_examples=5 * settings.default.max_examples)
@given(NAMES, st.lists(PARTS.filter(lambda part: "']" not in str(part)), max_size=4))
def test_a_reference_reads_back_as_it_is_written(name: str, path: list[str | int]) -> None:
    reference = Reference("node", name, tuple(path))
    assert parse_binding(str(reference)) == reference
    assert parse_binding(f"${{inputs.{name}}}") == Reference("input", name)


FORMS: list[tuple[str, Reference]] = [
    ("${a}", Reference("node", "a")),
    ("${a.output}", Reference("node", "a")),
    ("${flow.x}", Reference("input", "x")),
    ("${inputs.x y}", Reference("input", "x y")),
    ("${inputs}", Reference("node", "inputs")),
    ("${a.output.b.c}", Reference("node", "a", ("b", "c"))),
    ("${a.output.[0].b}", Reference("node", "a", (0, "b"))),
    ("${a.output[0]}", Reference("node", "a", (0,))),
    ("${a.output['k.l'][2]}", Reference("node", "a", ("k.l", 2))),
    ("${a.output.['it's']}", Reference("node", "a", ("it's",))),
    ('${a.output.["k"]}', Reference("node", "a", ("k",))),
    ("${a.output.0}", Reference("node", "a", ("0",))),
]


@pytest.mark.parametrize(("text", "reference"), FORMS)
def test_forms(text: str, reference: Reference) -> None:
    assert parse_binding(text) == reference


@pytest.mark.parametrize(
    "value", [" ${a}", "${a} ", "x ${a}", "$a", "${", "${a", "$", "", 3, None, True, ["${a}"], {"x": "${a}"}, "{{a}}"]
)
def test_everything_else_is_a_constant(value: Any) -> None:
    assert parse_binding(value) == Constant(value)


@pytest.mark.parametrize("text", ["${}", "${ }", "${ a}", "${.output}", "${a[0]}"])
def test_no_run_is_possible_with_these(text: str) -> None:
    with pytest.raises(ReferenceSyntax) as caught:
        parse_binding(text)
    assert caught.value.reference is None
    assert repr(text) in caught.value.message
    assert "Write ${" in caught.value.hint


@pytest.mark.parametrize(
    "text",
    ["${a.x}", "${a.outputs}", "${a.}", "${a.output.a-b}", "${a.output.[-1]}", "${a.output..b}", "${a.output['k]}"],
)
def test_with_these_only_the_value_is_lost(text: str) -> None:
    with pytest.raises(ReferenceSyntax) as caught:
        parse_binding(text)
    reference = caught.value.reference
    assert reference is not None
    assert (reference.source, reference.name) == ("node", "a")
    with pytest.raises(ReferenceFault) as fault:
        follow({"x": 1}, reference.path, reference=reference)
    assert text in fault.value.message


def test_following() -> None:
    value = {"b": [{"c d": SimpleNamespace(e=5)}], "0": "zero"}
    for text, wanted in [
        ("${a}", value),
        ("${a.output.b[0]['c d'].e}", 5),
        ("${a.output.0}", "zero"),
    ]:
        reference = parse_binding(text)
        assert isinstance(reference, Reference)
        assert follow(value, reference.path, reference=reference) == wanted


@pytest.mark.parametrize(
    ("value", "path", "said"),
    [
        ({"a": 1, "b": 2}, ("c",), "an object with the keys 'a', 'b'"),
        ({}, ("c",), "an object without keys"),
        ([1, 2], (2,), "a list of 2 items"),
        ([1, 2], ("x",), "a list of 2 items"),
        ("text", ("x",), "a text"),
        (None, (0,), "empty"),
        (3, (0,), "a whole number"),
        ({"a": {"b": None}}, ("a", "b", "c"), "${n.output.a.b} does not have"),
        (SimpleNamespace(x=1), ("__class__",), "SimpleNamespace"),
    ],
)
def test_what_is_not_there_is_said(value: Any, path: tuple[str | int, ...], said: str) -> None:
    reference = Reference("node", "n", path)
    with pytest.raises(ReferenceFault) as caught:
        follow(value, path, reference=reference)
    assert said in caught.value.message
    assert str(reference) in caught.value.message
    assert caught.value.hint
