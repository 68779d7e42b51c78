from __future__ import annotations

from flowloom.nodes.services.demo_server.chat import Choice, Completion
from flowloom.nodes.services.demo_server.chat_shape import as_events, as_object

CALLS = [{"id": "a", "type": "function", "function": {"name": "f", "arguments": '{"x": 1}'}}]


def completion(azure: bool = False, **message: object) -> Completion:
    whole = {"role": "assistant", "content": None, "refusal": None, **message}
    return Completion("id", "m", [Choice(whole, "stop")], {"total_tokens": 3}, 1, azure)


def deltas(made: Completion) -> list[dict]:  # type: ignore[type-arg]
    return [
        event["choices"][0]["delta"]
        for event in as_events(made, include_usage=False)
        if not isinstance(event, str) and event["choices"]
    ]


def test_texts_calls_and_refusals_come_in_pieces() -> None:
    assert "".join(delta.get("content") or "" for delta in deltas(completion(content="one two"))) == "one two"
    assert "".join(delta.get("refusal") or "" for delta in deltas(completion(refusal="no way"))) == "no way"
    pieces = [delta["tool_calls"][0] for delta in deltas(completion(tool_calls=CALLS)) if "tool_calls" in delta]
    assert pieces[0]["id"] == "a"
    assert "".join(piece["function"]["arguments"] for piece in pieces) == '{"x": 1}'
    older = [
        delta["function_call"]
        for delta in deltas(completion(function_call={"name": "f", "arguments": "{}"}))
        if "function_call" in delta
    ]
    assert older[0]["name"] == "f"


def test_azure_says_what_its_filter_found() -> None:
    assert "content_filter_results" in as_object(completion(True, content="x"))["choices"][0]
    first = as_events(completion(True, content="x"), include_usage=True)[0]
    assert not isinstance(first, str)
    assert (first["choices"], "prompt_filter_results" in first) == ([], True)
    assert "prompt_filter_results" not in as_object(completion(content="x"))
