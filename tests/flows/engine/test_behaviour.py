"""What flows come to, as a table. Statuses, outputs and metrics are those of prompt flow 1.18.5, except where the row's name says ours."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.flows import load_flow

C, F, B, X = "completed", "failed", "bypassed", "cancelled"
UNMET = {"when": "${a.output}", "is": "something else"}
MET = {"when": "${a.output}", "is": 1}

CASES: dict[str, dict[str, Any]] = {
    "a chain": {
        "nodes": {"a": "echo x=1", "b": "echo x=${a.output}"},
        "gives": {"o": "${b.output}"},
        "outputs": {"o": 1},
        "statuses": {"a": C, "b": C},
    },
    "the order of the file does not matter": {
        "nodes": {"b": "echo x=${a.output}", "a": "echo x=1"},
        "gives": {"o": "${b.output}"},
        "outputs": {"o": 1},
        "statuses": {"a": C, "b": C},
    },
    "properties of outputs": {
        "nodes": {"a": "pair", "b": "both x=${a.output.left} y=${a.output.right[1]}"},
        "gives": {"o": "${b.output}"},
        "outputs": {"o": [1, 20]},
        "statuses": {"a": C, "b": C},
    },
    "a literal output, and an input passed through": {
        "nodes": {},
        "gives": {"o": "text", "p": "${inputs.q}"},
        "outputs": {"o": "text", "p": "Q"},
        "statuses": {},
    },
    "nothing starts after a failure": {
        "nodes": {"a": "fail", "b": "echo x=${a.output}", "c": "echo x=${b.output}"},
        "gives": {"o": "${c.output}"},
        "outputs": {},
        "statuses": {"a": F},
        "error": ("tool", "a"),
    },
    "those that were ready with the failing node have run": {
        "nodes": {"a": "afail", "b": "aecho x=1", "c": "aecho x=${b.output}"},
        "outputs": {},
        "statuses": {"a": F, "b": C},
        "error": ("tool", "a"),
    },
    "also where they come first": {
        "nodes": {"b": "aecho x=1", "c": "aecho x=${b.output}", "a": "afail"},
        "outputs": {},
        "statuses": {"a": F, "b": C},
        "error": ("tool", "a"),
    },
    "async nodes at work are cancelled by a failure": {
        "nodes": {"a": "afail", "b": "never", "c": "aecho x=${b.output}"},
        "outputs": {},
        "statuses": {"a": F, "b": X},
        "error": ("tool", "a"),
    },
    "a node whose input cannot be found never starts": {
        "nodes": {"a": "echo x=1", "b": "echo x=${a.output.nothing}"},
        "outputs": {},
        "statuses": {"a": C},
        "error": ("reference", "b"),
    },
    "nor does one whose condition cannot be found": {
        "nodes": {"a": "echo x=1", "b": {"use": "echo x=1", "activate": {"when": "${a.output.nothing}", "is": 1}}},
        "outputs": {},
        "statuses": {"a": C},
        "error": ("reference", "b"),
    },
    "an output that cannot be found fails the run": {
        "nodes": {"a": "echo x=1"},
        "gives": {"o": "${a.output.nothing}"},
        "outputs": {},
        "statuses": {"a": C},
        "error": ("reference", None),
    },
    "an input that the function lacks fails its node": {
        "nodes": {"a": "echo nosuch=1"},
        "outputs": {},
        "statuses": {"a": F},
        "error": ("tool", "a"),
    },
    "an output that is not JSON fails the run": {
        "nodes": {"a": "thing"},
        "gives": {"o": "${a.output}"},
        "outputs": {},
        "statuses": {"a": C},
        "error": ("output", "a"),
    },
    "a node's output need not be JSON": {
        "nodes": {"a": "thing", "b": "kinds x=${a.output}"},
        "gives": {"o": "${b.output}"},
        "outputs": {"o": ["str"]},
        "statuses": {"a": C, "b": C},
    },
    # Activate and bypass
    "an unmet condition bypasses": {
        "nodes": {"a": "echo x=1", "b": {"use": "echo x=2", "activate": UNMET}},
        "gives": {"o": "${b.output}"},
        "outputs": {"o": None},
        "statuses": {"a": C, "b": B},
    },
    "a met one runs": {
        "nodes": {"a": "echo x=1", "b": {"use": "echo x=2", "activate": MET}},
        "gives": {"o": "${b.output}"},
        "outputs": {"o": 2},
        "statuses": {"a": C, "b": C},
    },
    "a condition on a flow input": {
        "nodes": {"b": {"use": "echo x=2", "activate": {"when": "${inputs.q}", "is": "R"}}},
        "gives": {"o": "${b.output}"},
        "outputs": {"o": None},
        "statuses": {"b": B},
    },
    "a condition on a bypassed node bypasses": {
        "nodes": {
            "a": "echo x=1",
            "b": {"use": "echo x=2", "activate": UNMET},
            "c": {"use": "echo x=3", "activate": {"when": "${b.output}", "is": None}},
        },
        "outputs": {},
        "statuses": {"a": C, "b": B, "c": B},
    },
    "all inputs bypassed, so is the node": {
        "nodes": {
            "a": "echo x=1",
            "b": {"use": "echo x=2", "activate": UNMET},
            "c": "both x=${b.output} y=${inputs.q}",
        },
        "gives": {"o": "${c.output}"},
        "outputs": {"o": None},
        "statuses": {"a": C, "b": B, "c": B},
    },
    "some inputs bypassed: the parameter's default, else None": {
        "nodes": {
            "a": "echo x=1",
            "b": {"use": "echo x=2", "activate": UNMET},
            "c": "both x=${b.output} y=${a.output}",
            "d": "first x=${c.output}",
        },
        "gives": {"o": "${c.output}"},
        "outputs": {"o": ["default x", 1]},
        "statuses": {"a": C, "b": B, "c": C, "d": C},
    },
    "a met condition overrides bypassed inputs": {
        "nodes": {
            "a": "echo x=1",
            "b": {"use": "echo x=2", "activate": UNMET},
            "c": {"use": "both y=${b.output}", "activate": MET},
        },
        "gives": {"o": "${c.output}"},
        "outputs": {"o": ["default x", None]},
        "statuses": {"a": C, "b": B, "c": C},
    },
    "also where it has nothing but bypassed inputs": {
        "nodes": {"a": "echo x=1", "b": {"use": "echo x=2", "activate": UNMET}, "c": {"use": "both x=${b.output}", "activate": MET}},
        "gives": {"o": "${c.output}"},
        "outputs": {"o": ["default x", None]},
        "statuses": {"a": C, "b": B, "c": C},
    },
    "a part of a bypassed output fails the run": {
        "nodes": {"a": "echo x=1", "b": {"use": "echo x=2", "activate": UNMET}},
        "gives": {"o": "${b.output.part}"},
        "outputs": {},
        "statuses": {"a": C, "b": B},
        "error": ("reference", None),
    },
    # Aggregation
    "aggregation over one row": {
        "nodes": {"a": "echo x=1", "z": {"use": "count x=${a.output} y=literal", "aggregation": True}},
        "gives": {"o": "${a.output}", "p": "${z.output}"},
        "outputs": {"o": 1},
        "statuses": {"a": C, "z": C},
        "metrics": {"rows": 1},
        "node_outputs": {"z": [1]},
    },
    "flow inputs become lists too": {
        "nodes": {"a": "echo x=1", "z": {"use": "both x=${a.output} y=${inputs.q}", "aggregation": True}},
        "outputs": {},
        "statuses": {"a": C, "z": C},
        "node_outputs": {"z": [[1], ["Q"]]},
    },
    "references between aggregation nodes stay single": {
        "nodes": {
            "a": "echo x=1",
            "y": {"use": "count x=${a.output}", "aggregation": True},
            "z": {"use": "echo x=${y.output}", "aggregation": True},
        },
        "outputs": {},
        "statuses": {"a": C, "y": C, "z": C},
        "metrics": {"rows": 1},
        "node_outputs": {"z": [1]},
    },
    "a bypassed reference is None in the list": {
        "nodes": {
            "a": "echo x=1",
            "b": {"use": "echo x=2", "activate": UNMET},
            "z": {"use": "echo x=${b.output}", "aggregation": True},
        },
        "outputs": {},
        "statuses": {"a": C, "b": B, "z": C},
        "node_outputs": {"z": [None]},
    },
    "a failing aggregation node fails alone": {
        "nodes": {
            "a": "echo x=1",
            "y": {"use": "afail x=${a.output}", "aggregation": True},
            "z": {"use": "aecho x=${a.output}", "aggregation": True},
            "after": {"use": "echo x=${y.output}", "aggregation": True},
        },
        "gives": {"o": "${a.output}"},
        "outputs": {"o": 1},
        "statuses": {"a": C, "y": F, "z": C},
    },
    "aggregation that asks for no node's output does not run": {
        "nodes": {"a": "echo x=1", "z": {"use": "echo x=${inputs.q}", "aggregation": True}},
        "outputs": {},
        "statuses": {"a": C},
    },
    "aggregation asking for a missing property fails the run": {
        "nodes": {"a": "echo x=1", "z": {"use": "echo x=${a.output.nothing}", "aggregation": True}},
        "outputs": {},
        "statuses": {"a": C},
        "error": ("reference", None),
    },
    "aggregation runs although an output is not JSON": {
        "nodes": {"a": "thing", "z": {"use": "kinds x=${a.output}", "aggregation": True}},
        "gives": {"o": "${a.output}"},
        "outputs": {},
        "statuses": {"a": C, "z": C},
        "error": ("output", "a"),
    },
    # Generators
    "a generator is joined at an output": {
        "nodes": {"a": "letters"},
        "gives": {"o": "${a.output}"},
        "outputs": {"o": "abc"},
        "statuses": {"a": C},
    },
    "an async one too": {
        "nodes": {"a": "aletters"},
        "gives": {"o": "${a.output}"},
        "outputs": {"o": "abc"},
        "statuses": {"a": C},
    },
    "sync to sync": {
        "nodes": {"a": "letters", "b": "join x=${a.output}"},
        "gives": {"o": "${b.output}"},
        "outputs": {"o": "a+b+c"},
        "statuses": {"a": C, "b": C},
    },
    "sync to async, written with for": {
        "nodes": {"a": "letters", "b": "plainjoin x=${a.output}"},
        "gives": {"o": "${b.output}"},
        "outputs": {"o": "a+b+c"},
        "statuses": {"a": C, "b": C},
    },
    "async to async": {
        "nodes": {"a": "aletters", "b": "ajoin x=${a.output}"},
        "gives": {"o": "${b.output}"},
        "outputs": {"o": "a+b+c"},
        "statuses": {"a": C, "b": C},
    },
    "ours: sync to async, written with async for": {
        "nodes": {"a": "letters", "b": "ajoin x=${a.output}"},
        "gives": {"o": "${b.output}"},
        "outputs": {"o": "a+b+c"},
        "statuses": {"a": C, "b": C},
    },
    "ours: async to sync": {
        "nodes": {"a": "aletters", "b": "join x=${a.output}"},
        "gives": {"o": "${b.output}"},
        "outputs": {"o": "a+b+c"},
        "statuses": {"a": C, "b": C},
    },
    "ours: async to async written with for is refused, and does not hang": {
        "nodes": {"a": "aletters", "b": "plainjoin x=${a.output}"},
        "outputs": {},
        "statuses": {"a": C, "b": F},
        "error": ("tool", "b"),
    },
    "ours: every reader gets every chunk": {
        "nodes": {"a": "letters", "b": "join x=${a.output}", "c": "join x=${a.output}"},
        "gives": {"o": "${b.output}", "p": "${c.output}", "q": "${a.output}"},
        "outputs": {"o": "a+b+c", "p": "a+b+c", "q": "abc"},
        "statuses": {"a": C, "b": C, "c": C},
    },
    "streams through streams": {
        "nodes": {"a": "letters", "b": "upper x=${a.output}", "c": "upper x=${b.output}"},
        "gives": {"o": "${c.output}"},
        "outputs": {"o": "ABC"},
        "statuses": {"a": C, "b": C, "c": C},
    },
    "an endless generator ends when nobody reads on": {
        "nodes": {"a": "forever", "b": "first x=${a.output}"},
        "gives": {"o": "${b.output}"},
        "outputs": {"o": "0"},
        "statuses": {"a": C, "b": C},
        "node_outputs": {"a": "0"},
    },
    "ours: a generator that breaks off fails itself and its readers": {
        "nodes": {"a": "breaks", "b": "join x=${a.output}"},
        "outputs": {},
        "statuses": {"a": F, "b": F},
        "error": ("tool", "a"),
    },
    "ours: also where only an output reads it": {
        "nodes": {"a": "breaks"},
        "gives": {"o": "${a.output}"},
        "outputs": {},
        "statuses": {"a": F},
        "error": ("tool", "a"),
    },
    "ours: a prompt waits for the whole text": {
        "nodes": {"a": "aletters", "b": "ask.jinja2 q=${a.output}", "c": "letters", "d": "ask.jinja2 q=${c.output}", "e": "join x=${c.output}"},
        "gives": {"o": "${b.output}", "p": "${d.output}", "q": "${e.output}"},
        "outputs": {"o": "abc, .", "p": "abc, .", "q": "a+b+c"},
        "statuses": {"a": C, "b": C, "c": C, "d": C, "e": C},
    },
    # Prompts
    "a prompt node": {
        "nodes": {"a": "ask.jinja2 q=${inputs.q} nothing=null", "b": "echo x=${a.output}"},
        "gives": {"o": "${b.output}"},
        "outputs": {"o": "Q, None."},
        "statuses": {"a": C, "b": C},
    },
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.usefixtures("no_thread_left")
def test_behaviour(name: str, write_flow: Any) -> None:
    case = CASES[name]
    folder = write_flow(
        case["nodes"], outputs=case.get("gives"), inputs={"q": "Q"}, files={"ask.jinja2": "{{q}}, {{nothing}}."}
    )
    result = load_flow(folder).run_result()
    assert {node: found.status for node, found in result.nodes.items()} == case["statuses"]
    assert result.outputs == case["outputs"]
    assert result.metrics == case.get("metrics", {})
    error = case.get("error")
    assert (result.error and (result.error.kind, result.error.node)) == error
    assert result.status == ("failed" if error else "completed")
    for node, output in case.get("node_outputs", {}).items():
        assert result.nodes[node].output == output


def test_siblings_may_finish_by_choice(write_flow: Any) -> None:
    slow = "@tool\nasync def slow():\n    for _ in range(50): await asyncio.sleep(0)\n    return 'done'"
    folder = write_flow({"a": "afail", "b": "slow", "c": "echo x=${b.output}"}, tools={"slow": slow})
    result = load_flow(folder).run_result(on_failure="finish")
    assert {name: node.status for name, node in result.nodes.items()} == {"a": F, "b": C}
    assert result.nodes["b"].output == "done"
