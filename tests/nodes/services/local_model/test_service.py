from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from flowloom.flows.errors import BadRequest, ContextLengthExceeded, MissingExtra
from flowloom.nodes.services.local_model import LocalModel
from flowloom.nodes.services.local_model.catalogue import SMOLLM2, place_of
from flowloom.nodes.services.local_model.reply import assemble

pytestmark = pytest.mark.model

REVIEW = [
    {"role": "system", "content": "You label customer reviews as positive or negative."},
    {"role": "user", "content": "Review: The zip broke and nobody answers."},
]
LABEL = {
    "type": "json_schema",
    "json_schema": {
        "name": "label",
        "schema": {"properties": {"label": {"enum": ["positive", "negative"]}}, "required": ["label"]},
    },
}
WEATHER = {
    "name": "get_weather",
    "description": "Get the current weather of a city",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
ORDER = {
    "name": "find_order",
    "description": "Look up a customer's order by its number",
    "parameters": {"type": "object", "properties": {"number": {"type": "string"}}, "required": ["number"]},
}
TOOLS = [{"type": "function", "function": WEATHER}, {"type": "function", "function": ORDER}]


def ask(text: str, **more: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text}], "temperature": 0, **more}


async def test_a_reply_has_the_shape_of_openais(model: LocalModel) -> None:
    reply = await model.chat(ask("Say hello.", max_tokens=20, model="gpt-4o"))
    assert reply["object"] == "chat.completion"
    assert reply["model"] == SMOLLM2.name
    (choice,) = reply["choices"]
    assert choice["index"] == 0
    assert choice["message"]["role"] == "assistant"
    assert choice["message"]["content"]
    assert choice["finish_reason"] in ("stop", "length")
    usage = reply["usage"]
    assert 0 < usage["completion_tokens"] <= 20
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


async def test_a_stream_says_in_pieces_what_the_whole_says(model: LocalModel) -> None:
    body = ask("Name three colours.", max_tokens=30)
    chunks = [chunk async for chunk in model.stream(body)]
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in chunks}) == 1
    assert chunks[0]["choices"][0]["delta"]["role"] == "assistant"
    assert [chunk["choices"][0]["finish_reason"] for chunk in chunks[:-1] if chunk["choices"][0]["finish_reason"]]
    assert chunks[-1]["choices"] == []
    assert len(chunks) > 5
    whole = await model.chat(body)
    assert assemble(chunks)["choices"] == whole["choices"]
    assert chunks[-1]["usage"] == whole["usage"]


async def test_the_same_request_gives_the_same_reply_whatever_else_is_asked(model: LocalModel) -> None:
    bodies = [ask(f"Write one sentence about the number {number}.", max_tokens=12) for number in range(3)]
    alone = [(await model.chat(body))["choices"] for body in bodies]
    together = await asyncio.gather(*(model.chat(body) for body in reversed(bodies)))
    assert [reply["choices"] for reply in reversed(together)] == alone


async def test_a_seed_decides_where_chance_does(model: LocalModel) -> None:
    def body(seed: int) -> dict[str, Any]:
        return ask("Invent a name for a cat.", seed=seed, max_tokens=12) | {"temperature": 1.5}

    first, again, other = [(await model.chat(body(seed)))["choices"] for seed in (1, 1, 2)]
    assert first == again
    assert first != other


async def test_json_keeps_its_schema(model: LocalModel) -> None:
    reply = await model.chat({"messages": REVIEW, "temperature": 0, "response_format": LABEL})
    assert json.loads(reply["choices"][0]["message"]["content"]) == {"label": "negative"}
    assert reply["choices"][0]["finish_reason"] == "stop"


async def test_any_json_object_parses(model: LocalModel) -> None:
    reply = await model.chat(ask("Describe a person as JSON.", response_format={"type": "json_object"}, max_tokens=400))
    assert isinstance(json.loads(reply["choices"][0]["message"]["content"]), dict)


async def test_a_limit_and_a_stop_word_end_the_reply(model: LocalModel) -> None:
    limited = await model.chat(ask("Count from one to fifty.", max_tokens=5))
    assert limited["choices"][0]["finish_reason"] == "length"
    assert limited["usage"]["completion_tokens"] == 5
    text = (await model.chat(ask("Count: one, two, three, four", max_tokens=30)))["choices"][0]["message"]["content"]
    word = text.split()[2]
    stopped = (await model.chat(ask("Count: one, two, three, four", max_tokens=30, stop=[word])))["choices"][0]
    assert stopped["finish_reason"] == "stop"
    assert stopped["message"]["content"] == text[: text.index(word)]


async def test_probabilities_of_tokens_are_told(model: LocalModel) -> None:
    reply = await model.chat(ask("Say hi.", max_tokens=4, logprobs=True, top_logprobs=2))
    tokens = reply["choices"][0]["logprobs"]["content"]
    assert len(tokens) == reply["usage"]["completion_tokens"]
    assert all(token["logprob"] <= 0 and len(token["top_logprobs"]) == 2 for token in tokens)
    assert "".join(token["token"] for token in tokens) == reply["choices"][0]["message"]["content"]


async def test_several_choices_differ_and_are_all_counted(model: LocalModel) -> None:
    reply = await model.chat(ask("Invent a name for a dog.", n=3, seed=1, max_tokens=10) | {"temperature": 1.5})
    assert [choice["index"] for choice in reply["choices"]] == [0, 1, 2]
    assert len({choice["message"]["content"] for choice in reply["choices"]}) > 1
    assert reply["usage"]["completion_tokens"] > 10


