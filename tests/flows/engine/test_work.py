"""One node's work: where it happens, and what comes of its errors."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from flowloom.flows import load_flow
from flowloom.flows.errors import ToolError

WHERE = "import threading\n@tool\n{}def {}(x=None): return threading.get_ident()"
TOOLS = {"sync": WHERE.format("", "sync"), "asynchronous": WHERE.format("async ", "asynchronous")}


@pytest.mark.parametrize("keys", [{}, {"retry": {"attempts": 2}}, {"timeout_seconds": 60}])
async def test_sync_work_leaves_the_loop_and_async_work_stays(write_flow: Any, keys: dict[str, Any]) -> None:
    nodes = {name: {"use": name, **keys} for name in TOOLS}
    result = await load_flow(write_flow(nodes, tools=TOOLS)).arun_result()
    assert result.nodes["asynchronous"].output == threading.get_ident()
    assert result.nodes["sync"].output not in (None, threading.get_ident())


def test_sync_nodes_block_side_by_side(write_flow: Any) -> None:
    import sys
    from types import ModuleType

    module: Any = ModuleType("flowloom_test_barrier")
    module.barrier = threading.Barrier(8)
    sys.modules[module.__name__] = module
    try:
        meet = "@tool\ndef meet():\n    import flowloom_test_barrier\n    return flowloom_test_barrier.barrier.wait(20) >= 0"
        result = load_flow(write_flow({f"n{number}": "meet" for number in range(8)}, tools={"meet": meet})).run_result()
        assert [node.output for node in result.nodes.values()] == [True] * 8
    finally:
        del sys.modules[module.__name__]


def test_errors_show_the_users_line(write_flow: Any) -> None:
    for tool in ("fail", "afail"):
        result = load_flow(write_flow({"a": tool}, folder=tool)).run_result()
        assert isinstance(result.error, ToolError)
        assert "boom" in result.error.message
        assert f"{tool}.py" in result.error.message
        assert "Traceback" in result.error.detail
        assert "Traceback" not in result.error.message + result.error.hint


def test_stop_iteration_is_a_failure_like_others(write_flow: Any) -> None:
    stop = "@tool\n{}def {}(): raise StopIteration"
    tools = {"stop": stop.format("", "stop"), "astop": stop.format("async ", "astop")}
    for tool in tools:
        for keys in ({}, {"timeout_seconds": 60}):
            folder = write_flow({"a": {"use": tool, **keys}}, tools=tools, folder=f"{tool}{len(keys)}")
            assert load_flow(folder).run_result().nodes["a"].status == "failed"
