"""``ctx.invoke``: what a node can reach, how it is traced, and where it ends."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.flows import load_flow
from flowloom.flows.engine.events import NodeCancelled, NodeDelta, NodeFailed, NodeFinished, NodeStarted
from flowloom.flows.engine.scope import MAX_DEPTH

CALL = """from flowloom.flows import Context, tool
@tool
async def call(ctx: Context, reference: str, **arguments):
    return await ctx.invoke(reference, arguments)
"""
CALL_IN_THREAD = """import asyncio
from flowloom.flows import Context, tool
@tool
def call_in_thread(ctx: Context, reference: str, **arguments):
    return asyncio.run(ctx.invoke(reference, arguments))
"""
TWICE = """from flowloom.flows import Context, tool
@tool
async def twice(ctx: Context):
    return [await ctx.invoke('node:a', {'x': 1}), await ctx.invoke('node:a', {'x': 2})]
"""
FILES = {"call.py": CALL, "call_in_thread.py": CALL_IN_THREAD, "twice.py": TWICE}


def folder_of(write_flow: Any, nodes: dict[str, Any], **more: Any) -> Any:
    return write_flow(nodes, files={**FILES, **more.pop("files", {})}, **more)


def error_of(result: Any) -> tuple[str, str | None]:
    assert result.error is not None
    return result.error.kind, result.error.node


@pytest.mark.parametrize("caller", ["call", "call_in_thread"])
def test_a_node_of_the_flow(write_flow: Any, caller: str, no_thread_left: None) -> None:
    folder = folder_of(write_flow, {"a": "both x=${inputs.q}", "b": f"{caller} reference=node:a y=Y"}, inputs={"q": "Q"}, outputs={"o": "${b.output}"})
    assert load_flow(folder).run() == {"o": ["Q", "Y"]}


def test_a_node_type(write_flow: Any) -> None:
    folder = folder_of(write_flow, {"b": {"use": "call reference=type:loom.text.join separator=-", "inputs": {"reference": "type:loom.text.join", "texts": ["a", "b"], "separator": "-"}}}, outputs={"o": "${b.output}"})
    result = load_flow(folder).run_result()
    if result.error is not None and "provides" in result.error.message:
        pytest.skip("loom.text.join is not part of this environment")
    assert result.outputs == {"o": "a-b"}


def test_a_flow_inside_the_folder(write_flow: Any) -> None:
    inner = write_flow({"x": "echo x=${inputs.word}", "y": "letters x=${x.output}"}, inputs={"word": "w"}, outputs={"word": "${y.output}"}, folder="flow/inner")
    folder = folder_of(write_flow, {"b": "call reference=flow:inner word=hello"}, outputs={"o": "${b.output}"})
    assert inner.parent == folder
    assert load_flow(folder).run() == {"o": {"word": "hello"}}


async def test_what_is_called_is_traced_below_its_caller(write_flow: Any) -> None:
    write_flow({"x": "letters"}, outputs={"word": "${x.output}"}, folder="flow/inner")
    folder = folder_of(write_flow, {"a": "echo x=1", "b": "twice", "c": "call reference=flow:inner"})
    async with load_flow(folder).stream() as events:
        found = [event async for event in events]
    assert {event.node for event in found if isinstance(event, NodeStarted)} == {"a", "b", "b/a", "b/a#2", "c", "c/x"}
    assert {event.node: event.output for event in found if isinstance(event, NodeFinished)}["b/a#2"] == 2
    assert [event.chunk for event in found if isinstance(event, NodeDelta) and event.node == "c/x"] == ["a", "b", "c"]


async def test_a_generator_that_is_called_gives_its_whole_text(write_flow: Any) -> None:
    for tool in ("letters", "aletters"):
        folder = folder_of(write_flow, {"a": tool, "b": "call reference=node:a x=xyz"}, outputs={"o": "${b.output}"}, folder=tool)
        assert await load_flow(folder).arun() == {"o": "xyz"}


async def test_a_failure_says_the_whole_way(write_flow: Any) -> None:
    write_flow({"x": "fail"}, folder="flow/inner")
    folder = folder_of(write_flow, {"b": "call reference=flow:inner"})
    async with load_flow(folder).stream() as events:
        failed = [event.node async for event in events if isinstance(event, NodeFailed)]
        result = await events.result()
    assert failed == ["b/x", "b"]
    assert error_of(result) == ("tool", "b/x")


def test_what_cannot_be_called(write_flow: Any) -> None:
    cases = {"node:nobody": "usage", "type:no.such.type": "usage", "flow:../outside": "path", "flow:/etc": "path", "file:x": "usage", "flow:nowhere": "usage"}
    for number, (reference, kind) in enumerate(cases.items()):
        folder = folder_of(write_flow, {"b": {"use": "call", "inputs": {"reference": reference}}}, folder=f"f{number}")
        assert error_of(load_flow(folder).run_result())[0] == kind


def test_a_value_that_comes_from_a_node_must_be_given(write_flow: Any) -> None:
    folder = folder_of(write_flow, {"a": "echo x=1", "c": {"use": "echo x=${a.output}", "activate": {"when": "${a.output}", "is": 2}}, "b": "call reference=node:c"})
    result = load_flow(folder).run_result()
    assert result.error is not None
    assert "without a value for 'x'" in result.error.message


def test_a_flow_that_calls_itself_ends(write_flow: Any, no_thread_left: None) -> None:
    folder = folder_of(write_flow, {"b": "call reference=flow:."})
    result = load_flow(folder).run_result()
    assert error_of(result)[0] == "limit"
    assert str(MAX_DEPTH) in str(result.error)


async def test_stopping_the_run_stops_what_was_called(write_flow: Any, no_thread_left: None) -> None:
    for caller in ("call", "call_in_thread"):
        folder = folder_of(write_flow, {"b": f"{caller} reference=node:n", "n": {"use": "never", "activate": {"when": "${inputs.q}", "is": "no"}}}, inputs={"q": "Q"}, folder=caller)
        async with load_flow(folder).stream() as events:
            found = []
            async for event in events:
                found.append(event)
                if isinstance(event, NodeStarted) and event.node == "b/n":
                    events.cancel()
        assert {event.node for event in found if isinstance(event, NodeCancelled)} >= {"b/n"}
        assert found[-1].status == "cancelled"


def test_usage_adds_up_to_the_caller(write_flow: Any) -> None:
    spend = (
        "from flowloom.flows import Context, tool\nfrom flowloom.flows.engine.events import Usage\n@tool\n"
        "def spend(ctx: Context, x=None):\n    ctx.usage(Usage(1, 2, 3, 1, 0.5, 'm'))\n    return 1\n"
    )
    folder = folder_of(write_flow, {"a": "spend", "b": "call reference=node:a"}, files={"spend.py": spend})
    result = load_flow(folder).run_result()
    assert result.nodes["b"].usage == result.nodes["a"].usage
    assert result.nodes["b"].usage is not None
    assert result.nodes["b"].usage.total_tokens == 3




async def test_a_flow_that_is_called_again_gets_a_number(write_flow: Any) -> None:
    write_flow({"x": "echo x=1"}, outputs={"o": "${x.output}"}, folder="flow/inner")
    twice = TWICE.replace("node:a", "flow:inner").replace("{'x': 1}", "{}").replace("{'x': 2}", "{}")
    folder = folder_of(write_flow, {"b": "twice"}, files={"twice.py": twice}, outputs={"o": "${b.output}"})
    async with load_flow(folder).stream() as events:
        started = [event.node async for event in events if isinstance(event, NodeStarted)]
    assert started == ["b", "b/x", "b#2/x"]
