"""Random graphs in any order of completion, and stops at any instant."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterator
from random import Random
from types import ModuleType
from typing import Any

import pytest

from flowloom.flows import load_flow
from flowloom.flows.engine.events import NodeFinished, NodeStarted, RunFinished

GATED = """from promptflow.core import tool
import flowloom_test_gates
@tool
async def gated(me: str, **parts):
    await flowloom_test_gates.turn(me)
    return me + '(' + ','.join(''.join(parts[name]) for name in sorted(parts)) + ')'
"""
TOOLS = {
    "sync": "@tool\ndef sync(me: str, **parts):\n    return me + '(' + ','.join(''.join(parts[name]) for name in sorted(parts)) + ')'",
    "stream": "@tool\ndef stream(me: str, **parts):\n    yield me + '('\n"
    "    for position, name in enumerate(sorted(parts)):\n        yield ',' * bool(position)\n        yield from parts[name]\n    yield ')'",
}


def tasks_left() -> set[asyncio.Task[Any]]:
    """Tasks of the running loop besides the caller's."""
    return asyncio.all_tasks() - {asyncio.current_task()}  # type: ignore[arg-type]


class Gates(ModuleType):
    """Holds async tools back, and lets them go one at a time in a random order once nothing else moves."""

    def __init__(self, rng: Random) -> None:
        super().__init__("flowloom_test_gates")
        self.rng = rng
        self.waiting: dict[str, asyncio.Future[None]] = {}
        self.order: list[str] = []
        self.moves = 0

    async def turn(self, me: str) -> None:
        loop = asyncio.get_running_loop()
        self.waiting[me] = loop.create_future()
        self.moves += 1
        loop.call_soon(self._quiet, self.moves, 6)
        await self.waiting[me]
        self.order.append(me)

    def _quiet(self, moves: int, turns: int) -> None:
        """Let one go after some turns of the loop in which nobody else came."""
        if moves != self.moves or not self.waiting:
            return
        loop = asyncio.get_running_loop()
        if turns:
            loop.call_soon(self._quiet, moves, turns - 1)
            return
        name = self.rng.choice(sorted(self.waiting))
        self.waiting.pop(name).set_result(None)
        self.moves += 1
        loop.call_soon(self._quiet, self.moves, 6)


@pytest.fixture
def gates(rng: Random) -> Iterator[Gates]:
    module = Gates(rng)
    sys.modules[module.__name__] = module
    yield module
    del sys.modules[module.__name__]


def random_nodes(rng: Random, size: int, tools: tuple[str, ...]) -> dict[str, str]:
    nodes: dict[str, str] = {}
    for number in range(size):
        name = f"n{number}"
        upstream = rng.sample(sorted(nodes), min(len(nodes), rng.choice((0, 1, 1, 2, 3))))
        wires = " ".join(f"p{position}=${{{source}.output}}" for position, source in enumerate(upstream))
        nodes[name] = f"{rng.choice(tools)} me={name} {wires}".strip()
    shuffled = list(nodes.items())
    rng.shuffle(shuffled)
    return dict(shuffled)


def expected(nodes: dict[str, str], name: str) -> str:
    _, _, *wires = nodes[name].split()
    return name + "(" + ",".join(expected(nodes, wire.split("{")[1].split(".")[0]) for wire in wires) + ")"


@pytest.mark.usefixtures("no_thread_left")
async def test_random_graphs_give_the_same_in_any_order(write_flow: Any, rng: Random, gates: Gates, samples: int) -> None:
    orders = set()
    for round_ in range(12 * samples):
        nodes = random_nodes(rng, rng.randint(1, 30), ("gated", "gated", "sync", "stream"))
        outputs = {f"o_{name}": f"${{{name}.output}}" for name in nodes}
        folder = write_flow(nodes, outputs=outputs, tools=TOOLS, files={"gated.py": GATED}, folder=f"flow{round_}")
        flow = load_flow(folder)
        for _ in range(2):
            gates.order.clear()
            found = await asyncio.wait_for(flow.arun(), 60)
            assert found == {f"o_{name}": expected(nodes, name) for name in nodes}
            orders.add(tuple(gates.order))
        assert not tasks_left()
    assert len(orders) > 12 * samples


