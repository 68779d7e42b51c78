"""A flow over rows: what each row gives, what aggregation sees, and that one bad row costs only itself."""

from __future__ import annotations

import asyncio
import json
import textwrap

import pytest

from flowloom.flows.api import load_flow
from flowloom.flows.batch.dataset import read_rows
from flowloom.flows.batch.mapping import complete_mapping
from flowloom.flows.batch.runner import BatchRun, batch_inputs
from flowloom.flows.errors import InvalidFlow, UsageError

FLOW = """
inputs:
  n: {type: int}
  offset: {type: int, default: 100}
outputs:
  doubled: {type: int, reference: "${double.output}"}
nodes:
- name: double
  type: python
  source: {type: code, path: double.py}
  inputs: {n: "${inputs.n}"}
- name: odd
  type: python
  source: {type: code, path: odd.py}
  inputs: {n: "${inputs.n}"}
  activate: {when: "${inputs.n}", is: 1}
- name: total
  type: python
  aggregation: true
  source: {type: code, path: total.py}
  inputs: {doubled: "${double.output}", ns: "${inputs.n}", odd: "${odd.output}", word: fixed}
- name: after
  type: python
  aggregation: true
  source: {type: code, path: after.py}
  inputs: {total: "${total.output}"}
"""
TOOLS = {
    "double.py": """
        import asyncio
        from promptflow.core import tool

        @tool
        async def double(n: int) -> int:
            if n < 0:
                raise ValueError("negative")
            for _ in range(5 - n % 5):
                await asyncio.sleep(0)
            return n * 2
        """,
    "odd.py": """
        from promptflow.core import tool

        @tool
        def odd(n: int) -> str:
            return f"odd {n}"
        """,
    "total.py": """
        from promptflow.core import tool, log_metric

        @tool
        def total(doubled: list, ns: list, odd: list, word: str):
            log_metric("sum", sum(doubled))
            return {"doubled": doubled, "ns": ns, "odd": odd, "word": word}
        """,
    "after.py": """
        from promptflow.core import tool

        @tool
        def after(total: dict):
            return total["word"]
        """,
}


@pytest.fixture
def flow(tmp_path):
    folder = tmp_path / "flow"
    folder.mkdir()
    (folder / "flow.dag.yaml").write_text(FLOW)
    for name, source in TOOLS.items():
        (folder / name).write_text(textwrap.dedent(source))
    with load_flow(folder) as loaded:
        yield loaded


