from __future__ import annotations

import json
from typing import Any

import pytest

from flowloom.flows.errors import BadRequest
from flowloom.nodes.services.local_model import LocalModel
from flowloom.nodes.services.local_model.schema import constrain

PERSON = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Person",
    "type": "object",
    "properties": {
        "name": {"type": "string", "description": "full", "format": "person"},
        "age": {"type": ["integer", "null"]},
    },
    "required": ["name"],
}


def test_annotations_go_and_listed_objects_are_closed() -> None:
    made = constrain(PERSON)
    made.pop("x-guidance")
    assert made == {
        "type": "object",
        "properties": {"name": {"type": "string"}, "age": {"type": ["integer", "null"]}},
        "required": ["name"],
        "additionalProperties": False,
    }


def test_a_schema_that_speaks_of_properties_means_an_object() -> None:
    assert constrain({"properties": {"a": {"items": {}}}})["type"] == "object"
    assert constrain({"properties": {"a": {"items": {}}}})["properties"]["a"]["type"] == "array"
    assert "type" not in constrain({"anyOf": [{"type": "null"}], "required": ["a"]})


def test_objects_that_speak_of_others_stay_as_they_are() -> None:
    assert constrain({**PERSON, "additionalProperties": {"type": "integer"}})["additionalProperties"] == {
        "type": "integer"
    }
    both = constrain({"allOf": [PERSON, {"properties": {"id": {"type": "integer"}}}]})
    assert all("additionalProperties" not in part for part in both["allOf"])
    assert "additionalProperties" not in constrain({"type": "object"})


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        (None, "not an object"),
        ([1], "not an object"),
        ({"type": "text"}, "unknown type 'text'"),
        ({"properties": {"a": {"type": "array", "uniqueItems": True}}}, r"'uniqueItems'.*/properties/a"),
        ({"not": {"type": "string"}}, "'not'"),
        ({"if": {}, "then": {}}, "'if'"),
        ({"items": 5}, "not a schema"),
        ({"anyOf": {"type": "string"}}, "'anyOf'"),
    ],
)
def test_what_no_grammar_holds_is_refused_before_the_model_is_asked(schema: Any, words: str) -> None:
    with pytest.raises(BadRequest, match=words) as caught:
        constrain(schema)
    assert caught.value.hint
    assert caught.value.field == "response_format"


def test_a_schema_without_end_is_refused() -> None:
    deep: dict[str, Any] = {}
    for _ in range(80):
        deep = {"items": deep}
    with pytest.raises(BadRequest, match="too deeply"):
        constrain(deep)


KEPT: dict[str, dict[str, Any]] = {
    "type": {"type": ["boolean", "null"]},
    "enum": {"enum": ["red", "green", 3]},
    "const": {"const": {"a": [1]}},
    "pattern": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{2}$"},
    "length": {"type": "string", "minLength": 2, "maxLength": 5},
    "format": {"type": "string", "format": "date"},
    "range": {"type": "integer", "minimum": 3, "exclusiveMaximum": 7},
    "multiple": {"type": "integer", "multipleOf": 5, "minimum": 0, "maximum": 100},
    "items": {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 9}, "minItems": 2, "maxItems": 3},
    "tuple": {"type": "array", "prefixItems": [{"const": 1}, {"const": "two"}], "items": False, "minItems": 2},
    "map": {
        "type": "object",
        "patternProperties": {"^k[0-9]$": {"type": "boolean"}},
        "additionalProperties": False,
        "maxProperties": 2,
    },
    "anyOf": {"anyOf": [{"type": "null"}, {"const": "x"}]},
    "oneOf": {"oneOf": [{"const": 1}, {"const": 2}]},
    "allOf": {"allOf": [{"type": "integer", "minimum": 3}, {"type": "integer", "maximum": 4}]},
    "ref": {
        "$defs": {"c": {"enum": ["a", "b"]}},
        "type": "array",
        "items": {"$ref": "#/$defs/c"},
        "minItems": 1,
        "maxItems": 1,
    },
}


@pytest.mark.model
@pytest.mark.parametrize("name", KEPT)
async def test_a_reply_keeps_every_keyword_we_accept(model: LocalModel, name: str) -> None:
    import jsonschema

    wrapped = {
        "type": "object",
        "properties": {"value": KEPT[name]},
        "required": ["value"],
        "$defs": KEPT[name].get("$defs", {}),
    }
    body = {
        "messages": [{"role": "user", "content": "Say anything."}],
        "response_format": {"type": "json_schema", "json_schema": {"name": "reply", "schema": wrapped}},
        "temperature": 1.5,
        "seed": 1,
        "max_tokens": 60,
    }
    choice = (await model.chat(body))["choices"][0]
    assert choice["finish_reason"] == "stop"
    jsonschema.validate(json.loads(choice["message"]["content"]), wrapped)
