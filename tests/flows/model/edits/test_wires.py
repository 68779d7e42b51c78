from __future__ import annotations

import pytest

from flowloom.flows.document.splice import apply_splices
from flowloom.flows.model.edits.draft import Draft
from flowloom.flows.model.edits.wires import binding_value, reference_of, rewrite, wires_from
from flowloom.flows.model.flow import Constant, Reference

FLOW = r"""
shared: &w ${a.output}
nodes:
- name: a
- name: b
  inputs:
    plain: ${a}
    shared: *w
    single: '${a.output.x}'
    escaped: "\x24{a.output}"
    folded: >-
      ${a.output}
    other: ${a2.output}
    input: ${inputs.a}
    text: ' ${a}'
    wrong: ${a.text}
    nested: ["${a}", "node:a"]
  activate: {when: "${a}", is: "${a}"}
outputs:
  o: {type: string, reference: "${a.output}"}
"""


def draft() -> Draft:
    return Draft({"f": FLOW}, "f")


def test_every_mention_of_a_node() -> None:
    found = draft()
    text, _ = apply_splices(FLOW, rewrite(found, "node", "a", "new name"))
    assert (
        text
        == r"""
shared: &w ${new name.output}
nodes:
- name: a
- name: b
  inputs:
    plain: ${new name}
    shared: *w
    single: '${new name.output.x}'
    escaped: "${new name.output}"
    folded: >-
      ${new name.output}
    other: ${a2.output}
    input: ${inputs.a}
    text: ' ${a}'
    wrong: ${new name.text}
    nested: ["${a}", "node:new name"]
  activate: {when: "${new name}", is: "${a}"}
outputs:
  o: {type: string, reference: "${new name.output}"}
"""
    )


def test_every_mention_of_an_input() -> None:
    found = draft()
    text, _ = apply_splices(FLOW, rewrite(found, "input", "a", "q"))
    assert text == FLOW.replace("${inputs.a}", "${inputs.q}")


def test_wires_to_cut() -> None:
    names = {path[-1] for path in wires_from(draft(), "node", {"a"})}
    assert names == {"plain", "shared", "single", "escaped", "folded", "wrong", "activate"}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Reference("node", "a", ("x",)), "${a.output.x}"),
        (Constant("${a}"), " ${a}"),
        (Constant("plain"), "plain"),
        (Constant(["${a}"]), ["${a}"]),
        ("${a}", "${a}"),
        (3, 3),
    ],
)
def test_what_is_written_for_a_binding(value: object, written: object) -> None:
    assert binding_value(value) == written


def test_references_that_cannot_work_are_still_mentions() -> None:
    assert reference_of("${}") is None
    wrong = reference_of("${a.text}")
    assert wrong is not None
    assert wrong.name == "a"
