from __future__ import annotations

import pytest

from flowloom.flows import load_flow
from flowloom.flows.errors import ConnectionFault, FlowloomError, ToolLoadError
from flowloom.flows.node.bind import wanted_class

CONNECTIONS = """
oai: {type: open_ai, api_key: sk-0123456789, base_url: "http://127.0.0.1:9/v1"}
cust: {type: custom, configs: {url: "http://u"}, secrets: {key: topsecretkey}}
"""
PROVIDER = """
from promptflow.core import tool, ToolProvider
from promptflow.connections import OpenAIConnection
class P(ToolProvider):
    made = 0
    def __init__(self, a: int, b: str = "bb", c: OpenAIConnection = None):
        super().__init__()
        P.made += 1
        self.a, self.b, self.c = a, b, c
    @tool
    def run(self, q: str, n=1):
        return [self.a, self.b, self.c.api_key if self.c else None, q, n, P.made, sorted(self._init_params)]
"""


@pytest.fixture
def run(write, tmp_path):
    """Runs a flow of one tool ``n`` with these literal inputs; returns its output or raises its error."""

    def run(tool: str, inputs: str, files: dict[str, str] | None = None):
        flow = (
            "inputs: {s: {type: string, default: hello}}\n"
            "outputs: {out: {type: string, reference: '${n.output}'}}\n"
            f"nodes:\n- {{name: n, type: python, source: {{type: code, path: t.py}}, inputs: {inputs}}}\n"
        )
        root = write("flow", {"flow.dag.yaml": flow, "t.py": tool, **(files or {})})
        (tmp_path / "connections.yaml").write_text(CONNECTIONS)
        with load_flow(root, connections=tmp_path / "connections.yaml") as loaded:
            result = loaded.run_result()
            result.raise_for_status()
            return result.outputs["out"]

    return run


def test_a_class_is_made_once_of_the_literals_for_its_constructor(run):
    output = run(PROVIDER, '{a: "5", c: oai, q: "${inputs.s}", n: "7"}')
    assert output == [5, "bb", "sk-0123456789", "hello", 7, 1, ["a", "c"]]


def test_what_a_class_needs_must_be_written_and_fit(run):
    with pytest.raises(FlowloomError, match=r"'a' is needed when the tool") as raised:
        run(PROVIDER, '{a: "${inputs.s}", q: x}')
    assert raised.value.node == "n"
    with pytest.raises(FlowloomError, match="needs a value for 'a'"):
        run(PROVIDER, "{q: x}")
    with pytest.raises(FlowloomError, match="must be a whole number"):
        run(PROVIDER, "{a: many, q: x}")
    with pytest.raises(FlowloomError, match="'nope'"):
        run(PROVIDER, "{a: 1, c: nope, q: x}")


def test_a_constructor_that_fails_stops_the_run_before_it_begins(run):
    broken = PROVIDER.replace("super().__init__()", "1 / 0")
    with pytest.raises(ToolLoadError, match=r"In t\.py, line 7: ZeroDivisionError: division by zero"):
        run(broken, "{a: 1, q: x}")


HEAD = "from promptflow.core import tool\nfrom promptflow.connections import *\nfrom promptflow.connections import AzureOpenAIConnection, CustomConnection, CustomStrongTypeConnection, OpenAIConnection\nfrom promptflow.contracts.types import Secret\nfrom typing import Optional, Union\n"


@pytest.mark.parametrize(
    ("signature", "body", "given", "expected"),
    [
        ("c: OpenAIConnection", "[isinstance(c, OpenAIConnection), c.api_key, c['base_url']]", "oai", [True, "sk-0123456789", "http://127.0.0.1:9/v1"]),
        ("c: Optional[OpenAIConnection] = None", "c.api_key", "oai", "sk-0123456789"),
        ("c: Optional[OpenAIConnection] = None", "c", '""', None),
        ("c: Union[AzureOpenAIConnection, OpenAIConnection]", "type(c).__name__", "oai", "OpenAIConnection"),
        ("c: CustomConnection", "[c.url, c.key, dict(c)]", "cust", ["http://u", "topsecretkey", {"url": "http://u", "key": "topsecretkey"}]),
        ("c: Mine", "[type(c).__name__, isinstance(c, Mine), c.key, c.url]", "cust", ["Mine", True, "topsecretkey", "http://u"]),
        ("c: 'OpenAIConnection'", "c", "oai", "oai"),
        ("c", "c", "oai", "oai"),
        ("c: str", "c", "oai", "oai"),
    ],
)
def test_a_connection_comes_as_the_class_that_is_asked_for(run, signature, body, given, expected):
    mine = "class Mine(CustomStrongTypeConnection):\n    key: Secret\n    url: str\n"
    assert run(f"{HEAD}{mine}@tool\ndef t({signature}):\n    return {body}\n", f"{{c: {given}}}") == expected


@pytest.mark.parametrize(
    ("signature", "given"), [("c: AzureOpenAIConnection", "oai"), ("c: Union[AzureOpenAIConnection, OpenAIConnection]", "cust")]
)
def test_a_connection_of_another_kind_is_refused_in_words(run, signature, given):
    with pytest.raises(ConnectionFault, match=f"The connection '{given}' is of kind") as raised:
        run(f"{HEAD}@tool\ndef t({signature}):\n    return 1\n", f"{{c: {given}}}")
    assert "azure_open_ai" in raised.value.message
    assert raised.value.node == "n"


def test_of_several_classes_the_flows_own_one_is_made():
    class CustomStrongTypeConnection: ...

    class Mine(CustomStrongTypeConnection): ...

    class Other: ...

    assert wanted_class((Other, Mine)) is Mine
    assert wanted_class((Other,)) is Other
    assert wanted_class((Other, int), 3) is int
    assert isinstance(3, wanted_class((Other, int)))
    assert not isinstance("3", wanted_class((Other, int)))