@pytest.mark.parametrize(
    ("question", "name", "arguments"),
    [
        ("What's the weather in Oslo?", "get_weather", {"city": "Oslo"}),
        ("Where is my order 4711?", "find_order", {"number": "4711"}),
    ],
)
async def test_a_required_tool_is_called_with_arguments_of_its_schema(
    model: LocalModel, question: str, name: str, arguments: dict[str, str]
) -> None:
    choice = (await model.chat(ask(question, tools=TOOLS, tool_choice="required")))["choices"][0]
    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["content"] is None
    (call,) = choice["message"]["tool_calls"]
    assert call["type"] == "function"
    assert call["id"]
    assert call["function"]["name"] == name
    assert json.loads(call["function"]["arguments"]) == arguments


async def test_a_named_tool_is_called_and_streams_its_arguments(model: LocalModel) -> None:
    body = ask(
        "What's the weather in Rome?",
        tools=TOOLS,
        tool_choice={"type": "function", "function": {"name": "get_weather"}},
    )
    chunks = [chunk async for chunk in model.stream(body)]
    opening = chunks[0]["choices"][0]["delta"]["tool_calls"][0]
    assert opening["function"] == {"name": "get_weather", "arguments": ""}
    assert len(chunks) > 4
    (call,) = assemble(chunks)["choices"][0]["message"]["tool_calls"]
    assert json.loads(call["function"]["arguments"]) == {"city": "Rome"}


async def test_a_tool_may_be_left_uncalled(model: LocalModel) -> None:
    choice = (await model.chat(ask("Hello, how are you?", tools=TOOLS, max_tokens=30)))["choices"][0]
    assert choice["message"]["content"]
    assert "tool_calls" not in choice["message"]
    history = [
        {"role": "user", "content": "Weather in Oslo?"},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}],
        },
        {"role": "tool", "tool_call_id": "1", "content": "snow"},
    ]
    answer = (await model.chat({"messages": history, "tools": TOOLS, "temperature": 0, "max_tokens": 30}))["choices"][0]
    assert answer["message"]["content"]


async def test_functions_answer_as_they_were_asked(model: LocalModel) -> None:
    choice = (
        await model.chat(ask("Weather in Paris?", functions=[WEATHER, ORDER], function_call={"name": "get_weather"}))
    )["choices"][0]
    assert choice["finish_reason"] == "function_call"
    assert choice["message"]["function_call"]["name"] == "get_weather"
    assert json.loads(choice["message"]["function_call"]["arguments"]) == {"city": "Paris"}


async def test_a_prompt_that_is_too_long_says_by_how_much(model: LocalModel) -> None:
    with pytest.raises(ContextLengthExceeded, match=r"9,0\d\d tokens; .* reads at most 8,192") as caught:
        await model.chat(ask("hi " * 9000))
    assert "Shorten" in caught.value.hint


async def test_what_the_runtime_refuses_is_a_bad_request(model: LocalModel) -> None:
    with pytest.raises(BadRequest, match="temperature"):
        await model.chat(ask("hi") | {"temperature": "hot"})


async def test_any_gguf_file_speaks_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "other.gguf"
    path.symlink_to(place_of(SMOLLM2))
    service = LocalModel()
    try:
        reply = await service.chat(ask("Say hi.", max_tokens=5, model=str(path)))
    finally:
        service.close()
    assert reply["model"] == "other"
    assert reply["choices"][0]["message"]["content"]


async def test_loops_in_several_threads_share_one_process(model: LocalModel) -> None:
    replies: list[dict[str, Any]] = []

    def work() -> None:
        replies.append(asyncio.run(model.chat(ask("Say hi.", max_tokens=8))))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        await asyncio.to_thread(thread.join)
    assert len(replies) == 3
    assert len({reply["choices"][0]["message"]["content"] for reply in replies}) == 1
    assert len(model.status()["processes"]) == 1


async def test_a_missing_model_or_runtime_names_the_one_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = LocalModel()
    monkeypatch.setitem(sys.modules, "xllamacpp", None)  # as Python knows it where it is not installed
    with pytest.raises(MissingExtra) as caught:
        await service.chat(ask("hi"))
    assert caught.value.hint == "pip install 'flowloom[local]'"
    assert service.status()["runtime"] is False
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with pytest.raises(MissingExtra) as caught:
        await service.chat(ask("hi"))
    assert caught.value.hint == "flowloom models download"
    assert service.status()["present"] is False


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
async def test_a_forked_copy_starts_a_process_of_its_own(model: LocalModel) -> None:
    await model.chat(ask("Say hi.", max_tokens=2))
    script = (
        "import asyncio, os\nfrom flowloom.nodes.services.local_model import LocalModel\n"
        "service, body = LocalModel(), {'messages': [{'role': 'user', 'content': 'hi'}], 'max_tokens': 2}\n"
        "asyncio.run(service.chat(body))\n"
        "first = service.status()['processes'][0]['pid']\n"
        "if child := os.fork():\n    assert os.waitpid(child, 0)[1] == 0\n"
        "else:\n    asyncio.run(service.chat(body))\n    assert service.status()['processes'][0]['pid'] != first\n    service.close()\n    os._exit(0)\n"
        "asyncio.run(service.chat(body))\nassert service.status()['processes'][0]['pid'] == first\n"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-W", "ignore::DeprecationWarning", "-c", script)
    assert await process.wait() == 0
