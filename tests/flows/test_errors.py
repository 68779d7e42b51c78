"""The tree that the docstring draws is the tree of the classes."""

from __future__ import annotations

import copy
import inspect
import re

import pytest

from flowloom.flows import errors
from flowloom.flows.errors import FlowloomError

DRAWN = re.compile(r"^ {4}(?P<indent>[│├└─ ]*)(?P<name>[A-Z]\w+) {2,}(?P<kind>kind of the JSON form|\w+)(?: {2,}\S.*)?$", re.M)


def drawn() -> dict[str, tuple[str | None, str]]:
    """The parent and kind of each class of the drawing."""
    found: dict[str, tuple[str | None, str]] = {}
    above: list[str] = []
    for line in DRAWN.finditer(errors.__doc__ or ""):
        depth = len(line["indent"]) // 4
        above[depth:] = [line["name"]]
        found[line["name"]] = (above[depth - 1] if depth else None, "error" if not depth else line["kind"])
    return found


def test_the_drawing_is_the_tree() -> None:
    classes = {
        name: (None if kind is FlowloomError else kind.__bases__[0].__name__, kind.kind)
        for name, kind in vars(errors).items()
        if inspect.isclass(kind) and issubclass(kind, FlowloomError)
    }
    assert drawn() == classes
    assert len({kind for _, kind in classes.values()}) == len(classes)


def test_the_json_form_and_the_place() -> None:
    error = errors.ToolError("It broke.", hint="Mend it.", node="a", file="flow.dag.yaml", line=3, column=5, detail="Traceback")
    assert error.as_json() == {"kind": "tool", "message": "It broke.", "node": "a", "hint": "Mend it."}
    assert str(error) == "It broke."
    assert error.where == "flow.dag.yaml:3:5"
    assert FlowloomError("x", file="a.py", line=2).where == "a.py:2"
    assert FlowloomError("x", line=2).where == ""


def test_at_keeps_what_is_known() -> None:
    error = errors.ToolError("x", node="inner")
    assert error.at(node="outer", field="f", file="a.py") is error
    assert (error.node, error.field, error.file) == ("inner", "f", "a.py")


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy])
def test_an_error_keeps_what_it_says_elsewhere(again: object) -> None:
    error = errors.RateLimited("Slow down.", hint="Wait.", node="a", status=429, attempts=4)
    found = again(error)  # type: ignore[operator]
    assert found.as_json() == error.as_json()
    assert (found.status, found.attempts) == (429, 4)
