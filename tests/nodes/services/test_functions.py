from __future__ import annotations

from typing import Any

import pytest

from flowloom.flows.errors import BadRequest
from flowloom.nodes.services.functions import check_functions, check_tools, function_choice, tool_choice

GOOD = {"name": "f", "parameters": {"type": "object", "properties": {}}}


def test_what_is_right_passes() -> None:
    check_functions([GOOD])
    check_tools([{"type": "function", "function": GOOD}])


@pytest.mark.parametrize(
    ("functions", "words"),
    [
        ([], "at least one"),
        ("text", "at least one"),
        (["f"], "Function 1 is not an object"),
        ([GOOD, {"name": "g"}], "Function 2 lacks 'parameters'"),
        ([{**GOOD, "parameters": {"type": "object"}}], "'type' and 'properties'"),
        ([{**GOOD, "parameters": {"type": "string", "properties": {}}}], "of type 'object'"),
        ([{**GOOD, "parameters": {"type": "object", "properties": []}}], "of type 'object'"),
    ],
)
def test_what_is_wrong_with_functions(functions: Any, words: str) -> None:
    with pytest.raises(BadRequest, match=words) as raised:
        check_functions(functions)
    assert raised.value.field == "functions"
    assert "get_weather" in raised.value.hint


@pytest.mark.parametrize(
    "tools", [[], ["t"], [{"type": "function"}], [{"function": GOOD}], [{"type": "function", "function": {}}]]
)
def test_what_is_wrong_with_tools(tools: Any) -> None:
    with pytest.raises(BadRequest) as raised:
        check_tools(tools)
    assert raised.value.field == "tools"


def test_choices() -> None:
    assert function_choice(None) == tool_choice(None) == "auto"
    assert function_choice("none") == tool_choice("none") == "none"
    by_name = {"type": "function", "function": {"name": "f"}}
    assert function_choice({"name": "f"}) == {"name": "f"}
    assert tool_choice(by_name) is by_name
    for wrong in ("f", {"nam": "f"}, 5):
        with pytest.raises(BadRequest):
            function_choice(wrong)
    for wrong in ("required", {"type": "function"}, {"type": "function", "function": {}}, {"function": {"name": "f"}}):
        with pytest.raises(BadRequest):
            tool_choice(wrong)
