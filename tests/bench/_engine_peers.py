"""The layered graph in another engine, run by that engine's own Python: prints the microseconds a node of the middle one of
five runs, after one that is not counted and after building the graph.

    python _engine_peers.py hamilton|langgraph|haystack SIZE
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
from collections.abc import Callable
from time import perf_counter
from types import ModuleType
from typing import Any

WIDTH = 10
RUNS = 5


def sources(number: int) -> list[int]:
    layer = number // WIDTH
    return [(layer - 1) * WIDTH + (number + step) % WIDTH for step in range(3)] if layer else []


def hamilton(size: int) -> Callable[[], Any]:
    from hamilton import driver

    # It walks the graph by recursion, and a thousand layers are deeper than Python goes unasked.
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 20 * size))
    module = ModuleType("graph")
    lines = []
    for number in range(size):
        parameters = ", ".join(f"n{source}: int" for source in sources(number))
        lines.append(f"def n{number}({parameters}) -> int:\n    return 1\n")
    exec("\n".join(lines), module.__dict__)  # noqa: S102 - this file's own text
    for value in vars(module).values():
        if callable(value) and hasattr(value, "__module__"):
            value.__module__ = "graph"
    sys.modules["graph"] = module
    built = driver.Builder().with_modules(module).build()
    last = [f"n{number}" for number in range(size - WIDTH, size)]
    return lambda: built.execute(last)


def langgraph(size: int) -> Callable[[], Any]:
    from typing import Annotated, TypedDict

    from langgraph.graph import START, StateGraph

    # Both without annotations of their own: langgraph evaluates those where it cannot see this function's names.
    State = TypedDict("State", {"count": Annotated[int, lambda before, after: after]})  # noqa: UP013

    async def nothing(state):  # type: ignore[no-untyped-def]
        return {"count": 1}

    graph = StateGraph(State)
    for number in range(size):
        graph.add_node(f"n{number}", nothing)
        upstream = sources(number)
        graph.add_edge([f"n{source}" for source in upstream] if upstream else START, f"n{number}")
    compiled = graph.compile()

    def run() -> None:
        import asyncio

        async def consume() -> None:
            async for _ in compiled.astream({"count": 0}, {"recursion_limit": size + 10}, stream_mode="updates"):
                pass

        asyncio.run(consume())

    return run


def haystack(size: int) -> Callable[[], Any]:
    from haystack import Pipeline, component

    @component
    class First:
        @component.output_types(value=int)
        def run(self) -> dict[str, int]:
            return {"value": 1}

    @component
    class Nothing:
        @component.output_types(value=int)
        def run(self, a: int, b: int, c: int) -> dict[str, int]:
            return {"value": 1}

    pipeline = Pipeline()
    for number in range(size):
        upstream = sources(number)
        pipeline.add_component(f"n{number}", Nothing() if upstream else First())
        for parameter, source in zip("abc", upstream, strict=False):
            pipeline.connect(f"n{source}.value", f"n{number}.{parameter}")
    return lambda: pipeline.run({})


def main() -> None:
    size = int(sys.argv[2])
    run = {"hamilton": hamilton, "langgraph": langgraph, "haystack": haystack}[sys.argv[1]](size)
    seconds: list[float] = []
    for _ in range(RUNS + 1):
        gc.collect()
        started = perf_counter()
        run()
        seconds.append(perf_counter() - started)
    print(json.dumps(statistics.median(seconds[1:]) / size * 1e6))


if __name__ == "__main__":
    main()
