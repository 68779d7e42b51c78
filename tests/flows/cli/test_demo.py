from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.mark.model
def test_the_demo_runs_on_the_model_on_this_computer(process: Callable, tmp_path: Path) -> None:
    done = process("demo", "--json", cwd=tmp_path)
    answer = json.loads(done.out)
    assert (done.code, answer["status"]) == (0, "completed"), done.err
    assert any(node["usage"] and node["usage"]["calls"] for node in answer["nodes"].values())
    assert (tmp_path / "flowloom-demo" / "flow.dag.yaml").is_file()
    assert "The demo flow is in flowloom-demo" in done.err


@pytest.mark.model
def test_a_demo_that_is_there_is_run_as_it_is(process: Callable, hello: Path) -> None:
    done = process("demo", hello, "-i", "name=Ada")
    assert (done.code, done.out) == (0, "HELLO ADA!\n")
    assert f"flowloom run {hello} -i name='...'" in done.err


def test_a_folder_with_other_things_is_not_touched(cli: Callable, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep")
    done = cli("demo", tmp_path / "mine")
    assert done.code == 2
    assert "is not empty" in done.err
