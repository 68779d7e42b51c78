from __future__ import annotations

from typing import Any

import pytest

from flowloom.flows.errors import BadRequest
from flowloom.nodes.services.local_model.tools import filling, is_answer_to_tool, picking, toolbox

WEATHER = {
    "name": "get_weather",
    "description": "Weather of a city",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "unit": {"enum": ["C", "F"]}},
        "required": ["city"],
    },
}
STOP = {"name": "stop"}
TOOLS = [{"type": "function", "function": WEATHER}, {"type": "function", "function": STOP}]
ASK = [{"role": "user", "content": "Snow in Oslo?"}]


def test_by_default_the_model_may_call_a_tool_or_none() -> None:
    box = toolbox({"tools": TOOLS})
    assert box is not None
    assert (box.required, box.legacy, box.forced) == (False, False, None)
    _, schema = picking(box, ASK)
    assert schema == {"enum": ["get_weather", "stop", "none"]}


def test_where_a_tool_is_required_none_is_no_choice() -> None:
    box = toolbox({"tools": TOOLS, "tool_choice": "required"})
    assert box is not None
    assert picking(box, ASK)[1] == {"enum": ["get_weather", "stop"]}


@pytest.mark.parametrize(
    "body",
    [
        {"tools": TOOLS, "tool_choice": {"type": "function", "function": {"name": "stop"}}},
        {"functions": [WEATHER, STOP], "function_call": {"name": "stop"}},
        {"tools": TOOLS[1:], "tool_choice": "required"},
    ],
)
def test_a_named_or_only_tool_is_called_without_asking(body: dict[str, Any]) -> None:
    box = toolbox(body)
    assert box is not None
    assert box.forced is not None
    assert box.forced.name == "stop"


@pytest.mark.parametrize(
    "body", [{}, {"tools": []}, {"tools": TOOLS, "tool_choice": "none"}, {"functions": [STOP], "function_call": "none"}]
)
def test_no_tools_or_choice_none_means_words(body: dict[str, Any]) -> None:
    assert toolbox(body) is None


def test_the_model_is_told_names_arguments_and_purpose() -> None:
    box = toolbox({"functions": [WEATHER, STOP]})
    assert box is not None
    assert box.legacy
    conversation, _ = picking(box, ASK)
    assert "- get_weather(city: string, unit: C or F): Weather of a city" in conversation[0]["content"]
    assert "- stop(): stop" in conversation[0]["content"]
    assert conversation[-1] == {"role": "user", "content": "Snow in Oslo?"}
    tool = box.named("get_weather")
    assert tool is not None
    assert "get_weather(city: string, unit: C or F)" in filling(tool, ASK)[0]["content"]
    assert tool.parameters["additionalProperties"] is False


def test_a_tools_result_wants_words() -> None:
    assert is_answer_to_tool([*ASK, {"role": "tool", "tool_call_id": "1", "content": "yes"}])
    assert not is_answer_to_tool(ASK)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"tools": "get_weather"}, "not a list"),
        ({"tools": [{"type": "browser"}]}, "not a function"),
        ({"tools": [{"type": "function", "function": {}}]}, "no usable name"),
        ({"tools": [{"type": "function", "function": {"name": "none"}}]}, "no usable name"),
        ({"tools": [{"type": "function", "function": {"name": "a", "parameters": 1}}]}, "not a JSON schema"),
        ({"tools": TOOLS, "tool_choice": "sometimes"}, "'sometimes'"),
        ({"tools": TOOLS, "tool_choice": {"type": "function", "function": {"name": "fly"}}}, "'fly'"),
        ({"functions": [{"name": "a", "parameters": {"not": {}}}]}, "'not'"),
    ],
)
def test_tools_that_are_none_are_refused(body: dict[str, Any], words: str) -> None:
    with pytest.raises(BadRequest, match=words) as caught:
        toolbox(body)
    assert caught.value.hint
    assert caught.value.field
