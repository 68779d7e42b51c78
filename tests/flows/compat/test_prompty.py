from __future__ import annotations

import json

import pytest

PROMPTY = "---\nname: Asks\nmodel:\n  configuration: {connection: open_ai_connection, model: m}\n  parameters: {}\nsample: {q: sampled}\n---\nsystem:\nkind\nuser:\n{{q}}\n"
HEAD = "from promptflow.core import tool, Prompty, AsyncPrompty\n"


@pytest.fixture
def call(run_tool, server):
    def call(body: str, files: dict[str, str] | None = None, head: str = "@tool\ndef t():\n"):
        result = run_tool(f"{HEAD}{head}    return {body}\n", files={"x.prompty": PROMPTY, **(files or {})})
        result.raise_for_status()
        return result.outputs["out"]

    return call


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Prompty.load(source='x.prompty')(q='hi')", "hi"),
        ("Prompty.load('x.prompty')()", "sampled"),
        ("list(Prompty.load('x.prompty', model={'parameters': {'stream': True}})(q='one two'))", ["one", " two"]),
        ("Prompty.load('x.prompty', model={'response': 'all'})(q='w').choices[0].message.content", "w"),
        ("[Prompty.load('x.prompty').name, Prompty.load('x.prompty').path.name, Prompty.load('x.prompty').code.name]", ["Asks", "x.prompty", "flow"]),
        ("Prompty.load('inner/y.prompty')(q='deep')", "deep"),
        ("Prompty.load('x.prompty', sample={'q': 'other'})()", "other"),
    ],
)
def test_a_prompty_is_called_like_a_function(call, body, expected):
    assert call(body, {"inner/y.prompty": PROMPTY}) == expected


def test_a_prompty_can_be_awaited(call):
    assert call("await AsyncPrompty.load('x.prompty')(q='hi')", head="@tool\nasync def t():\n") == "hi"


def test_its_prompt_can_be_seen_without_asking(call, server):
    shown = call("Prompty.load('x.prompty').render(q='hi')")
    assert shown == "[{'role': 'system', 'content': 'kind'}, {'role': 'user', 'content': 'hi'}]"
    assert server.ledger.attempts() == []


def test_model_configurations_of_code_are_taken(call, server):
    files = {"config.py": f"base = {server.base_url!r}\n"}
    made = "OpenAIModelConfiguration(model='m', base_url=config.base, api_key='k-0123456789')"
    head = "from promptflow.core import OpenAIModelConfiguration\nimport config\n@tool\ndef t():\n"
    assert call(f"Prompty.load('x.prompty', model={{'configuration': {made}}})(q='hi')", files, head) == "hi"
    assert server.ledger.attempts()[0].key == "k-0123456789"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Prompty.load('x.txt')", "no prompty"),
        ("Prompty.load('absent.prompty')", "absent.prompty"),
        ("Prompty.load('x.prompty')('positional')", "by name"),
        ("Prompty.load('x.prompty')(other=1)", "'q'"),
    ],
)
def test_mistakes_are_said(run_tool, server, body, words):
    result = run_tool(f"{HEAD}@tool\ndef t():\n    return {body}\n", files={"x.prompty": PROMPTY})
    assert result.status == "failed"
    assert words in result.error.message


def test_usage_counts_for_the_node(run_tool, server):
    result = run_tool(f"{HEAD}@tool\ndef t():\n    p = Prompty.load('x.prompty')\n    return [p(), p()]\n", files={"x.prompty": PROMPTY})
    assert result.nodes["n"].usage.calls == 2
    assert json.dumps(result.outputs) == '{"out": ["sampled", "sampled"]}'
