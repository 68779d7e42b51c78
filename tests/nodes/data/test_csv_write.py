from __future__ import annotations

import pytest

from flowloom.flows.errors import NodeError, PathError
from flowloom.nodes.data.csv_read import csv_read
from flowloom.nodes.data.csv_write import csv_write


def test_what_is_written_reads_back(folder):
    rows = [{"name": "Ann, the first", "score": 1}, {"name": 'say "hi"\nBö', "tags": ["x"]}]
    assert csv_write(folder.ctx, rows, path="out/rows.csv") == "out/rows.csv"
    assert csv_read(folder.ctx, path="out/rows.csv") == [
        {"name": "Ann, the first", "score": "1", "tags": ""},
        {"name": 'say "hi"\nBö', "score": "", "tags": '["x"]'},
    ]


def test_texts_never_become_formulas(folder):
    csv_write(folder.ctx, [{"a": "=1+1", "b": -2}], path="rows.csv")
    assert (folder.path / "rows.csv").read_text() == "a,b\n'=1+1,-2\n"


def test_nothing_is_written_outside_or_for_a_broken_row(folder):
    with pytest.raises(PathError):
        csv_write(folder.ctx, [], path="/tmp/out.csv")
    with pytest.raises(NodeError, match="Row 2"):
        csv_write(folder.ctx, [{}, 3], path="rows.csv")
    assert list(folder.path.iterdir()) == []
