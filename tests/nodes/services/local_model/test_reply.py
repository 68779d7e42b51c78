from __future__ import annotations

from flowloom.nodes.services.local_model.reply import Envelope, Spent, assemble


def test_pieces_become_one_message_per_choice() -> None:
    envelope, spent = Envelope("tiny"), Spent()
    spent.add({"prompt_tokens": 3, "completion_tokens": 2})
    spent.add({"prompt_tokens": 1, "completion_tokens": 1})
    chunks = [
        envelope.chunk({"role": "assistant", "content": "Hel"}, logprobs={"content": [{"token": "Hel"}]}),
        envelope.chunk({"content": "lo"}, logprobs={"content": [{"token": "lo"}]}),
        envelope.chunk({}, finish="stop"),
        envelope.chunk({"role": "assistant", "content": "Hi"}, index=1, finish="length"),
        envelope.usage(spent),
    ]
    whole = assemble(chunks)
    assert whole["object"] == "chat.completion"
    assert (whole["id"], whole["created"], whole["model"]) == (envelope.id, envelope.created, "tiny")
    assert [choice["message"]["content"] for choice in whole["choices"]] == ["Hello", "Hi"]
    assert [choice["finish_reason"] for choice in whole["choices"]] == ["stop", "length"]
    assert [piece["token"] for piece in whole["choices"][0]["logprobs"]["content"]] == ["Hel", "lo"]
    assert whole["usage"] == {"prompt_tokens": 4, "completion_tokens": 3, "total_tokens": 7}


def test_a_tool_call_comes_together_and_leaves_no_content() -> None:
    envelope = Envelope("tiny")
    opening = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "add", "arguments": ""}}
    pieces = [{"tool_calls": [{"index": 0, "function": {"arguments": text}}]} for text in ('{"a"', ": 1}")]
    chunks = [
        envelope.chunk({"role": "assistant", "content": None, "tool_calls": [opening]}),
        *map(envelope.chunk, pieces),
        envelope.chunk({}, finish="tool_calls"),
    ]
    message = assemble(chunks)["choices"][0]["message"]
    assert message["content"] is None
    assert message["tool_calls"] == [
        {"id": "call_1", "type": "function", "function": {"name": "add", "arguments": '{"a": 1}'}}
    ]


def test_a_legacy_function_call_comes_together() -> None:
    envelope = Envelope("tiny")
    chunks = [
        envelope.chunk({"function_call": {"name": "add", "arguments": "{"}}),
        envelope.chunk({"function_call": {"arguments": "}"}}),
    ]
    assert assemble(chunks)["choices"][0]["message"]["function_call"] == {"name": "add", "arguments": "{}"}
