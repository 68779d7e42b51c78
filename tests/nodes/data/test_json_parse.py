from __future__ import annotations

import pytest

from flowloom.flows.errors import NodeError
from flowloom.nodes.data.json_parse import json_parse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1}', {"a": 1}),
        (" 12 ", 12),
        ('Sure! Here it is:\n```json\n{"a": [1]}\n```\nBye', {"a": [1]}),
        ('The answer is {"a": {"b": "}"}} I think', {"a": {"b": "}"}}),
        ("[not this] but [1, 2]", [1, 2]),
        ({"already": "a value"}, {"already": "a value"}),
        (b'{"a": 1}', {"a": 1}),
    ],
)
def test_json_is_found(text, value):
    assert json_parse(text) == value


@pytest.mark.parametrize(("text", "lenient"), [("no json", True), ('say {"a": 1}', False), ("[" * 5000, True)])
def test_a_text_without_json_is_an_error(text, lenient):
    with pytest.raises(NodeError, match="JSON"):
        json_parse(text, lenient=lenient)
