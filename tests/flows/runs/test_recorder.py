"""What a recorder makes of events, read back from the file."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from flowloom.flows import load_flow
from flowloom.flows.engine.events import (
    Log,
    NodeCancelled,
    NodeFailed,
    NodeFinished,
    NodeSkipped,
    NodeStarted,
    RunFinished,
    RunStarted,
    Usage,
)
from flowloom.flows.errors import ToolError
from flowloom.flows.runs.recorder import Place, Recorder, in_a_line
from flowloom.flows.runs.store import RunStore
from flowloom.flows.runs.writer import writer


def recorded(root: Path, *events: Any, **more: Any) -> dict[str, Any]:
    store = RunStore(root)
    recorder = Recorder(writer, store.file, more.pop("inputs", {}), Place(), **more)
    for event in (RunStarted("r", "flow", (), 1.0), *events, RunFinished("r", "completed", {}, None, 2.0)):
        recorder(event)
    store.flush()
    assert writer.trouble == []
    found = store.run("r")
    assert found is not None
    return found


def test_every_way_a_node_ends(tmp_path: Path) -> None:
    again = NodeFailed("b", ToolError("not yet"), 0.1, will_retry=True)
    nodes = recorded(
        tmp_path,
        *(NodeStarted("a", 1.5), NodeFinished("a", [1], 0.5, Usage(1, 2, 3, 1, 0.25, "m"), True, "length")),
        *(NodeStarted("b", 1.6), again, NodeStarted("b", 1.7, 2), NodeFailed("b", ToolError("broke", hint="mend it"), 0.2)),
        *(NodeSkipped("c", "activate", "It runs only on Sundays."), NodeStarted("d", 1.8), NodeCancelled("d", 0.3)),
    )["nodes"]
    a, b, c, d = (nodes[name] for name in "abcd")
    assert (a["status"], a["started"], a["seconds"], a["output"], a["cached"], a["outcome"]) == ("completed", 1.5, 0.5, [1], True, "length")
    assert a["usage"] == Usage(1, 2, 3, 1, 0.25, "m").as_json()
    assert (b["status"], b["attempt"], b["started"], b["error"]["message"], b["error"]["hint"]) == ("failed", 2, 1.7, "broke", "mend it")
    assert (c["status"], c["why"], c["started"]) == ("bypassed", "It runs only on Sundays.", None)
    assert (d["status"], d["seconds"]) == ("cancelled", 0.3)


def test_values_no_database_can_hold_are_shown(tmp_path: Path) -> None:
    found = recorded(
        tmp_path,
        NodeFinished("a", {"x": "\x00\ud800"}, 0.1),
        NodeFinished("b", object, 0.1),
        NodeFinished("c", float("nan"), 0.1),
        inputs={"q": "\udfff"},
    )
    assert found["inputs"] == {"q": "\\udfff"}
    assert found["nodes"]["a"]["output"] == {"x": "\\u0000\\ud800"}
    assert found["nodes"]["b"]["output"] == "<class 'object'>"
    assert found["nodes"]["b"]["fingerprint"] is None
    assert found["nodes"]["c"]["output"] != found["nodes"]["c"]["output"]


def test_a_value_is_written_as_it_was_at_that_moment(tmp_path: Path) -> None:
    value = [1]

    store = RunStore(tmp_path)
    recorder = Recorder(writer, store.file, {})
    recorder(RunStarted("r", "flow", (), 1.0))
    recorder(NodeFinished("a", value, 0.1))
    value.append(2)
    recorder(RunFinished("r", "completed", {}, None, 2.0))
    store.flush()
    assert store.run("r")["nodes"]["a"]["output"] == [1]  # type: ignore[index]


def test_notes_keep_their_order_beyond_one_transaction(tmp_path: Path) -> None:
    logs = [Log("a", str(number)) for number in range(1000)]
    assert [log["text"] for log in recorded(tmp_path, *logs)["logs"]] == [str(number) for number in range(1000)]


def test_a_cancelled_run_leaves_no_node_running(write_flow: Any) -> None:
    root = write_flow({"a": "never"})

    async def run() -> str:
        stream = load_flow(root).stream_run(record=True)
        async with stream as events:
            async for event in events:
                if isinstance(event, NodeStarted):
                    stream.cancel()
        return (await stream.result()).run_id

    id = asyncio.run(run())
    store = RunStore(root)
    store.flush()
    run_ = store.run(id)
    assert run_ is not None
    assert (run_["status"], run_["nodes"]["a"]["status"], run_["error"]["kind"]) == ("cancelled", "cancelled", "cancelled")


def test_the_inputs_in_one_line() -> None:
    assert in_a_line({"question": "What\n is  a flow?"}) == "What is a flow?"
    assert in_a_line({"q": "Hi", "n": 3, "list": [1, "a"]}) == 'q: Hi · n: 3 · list: [1, "a"]'
    assert in_a_line({}) == ""
    assert in_a_line({"q": "\x00" + "x" * 1_000_000}).startswith("\\u0000xxx")
    assert len(in_a_line({f"name{n}": "x" * 100 for n in range(1000)})) == 200
