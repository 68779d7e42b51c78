from __future__ import annotations

import pytest

HEAD = (
    "from promptflow.core import tool\n"
    "from promptflow.connections import AzureOpenAIConnection, OpenAIConnection\n"
    "from promptflow.tools import aoai, openai, AzureOpenAI, OpenAI\n"
    "from promptflow.tools.embedding import embedding\n"
)
OAI = {"c": "open_ai_connection"}
AZ = {"c": "azure_open_ai_connection"}


def tool(kind: str, body: str) -> str:
    return f"{HEAD}@tool\ndef t(c: {kind}):\n    return {body}\n"


@pytest.mark.parametrize(
    ("code", "inputs", "expected"),
    [
        (tool("OpenAIConnection", "openai.chat(c, 'user:\\n{{x}} there', model='m', x='hi', max_tokens='', temperature=0)"), OAI, "hi there"),
        (tool("OpenAIConnection", "OpenAI(c).chat(prompt='user:\\nhi', model='m')"), OAI, "hi"),
        (tool("OpenAIConnection", "''.join(openai.chat(c, 'user:\\none two', model='m', stream=True))"), OAI, "one two"),
        (tool("AzureOpenAIConnection", "aoai.chat(c, 'user:\\n{{l}}', deployment_name='d', l=['a', 'b'])"), AZ, "a\nb"),
        (tool("AzureOpenAIConnection", "AzureOpenAI(c).chat(prompt='user:\\nhi', deployment_name='d')"), AZ, "hi"),
        (tool("OpenAIConnection", "openai.completion(c, 'say {{x}}', model='m', x='it')"), OAI, "say it"),
        (tool("AzureOpenAIConnection", "aoai.completion(c, 'say it', deployment_name='d')"), AZ, "say it"),
        (tool("OpenAIConnection", "[len(embedding(c, 'x', model='text-embedding-3-small')), len(embedding(c, ['x', 'y']))]"), OAI, [1536, 1536]),
        (tool("AzureOpenAIConnection", "len(embedding(c, 'x', deployment_name='d'))"), AZ, 1536),
    ],
)
def test_code_asks_a_model_as_in_prompt_flow(run_tool, server, code, inputs, expected):
    result = run_tool(code, inputs)
    result.raise_for_status()
    assert result.outputs == {"out": expected}
    assert result.nodes["n"].usage.calls == len(server.ledger.attempts())


def test_the_parameters_reach_the_request(run_tool, server):
    code = tool("OpenAIConnection", "openai.chat(c, 'user:\\nhi', model='m', max_tokens=5, temperature=0.5, stop=['x'], seed=1)")
    run_tool(code, OAI).raise_for_status()
    (body,) = server.ledger.bodies()
    assert {key: body[key] for key in ("model", "max_tokens", "temperature", "stop", "seed")} == {
        "model": "m",
        "max_tokens": 5,
        "temperature": 0.5,
        "stop": ["x"],
        "seed": 1,
    }


def test_an_async_tool_may_ask_too(run_tool, server):
    code = HEAD + "@tool\nasync def t(c: OpenAIConnection):\n    return openai.chat(c, 'user:\\nhi', model='m')\n"
    assert run_tool(code, OAI).outputs == {"out": "hi"}


def test_a_services_failure_is_the_nodes(run_tool, server):
    server.schedule("status_401", forever=True)
    result = run_tool(tool("OpenAIConnection", "openai.chat(c, 'user:\\nhi', model='m')"), OAI)
    assert (result.error.kind, result.error.node) == ("authentication", "n")


def test_searching_says_what_to_install(run_tool):
    code = "from promptflow.core import tool\nfrom promptflow.tools.serpapi import SerpAPI\n@tool\ndef t():\n    return SerpAPI(None).search('x')\n"
    error = run_tool(code).error
    assert "pip install promptflow" in error.hint
