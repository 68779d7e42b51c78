from __future__ import annotations

import functools
import inspect

import pytest

from flowloom.flows.errors import UsageError
from flowloom.flows.node.declare import is_tool, node, tool, tool_mark


def test_tool_marks_the_function_with_what_it_was_told():
    @tool
    def plain(a: int, *, b: str = "x") -> list:
        """Words."""
        return [a, b]

    @tool(name="Shown", description="What it does", type="python", streaming_option_parameter="stream", icon="i.png")
    async def told(a): ...

    assert plain(1, b="y") == [1, "y"]
    assert inspect.signature(plain).parameters["b"].default == "x"
    assert (plain.__doc__, plain.__name__, plain.__module__) == ("Words.", "plain", __name__)
    assert inspect.iscoroutinefunction(told)
    mark = tool_mark(told)
    assert mark is not None
    assert (mark.name, mark.description, mark.extra) == ("Shown", "What it does", {"icon": "i.png"})
    assert is_tool(plain)


def test_tool_marks_only_what_it_returns():
    def function(a=1):
        return a

    made = tool(function)
    assert is_tool(made)
    assert not is_tool(function)
    assert made() == 1


def test_tool_takes_any_callable_and_keeps_closures():
    word = "closed over"

    @tool
    def inner():
        return word

    class Callable:
        def __call__(self, a):
            return a + 1

    assert inner() == word
    assert tool(functools.partial(lambda a, b: [a, b], 1))(2) == [1, 2]
    assert tool(Callable())(2) == 3


def test_a_decorator_around_a_tool_stays_a_tool():
    def decorate(function):
        @functools.wraps(function)
        def inner(*args, **kwargs):
            return ["decorated", function(*args, **kwargs)]

        return inner

    @decorate
    @tool
    def run():
        return 1

    assert is_tool(run)
    assert run() == ["decorated", 1]


def test_an_unknown_type_is_refused():
    with pytest.raises(UsageError, match="'magic'"):
        tool(type="magic")


def test_a_function_marked_by_prompt_flow_itself_is_a_tool():
    def run(): ...

    setattr(run, "__tool", None)
    assert is_tool(run)


def test_node_makes_a_node_type_that_is_still_called_like_the_function():
    @node(id="test.add", title="Add", category="Data", version=3, icon="plus")
    def add(a: int, *, b: int = 2) -> int:
        """Add two numbers."""
        return a + b

    assert add(1, b=5) == 6
    assert (add.spec.id, add.spec.version, add.spec.help, add.spec.kind) == ("test.add", 3, "Add two numbers.", "io")
