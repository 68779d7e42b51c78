"""Chat as OpenAI's own client sees it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openai
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flowloom.nodes.services.demo_server.server import DemoServer

TOOL: Any = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"enum": ["Paris", "Rome"]}}, "required": ["city"]},
    },
}


@pytest.fixture
def client(openai_server: DemoServer) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=openai_server.base_url, api_key="k", max_retries=0) as made:
        yield made


def ask(client: openai.OpenAI, content: Any = "Hello", **more: Any) -> Any:
    return client.chat.completions.create(
        **{"model": "gpt-4o", "messages": [{"role": "user", "content": content}], **more}
    )


def test_the_reply_follows_from_seed_and_request(client: openai.OpenAI, openai_server: DemoServer) -> None:
    first = ask(client)
    assert ask(client).model_dump() == first.model_dump()
    assert ask(client, "Hello!").choices[0].message.content != first.choices[0].message.content
    openai_server.seed = 7
    assert ask(client).choices[0].message.content != first.choices[0].message.content


def test_a_stream_says_the_same_and_its_usage_on_request(client: openai.OpenAI) -> None:
    whole = ask(client)
    chunks = list(ask(client, stream=True, stream_options={"include_usage": True}))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == whole.choices[0].message.content
    assert chunks[-1].usage == whole.usage
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert all(chunk.usage is None for chunk in ask(client, stream=True))


def test_tools(client: openai.OpenAI) -> None:
    by_name = {"type": "function", "function": {"name": "get_weather"}}
    for choice, reason in ((by_name, "stop"), ("required", "tool_calls")):
        made = ask(client, tools=[TOOL], tool_choice=choice).choices[0]
        assert made.finish_reason == reason
        (call,) = made.message.tool_calls
        assert call.function.name == "get_weather"
        assert json.loads(call.function.arguments)["city"] in ("Paris", "Rome")
    assert ask(client, tools=[TOOL]).choices[0].message.tool_calls is None
    assert ask(client, "What is the weather?", tools=[TOOL]).choices[0].message.tool_calls
    assert ask(client, "What is the weather?", tools=[TOOL], tool_choice="none").choices[0].message.tool_calls is None
    result = [
        {"role": "user", "content": "weather"},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "c", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}],
        },
        {"role": "tool", "tool_call_id": "c", "content": "sunny"},
    ]
    assert ask(client, messages=result, tools=[TOOL]).choices[0].message.content == "The tool answered: sunny"


def test_older_functions(client: openai.OpenAI) -> None:
    made = ask(client, functions=[TOOL["function"]], function_call={"name": "get_weather"}).choices[0]
    assert json.loads(made.message.function_call.arguments)["city"] in ("Paris", "Rome")


def test_json(client: openai.OpenAI) -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer", "minimum": 5, "maximum": 6}}, "required": ["n"]}
    form = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    assert json.loads(ask(client, response_format=form).choices[0].message.content)["n"] in (5, 6)
    json.loads(ask(client, "as JSON", response_format={"type": "json_object"}).choices[0].message.content)
    with pytest.raises(openai.BadRequestError, match="must contain the word 'json'"):
        ask(client, response_format={"type": "json_object"})


def test_images_are_seen(client: openai.OpenAI) -> None:
    parts = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,aGVsbG8h"}},
    ]
    assert ask(client, parts).choices[0].message.content.startswith("I see 1 image (image/png of 6 bytes).")


def test_limits_stops_choices_and_logprobs(client: openai.OpenAI) -> None:
    cut = ask(client, max_tokens=2).choices[0]
    assert (cut.message.content, cut.finish_reason) == ("Demo reply", "length")
    assert ask(client, max_completion_tokens=1).choices[0].message.content == "Demo"
    assert ask(client, stop=["reply"]).choices[0].message.content == "Demo "
    assert len({choice.message.content for choice in ask(client, n=3).choices}) == 3
    scored = ask(client, logprobs=True, top_logprobs=2).choices[0]
    assert "".join(entry.token for entry in scored.logprobs.content) == scored.message.content
    assert len(scored.logprobs.content[0].top_logprobs) == 2


def test_scripts(client: openai.OpenAI, openai_server: DemoServer) -> None:
    openai_server.rules.add({"contains": "refuse", "reply": {"refusal": "No."}})
    openai_server.rules.add(
        {
            "contains": "count",
            "reply": {"content": "1", "usage": {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}},
        }
    )
    assert ask(client, "please refuse").choices[0].message.refusal == "No."
    assert ask(client, "count").usage.total_tokens == 18
    assert ask(client, "Say it again", model="echo").choices[0].message.content == "Say it again"


@pytest.mark.parametrize(
    "wrong",
    [
        {"messages": []},
        {"messages": [{"role": "king", "content": "x"}]},
        {"messages": [{"role": "user"}]},
        {"messages": [{"role": "tool", "content": "x"}]},
        {"messages": [{"role": "function", "content": "x"}]},
        {"model": ""},
        {"temperature": 3},
        {"temperature": "0.5"},
        {"top_p": True},
        {"max_tokens": 0},
        {"n": 1.5},
        {"stop": 5},
        {"tools": []},
        {"response_format": {"type": "xml"}},
        {"stream_options": {"include_usage": True}},
        {"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "other"}}},
    ],
)
def test_what_openai_refuses_is_refused(wrong: dict[str, Any], client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError):
        ask(client, **wrong)


def test_a_prompt_that_is_too_long(client: openai.OpenAI, openai_server: DemoServer) -> None:
    openai_server.context_length = 20
    with pytest.raises(openai.BadRequestError) as raised:
        ask(client, "word " * 50)
    assert raised.value.code == "context_length_exceeded"
