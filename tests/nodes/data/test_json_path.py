from __future__ import annotations

import pytest

from flowloom.flows.errors import NodeError
from flowloom.nodes.data.json_path import json_path

ORDERS = {"orders": [{"id": "a", "total": 50}, {"id": "b", "total": 150}]}


def test_all_or_the_first():
    assert json_path(ORDERS, path="$.orders[?@.total > 100].id") == ["b"]
    assert json_path(ORDERS, path="$.orders[0].total", mode="first") == 50
    assert json_path(ORDERS, path="$.nothing", mode="first", default="none") == "none"


def test_a_broken_path_is_an_error():
    with pytest.raises(NodeError, match="cannot be followed"):
        json_path(ORDERS, path="$[")
