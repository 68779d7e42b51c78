"""What the engine costs a node: layered graphs of nodes that do nothing, written to disk, loaded, run with their events consumed.

Loading and running are measured apart. The bare references do the same graph in the same process, in turns with ours, so that a busy
machine slows both; peers run in virtual environments of their own. Each figure is the best of several rounds.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

from flowloom.flows import load_flow
from tests.bench.harness import Figures, peer

WIDTH = 10
PARAMETERS = ("a", "b", "c")
SIZES = (100, 1_000, 10_000)
PEERS = {"hamilton": ("sf-hamilton",), "langgraph": ("langgraph",), "haystack": ("haystack-ai",)}
PEER_SIZES = (100, 1_000)
PEER_SECONDS = 240

Graph = dict[str, dict[str, str]]
Work = Callable[..., Any]


def layered(size: int) -> Graph:
    """Layers of ten nodes; each takes the outputs of three nodes of the layer before, by parameter."""
    graph: Graph = {}
    for number in range(size):
        layer = number // WIDTH
        wires = {parameter: f"n{(layer - 1) * WIDTH + (number + step) % WIDTH}" for step, parameter in enumerate(PARAMETERS)}
        graph[f"n{number}"] = wires if layer else {}
    return graph


@contextlib.contextmanager
def folder(graph: Graph, tool: str) -> Iterator[Path]:
    """A fresh flow folder of the graph, each node running ``tool``."""
    with tempfile.TemporaryDirectory(prefix="bench-") as root:
        (Path(root) / "work.py").write_text(f"import asyncio\nfrom promptflow.core import tool\n\n@tool\n{tool}\n")
        lines = ["outputs:", f"  last: {{type: int, reference: '${{n{len(graph) - 1}.output}}'}}", "nodes:"]
        for name, wires in graph.items():
            inputs = ", ".join(f"{parameter}: '${{{source}.output}}'" for parameter, source in wires.items())
            lines += [f"- name: {name}", "  type: python", "  source: {type: code, path: work.py}", f"  inputs: {{{inputs}}}"]
        (Path(root) / "flow.dag.yaml").write_text("\n".join(lines) + "\n")
        yield Path(root)


def timed(work: Callable[[], Awaitable[None]]) -> float:
    async def clocked() -> float:
        started = perf_counter()
        await work()
        return perf_counter() - started

    gc.collect()
    return asyncio.run(clocked())


async def nothing(a: Any = None, b: Any = None, c: Any = None) -> int:
    return 1


def nothing_sync(a: Any = None, b: Any = None, c: Any = None) -> int:
    return 1


async def bare(graph: Graph, work: Work) -> None:
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


def in_thread(**given: Any) -> Awaitable[Any]:
    return asyncio.to_thread(nothing_sync, **given)


async def consumed(flow: Any, nodes: int, **options: Any) -> None:
    """Run a flow and read every event."""
    count = 0
    async with flow.stream_run(**options) as events:
        async for _ in events:
            count += 1
    assert count == 2 * nodes + 2, count


def against(size: int, tool: str, reference: Work, rounds: int) -> tuple[float, float, float]:
    """Microseconds a node of ours and of the bare graph, and the seconds that loading took."""
    graph = layered(size)
    with folder(graph, tool) as root:
        started = perf_counter()
        flow = load_flow(root)
        flow.prepare()
        loading = perf_counter() - started
        ours, bare_ones = [], []
        for _ in range(rounds):
            bare_ones.append(timed(lambda: bare(graph, reference)))
            ours.append(timed(lambda: consumed(flow, size)))
        flow.close()
    return min(ours) / size * 1e6, min(bare_ones) / size * 1e6, loading


def recorded(size: int, rounds: int) -> float:
    """The same with every event written, fingerprinted and in the database before the clock stops."""
    from flowloom.flows.runs.store import RunStore

    with folder(layered(size), "async def work(a=None, b=None, c=None):\n    return 1") as root:
        flow = load_flow(root)
        flow.prepare()
        store = RunStore(root)

        async def once() -> None:
            await consumed(flow, size, record=True)
            store.flush()

        best = min(timed(once) for _ in range(rounds))
        assert store.runs()[0].status == "completed"
        flow.close()
    return best / size * 1e6


def side_by_side() -> float:
    """Seconds for four async nodes that each wait half a second."""
    graph: Graph = {f"n{number}": {} for number in range(4)}
    with folder(graph, "async def work():\n    await asyncio.sleep(0.5)\n    return 1") as root:
        flow = load_flow(root)
        flow.prepare()
        return timed(lambda: consumed(flow, 4))


def of_peers() -> dict[str, dict[int, float]]:
    """Microseconds a node, by peer and size; sizes that a peer does not manage in time are left out."""
    found: dict[str, dict[int, float]] = {}
    script = Path(__file__).with_name("_engine_peers.py")
    for name, requirements in PEERS.items():
        python = peer(name, *requirements) / "python"
        for size in PEER_SIZES:
            try:
                done = subprocess.run([python, script, name, str(size)], capture_output=True, text=True, timeout=PEER_SECONDS, check=True)
            except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
                print(f"{name} with {size} nodes: {type(error).__name__} {getattr(error, 'stderr', '') or ''}"[-400:], file=sys.stderr)
                break
            found.setdefault(name, {})[size] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure() -> Figures:
    figures: dict[str, dict[str, Any]] = {}
    peers = of_peers()
    tool = "async def work(a=None, b=None, c=None):\n    return 1"
    for size in SIZES:
        ours, reference, loading = against(size, tool, nothing, rounds=max(5, 20_000 // size))
        others = {name: by_size[size] for name, by_size in peers.items() if size in by_size}
        figures[f"engine.us_per_node_{size}"] = {"value": ours, "unit": "us", "references": {"asyncio": reference, **others}}
        figures[f"engine.load_us_per_node_{size}"] = {"value": loading / size * 1e6, "unit": "us", "references": {}}
    figures["engine.recorded_us_per_node_1000"] = {"value": recorded(1_000, 10), "unit": "us", "references": {}}
    ours, reference, _ = against(1_000, tool.removeprefix("async "), in_thread, rounds=10)
    figures["engine.thread_us_per_node_1000"] = {"value": ours, "unit": "us", "references": {"to_thread": reference}}
    figures["engine.side_by_side_s"] = {"value": side_by_side(), "unit": "s", "references": {}}
    return figures
