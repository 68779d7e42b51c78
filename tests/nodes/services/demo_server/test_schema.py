"""What a model bound to a schema replies satisfies it, checked by an independent validator."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from flowloom.nodes.services.demo_server.schema import example

TREE = {
    "$defs": {
        "node": {
            "type": "object",
            "properties": {
                "value": {"type": "integer"},
                "children": {"type": "array", "items": {"$ref": "#/$defs/node"}},
            },
            "required": ["value", "children"],
            "additionalProperties": False,
        }
    },
    "$ref": "#/$defs/node",
}
SCHEMAS: list[Any] = [
    True,
    {},
    {"type": "string", "minLength": 5, "maxLength": 7},
    {"type": "string", "pattern": r"^[A-Z]{2}-\d{3,5}$"},
    {"type": "string", "format": "date-time"},
    {"type": "integer", "minimum": 3, "maximum": 4},
    {"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 5},
    {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    {"type": "number", "multipleOf": 0.5, "minimum": 1, "maximum": 2},
    {"type": "integer", "multipleOf": 7, "minimum": 1},
    {"type": "integer", "maximum": -5},
    {"type": ["string", "null"]},
    {"type": "boolean"},
    {"type": "null"},
    {"const": {"a": 1}},
    {"enum": ["a", 1, None]},
    {"anyOf": [{"type": "integer"}, {"type": "object", "properties": {"x": {"const": 1}}, "required": ["x"]}]},
    {
        "allOf": [
            {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
            {"properties": {"b": {"type": "string"}}, "required": ["b"]},
        ]
    },
    {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 3, "uniqueItems": True},
    {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "items": False},
    {"type": "array", "maxItems": 0, "items": {"type": "string"}},
    {"type": "object", "required": ["x"]},
    {"type": "object", "minProperties": 3},
    {
        "type": "object",
        "properties": {"label": {"enum": ["good", "bad"]}, "why": {"type": "string"}},
        "required": ["label", "why"],
        "additionalProperties": False,
    },
    TREE,
]


@pytest.mark.parametrize("schema", SCHEMAS, ids=range(len(SCHEMAS)))
def test_examples_satisfy_their_schema(schema: Any) -> None:
    for seed in range(60):
        value = example(schema, random.Random(seed))
        Draft202012Validator(schema).validate(value)
        assert value == example(schema, random.Random(seed))


_scalars = st.sampled_from(SCHEMAS[2:16])
_nested = st.recursive(
    _scalars,
    lambda inner: st.one_of(
        st.builds(lambda items: {"type": "array", "items": items, "maxItems": 3}, inner),
        st.builds(
            lambda parts: {
                "type": "object",
                "properties": parts,
                "required": sorted(parts)[:2],
                "additionalProperties": False,
            },
            st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
        ),
        st.builds(lambda options: {"anyOf": options}, st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=8,
)


@given(_nested, st.integers(0, 2**32))
def test_nested_schemas(schema: Any, seed: int) -> None:
    Draft202012Validator(schema).validate(example(schema, random.Random(seed)))


@pytest.mark.parametrize(
    "schema", [False, {"$ref": "#"}, {"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]}]
)
def test_what_nothing_satisfies_is_said(schema: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        example(schema, random.Random(1))
