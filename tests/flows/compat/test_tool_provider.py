from __future__ import annotations

from flowloom.flows.compat.tool_provider import ToolProvider


class Mine(ToolProvider):
    def __init__(self, a: int, b: str = "x"):
        super().__init__()
        self.a = a


def test_it_knows_the_parameters_of_its_constructor():
    assert list(Mine.get_initialize_inputs()) == ["a", "b"]
    assert list(Mine.get_required_initialize_inputs()) == ["a"]


def test_it_remembers_what_it_was_made_with():
    assert Mine(1)._init_params == {"a": 1}
    assert Mine(2, b="y")._init_params == {"a": 2, "b": "y"}
    assert Mine(3).a == 3
