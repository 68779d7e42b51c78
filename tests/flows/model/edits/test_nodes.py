from __future__ import annotations

import difflib

import pytest

from flowloom.flows.document.layout import Place
from flowloom.flows.errors import UsageError
from flowloom.flows.model.edits import (
    AddNode,
    ClearInput,
    ClearNodeKey,
    DeleteNodes,
    Edit,
    RenameNode,
    SetInput,
    SetNodeKey,
    apply,
)
from flowloom.flows.model.flow import Constant, Reference

FLOW = """\
# Answers letters
inputs:
  question:   # asked
    type: string
outputs:
  answer:
    type: string
    reference: ${answer.output}
nodes:
- name: search   # finds
  type: python
  source:
    type: code
    path: search.py
  inputs:
    q: ${inputs.question}

# the answer
- name: answer
  type: llm
  source: {type: code, path: answer.jinja2}
  inputs:
    passages: "${search.output.items}"  # wire
    words: ' ${search}'
  connection: local
  api: chat
  activate:
    when: ${search}
    is: true
- name: other
  type: python
  source: {type: code, path: other.py}
  inputs: {a: "${search}", tools: ["node:search", "${search}"]}
"""
FILES = {
    "flow.dag.yaml": FLOW,
    "search.py": "import helper\n",
    "answer.jinja2": "{{passages}}\n",
    "other.py": "x = 1\n",
    "helper.py": "",
    "flow.layout.json": '{\n  "version": 1,\n  "nodes": {\n    "search": {"x": 1, "y": 2, "glow": 3}\n  }\n}\n',
    "flow.pins.json": '{\n  "version": 1,\n  "pins": {\n    "search": {"output": [1]}\n  }\n}\n',
}


def changed(edit: Edit, file: str = "flow.dag.yaml") -> list[str]:
    """The lines of a file that go (-) and come (+)."""
    after = apply(FILES, edit).files.get(file, "")
    lines = difflib.ndiff(FILES.get(file, "").splitlines(), after.splitlines())
    return [line for line in lines if line[0] in "+-"]


def test_renaming_touches_the_mentions_and_nothing_else() -> None:
    assert changed(RenameNode("search", "find it")) == [
        "- - name: search   # finds",
        "+ - name: find it   # finds",
        '-     passages: "${search.output.items}"  # wire',
        '+     passages: "${find it.output.items}"  # wire',
        "-     when: ${search}",
        "+     when: ${find it}",
        '-   inputs: {a: "${search}", tools: ["node:search", "${search}"]}',
        '+   inputs: {a: "${find it}", tools: ["node:find it", "${search}"]}',
    ]
    assert changed(RenameNode("search", "find"), "flow.layout.json") == [
        '-     "search": {"x": 1, "y": 2, "glow": 3}',
        '+     "find": {"x": 1, "y": 2, "glow": 3}',
    ]
    assert changed(RenameNode("search", "find"), "flow.pins.json") == [
        '-     "search": {"output": [1]}',
        '+     "find": {"output": [1]}',
    ]


def test_deleting_cuts_the_wires_and_lists_the_trash() -> None:
    assert changed(DeleteNodes(("search",))) == [
        "- - name: search   # finds",
        "-   type: python",
        "-   source:",
        "-     type: code",
        "-     path: search.py",
        "-   inputs:",
        "-     q: ${inputs.question}",
        '-     passages: "${search.output.items}"  # wire',
        "-   activate:",
        "-     when: ${search}",
        "-     is: true",
        '-   inputs: {a: "${search}", tools: ["node:search", "${search}"]}',
        '+   inputs: {tools: ["node:search", "${search}"]}',
    ]
    applied = apply(FILES, DeleteNodes(("search",)))
    assert applied.trash == ("search.py",)
    # Until the flow is saved the file stays, so that undo finds it.
    assert "search.py" in applied.files
    assert "search" not in applied.files["flow.layout.json"] + applied.files["flow.pins.json"]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("again.py", "from search import x\n"),
        ("again.py", "import importlib\nm = importlib.import_module('search')\n"),
        ("notes.md", "see search.py\n"),
        ("flow.dag.yaml", FLOW.replace("path: other.py", "path: ./search.py")),
        ("flow.dag.yaml", "additional_includes: [search.py]\n" + FLOW),
    ],
)
def test_a_file_that_anything_else_uses_is_no_trash(file: str, text: str) -> None:
    assert apply({**FILES, file: text}, DeleteNodes(("search",))).trash == ()


