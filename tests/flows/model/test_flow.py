from __future__ import annotations

import pytest

from flowloom.flows.model.flow import (
    MISSING,
    Activate,
    Constant,
    FlowInput,
    Node,
    NodeName,
    Reference,
    Source,
    path_text,
)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("a", 0, "b"), ".a[0].b"),
        ((0, "a b"), ".[0]['a b']"),
        (("it's",), ".['it's']"),
        (("é",), ".é"),
        (("0",), ".['0']"),
    ],
)
def test_properties_are_written_as_prompt_flow_reads_them(path: tuple[str | int, ...], text: str) -> None:
    assert path_text(path) == text
    assert str(Reference("node", "n", path)) == f"${{n.output{text}}}"


def test_an_input_without_a_value_of_its_own_is_required() -> None:
    assert FlowInput("a", "string").required
    assert FlowInput("a", "string", None).required
    assert not FlowInput("a", "string", "").required
    assert not MISSING


def test_a_node_waits_for_its_inputs_and_its_condition() -> None:
    a, b = Reference("node", "a"), Reference("input", "b")
    node = Node(NodeName("n"), "python", Source("code", "n.py"), {"x": a, "y": Constant(1)}, activate=Activate(b, True))
    assert node.references == (a, b)
    assert Node(NodeName("n"), "python", Source("code"), activate=Activate(Constant(1), 1)).references == ()
