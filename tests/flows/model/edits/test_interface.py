from __future__ import annotations

import pytest

from flowloom.flows.errors import UsageError
from flowloom.flows.model.edits import (
    AddFlowInput,
    AddFlowOutput,
    ClearFlowKey,
    DeleteFlowInput,
    DeleteFlowOutput,
    RenameFlowInput,
    RenameFlowOutput,
    SetFlowKey,
    apply,
)
from flowloom.flows.model.flow import Reference

FLOW = """\
# why
nodes:
- name: n
  type: prompt
  source: {path: n.jinja2}
  inputs: {a: "${inputs.the text}", b: '${flow.the text}', c: "${inputs.other}"}
  activate: {when: "${inputs.the text}", is: 1}
inputs:
  the text: {type: string}   # kept
  other: {type: int}
outputs:
  out: {type: string, reference: "${inputs.the text}"}
"""


def after(edit: object, text: str = FLOW) -> str:
    return apply({"flow.dag.yaml": text}, edit).files["flow.dag.yaml"]  # pyright: ignore[reportArgumentType]


def test_sections_that_are_missing_are_made_in_their_place() -> None:
    text = "description: x\n# nodes\nnodes: []\n"
    text = after(AddFlowInput("q", "int", 3, {"description": "how many"}), text)
    text = after(AddFlowOutput("o", Reference("input", "q"), "int"), text)
    assert text == (
        "description: x\n# nodes\n"
        "inputs:\n  q:\n    type: int\n    default: 3\n    description: how many\n"
        "outputs:\n  o:\n    type: int\n    reference: ${inputs.q}\n"
        "nodes: []\n"
    )
    assert after(AddFlowInput("q"), "") == "inputs:\n  q:\n    type: string\n"
    assert after(AddFlowInput("q"), "inputs:\nnodes: []\n") == "inputs:\n  q:\n    type: string\nnodes: []\n"
    assert after(AddFlowInput("q"), '{"nodes": []}') == '{"nodes": [], inputs: {q: {type: string}}}'


def test_renaming_an_input_follows_every_wire() -> None:
    assert after(RenameFlowInput("the text", "letter")) == FLOW.replace("the text", "letter")


def test_deleting_an_input_cuts_its_wires_and_keeps_the_outputs() -> None:
    assert after(DeleteFlowInput("the text")) == (
        "# why\nnodes:\n- name: n\n  type: prompt\n  source: {path: n.jinja2}\n"
        '  inputs: {c: "${inputs.other}"}\n'
        "inputs:\n  other: {type: int}\n"
        'outputs:\n  out: {type: string, reference: "${inputs.the text}"}\n'
    )


def test_outputs() -> None:
    assert after(RenameFlowOutput("out", "result")) == FLOW.replace("  out:", "  result:")
    assert after(DeleteFlowOutput("out")).endswith("outputs: {}\n")


def test_keys_of_the_flow() -> None:
    assert after(SetFlowKey(("inputs", "other", "default"), [1])) == FLOW.replace(
        "{type: int}", "{type: int, default: [1]}"
    )
    assert after(SetFlowKey(("outputs", "out", "reference"), Reference("node", "n"))) == FLOW.replace(
        'reference: "${inputs.the text}"', 'reference: "${n.output}"'
    )
    assert after(SetFlowKey(("description",), "A: b")) == FLOW.replace("# why\n", "# why\ndescription: 'A: b'\n")
    assert after(ClearFlowKey(("inputs", "other"))) == FLOW.replace("  other: {type: int}\n", "")


@pytest.mark.parametrize("name", ["", "a.b", "x}", "[0]", "the text", "a\nb", "x "])
def test_names_that_no_reference_could_say(name: str) -> None:
    for edit in (AddFlowInput(name), RenameFlowInput("other", name)):
        with pytest.raises(UsageError):
            after(edit)
