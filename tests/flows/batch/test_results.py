from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.flows.batch.results import ResultsFile
from flowloom.flows.errors import DocumentError


@given(st.permutations(range(12)))
def test_lines_end_up_in_the_order_of_the_rows(tmp_path_factory, order):
    path = tmp_path_factory.mktemp("results") / "out" / "results.jsonl"
    results = ResultsFile(path)
    for number in order:
        results.add(number, {"line_number": number, "text": "ü\n" * number})
    assert not path.exists()
    results.close()
    read = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert read == [{"line_number": number, "text": "ü\n" * number} for number in range(12)]
    assert [file.name for file in path.parent.iterdir()] == ["results.jsonl"]


def test_what_was_there_is_replaced_only_at_the_end(tmp_path):
    path = tmp_path / "results.jsonl"
    path.write_text("old\n")
    results = ResultsFile(path)
    results.add(0, {"n": 1})
    assert path.read_text() == "old\n"
    results.close()
    assert path.read_text() == '{"n": 1}\n'


def test_a_place_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DocumentError, match="cannot be written"):
        ResultsFile(tmp_path / "file" / "results.jsonl")
