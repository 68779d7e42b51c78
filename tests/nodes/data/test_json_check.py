from __future__ import annotations

import pytest

from flowloom.flows.errors import NodeError
from flowloom.nodes.data.json_check import json_check

SCHEMA = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "tags": {"type": "array", "items": {"type": "string"}}}}


def test_a_value_that_fits_passes_unchanged():
    assert json_check({"name": "x"}, schema=SCHEMA) == {"valid": True, "faults": [], "value": {"name": "x"}}


def test_a_value_that_does_not_fit_says_where():
    with pytest.raises(NodeError, match=r"tags\[0\]: 3 is not of type 'string'"):
        json_check({"name": "x", "tags": [3]}, schema=SCHEMA)
    report = json_check({}, schema=SCHEMA, on_fault="report")
    assert report["valid"] is False
    assert report["faults"] == ["the value: 'name' is a required property"]


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "nonsense"}, "not a JSON schema"),
        ({"$ref": "http://127.0.0.1:9/schema.json"}, "not in it"),
        ({"$ref": "#/$defs/missing"}, "not in it"),
        ({"$ref": "#"}, "without end"),
    ],
)
def test_a_schema_that_cannot_be_used_is_an_error(schema, words):
    with pytest.raises(NodeError, match=words):
        json_check({"a": 1}, schema=schema)