def test_a_name_inside_another_word_is_no_use() -> None:
    assert apply({**FILES, "research.py": "research = searching = 1\n"}, DeleteNodes(("search",))).trash == (
        "search.py",
    )


def test_deleting_all_leaves_an_empty_list() -> None:
    applied = apply(FILES, DeleteNodes(("search", "answer", "other")))
    assert applied.files["flow.dag.yaml"].endswith("nodes: []\n")
    assert applied.trash == ("answer.jinja2", "other.py", "search.py")


def test_inputs() -> None:
    assert changed(SetInput("search", "top_k", 3)) == ["+     top_k: 3"]
    assert changed(SetInput("search", "q", Reference("node", "other", (0, "a b")))) == [
        "-     q: ${inputs.question}",
        "+     q: ${other.output.[0]['a b']}",
    ]
    assert changed(SetInput("other", "b", "yes")) == [
        '-   inputs: {a: "${search}", tools: ["node:search", "${search}"]}',
        '+   inputs: {a: "${search}", tools: ["node:search", "${search}"], b: \'yes\'}',
    ]
    assert changed(ClearInput("search", "q")) == ["-   inputs:", "+   inputs: {}", "-     q: ${inputs.question}"]


def test_a_constant_never_becomes_a_wire() -> None:
    assert changed(SetInput("search", "q", Constant("${other}"))) == [
        "-     q: ${inputs.question}",
        "+     q: ' ${other}'",
    ]


def test_keys() -> None:
    assert changed(SetNodeKey("answer", ("connection",), "azure")) == ["-   connection: local", "+   connection: azure"]
    assert changed(SetNodeKey("search", ("activate",), {"when": Reference("input", "question"), "is": "no"})) == [
        "+   activate:",
        "+     when: ${inputs.question}",
        "+     is: 'no'",
    ]
    assert changed(SetNodeKey("search", ("retry", "attempts"), 3)) == ["+   retry:", "+     attempts: 3"]
    assert changed(ClearNodeKey("answer", ("activate",))) == [
        "-   activate:",
        "-     when: ${search}",
        "-     is: true",
    ]


def test_adding_brings_files_and_a_place() -> None:
    edit = AddNode(
        "tone",
        {
            "type": "prompt",
            "source": {"type": "code", "path": "tone.jinja2"},
            "inputs": {"x": Reference("node", "answer")},
        },
        {"tone.jinja2": "{{x}}"},
        Place(5, 6),
    )
    assert changed(edit) == [
        "+ - name: tone",
        "+   type: prompt",
        "+   source:",
        "+     type: code",
        "+     path: tone.jinja2",
        "+   inputs:",
        "+     x: ${answer.output}",
    ]
    applied = apply(FILES, edit)
    assert applied.files["tone.jinja2"] == "{{x}}"
    assert '"tone": {"x": 5, "y": 6}' in applied.files["flow.layout.json"]
    assert "tone.jinja2" not in apply(applied.files, applied.inverse).files


def test_a_broken_layout_is_not_overwritten() -> None:
    from flowloom.flows.errors import DocumentError

    with pytest.raises(DocumentError, match=r"flow\.layout\.json"):
        apply({**FILES, "flow.layout.json": "{"}, RenameNode("search", "find"))
    with pytest.raises(UsageError):
        apply(FILES, AddNode("x", {"type": "prompt"}, {"search.py": "other"}))
