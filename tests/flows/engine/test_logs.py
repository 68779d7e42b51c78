"""Prints go to the node that printed them."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from flowloom.flows import load_flow
from flowloom.flows.engine.events import Log, NodeFinished

TALK = "@tool\ndef talk(me):\n    for n in range(3):\n        print(me, n, end=' ')\n        time.sleep(0)\n        print('|')\n    sys.stderr.write(me + ' no newline')"
ATALK = "@tool\nasync def atalk(me):\n    for n in range(3):\n        print(me, n, end=' ')\n        await asyncio.sleep(0)\n        print('|')\n    await asyncio.create_task(inner(me))\n\nasync def inner(me):\n    print(me, 'task')"
SPAWN = "import threading\n@tool\ndef spawn():\n    thread = threading.Thread(target=print, args=('from a thread of its own',))\n    thread.start()\n    thread.join()"
GEN = "@tool\ndef gen():\n    for n in range(2):\n        print('gen', n)\n        yield str(n)"
READ = "@tool\ndef read(x):\n    for n in x: print('read', n)"
TOOLS = {"talk": "import sys\n" + TALK, "atalk": ATALK, "spawn": SPAWN, "gen": GEN, "read": READ}


async def logs_of(folder: Any, **options: Any) -> list[Log]:
    async with load_flow(folder).stream_run(**options) as events:
        return [event async for event in events if isinstance(event, Log)]


@pytest.mark.parametrize("tool", ["talk", "atalk"])
async def test_many_at_once_do_not_mix(write_flow: Any, tool: str) -> None:
    nodes = {f"n{number}": f"{tool} me=n{number}" for number in range(8)}
    logs = await logs_of(write_flow(nodes, tools=TOOLS), echo=False)
    for name in nodes:
        lines = [log.text for log in logs if log.node == name and log.stream == "stdout"]
        assert lines[:3] == [f"{name} {number} |" for number in range(3)]
        if tool == "atalk":
            assert lines[3:] == [f"{name} task"]
        else:
            assert [log.text for log in logs if log.node == name and log.stream == "stderr"] == [f"{name} no newline"]


async def test_a_generator_prints_for_itself_not_for_its_reader(write_flow: Any) -> None:
    logs = await logs_of(write_flow({"a": "gen", "b": "read x=${a.output}"}, tools=TOOLS), echo=False)
    assert {(log.node, log.text) for log in logs} == {("a", "gen 0"), ("a", "gen 1"), ("b", "read 0"), ("b", "read 1")}


async def test_a_thread_the_tool_started_is_its_own_too(write_flow: Any) -> None:
    logs = await logs_of(write_flow({"a": "spawn"}, tools=TOOLS), echo=False)
    assert [(log.node, log.text) for log in logs] == [("a", "from a thread of its own")]


async def test_logs_come_before_the_nodes_end(write_flow: Any) -> None:
    async with load_flow(write_flow({"a": "talk me=a"}, tools=TOOLS)).stream_run(echo=False) as events:
        found = [event async for event in events if isinstance(event, Log | NodeFinished)]
    assert isinstance(found[-1], NodeFinished)
    assert len(found) == 5


def test_prints_also_go_where_they_would_have_gone(write_flow: Any, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_flow({"a": "talk me=a"}, tools=TOOLS)
    load_flow(folder).run_result()
    captured = capsys.readouterr()
    assert captured.out == "a 0 |\na 1 |\na 2 |\n"
    assert captured.err == "a no newline"
    load_flow(folder).run_result(echo=False)
    assert capsys.readouterr() == ("", "")


def test_the_streams_come_back(write_flow: Any) -> None:
    before = sys.stdout, sys.stderr
    load_flow(write_flow({"a": "fail"})).run_result()
    assert (sys.stdout, sys.stderr) == before


async def test_what_the_host_prints_is_its_own(write_flow: Any, capsys: pytest.CaptureFixture[str]) -> None:
    found = []
    async with load_flow(write_flow({"a": "never"})).stream_run() as events:
        async for event in events:
            found.append(event)
            print("the host")
            if event.type == "node_started":
                break
    assert capsys.readouterr().out == "the host\n" * 2
    assert not [event for event in found if isinstance(event, Log)]


def test_a_stream_that_a_tool_put_there_stays(write_flow: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setattr(sys, "stdout", sys.stdout)
    put = "import sys, io\n@tool\ndef put():\n    sys.stdout = io.StringIO()"
    load_flow(write_flow({"a": "put"}, tools={"put": put})).run_result()
    assert isinstance(sys.stdout, io.StringIO)


def test_without_standard_streams_nothing_breaks(write_flow: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    with load_flow(write_flow({"a": "talk me=a"}, tools=TOOLS)) as flow:
        assert flow.run_result(echo=True).status == "completed"
