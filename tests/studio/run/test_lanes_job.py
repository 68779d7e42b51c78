"""Rows against variants, one run after another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flowloom.flows.batch.dataset import Row
from flowloom.flows.runs.history import RunHistory
from flowloom.studio.run.lanes_job import Lane, LanesJob, Scoring, interval_words, sentence

FLOW = """\
inputs:
  text: {type: string}
outputs:
  result: {type: string, reference: '${shape.output}'}
nodes:
- name: shape
  use_variants: true
node_variants:
  shape:
    default_variant_id: plain
    variants:
      plain:
        node: {type: python, source: {type: code, path: plain.py}, inputs: {text: '${inputs.text}'}}
      loud:
        node: {type: python, source: {type: code, path: loud.py}, inputs: {text: '${inputs.text}'}}
"""
HEAD = "from promptflow.core import tool\n\n\n@tool\n"


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    root = tmp_path / "shapes"
    root.mkdir()
    (root / "flow.dag.yaml").write_text(FLOW)
    (root / "plain.py").write_text(HEAD + "def plain(text: str) -> str:\n    return text\n")
    loud = "def loud(text: str) -> str:\n    if text == 'boom':\n        raise ValueError('no')\n    return text.upper()\n"
    (root / "loud.py").write_text(HEAD + loud)
    return root


ROWS = [Row(number, {"text": text, "expected": text.upper()}) for number, text in enumerate(["a", "b", "C", "d", "e", "f"])]
EXACT = Scoring("result", "expected")
LANES = [Lane("plain", {"shape": "plain"}), Lane("loud", {"shape": "loud"})]


@pytest.fixture
def job_of(open_flow: Callable, shapes: Path, wait: Callable) -> Callable[..., LanesJob]:
    def run(rows: list[Row], scoring: Scoring = EXACT) -> LanesJob:
        job = LanesJob(open_flow(shapes).page.parts["runner"], rows, LANES)
        assert job.judge(scoring) == ""
        job.start()
        wait(lambda: not job.running, 60)
        return job

    return run


def test_each_row_runs_in_each_lane_and_is_judged(job_of: Callable, shapes: Path, wait: Callable) -> None:
    job = job_of(ROWS)
    assert [job.output(row, 1) for row in range(3)] == ["A", "B", "C"]
    totals = [job.total(lane) for lane in (0, 1)]
    assert [(total.done, total.judged, total.right, total.failed) for total in totals] == [(6, 6, 6, 0), (6, 6, 6, 0)]
    assert (job.differs(0), job.differs(2)) == (True, False)
    assert sentence(job, 1) == "loud and plain do equally well on all 6 rows."
    history = RunHistory(shapes)
    wait(lambda: len(history.list(group=job.group)) == 12, 10)
    assert {(run.row, run.variant) for run in history.list(group=job.group)} == {(row, lane.title) for row in range(6) for lane in LANES}


def test_another_check_judges_what_has_run_anew(job_of: Callable) -> None:
    job = job_of(ROWS)
    assert job.judge(Scoring("result", "", "python", "output == output.upper()")) == ""
    assert [job.total(lane).right for lane in (0, 1)] == [1, 6]
    assert sentence(job, 1) == "loud is better than plain on 5 of 6 rows and worse on 0; this could be chance."
    assert interval_words(job, 1).startswith("Difference +83 points, with 95 % confidence between +")
    assert job.judge(Scoring("result", "", "python", "__import__('os')"))
    assert job.judge(Scoring("result", "")) == ""
    assert sentence(job, 1) == "The answers differ on 5 of 6 rows."


def test_a_row_that_fails_is_a_wrong_answer_and_the_rest_go_on(job_of: Callable) -> None:
    job = job_of([Row(0, {"text": "boom", "expected": "BOOM"}), ROWS[0]])
    assert (job.total(1).failed, job.total(1).right, job.total(0).failed) == (1, 1, 0)
    assert job.cells[0, 1].view.error is not None


def test_stopping_ends_the_row_under_way_and_begins_no_other(open_flow: Callable, shapes: Path, wait: Callable) -> None:
    (shapes / "plain.py").write_text(HEAD + "def plain(text: str) -> str:\n    while True:\n        pass\n")
    job = LanesJob(open_flow(shapes).page.parts["runner"], ROWS, LANES)
    job.start()
    wait(lambda: job.cells and any(node.status == "running" for node in job.cells[0, 0].view.nodes.values()), 30)
    job.stop()
    wait(lambda: not job.running, 5)
    assert set(job.cells) == {(0, 0)}
    found: Any = job.cells[0, 0].view.status
    assert found == "cancelled"
