from __future__ import annotations

import json

from flowloom.flows.engine.codec import to_json
from flowloom.flows.node.single_result import SingleResult


def test_it_is_an_object_everywhere_else():
    result = SingleResult([1])
    assert result == {"output": [1]}
    assert result.value == [1]
    assert json.dumps(to_json(result)) == '{"output": [1]}'
