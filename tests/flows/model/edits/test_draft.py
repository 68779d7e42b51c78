from __future__ import annotations

import pytest

from flowloom.flows.document.splice import Splice
from flowloom.flows.errors import UsageError
from flowloom.flows.model.edits.draft import Draft

FLOW = """\
nodes:
- name: 7
- name: a
  use_variants: true
- {name: b, use_variants: false}
node_variants:
  a: {default_variant_id: y, variants: {x: {node: {type: llm}}, y: {node: {type: prompt}}}}
  b: {variants: {z: {node: {}}}}
"""


def draft() -> Draft:
    return Draft({"flow.dag.yaml": FLOW, "a.py": "1"}, "flow.dag.yaml")


def test_where_nodes_stand() -> None:
    found = draft()
    assert found.names() == ["7", "a", "b"]
    assert found.item("7") == ("nodes", 0)
    assert found.body("a") == ("node_variants", "a", "variants", "y", "node")
    assert found.body("a", "x") == ("node_variants", "a", "variants", "x", "node")
    assert found.body("b") == ("nodes", 2)
    assert found.bodies("b") == [("nodes", 2), ("node_variants", "b", "variants", "z", "node")]
    assert found.variants("b") is None
    assert found.variants_entry("b") == ("node_variants", "b")
    assert len(found.all_bodies()) == 6
    assert found.value(("nodes", 1, "name")) == "a"
    assert not found.has(("nodes", 1, "type"))
    for name, variant in (("z", None), ("a", "q")):
        with pytest.raises(UsageError):
            found.body(name, variant)


def test_every_step_has_its_inverse() -> None:
    found = draft()
    found.yaml.set(("nodes", 0, "type"), "llm")
    found.write("a.py", "12")
    found.write("new.py", "x")
    found.splice("new.py", [Splice("new.py", 0, 1, "")], exists=False)
    assert found.files == {"flow.dag.yaml": FLOW.replace("- name: 7\n", "- name: 7\n  type: llm\n"), "a.py": "12"}
    for file, splices, _, exists in reversed(found.undo):
        found.splice(file, splices, exists=exists)
    assert found.files == {"flow.dag.yaml": FLOW, "a.py": "1"}


def test_a_flow_of_nothing() -> None:
    found = Draft({"flow.dag.yaml": ""}, "flow.dag.yaml")
    assert (found.names(), found.all_bodies(), found.data) == ([], [], {})
    found.set_layout(found.layout)
    assert found.done == []


def test_edits_act_on_the_variant_that_is_looked_at() -> None:
    found = Draft({"flow.dag.yaml": FLOW}, "flow.dag.yaml", {"a": "x", "b": "z"})
    assert found.body("a") == ("node_variants", "a", "variants", "x", "node")
    assert found.body("a", "y") == ("node_variants", "a", "variants", "y", "node")
    assert found.body("b") == ("nodes", 2), "variants that are not used count for nothing"
    gone = Draft({"flow.dag.yaml": FLOW}, "flow.dag.yaml", {"a": "gone"})
    assert gone.body("a") == ("node_variants", "a", "variants", "y", "node")
