"""``flowloom batch`` as people and programs use it."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "flow.dag.yaml").write_text(
        'inputs:\n  text: {type: string}\noutputs:\n  out: {type: string, reference: "${shout.output}"}\nnodes:\n'
        '- name: shout\n  type: python\n  source: {type: code, path: shout.py}\n  inputs: {text: "${inputs.text}"}\n'
        '- name: count\n  type: python\n  aggregation: true\n  source: {type: code, path: count.py}\n  inputs: {texts: "${shout.output}"}\n'
    )
    (tmp_path / "shout.py").write_text(
        "from promptflow.core import tool\n@tool\ndef shout(text: str):\n    print(f'printed {text}')\n    assert text != 'bad', 'no good'\n    return text.upper()\n"
    )
    (tmp_path / "count.py").write_text(
        "from promptflow.core import tool, log_metric\n@tool\ndef count(texts: list):\n    log_metric('texts', len(texts))\n"
    )
    (tmp_path / "rows.csv").write_text("words,other\nab,1\nbad,2\ncd,3\n")
    return tmp_path


def test_one_object_on_stdout_and_all_rows_in_the_results(folder, process):
    done = process("batch", folder, "--data", folder / "rows.csv", "--map", "text=${data.words}", "--json")
    answer = json.loads(done.out)
    assert done.code == 0
    assert (answer["status"], answer["rows"], answer["metrics"]) == (
        "completed",
        {"total": 3, "completed": 2, "failed": 1},
        {"texts": 2},
    )
    assert answer["failures"][0]["line_number"] == 1
    assert done.err.count("printed ") == 3
    with open(answer["results"]) as file:
        assert [json.loads(line)["outputs"] for line in file] == [{"out": "AB"}, {}, {"out": "CD"}]
    assert (folder / ".flowloom" / ".gitignore").read_text() == "*\n"


def test_a_summary_for_people(folder, cli):
    seen = cli(
        "batch", folder, "--data", folder / "rows.csv", "--map", "text=${data.words}", "--results", folder / "r.jsonl"
    )
    assert seen.code == 0
    assert "texts: 2" in seen.out
    assert "row 1: failed" in seen.err
    assert "2 rows done, 1 failed" in seen.err


@pytest.mark.parametrize(
    ("extra", "code", "words"),
    [
        (["--data", "none.jsonl"], 2, "There is no data file"),
        (["--data", "rows.csv", "--map", "txt=x"], 2, "no input named txt"),
        (["--data", "rows.csv", "--limit", "0"], 2, "--limit"),
        (["--data", "rows.csv", "--concurrency", "0"], 2, "0 rows at a time"),
        (["--data", "rows.csv"], 1, "Every row failed"),
    ],
)
def test_what_cannot_run_says_why(folder, cli, monkeypatch, extra, code, words):
    monkeypatch.chdir(folder)
    seen = cli("batch", ".", *extra, "--json")
    assert seen.code == code
    assert words in json.loads(seen.out)["error"]["message"]
    assert words in seen.err