async def test_nodes_start_as_soon_as_what_they_need_is_there(write_flow: Any, gates: Gates) -> None:
    """No levels: 'late' waits for ever beside a whole chain."""
    nodes = {"late": "gated me=late", "a": "echo x=1", "b": "echo x=${a.output}", "c": "echo x=${b.output}"}
    flow = load_flow(write_flow(nodes, files={"gated.py": GATED}))
    finished = []
    gates.turn = lambda me: asyncio.Event().wait()  # type: ignore[method-assign]
    async with flow.stream() as events:
        async for event in events:
            if isinstance(event, NodeFinished):
                finished.append(event.node)
                if event.node == "c":
                    break
    assert finished == ["a", "b", "c"]


MIXED = {
    "a": "aecho x=1",
    "b": "aletters x=abcdef",
    "c": "ajoin x=${b.output}",
    "d": "letters x=ghijkl",
    "e": "join x=${d.output}",
    "f": "upper x=${d.output}",
    "g": {"use": "flaky x=${a.output}", "retry": {"attempts": 3, "backoff_seconds": 0}},
    "h": {"use": "echo x=${e.output}", "activate": {"when": "${a.output}", "is": 2}},
    "i": "ask.jinja2 x=${c.output}",
    "j": {"use": "aecho x=${f.output}", "timeout_seconds": 60},
    "k": "stay x=${a.output}",
    "z": {"use": "count x=${i.output}", "aggregation": True},
}
STAY = """from flowloom.flows import Context, tool
import threading
@tool
def stay(ctx: Context, x=None):
    while not ctx.cancelled:
        threading.Event().wait(0.002)
    return 'stopped'
"""
FLAKY = "@tool\nasync def flaky(x=None): raise ValueError('again')"


@pytest.mark.usefixtures("no_thread_left")
@pytest.mark.parametrize("how", ["leave", "cancel", "cancel the task"])
async def test_cancel_at_any_instant(write_flow: Any, how: str, samples: int, rng: Random) -> None:
    """After every event of a run, and between them: nothing runs on, and no node is left without an end."""
    folder = write_flow(MIXED, outputs={"o": "${f.output}"}, tools={"flaky": FLAKY}, files={"ask.jinja2": "{{x}}", "stay.py": STAY})
    flow = load_flow(folder)
    flow.prepare()
    for instant in range(45):
        for turns in (0, rng.randint(1, 8)) * samples:
            started, ended, last = await stop_after(flow, instant, turns, how)
            assert not tasks_left(), (instant, turns)
            assert started == ended, (instant, turns)
            if last is not None:
                assert last.status in ("cancelled", "failed")


async def stop_after(flow: Any, instant: int, turns: int, how: str) -> tuple[set[str], set[str], RunFinished | None]:
    events: list[Any] = []

    async def read(stream: Any) -> None:
        async for event in stream:
            events.append(event)

    async def whole() -> None:
        async with flow.stream() as stream:
            async for event in stream:
                events.append(event)
                if len(events) > instant:
                    for _ in range(turns):
                        await asyncio.sleep(0)
                    if how == "leave":
                        break
                    if how == "cancel the task":
                        task.cancel()
                        await asyncio.sleep(0)
                    stream.cancel()
                    await read(stream)
                    break

    task = asyncio.create_task(whole())
    await asyncio.wait({task}, timeout=30)
    assert task.done()
    if not task.cancelled():
        task.result()
    last = events[-1] if isinstance(events[-1], RunFinished) else None
    if how != "cancel":
        return set(), set(), last
    started = {event.node for event in events if isinstance(event, NodeStarted)}
    ended = {event.node for event in events if event.type in ("node_finished", "node_cancelled") or (event.type == "node_failed" and not event.will_retry)}
    return started, ended, last


@pytest.mark.usefixtures("no_thread_left")
async def test_cancelling_the_caller_stops_everything_before_it_raises(write_flow: Any) -> None:
    flow = load_flow(write_flow({"a": "never", "b": "forever", "c": "join x=${b.output}", "d": "stay"}, files={"stay.py": STAY}))
    task = asyncio.create_task(flow.arun())
    while threading.active_count() < 4:  # noqa: ASYNC110 - a thread has no event to wait for
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 20)
    assert not tasks_left()


