"""Past runs as people look for them: listed, opened whole, compared, deleted."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from flowloom.flows import load_flow
from flowloom.flows.engine.events import (
    Exchange,
    Log,
    NodeFailed,
    NodeFinished,
    NodeStarted,
    RunFinished,
    RunStarted,
    Usage,
)
from flowloom.flows.errors import DocumentError, ToolError, UsageError
from flowloom.flows.runs.history import RunHistory
from flowloom.flows.runs.migrations import MIGRATIONS
from flowloom.flows.runs.store import Place, RunStore
from flowloom.flows.runs.writer import open_database, writer


def ran(root: Path, inputs: dict[str, Any], **options: Any) -> str:
    with load_flow(root) as flow:
        id = flow.run_result(inputs, record=options.pop("record", True), echo=False, **options).run_id
    writer.flush()
    return id


@pytest.fixture
def asking(write_flow: Any) -> Path:
    return write_flow(
        {"a": "echo x=${inputs.q}", "b": "maybe x=${a.output} y=3", "c": "echo x=${b.output}"},
        inputs={"q": "Q"},
        outputs={"o": "${c.output}"},
        tools={"maybe": "@tool\ndef maybe(x, y):\n    print('got', x)\n    if x == 'bad': raise ValueError('no good')\n    return x + '!'"},
    )


def test_nothing_was_run_yet(tmp_path: Path) -> None:
    history = RunHistory(tmp_path)
    assert history.list() == []
    assert history.delete(["x"]) == 0
    with pytest.raises(UsageError, match="No run"):
        history.find("last")
    with pytest.raises(UsageError, match="no run 'x'"):
        history.load("x")
    assert list(tmp_path.iterdir()) == []


def test_the_newest_runs_come_first_page_by_page(asking: Path) -> None:
    ids = [ran(asking, {"q": str(number)}) for number in range(5)]
    history = RunHistory(asking)
    first = history.list(limit=2)
    assert [run.id for run in first] == ids[:-3:-1]
    assert [run.id for run in history.list(limit=2, before=first[-1])] == [ids[2], ids[1]]
    assert (first[0].about, first[0].status, first[0].flow, first[0].count) == ("4", "completed", "flow", 1)
    assert history.find("last") == ids[-1]
    assert history.find(ids[1][:12]) == ids[1]


def test_runs_are_found_by_what_they_hold(asking: Path) -> None:
    plain = ran(asking, {"q": "100 % sure"})
    quoted = ran(asking, {"q": 'she said "你好"'})
    failed = ran(asking, {"q": "bad"})
    long = ran(asking, {"q": "x" * 10_000 + " needle"})
    part = ran(asking, {"q": "part"}, node="a")
    history = RunHistory(asking)

    def found(**filter: Any) -> list[str]:
        return [run.id for run in history.list(**filter)]

    assert found(text="100 %") == [plain]
    assert found(text="100 _") == []
    assert found(text='"你好"') == [quoted]
    assert found(text="no good") == [failed]
    assert found(text="NEEDLE") == [long]
    assert found(text=plain[:9]) == [plain]
    assert found(status="failed") == [failed]
    assert found(node="b") == [long, failed, quoted, plain]
    assert found(node="b", status="completed", text="sure") == [plain]
    assert found(flow="another") == []
    assert part in found()
    (run,) = history.list(status="failed")
    assert ("no good" in run.failure, run.failed_node) == (True, "b")


def test_runs_of_a_group_stand_as_one_line(asking: Path) -> None:
    alone = ran(asking, {"q": "alone"})
    rows = [ran(asking, {"q": str(number)}, record=Place("lanes", number, "${b.v}", 1)) for number in range(3)]
    history = RunHistory(asking)
    assert [(run.id, run.group, run.count) for run in history.list()] == [(rows[-1], "lanes", 3), (alone, None, 1)]
    assert [run.id for run in history.list(before=history.list()[0])] == [alone]
    assert [(run.id, run.row, run.variant) for run in history.list(group="lanes")] == [(id, number, "${b.v}") for number, id in reversed([*enumerate(rows)])]


def test_a_run_is_read_whole(asking: Path) -> None:
    record = RunHistory(asking).load(ran(asking, {"q": "hello"}))
    assert (record.status, record.inputs, record.outputs, record.error) == ("completed", {"q": "hello"}, {"o": "hello!"}, None)
    assert {name: dict(node.inputs or {}) for name, node in record.nodes.items()} == {
        "a": {"x": "hello"},
        "b": {"x": "hello", "y": 3},
        "c": {"x": "hello!"},
    }
    b = record.nodes["b"]
    assert (b.status, b.output, b.is_exact, [line.text for line in b.logs]) == ("completed", "hello!", True, ["got hello"])
    assert record.seconds is not None
    assert record.ran["flow"]["file"] == "flow.dag.yaml"
    assert record.usable == {"a": "hello", "b": "hello!", "c": "hello!"}


def test_a_failed_run_keeps_what_another_can_go_on_from(asking: Path) -> None:
    record = RunHistory(asking).load(ran(asking, {"q": "bad"}))
    assert record.status == "failed"
    assert record.nodes["b"].error is not None
    assert "no good" in record.nodes["b"].error["message"]
    assert dict(record.nodes["b"].inputs or {}) == {"x": "bad", "y": 3}
    assert record.usable == {"a": "bad"}
    with load_flow(asking) as flow:
        assert flow.run_result({"q": "bad"}, given={"a": "good"}, record=True, echo=False).outputs == {"o": "good!"}


def test_a_value_that_is_only_shown_is_not_gone_on_from(write_flow: Any) -> None:
    root = write_flow({"a": "thing", "b": "tuple", "c": "echo x=1"}, tools={"tuple": "@tool\ndef tuple(): return (1, 2)"})
    record = RunHistory(root).load(ran(root, {}))
    assert record.nodes["b"].output == [1, 2]
    assert {name: node.is_exact for name, node in record.nodes.items()} == {"a": False, "b": False, "c": True}


def recorded(root: Path, run: str, *events: Any, inputs: dict[str, Any] | None = None, whys: Any = None) -> None:
    recorder = RunStore(root).recorder(inputs or {}, whys=whys or {})
    for event in (RunStarted(run, "flow", (), time.time()), *events, RunFinished(run, "completed", {}, None, 2.0)):
        recorder(event)
    writer.flush()


def test_tokens_price_calls_and_reasons(tmp_path: Path) -> None:
    call = Exchange("a", {"messages": [{"role": "user", "content": "Hi"}]}, {"choices": []}, 0.4)
    lost = Exchange("a", {"messages": []}, None, 0.1, "The service was busy.")
    recorded(
        tmp_path,
        "r",
        *(NodeStarted("a", 1.0), lost, call, NodeFinished("a/search", "x", 0.1, Usage(1, 1, 2, 1, 0.5, "m"))),
        NodeFinished("a", "y", 0.5, Usage(10, 5, 15, 2, 0.25, "m")),
        NodeFinished("b", "z", 0.5, Usage(1, 0, 1, 1, 0.25, "n")),
        *(NodeFinished("c", "w", 0.0, None, True), Log("a", "a line", "warning")),
        whys={"c": "nothing upstream changed"},
    )
    history = RunHistory(tmp_path)
    record = history.load("r")
    assert (record.summary.tokens, record.price) == (16, 0.5), "what a node calls is in its own sum"
    assert record.usage == Usage(11, 5, 16, 3, 0.5, None)
    assert [(call.request, call.reply, call.error) for call in record.nodes["a"].calls] == [
        ({"messages": []}, None, "The service was busy."),
        ({"messages": [{"role": "user", "content": "Hi"}]}, {"choices": []}, ""),
    ]
    assert (record.nodes["c"].cached, record.nodes["c"].why) == (True, "nothing upstream changed")
    assert record.nodes["a"].price == 0.25
    recorded(tmp_path, "unknown", NodeFinished("a", "y", 0.5, Usage(10, 5, 15, 2, None, "m")))
    assert [(run.tokens, run.price) for run in history.list()] == [(15, None), (16, 0.5)]


def test_two_runs_node_by_node(asking: Path) -> None:
    first = ran(asking, {"q": "one"})
    (asking / "maybe.py").write_text((asking / "maybe.py").read_text().replace("'!'", "'?'"))
    (asking / "flow.dag.yaml").write_text((asking / "flow.dag.yaml").read_text().replace("y: 3", "y: 4"))
    second = ran(asking, {"q": "one"})
    failed = ran(asking, {"q": "bad"})
    history = RunHistory(asking)
    found = {node.node: node for node in history.compare(first, second).nodes}
    assert [(node.inputs, node.output, node.differs) for node in found.values()] == [
        ("same", "same", False),
        ("changed", "changed", True),
        ("changed", "changed", True),
    ]
    assert found["b"].changes == ("file", "y")
    assert history.compare(first, second).first_difference == "b"
    assert history.compare(first, second).outputs == {"o": ("one!", "one?")}
    assert history.compare(first, first).first_difference is None
    broken = history.compare(second, failed)
    assert [(node.node, node.output) for node in broken.nodes] == [("a", "changed"), ("b", "changed"), ("c", "only_a")]
    assert broken.inputs == {"q": ("one", "bad")}


def blobs(history: RunHistory) -> int:
    with closing(sqlite3.connect(history.file)) as database:
        return database.execute("SELECT count(*) FROM blobs").fetchone()[0]


def test_deleting_takes_what_only_those_runs_held(asking: Path) -> None:
    long = {"q": "x" * 10_000}
    ids = [ran(asking, long), ran(asking, long), ran(asking, {"q": "short"})]
    history = RunHistory(asking)
    before = blobs(history)
    assert history.delete([ids[0]]) == 1
    assert blobs(history) == before, "the other run holds the same values"
    assert history.load(ids[1]).inputs == long
    assert history.delete(ids) == 2
    assert history.list() == []
    assert blobs(history) == 0
    with closing(sqlite3.connect(history.file)) as database:
        assert database.execute("SELECT (SELECT count(*) FROM nodes) + (SELECT count(*) FROM notes)").fetchone() == (0,)


def test_a_run_under_way_is_not_deleted(tmp_path: Path) -> None:
    recorder = RunStore(tmp_path).recorder({})
    recorder(RunStarted("r", "flow", (), time.time()))
    writer.flush()
    history = RunHistory(tmp_path)
    assert [run.id for run in history.list(status="running")] == ["r"]
    assert history.delete(["r"]) == 0
    recorder(NodeFailed("a", ToolError("broke"), 0.1))
    recorder(RunFinished("r", "failed", {}, ToolError("broke"), 0.2))
    writer.flush()
    assert history.list()[0].failure == "broke"
    assert history.delete(["r"]) == 1


def test_records_of_a_newer_version_and_damaged_ones_are_said_to_be(tmp_path: Path) -> None:
    history = RunHistory(tmp_path)
    with closing(open_database(history.file)) as database:
        database.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(DocumentError, match="newer version"):
        history.list()
    history.file.write_bytes(b"no database at all, but long enough to be one" * 100)
    with pytest.raises(DocumentError, match="cannot be read"):
        RunHistory(tmp_path).list()


def test_defaults_count_as_inputs(asking: Path) -> None:
    history = RunHistory(asking)
    record = history.load(ran(asking, {}))
    assert record.inputs == {"q": "Q"}
    assert record.summary.about == "Q"
