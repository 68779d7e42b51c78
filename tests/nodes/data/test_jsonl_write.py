from __future__ import annotations

import pytest

from flowloom.flows.errors import NodeError
from flowloom.nodes.data.jsonl_read import jsonl_read
from flowloom.nodes.data.jsonl_write import jsonl_write


def test_what_is_written_reads_back_and_can_grow(folder):
    jsonl_write(folder.ctx, [{"a": "ü"}, [1]], path="rows.jsonl")
    jsonl_write(folder.ctx, [2], path="rows.jsonl", append=True)
    assert jsonl_read(folder.ctx, path="rows.jsonl") == [{"a": "ü"}, [1], 2]


def test_a_value_that_is_no_json_is_an_error_and_writes_nothing(folder):
    with pytest.raises(NodeError, match="cannot be written as JSON"):
        jsonl_write(folder.ctx, [{"a": object()}], path="rows.jsonl")
    assert list(folder.path.iterdir()) == []