def batch(flow, tmp_path, values, **options):
    data = tmp_path / "rows.jsonl"
    data.write_text("".join(json.dumps(value) + "\n" for value in values))
    results = tmp_path / "results.jsonl"
    run = BatchRun(flow, read_rows(data), complete_mapping(flow.flow.inputs, {}), results=results, **options)
    outcome = asyncio.run(run.execute())
    return outcome, [json.loads(line) for line in (tmp_path / "results.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("concurrency", [1, 3, 50])
def test_rows_and_aggregation_do_not_depend_on_how_many_run_at_a_time(flow, tmp_path, concurrency):
    outcome, lines = batch(flow, tmp_path, [{"n": n} for n in range(20)], concurrency=concurrency)
    assert (outcome.status, outcome.completed, outcome.failed) == ("completed", 20, 0)
    assert [line["outputs"] for line in lines] == [{"doubled": n * 2} for n in range(20)]
    total = outcome.nodes["total"].output
    assert total["doubled"] == [n * 2 for n in range(20)]
    assert total["ns"] == list(range(20))
    assert total["odd"] == [None, "odd 1"] + [None] * 18
    assert outcome.nodes["after"].output == "fixed"
    assert outcome.metrics == {"sum": 380}


def test_a_failing_row_is_reported_and_left_out_of_the_aggregation(flow, tmp_path):
    outcome, lines = batch(flow, tmp_path, [{"n": 1}, {"n": -1}, {"m": 1}, {"n": "x"}, {"n": 4}])
    assert (outcome.status, outcome.completed, outcome.failed) == ("completed", 2, 3)
    assert [(failure.number, failure.error.kind, failure.error.node) for failure in outcome.failures] == [
        (1, "tool", "double"),
        (2, "input", None),
        (3, "input", None),
    ]
    assert [line["status"] for line in lines] == ["completed", "failed", "failed", "failed", "completed"]
    assert lines[1]["error"]["kind"] == "tool"
    assert outcome.nodes["total"].output["ns"] == [1, 4]


def test_where_every_row_fails_the_batch_does_and_nothing_is_aggregated(flow, tmp_path):
    outcome, _ = batch(flow, tmp_path, [{"n": -1}, {"n": -2}])
    assert outcome.status == "failed"
    assert "negative" in outcome.error.message
    assert outcome.nodes == {}


def test_a_dataset_without_rows(flow, tmp_path):
    outcome, lines = batch(flow, tmp_path, [])
    assert (outcome.status, outcome.error.message, lines) == ("failed", "The dataset has no rows.", [])


def test_a_failing_aggregation_fails_alone(flow, tmp_path):
    (flow.flow.root / "total.py").write_text(
        "from promptflow.core import tool\n@tool\ndef total(doubled, ns, odd, word):\n    raise KeyError('x')\n"
    )
    outcome, _ = batch(flow, tmp_path, [{"n": 1}])
    assert outcome.status == "completed"
    assert outcome.nodes["total"].status == "failed"


async def test_stopping_keeps_the_rows_that_are_done_and_aggregates_nothing(flow, tmp_path):
    data = tmp_path / "rows.jsonl"
    data.write_text("".join(json.dumps({"n": n}) + "\n" for n in range(1000)))
    seen: list[int] = []

    def stop_soon(result):
        seen.append(result.completed)
        if len(seen) == 5:
            run.cancel()

    results = tmp_path / "results.jsonl"
    run = BatchRun(
        flow, read_rows(data), complete_mapping(flow.flow.inputs, {}), results=results, concurrency=2, progress=stop_soon
    )
    outcome = await run.execute()
    assert (outcome.status, outcome.error.kind) == ("cancelled", "cancelled")
    assert 5 <= outcome.completed < 10
    assert outcome.nodes == {}
    assert len((tmp_path / "results.jsonl").read_text().splitlines()) == outcome.completed
    assert len(asyncio.all_tasks()) == 1


def test_a_flow_that_cannot_run_says_so_before_any_row(flow, tmp_path):
    (flow.flow.root / "flow.dag.yaml").write_text(FLOW.replace("path: double.py", "path: gone.py"))
    with load_flow(flow.flow.root) as broken, pytest.raises(Exception, match=r"gone\.py") as caught:
        batch(broken, tmp_path, [{"n": 1}])
    assert isinstance(caught.value, InvalidFlow) or caught.value.node == "double"


def test_no_rows_at_a_time_is_refused(flow, tmp_path):
    with pytest.raises(UsageError, match="0 rows at a time"):
        BatchRun(flow, iter(()), {}, concurrency=0)


@pytest.mark.parametrize(
    ("body", "metrics", "warning"),
    [
        ("return {'mean': sum(row.doubled for row in rows) / len(rows)}", {"mean": 3.0}, None),
        ("raise ValueError('no mean')", {}, "ValueError: no mean"),
        ("return 3", {}, "returned int"),
    ],
)
def test_a_flex_flow_is_fed_by_its_signature_and_aggregates_itself(tmp_path, body, metrics, warning):
    folder = tmp_path / "flex"
    folder.mkdir()
    (folder / "flow.flex.yaml").write_text("entry: program:Doubler\n")
    (folder / "program.py").write_text(
        "class Doubler:\n    def __call__(self, n: int, note: str = 'none'):\n        return {'doubled': n * 2, 'note': note}\n"
        f"    def __aggregate__(self, rows):\n        {body}\n"
    )
    data = tmp_path / "rows.jsonl"
    data.write_text('{"n": 1, "note": "unused"}\n{"n": 2}\n')
    with load_flow(folder) as flow:
        mapping = complete_mapping(batch_inputs(flow), {})
        outcome = asyncio.run(BatchRun(flow, read_rows(data), mapping, results=tmp_path / "r.jsonl").execute())
    lines = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text().splitlines()]
    assert [line["outputs"] for line in lines] == [{"doubled": 2, "note": "none"}, {"doubled": 4, "note": "none"}]
    assert outcome.metrics == metrics
    assert [warning in words for words in outcome.warnings] == ([True] if warning else [])
