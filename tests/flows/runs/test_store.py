"""Run records as they are read: each run, what its nodes came to, and where it belongs."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from flowloom.flows import load_flow
from flowloom.flows.runs.store import Place, RunStore

BIG = {
    "big": "@tool\ndef big(): return 'x' * 100_000",
    "says": "@tool\ndef says(x):\n    print('said', x)\n    log_metric('length', len(x))\n    return len(x)",
}


def test_a_run_can_be_read_afterwards(write_flow: Any) -> None:
    root = write_flow(
        {"a": "big", "b": "says x=${a.output}", "c": {"use": "echo x=1", "activate": {"when": "${b.output}", "is": 0}}},
        inputs={"q": "Q"},
        outputs={"o": "${b.output}"},
        tools=BIG,
    )
    with load_flow(root) as flow:
        result = flow.run_result({"q": "question"}, record=Place("batch-1", 3, "${a.variant_1}", 2))
    store = RunStore(root)
    store.flush()
    run = store.run(result.run_id)
    assert run is not None
    assert (run["group"], run["row"], run["variant"], run["repeat"]) == ("batch-1", 3, "${a.variant_1}", 2)
    assert (run["flow"], run["status"], run["inputs"], run["outputs"], run["error"]) == ("flow", "completed", {"q": "question"}, {"o": 100_000}, None)
    nodes = run["nodes"]
    assert {name: node["status"] for name, node in nodes.items()} == {"a": "completed", "b": "completed", "c": "bypassed"}
    assert nodes["a"]["output"] == "x" * 100_000
    assert nodes["a"]["fingerprint"] != nodes["b"]["fingerprint"]
    assert "0" in nodes["c"]["why"]
    assert [(log["node"], log["text"], log["stream"]) for log in run["logs"]] == [("b", "said " + "x" * 100_000, "stdout")]
    assert run["metrics"] == [{"node": "b", "key": "length", "value": 100_000, "variant_id": None}]
    assert store.run("no such run") is None


def test_a_large_value_is_kept_once(write_flow: Any) -> None:
    root = write_flow({"a": "big", "b": "echo x=${a.output}"}, tools=BIG)
    with load_flow(root) as flow:
        runs = [flow.run_result(record=True).run_id for _ in range(3)]
    store = RunStore(root)
    store.flush()
    with closing(sqlite3.connect(store.file)) as database:
        assert database.execute("SELECT count(*) FROM blobs WHERE text LIKE '%xxx%'").fetchone() == (1,)
    assert all(store.run(run)["nodes"]["b"]["output"] == "x" * 100_000 for run in runs)  # type: ignore[index]


def test_a_failed_run_says_what_failed(write_flow: Any) -> None:
    root = write_flow({"a": "fail"})
    with load_flow(root) as flow:
        result = flow.run_result(record=True)
    store = RunStore(root)
    store.flush()
    (row,) = store.runs()
    assert (row.id, row.status) == (result.run_id, "failed")
    assert row.error is not None
    assert (row.error["kind"], row.error["node"]) == ("tool", "a")
    assert "boom" in store.run(row.id)["nodes"]["a"]["error"]["message"]  # type: ignore[index]


def test_runs_come_newest_first_and_a_group_in_the_order_of_its_rows(write_flow: Any) -> None:
    root = write_flow({"a": "echo x=1"})
    with load_flow(root) as flow:
        ids = [flow.run_result(record=Place("g", number)).run_id for number in (2, 0, 1)]
        alone = flow.run_result(record=True).run_id
    store = RunStore(root)
    store.flush()
    assert [row.id for row in store.runs()] == [alone, *reversed(ids)]
    assert [(row.id, row.row) for row in store.runs(group="g")] == [(ids[1], 0), (ids[2], 1), (ids[0], 2)]
    assert [row.id for row in store.runs(limit=1)] == [alone]
    assert store.runs(group="another") == []


def test_looking_and_running_unrecorded_create_nothing(write_flow: Any) -> None:
    root = write_flow({"a": "echo x=1"})
    store = RunStore(root)
    assert store.runs() == []
    assert store.run("x") is None
    with load_flow(root) as flow:
        flow.validate()
        flow.plan()
        flow.run()
    store.flush()
    assert not (root / ".flowloom").exists()


SECRET = "sk-very-secret-0123456789"


def test_secrets_never_reach_the_file(write_flow: Any, tmp_path: Path) -> None:
    (tmp_path / "connections.yaml").write_text(f"mine: {{type: custom, configs: {{a: b}}, secrets: {{key: {SECRET}}}}}\n")
    leak = (
        "from promptflow.connections import CustomConnection\nimport base64\n@tool\ndef leak(c: CustomConnection, x):\n"
        "    print('key', c.key)\n    raise ValueError(base64.b64encode(c.key.encode()).decode() + x) if x == 'fail' else None\n"
    )
    give = (
        "from promptflow.connections import CustomConnection\n@tool\ndef give(c: CustomConnection, x):\n"
        "    print('key', c.key)\n    return {'long': c.key * 500, c.key: [c.key]}\n"
    )
    root = write_flow(
        {"a": "give c=mine x=${inputs.q}", "b": "leak c=mine x=fail"}, inputs={"q": "x"}, tools={"leak": leak, "give": give}
    )
    with load_flow(root, connections=tmp_path / "connections.yaml") as flow:
        result = flow.run_result({"q": SECRET}, record=True, echo=False)
    assert result.nodes["b"].status == "failed"
    store = RunStore(root)
    store.flush()
    run = store.run(result.run_id)
    assert run is not None
    assert run["nodes"]["a"]["output"]["***"] == ["***"]
    assert {log["text"] for log in run["logs"]} == {"key ***"}
    for file in store.file.parent.iterdir():
        assert SECRET.encode() not in file.read_bytes()
    assert "c2stdmVyeS1zZWNyZXQ" not in json.dumps(run)


LIKE_ANYBODY = """import ctypes, os, sys
if os.geteuid() == 0:  # give up the right to write where permissions forbid it
    assert ctypes.CDLL(None).capset((ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()) == 0
"""


@pytest.mark.skipif(sys.platform != "linux", reason="permissions of Linux")
def test_a_read_only_folder_has_its_records_in_the_state_directory(write_flow: Any, tmp_path: Path) -> None:
    root = write_flow({"a": "echo x=1"}, outputs={"o": "${a.output}"})
    script = LIKE_ANYBODY + (
        "from flowloom.flows import load_flow\nfrom flowloom.flows.runs.store import RunStore\n"
        "for expected in (False, True):\n"
        "    result = load_flow(sys.argv[1]).run_result(record=True, cache=True)\n"
        "    assert result.nodes['a'].cached is expected\n"
        "store = RunStore(sys.argv[1])\nstore.flush()\n"
        "print(store.run(result.run_id)['outputs'], store.file)\n"
    )
    root.chmod(0o555)
    state = tmp_path / "state"
    command = [sys.executable, "-B", "-c", script, str(root)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "FLOWLOOM_STATE": str(state)})
    root.chmod(0o755)
    assert done.stdout.startswith("{'o': 1} " + str(state)), done.stderr
    assert not (root / ".flowloom").exists()


def test_a_run_whose_process_is_gone_has_crashed(write_flow: Any) -> None:
    root = write_flow({"a": "leave"}, tools={"leave": "import os\nfrom flowloom.flows.runs.writer import writer\n@tool\ndef leave():\n    writer.flush()\n    os._exit(3)"})
    script = "import sys\nfrom flowloom.flows import load_flow\nload_flow(sys.argv[1]).run_result(record=True, run_id='r')\n"
    assert subprocess.run([sys.executable, "-c", script, str(root)]).returncode == 3
    (row,) = RunStore(root).runs()
    assert (row.id, row.status, row.seconds) == ("r", "crashed", None)
