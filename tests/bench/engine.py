"""What the engine costs: layered graphs of nodes that do nothing, written to disk, loaded, and run once with every event read.

``engine.us_per_node_100``, ``_1000``, ``_10000``  microseconds a node of a run. The reference ``asyncio`` is the same graph as bare tasks
                                  in the same process, in turns with ours; ``hamilton``, ``langgraph`` and ``haystack`` do it in Python
                                  environments of their own, the way their documentation runs a graph, built beforehand.
``engine.load_s_1000``, ``_10000``  seconds from the folder to a flow that can run: read, checked, the tool of each node imported
``engine.recorded_us_per_node_1000``  the same run with every event written, fingerprinted and in the run records when the clock stops
``engine.thread_us_per_node_1000``  sync tools; the reference ``to_thread`` is the bare graph with ``asyncio.to_thread``
``engine.side_by_side_s``           four async nodes that each wait half a second

Each round of ours has a folder written anew, and nothing is kept from one to the next. All figures are medians.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Any, Final, NamedTuple

from flowloom.flows import load_flow
from flowloom.flows.api import LoadedFlow
from flowloom.flows.runs.store import RunStore
from tests.bench.harness import Figures, peer

WIDTH: Final = 10
PARAMETERS: Final = ("a", "b", "c")
ROUNDS: Final = {100: 101, 1_000: 21, 10_000: 5}
"""How often each size is run."""

ASYNC_TOOL: Final = "async def work(a=None, b=None, c=None):\n    return 1"
SYNC_TOOL: Final = "def work(a=None, b=None, c=None):\n    return 1"
WAITING_TOOL: Final = "async def work():\n    await asyncio.sleep(0.5)\n    return 1"

PEERS: Final = {
    "hamilton": ("sf-hamilton==1.90.0", (100, 1_000, 10_000)),
    "langgraph": ("langgraph==1.2.22", (100, 1_000, 10_000)),
    # It looks at all components before it runs each: 4,000 take it twenty seconds, 10,000 minutes.
    "haystack": ("haystack-ai==3.4.0", (100, 1_000)),
}
PEER_SECONDS: Final = 180
NO_TELEMETRY: Final = {"HAMILTON_TELEMETRY_ENABLED": "false", "HAYSTACK_TELEMETRY_ENABLED": "false", "LANGSMITH_TRACING": "false"}

Graph = dict[str, dict[str, str]]
Work = Callable[..., Awaitable[Any]]


def measure() -> Figures:
    figures: dict[str, dict[str, Any]] = {}
    _layers(100, ASYNC_TOOL, _nothing, rounds=2)  # what a process does once, such as importing the engine
    for size, rounds in ROUNDS.items():
        found = _layers(size, ASYNC_TOOL, _nothing, rounds)
        figures[f"engine.us_per_node_{size}"] = _figure(found.ours / size * 1e6, "us", asyncio=found.bare / size * 1e6, **_peers(size))
        if size >= 1_000:
            figures[f"engine.load_s_{size}"] = _figure(found.load, "s")
    recorded = _layers(1_000, ASYNC_TOOL, _nothing, ROUNDS[1_000], record=True)
    figures["engine.recorded_us_per_node_1000"] = _figure(recorded.ours / 1_000 * 1e6, "us")
    threads = _layers(1_000, SYNC_TOOL, _nothing_in_thread, ROUNDS[1_000])
    figures["engine.thread_us_per_node_1000"] = _figure(threads.ours / 1_000 * 1e6, "us", to_thread=threads.bare / 1_000 * 1e6)
    figures["engine.side_by_side_s"] = _figure(_side_by_side(rounds=3), "s")
    return figures


def _figure(value: float, unit: str, **references: float) -> dict[str, Any]:
    return {"value": value, "unit": unit, "references": references}


# Ours and the bare graph


class Seconds(NamedTuple):
    """Medians over all rounds."""

    load: float
    ours: float
    bare: float


def _layers(size: int, tool: str, reference: Work, rounds: int, *, record: bool = False) -> Seconds:
    graph = _layered(size)
    found: list[Seconds] = []
    for _ in range(rounds):
        with _folder(graph, tool) as root:
            gc.collect()
            started = perf_counter()
            flow = load_flow(root)
            flow.prepare()
            load = perf_counter() - started
            bare = _timed(lambda: _bare(graph, reference))
            store = RunStore(root) if record else None
            ours = _timed(lambda flow=flow, store=store: _consumed(flow, size, store))
            if store is not None:
                (row,) = store.runs()
                run = store.run(row.id)
                assert run is not None
                assert all(node["fingerprint"] for node in run["nodes"].values())
                assert (row.status, len(run["nodes"])) == ("completed", size)
            flow.close()
        found.append(Seconds(load, ours, bare))
    return Seconds(*map(statistics.median, zip(*found, strict=True)))


def _side_by_side(rounds: int) -> float:
    graph: Graph = {f"n{number}": {} for number in range(4)}
    found: list[float] = []
    for _ in range(rounds):
        with _folder(graph, WAITING_TOOL) as root, load_flow(root) as flow:
            flow.prepare()
            found.append(_timed(lambda flow=flow: _consumed(flow, len(graph))))
    return statistics.median(found)


def _timed(work: Callable[[], Awaitable[None]]) -> float:
    async def clocked() -> float:
        started = perf_counter()
        await work()
        return perf_counter() - started

    gc.collect()
    return asyncio.run(clocked())


async def _consumed(flow: LoadedFlow, nodes: int, store: RunStore | None = None) -> None:
    """Run a flow and read every event; with a ``store`` also wait until all of them are in it."""
    count = 0
    async with flow.stream_run(record=store is not None) as events:
        async for _ in events:
            count += 1
    if store is not None:
        store.flush()
    assert count == 2 * nodes + 2, count


async def _bare(graph: Graph, work: Work) -> None:
    """The graph as asyncio tasks, nothing else."""
    tasks: dict[str, asyncio.Task[Any]] = {}

    async def run(wires: dict[str, str]) -> Any:
        given = {}
        for parameter, source in wires.items():
            given[parameter] = await tasks[source]
        return await work(**given)

    for name, wires in graph.items():
        tasks[name] = asyncio.create_task(run(wires))
    await asyncio.gather(*tasks.values())


async def _nothing(a: Any = None, b: Any = None, c: Any = None) -> int:
    return 1


def _nothing_sync(a: Any = None, b: Any = None, c: Any = None) -> int:
    return 1


def _nothing_in_thread(**given: Any) -> Awaitable[Any]:
    return asyncio.to_thread(_nothing_sync, **given)


def _layered(size: int) -> Graph:
    """Layers of ten nodes; each takes the outputs of three nodes of the layer before, by parameter."""
    graph: Graph = {}
    for number in range(size):
        layer = number // WIDTH
        wires = {parameter: f"n{(layer - 1) * WIDTH + (number + step) % WIDTH}" for step, parameter in enumerate(PARAMETERS)}
        graph[f"n{number}"] = wires if layer else {}
    return graph


@contextlib.contextmanager
def _folder(graph: Graph, tool: str) -> Iterator[Path]:
    """A fresh flow folder of the graph, each node running ``tool``."""
    with tempfile.TemporaryDirectory(prefix="bench-") as root:
        (Path(root) / "work.py").write_text(f"import asyncio\nfrom promptflow.core import tool\n\n@tool\n{tool}\n", encoding="utf-8")
        lines = ["outputs:", f"  last: {{type: int, reference: '${{n{len(graph) - 1}.output}}'}}", "nodes:"]
        for name, wires in graph.items():
            inputs = ", ".join(f"{parameter}: '${{{source}.output}}'" for parameter, source in wires.items())
            lines += [f"- name: {name}", "  type: python", "  source: {type: code, path: work.py}", f"  inputs: {{{inputs}}}"]
        (Path(root) / "flow.dag.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        yield Path(root)


# Peers


def _peers(size: int) -> dict[str, float]:
    """Microseconds a node, by peer; one that fails or takes too long is left out, and said to be."""
    found: dict[str, float] = {}
    script = Path(__file__).with_name("_engine_peers.py")
    for name, (requirement, sizes) in PEERS.items():
        if size not in sizes:
            continue
        command = [peer(name, requirement) / "python", script, name, str(size)]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=PEER_SECONDS, check=True, env={**os.environ, **NO_TELEMETRY}
            )
        except subprocess.TimeoutExpired:
            print(f"{name} did not run {size} nodes within {PEER_SECONDS} seconds.", file=sys.stderr)
        except subprocess.CalledProcessError as error:
            print(f"{name} could not run {size} nodes: {error.stderr[-400:]}", file=sys.stderr)
        else:
            found[name] = json.loads(done.stdout.splitlines()[-1])
    return found
