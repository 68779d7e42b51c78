from __future__ import annotations

import pytest

from flowloom.flows.errors import NodeError
from flowloom.nodes.data.jsonl_read import jsonl_read


def test_one_value_a_line(folder):
    (folder.path / "rows.jsonl").write_text('{"a": 1}\n\n[2]\n"ü"', encoding="utf-8")
    assert jsonl_read(folder.ctx, path="rows.jsonl") == [{"a": 1}, [2], "ü"]
    assert jsonl_read(folder.ctx, path="rows.jsonl", limit=1) == [{"a": 1}]


@pytest.mark.parametrize(("data", "words"), [(b'{"a": 1}\n{"a": ', "Line 2"), (b"\xff\n", "not UTF-8")])
def test_a_broken_line_is_named(folder, data, words):
    (folder.path / "rows.jsonl").write_bytes(data)
    with pytest.raises(NodeError, match=words):
        jsonl_read(folder.ctx, path="rows.jsonl")
