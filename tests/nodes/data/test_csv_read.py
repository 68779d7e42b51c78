from __future__ import annotations

import pytest

from flowloom.flows.errors import NodeError, PathError
from flowloom.nodes.data.csv_read import csv_read


@pytest.mark.parametrize("text", ["name,score\nAnn,1\nBö,2\n", "name;score\r\nAnn;1\r\nBö;2\r\n", "name\tscore\nAnn\t1\nBö\t2", "\ufeffname,score\nAnn,1\nBö,2\n"])
def test_rows_by_the_names_of_the_first_line(folder, text):
    (folder.path / "rows.csv").write_bytes(text.encode())
    assert csv_read(folder.ctx, path="rows.csv") == [{"name": "Ann", "score": "1"}, {"name": "Bö", "score": "2"}]
    assert len(csv_read(folder.ctx, path="rows.csv", limit=1)) == 1


def test_a_value_may_hold_the_delimiter_and_a_line_end(folder):
    (folder.path / "rows.csv").write_text('a,b\n"x, y","1\n2"\n')
    assert csv_read(folder.ctx, path="rows.csv") == [{"a": "x, y", "b": "1\n2"}]


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"a,b\n1,2,3\n", "more values"), (b"a\n\xff\xfe", "cannot be read as CSV"), (b'a\n"open\n', "cannot be read as CSV")],
)
def test_a_broken_file_names_itself(folder, data, words):
    (folder.path / "rows.csv").write_bytes(data)
    with pytest.raises(NodeError, match=words):
        csv_read(folder.ctx, path="rows.csv")


def test_only_files_of_the_folder(folder):
    with pytest.raises(PathError):
        csv_read(folder.ctx, path="../secret.csv")
    with pytest.raises(NodeError, match="There is no file"):
        csv_read(folder.ctx, path="none.csv")


def test_an_empty_file_has_no_rows(folder):
    (folder.path / "rows.csv").write_text("")
    assert csv_read(folder.ctx, path="rows.csv") == []
