from __future__ import annotations

import pytest

from flowloom.flows import load_flow
from flowloom.flows.errors import FlowloomError

TOOL = "{type: function, function: {name: f, parameters: {type: object, properties: {}}}}"
CALL = {"tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}


@pytest.fixture
def run(write, server, connections):
    def run(settings: str, inputs=None, body: str = "user:\n{{q}}\n", init=None, **more):
        with load_flow(write(settings, body, **more), connections=connections, init=init) as flow:
            return flow.run_result(inputs or {})

    return run


def test_the_reply_is_the_output_with_its_usage(run, server):
    result = run("  parameters: {temperature: 0}\ninputs: {q: {type: string}}\n", {"q": "hello there"})
    assert result.outputs == {"output": "hello there"}
    assert result.nodes["prompty"].usage.calls == 1
    (body,) = server.ledger.bodies()
    assert body["messages"] == [{"role": "user", "content": "hello there"}]
    assert body["temperature"] == 0


@pytest.mark.parametrize(
    ("settings", "inputs", "expected"),
    [
        ("sample: {q: sampled}\n", {}, "sampled"),
        ("sample: {q: sampled}\n", {"q": "given"}, "given"),
        ("inputs: {q: {type: string, default: told}}\nsample: {}\n", {}, "told"),
        ("inputs: {q: {type: string}}\nsample: {q: sampled}\n", {}, "sampled"),
        ("inputs: {q: {type: string}}\nsample: '${file:s.json}'\n", {}, "of the file"),
    ],
)
def test_without_inputs_the_sample_counts(run, settings, inputs, expected):
    assert run(settings, inputs, files={"s.json": '{"q": "of the file"}'}).outputs == {"output": expected}


def test_json_is_parsed_and_cut_to_the_outputs(run, server):
    server.rules.add({"contains": "json", "reply": '{"a": 1, "b": [2]}'})
    settings = "  parameters: {response_format: {type: json_object}}\ninputs: {q: {type: string}}\n"
    assert run(settings, {"q": "json"}).outputs == {"a": 1, "b": [2]}
    assert run(settings + "outputs: {a: {type: int}}\n", {"q": "json"}).outputs == {"a": 1}
    lacking = run(settings + "outputs: {z: {type: int}}\n", {"q": "json"})
    assert (lacking.status, lacking.error.kind) == ("failed", "output")
    assert "'z'" in lacking.error.message
    server.rules.add({"contains": "broken", "reply": "no JSON"})
    assert run(settings, {"q": "broken json"}).error.kind == "malformed_reply"


def test_tool_calls_give_the_message(run, server):
    server.rules.add({"contains": "call", "reply": CALL})
    settings = f"  parameters: {{tools: [{TOOL}]}}\ninputs: {{q: {{type: string}}}}\n"
    outputs = run(settings, {"q": "call"}).outputs
    assert outputs["tool_calls"][0]["function"]["name"] == "f"
    assert set(outputs) == {"content", "refusal", "role", "annotations", "audio", "function_call", "tool_calls"}
    assert run(settings, {"q": "no tool"}).outputs == {"output": "no tool"}


def test_a_stream_is_joined_and_shown(write, server, connections):
    place = write("  parameters: {stream: true}\ninputs: {q: {type: string}}\n", "user:\n{{q}}\n")
    with load_flow(place, connections=connections) as flow:
        assert flow.run(q="one two three") == {"output": "one two three"}
    assert server.ledger.bodies()[0]["stream"] is True


def test_response_all_gives_every_choice(run, server):
    settings = "  parameters: {n: 2}\n  response: all\ninputs: {q: {type: string}}\n"
    assert run(settings, {"q": "x"}).outputs == {"output": ["x", "x"]}


def test_completions(run, server):
    server.rules.add({"regex": "Say", "reply": "done"})
    front = "model:\n  api: completion\n  configuration: {type: openai, model: m}\n"
    assert run("inputs: {q: {type: string}}\n", {"q": "x"}, "Say {{q}}", front=front).outputs == {"output": "done"}


def test_init_is_laid_over_the_settings(run, server):
    init = {"model": {"parameters": {"max_tokens": 7}}}
    run("  parameters: {max_tokens: 3, seed: 1}\ninputs: {q: {type: string}}\n", {"q": "x"}, init=init)
    assert {key: server.ledger.bodies()[0][key] for key in ("max_tokens", "seed")} == {"max_tokens": 7, "seed": 1}


def test_a_named_connection_is_used(run, server):
    front = "model:\n  configuration: {connection: azure_open_ai_connection, azure_deployment: echo}\n"
    assert run("inputs: {q: {type: string}}\n", {"q": "x"}, front=front).outputs == {"output": "x"}
    assert server.ledger.attempts()[0].path == "/openai/deployments/echo/chat/completions"


@pytest.mark.parametrize(
    ("settings", "inputs", "words"),
    [
        ("inputs: {q: {type: int}}\n", {"q": "x"}, "must be a whole number"),
        ("inputs: {q: {type: string}}\n", {}, "'q'"),
        ("inputs: {q: {type: string, default: '${file:absent.txt}'}}\n", {}, r"absent\.txt"),
    ],
)
def test_failures_are_said(run, settings, inputs, words):
    result = run(settings, inputs)
    assert result.status == "failed"
    with pytest.raises(FlowloomError, match=words):
        result.raise_for_status()


def test_the_key_of_a_prompty_never_shows(run, server):
    server.schedule("status_401", forever=True)
    front = f"model:\n  configuration: {{type: openai, model: m, api_key: secret-of-the-prompty, base_url: '{server.base_url}'}}\n"
    result = run("inputs: {q: {type: string}}\n", {"q": "x"}, front=front)
    assert result.status == "failed"
    assert "secret-of-the-prompty" not in repr(result.as_json()) + result.error.detail
