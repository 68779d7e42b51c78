from __future__ import annotations

import json
import tracemalloc

import pytest

from flowloom.flows.batch.dataset import read_rows
from flowloom.flows.errors import DocumentError, UsageError


def values(path, **options):
    return [row.values if row.fault is None else str(row.fault.message) for row in read_rows(path, **options)]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.jsonl", '{"n": 1}\n\n{"n": "ü"}', [{"n": 1}, {"n": "ü"}]),
        ("a.json", '[{"n": 1}, {"n": 2}]', [{"n": 1}, {"n": 2}]),
        ("a.json", '{"n": 1}', [{"n": 1}]),
        ("a.csv", '\ufeffn,t\n1,"x, y\nz"\n2,\n', [{"n": "1", "t": "x, y\nz"}, {"n": "2", "t": ""}]),
        ("a.tsv", "n\tt\r\n1\tx\r\n", [{"n": "1", "t": "x"}]),
        ("a.CSV", "n\n1\n", [{"n": "1"}]),
        ("a.jsonl", "", []),
    ],
)
def test_rows_of_each_form(tmp_path, name, text, expected):
    (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    assert values(tmp_path / name) == expected


def test_a_broken_row_is_a_fault_of_its_own_and_the_rest_is_read(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"n": 1}\n{"n": \n[3]\n{"n": 4}\n')
    rows = list(read_rows(path))
    assert [row.number for row in rows] == [0, 1, 2, 3]
    assert [row.fault is None for row in rows] == [True, False, False, True]
    assert "Line 2 of a.jsonl is not JSON" in rows[1].fault.message
    assert "not an object but list" in rows[2].fault.message
    table = tmp_path / "a.csv"
    table.write_text("n\n1,2\n3\n")
    assert [row.fault is None for row in read_rows(table)] == [False, True]


@pytest.mark.parametrize(
    ("name", "data", "error", "words"),
    [
        ("a.json", b"[1,", DocumentError, "not JSON"),
        ("a.csv", b"n\n\xff\xff\n", DocumentError, "not UTF-8"),
        ("a.xlsx", b"", UsageError, "none of .jsonl"),
    ],
)
def test_a_file_that_cannot_be_read_names_itself(tmp_path, name, data, error, words):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(error, match=words):
        list(read_rows(tmp_path / name))


def test_a_missing_file(tmp_path):
    with pytest.raises(UsageError, match="no data file"):
        read_rows(tmp_path / "none.jsonl")


def test_a_large_file_takes_no_more_memory_than_a_small_one(tmp_path):
    path = tmp_path / "large.jsonl"
    with open(path, "w") as file:
        for number in range(50_000):
            file.write(json.dumps({"n": number, "text": "x" * 100}) + "\n")
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_rows(path)) == 50_000
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()
    assert len(list(read_rows(path, limit=3))) == 3