@pytest.mark.usefixtures("no_thread_left")
async def test_what_does_not_stop_is_left_behind_and_said(write_flow: Any) -> None:
    deaf = "@tool\nasync def deaf():\n    import flowloom_test_deaf as module\n    while not module.heard.is_set():\n        try: await asyncio.sleep(60)\n        except asyncio.CancelledError: module.count.append(1)"
    stuck = "@tool\ndef stuck():\n    import flowloom_test_deaf as module\n    module.heard.wait()"
    before = set(threading.enumerate())
    module: Any = ModuleType("flowloom_test_deaf")
    module.heard, module.count = threading.Event(), []
    sys.modules["flowloom_test_deaf"] = module
    try:
        flow = load_flow(write_flow({"a": "deaf", "b": "stuck"}, tools={"deaf": deaf, "stuck": stuck}))
        events: list[Any] = []
        async with flow.stream_run(grace=0.1) as stream:
            async for event in stream:
                events.append(event)
                if sum(isinstance(event, NodeStarted) for event in events) == 2 and not any(event.type == "node_cancelled" for event in events):
                    await asyncio.sleep(0)
                    stream.cancel()
        said = " ".join(event.text for event in events if event.type == "log")
        assert "'a' does not stop" in said
        assert "'b' does not stop" in said
        assert "A thread of 'b' cannot be stopped" in said
        assert {event.node for event in events if event.type == "node_cancelled"} == {"a", "b"}
        assert events[-1].status == "cancelled"
    finally:
        module.heard.set()
        del sys.modules["flowloom_test_deaf"]
        for task in tasks_left():
            task.cancel()
        await asyncio.gather(*tasks_left(), return_exceptions=True)
        for thread in threading.enumerate():
            if thread.name.startswith("flow-") and thread not in before:
                thread.join(5)


def test_nodes_that_wait_for_each_other_fail_the_run(write_flow: Any) -> None:
    from flowloom.flows.engine.prepare import shape_of

    flow = load_flow(write_flow({"a": "echo x=1"}))
    prepared = flow.prepare()
    step = prepared.step("a")
    from dataclasses import replace

    prepared._whole[False] = shape_of({"a": replace(step, upstream=frozenset({"b"})), "b": replace(step, name="b", upstream=frozenset({"a"}))})
    result = flow.run_result()
    assert result.status == "failed"
    assert result.error is not None
    assert "wait for each other" in result.error.message


def test_a_tool_that_ends_the_program_fails_alone(write_flow: Any) -> None:
    sources = {"leave": "@tool\ndef leave():\n    import sys\n    sys.exit(3)", "aleave": "@tool\nasync def aleave():\n    import sys\n    sys.exit(3)"}
    for tool in sources:
        result = load_flow(write_flow({"a": tool}, tools=sources, folder=tool)).run_result()
        assert result.nodes["a"].status == "failed"


def test_a_tool_that_cancels_itself_has_failed(write_flow: Any) -> None:
    source = "@tool\nasync def suicidal():\n    asyncio.current_task().cancel()\n    await asyncio.sleep(0)"
    result = load_flow(write_flow({"a": "suicidal"}, tools={"suicidal": source})).run_result()
    assert result.status == "failed"
    assert result.nodes["a"].status == "failed"


def test_many_sync_nodes_wait_for_a_thread(write_flow: Any, no_thread_left: None) -> None:
    nodes: dict[str, Any] = {f"n{number}": f"echo x={number}" for number in range(200)}
    result = load_flow(write_flow(nodes)).run_result()
    assert [node.output for node in result.nodes.values()] == list(range(200))


def test_tools_may_not_change_what_the_next_run_gets(write_flow: Any) -> None:
    grow = "@tool\ndef grow(x: list):\n    x.append(1)\n    return len(x)"
    flow = load_flow(write_flow({"a": {"use": "grow", "inputs": {"x": [0]}}}, outputs={"o": "${a.output}"}, tools={"grow": grow}))
    assert [flow.run(), flow.run()] == [{"o": 2}, {"o": 2}]


def test_context_variables_of_a_tool_stay_its_own(write_flow: Any) -> None:
    mark = "from shared import seen\n@tool\n{}def {}(x=None):\n    before = seen.get()\n    seen.set('set')\n    return before"
    tools = {"mark": mark.format("", "mark"), "amark": mark.format("async ", "amark")}
    shared = "import contextvars\nseen = contextvars.ContextVar('seen', default='none')\n"
    nodes = {"a": "amark", "b": "amark x=${a.output}", "c": "mark x=${b.output}", "d": "amark x=${c.output}"}
    result = load_flow(write_flow(nodes, tools=tools, files={"shared.py": shared})).run_result()
    result.raise_for_status()
    assert {node.output for node in result.nodes.values()} == {"none"}
