"""Which wires make sense."""

from __future__ import annotations

import pytest

from flowloom.flows.model.types import FLOW_TYPES, VALUE_TYPES, fits, in_words, type_of


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("int", "int"),
        ("int", "double"),
        ("bool", "int"),
        ("string", "prompt_template"),
        ("any", "int"),
        ("object", "list"),
        ("list", "object"),
        ("image", "any"),
        ("connection", "connection"),
        ("Embedding", "list"),
    ],
)
def test_a_value_that_may_fit_is_let_through(source: str, target: str) -> None:
    assert fits(source, target)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("int", "string"),
        ("string", "int"),
        ("double", "int"),
        ("list", "string"),
        ("image", "string"),
        ("any", "connection"),
        ("connection", "string"),
    ],
)
def test_a_value_that_cannot_fit_is_told(source: str, target: str) -> None:
    assert not fits(source, target)


@pytest.mark.parametrize(
    ("value", "name"),
    [(True, "bool"), (1, "int"), (1.0, "double"), ("a", "string"), ([], "list"), ({}, "object"), (None, "object")],
)
def test_values_have_the_types_prompt_flow_gives_them(value: object, name: str) -> None:
    assert type_of(value) == name


def test_every_type_has_words() -> None:
    assert set(FLOW_TYPES) <= VALUE_TYPES
    for name in VALUE_TYPES:
        assert in_words(name).startswith(("a ", "an ", "text", "true"))
    assert in_words("Embedding") == "a value of type Embedding"
