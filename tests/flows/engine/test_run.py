"""Partial runs, pins, given values, and what a run tells about itself."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from flowloom.flows import load_flow
from flowloom.flows.engine.events import Log, NodeFinished, RunFinished, RunStarted
from flowloom.flows.engine.run import Run, RunOptions
from flowloom.flows.errors import UsageError

NODES = {
    "a": "echo x=${inputs.q}",
    "b": "both x=${a.output} y=${inputs.unused}",
    "c": "echo x=${b.output}",
    "z": {"use": "count x=${a.output}", "aggregation": True},
}
INPUTS = {"q": "Q", "unused": {"type": "string"}}
OUTPUTS = {"oa": "${a.output}", "oc": "${c.output}", "oq": "${inputs.q}"}


@pytest.fixture
def folder(write_flow: Any) -> Any:
    return write_flow(NODES, inputs=INPUTS, outputs=OUTPUTS)


def statuses(result: Any) -> dict[str, str]:
    return {name: node.status for name, node in result.nodes.items()}


def test_up_to_a_node_asks_only_for_its_inputs(folder: Any) -> None:
    result = load_flow(folder).run_result(node="a")
    assert statuses(result) == {"a": "completed"}
    assert result.outputs == {"oa": "Q"}
    whole = load_flow(folder).run_result()
    assert (whole.status, whole.error and whole.error.field) == ("failed", "unused")


def test_up_to_an_aggregation_node(folder: Any) -> None:
    result = load_flow(folder).run_result(node="z")
    assert statuses(result) == {"a": "completed", "z": "completed"}
    assert result.metrics == {"rows": 1}


def test_one_node_alone(folder: Any) -> None:
    result = load_flow(folder).run_result({"unused": "U"}, node="b", only=True, given={"a": "given"})
    assert statuses(result) == {"b": "completed"}
    assert result.nodes["b"].output == ["given", "U"]


def test_a_given_value_stands_for_a_node(folder: Any) -> None:
    result = load_flow(folder).run_result({"unused": "U"}, given={"b": "given"})
    assert statuses(result) == {"a": "completed", "c": "completed", "z": "completed"}
    assert result.outputs == {"oa": "Q", "oc": "given", "oq": "Q"}


def test_pins_stand_for_nodes_only_where_asked(folder: Any) -> None:
    (folder / "flow.pins.json").write_text(json.dumps({"version": 1, "pins": {"b": {"output": "pinned"}, "gone": {"output": 1}}}))
    flow = load_flow(folder)
    assert flow.run_result({"unused": "U"}).outputs["oc"] == ["Q", "U"]
    pinned = flow.run_result({"unused": "U"}, pins=True)
    assert pinned.outputs["oc"] == "pinned"
    assert (pinned.nodes["b"].status, pinned.nodes["b"].output, pinned.nodes["b"].cached) == ("completed", "pinned", True)


def test_wishes_that_do_not_fit_the_flow(folder: Any) -> None:
    flow = load_flow(folder)
    for wish in ({"node": "nobody"}, {"only": True}, {"given": {"nobody": 1}}, {"node": "b", "only": True}):
        with pytest.raises(UsageError):
            flow.run_result(**wish)


async def test_what_a_run_says(folder: Any) -> None:
    flow = load_flow(folder)
    async with flow.stream_run({"unused": "U"}, run_id="my-run") as events:
        found = [event async for event in events]
        result = await events.result()
    assert isinstance(found[0], RunStarted)
    assert (found[0].run_id, found[0].flow, found[0].nodes) == ("my-run", "flow", ("a", "b", "c", "z"))
    assert isinstance(found[-1], RunFinished)
    assert (found[-1].status, found[-1].outputs) == ("completed", result.outputs)
    assert [event.node for event in found if isinstance(event, NodeFinished)] == ["a", "b", "c", "z"]
    assert result.run_id == "my-run"
    assert 0 < sum(node.seconds for node in result.nodes.values()) <= result.seconds


def test_what_keeps_a_flow_from_starting_is_its_failure(write_flow: Any) -> None:
    for number, (nodes, kind) in enumerate(
        [
            ({"a": "missing"}, "tool_load"),
            ({"a": "broken"}, "tool_load"),
            ({"a": {"use": "echo", "source": {"type": "package", "tool": "no.such.tool"}}}, None),
            ({"a": "echo x=${nobody.output}"}, "invalid_flow"),
        ]
    ):
        folder = write_flow(nodes, tools={"broken": "raise ImportError('no')"}, folder=f"f{number}")
        (folder / "missing.py").unlink(missing_ok=True)
        result = load_flow(folder).run_result()
        assert (result.status, result.nodes) == ("failed", {})
        assert result.error is not None
        assert kind is None or result.error.kind in (kind, "document", "invalid_flow")


async def test_it_starts_and_ends_for_readers_of_events_too(write_flow: Any) -> None:
    folder = write_flow({"a": "broken"}, tools={"broken": "raise ImportError('no')"})
    async with load_flow(folder).stream() as events:
        found = [event.type async for event in events]
    assert found == ["run_started", "run_finished"]


def test_rows_and_their_aggregation_by_themselves(folder: Any) -> None:
    prepared = load_flow(folder).prepare()

    async def batch() -> Any:
        rows = []
        for text in ("one", "two"):
            run = Run(prepared, {"q": text, "unused": ""}, RunOptions(part="row"))
            result = await run.execute()
            assert "z" not in result.nodes
            rows.append(run.row)
        return await Run(prepared, {}, RunOptions(part="aggregation", rows=rows)).execute()  # type: ignore[arg-type]

    result = asyncio.run(batch())
    assert (result.nodes["z"].output, result.metrics) == (["one", "two"], {"rows": 2})


async def test_a_thread_that_outlives_its_time_limit_is_reported(write_flow: Any, no_thread_left: None) -> None:
    import sys
    import threading
    from types import ModuleType

    before = set(threading.enumerate())
    module: Any = ModuleType("flowloom_test_release")
    module.event = threading.Event()
    sys.modules[module.__name__] = module
    source = "@tool\ndef stuck():\n    import flowloom_test_release\n    flowloom_test_release.event.wait()"
    flow = load_flow(write_flow({"a": {"use": "stuck", "timeout_seconds": 0.05}}, tools={"stuck": source}))
    try:
        async with flow.stream_run(grace=0.1) as events:
            said = [event.text async for event in events if isinstance(event, Log)]
            result = await events.result()
        assert said == ["A thread of 'a' cannot be stopped and goes on in the background."]
        assert (result.error and result.error.kind) == "timeout"
    finally:
        module.event.set()
        for thread in threading.enumerate():
            if thread.name.startswith("flow-") and thread not in before:
                thread.join(5)
        del sys.modules[module.__name__]


def test_a_fault_of_the_engine_is_the_runs_error(write_flow: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from flowloom.flows.engine import scheduler

    flow = load_flow(write_flow({"a": "aecho x=1"}))
    flow.prepare()
    monkeypatch.setattr(scheduler, "NodeFinished", lambda *values: 1 / 0)
    result = flow.run_result()
    assert result.status == "failed"
    assert result.error is not None
    assert "The engine failed: ZeroDivisionError" in result.error.message
