from __future__ import annotations

import pytest

from flowloom.flows.compat.flow_loading import FlowContext, load_run
from flowloom.flows.errors import UsageError

INNER = (
    "inputs: {x: {type: int}}\noutputs: {y: {type: int, reference: '${n.output}'}}\n"
    "nodes:\n- name: n\n  use_variants: true\n"
    "node_variants:\n  n:\n    default_variant_id: one\n    variants:\n"
    "      one: {node: {type: python, source: {type: code, path: n.py}, inputs: {x: '${inputs.x}', add: 1}}}\n"
    "      ten: {node: {type: python, source: {type: code, path: n.py}, inputs: {x: '${inputs.x}', add: 10}}}\n"
)
FILES = {
    "inner/flow.dag.yaml": INNER,
    "inner/n.py": "from promptflow.core import tool\nimport helper, os\n@tool\ndef n(x: int, add: int):\n    return helper.base + x + add + int(os.environ.get('EXTRA_HERE', 0))\n",
    "inner/helper.py": "base = 100\n",
    "helper.py": "base = 0\n",
    "p.prompty": "---\nmodel:\n  configuration: {connection: open_ai_connection, model: m}\n  parameters: {}\n---\nuser:\nhi\n",
}
HEAD = (
    "from promptflow.core import tool, Flow, AsyncFlow\nfrom promptflow.client import load_flow, PFClient\n"
    "from promptflow.entities import FlowContext\nimport helper\n"
)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("    return load_flow('inner')(x=5)", {"y": 106}),
        ("    return Flow.load('inner/flow.dag.yaml')(x=5)", {"y": 106}),
        ("    return Flow.load('inner').invoke({'x': 5}).output", {"y": 106}),
        ("    return PFClient().test(flow='inner', inputs={'x': 5})", {"y": 106}),
        ("    f = load_flow('inner')\n    f.context = FlowContext(variant='${n.ten}')\n    return f(x=5)", {"y": 115}),
        ("    f = load_flow('inner')\n    f.context.environment_variables['EXTRA_HERE'] = 1000\n    return f(x=5)", {"y": 1106}),
        ("    return PFClient().connections.get('open_ai_connection').kind", "open_ai"),
        ("    return [helper.base, load_flow('inner')(x=0), helper.base]", [0, {"y": 101}, 0]),
        ("    return load_flow('p.prompty')()", "hi"),
    ],
)
def test_flows_are_called_like_functions(run_tool, server, body, expected):
    result = run_tool(f"{HEAD}@tool\ndef t():\n{body}\n", files=FILES)
    result.raise_for_status()
    assert result.outputs == {"out": expected}


def test_flows_can_be_awaited(run_tool):
    code = f"{HEAD}@tool\nasync def t():\n    f = AsyncFlow.load('inner')\n    return [await f(x=1), (await f.invoke({{'x': 2}})).output]\n"
    assert run_tool(code, files=FILES).outputs == {"out": [{"y": 102}, {"y": 103}]}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("load_flow('inner')(5)", "by name"),
        ("load_flow('inner')()", "'x'"),
        ("load_flow('absent')()", "absent"),
        ("PFClient().runs", "part of prompt flow itself"),
    ],
)
def test_mistakes_are_said(run_tool, body, words):
    error = run_tool(f"{HEAD}@tool\ndef t():\n    return {body}\n", files=FILES).error
    assert words in error.message


def test_runs_are_made_elsewhere():
    with pytest.raises(UsageError) as raised:
        load_run("x")
    assert "flowloom batch" in raised.value.hint
    assert FlowContext(overrides={"a": 1}).overrides == {"a": 1}
