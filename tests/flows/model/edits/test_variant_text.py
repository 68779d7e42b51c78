from __future__ import annotations

import pytest

from flowloom.flows.document.yaml_text import load_values
from flowloom.flows.model.edits import DropVariants, UseVariants, apply

NODES = [
    # The name is not the first key: the body cannot move as it stands, and is written anew.
    "nodes:\n- type: prompt\n  name: a\n  source: {path: a.jinja2}\n",
    # A comment that is not indented, a blank line, and a text that goes on at the margin.
    'nodes:\n- name: a\n  type: prompt\n# margin\n\n  comment: "one\n two"\n  source: {path: a.jinja2}\n',
    # Windows endings and four spaces.
    "nodes:\r\n    -   name: a\r\n        type: prompt\r\n        source:\r\n            path: a.jinja2\r\n",
    # Shared values.
    "x: &s {path: a.jinja2}\nnodes:\n- name: a\n  type: prompt\n  source: *s\n",
    # Nothing behind it, and no final line ending.
    "nodes:\n- name: a\n  type: prompt\n  source:\n    path: a.jinja2",
    # A text that ends where the file does.
    "nodes:\n- name: a\n  type: prompt\n  source: {path: a.jinja2}\n  comment: |\n    one\n    two",
]


@pytest.mark.parametrize("text", NODES)
def test_the_values_are_the_same_there_and_back(text: str) -> None:
    before = load_values(text, "f")["nodes"][0]
    files = {"flow.dag.yaml": text}
    used = apply(files, UseVariants("a"))
    value = load_values(used.files["flow.dag.yaml"], "f")
    body = value["node_variants"]["a"]["variants"]["variant_0"]["node"]
    assert {"name": "a", **body} == before
    assert value["nodes"][0] == {"name": "a", "use_variants": True}
    back = apply(used.files, DropVariants("a"))
    value = load_values(back.files["flow.dag.yaml"], "f")
    assert value["nodes"][0] == before
    assert not value.get("node_variants")
    assert apply(apply(back.files, back.inverse).files, used.inverse).files == files
    if "# margin" in text:
        assert "# margin" in used.files["flow.dag.yaml"]
