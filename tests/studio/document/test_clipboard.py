"""Nodes as text."""

from __future__ import annotations

import pytest

from flowloom.flows.document.layout import Frame, Note, Place
from flowloom.flows.errors import UsageError
from flowloom.flows.model.edits import AddVariant, SetFrame, SetNote
from flowloom.studio.document.clipboard import copied, holds_nodes, read_clip, safe_file
from flowloom.studio.document.flow_document import FlowDocument

PLACES = {"prepare": Place(240, 0), "answer": Place(480, 8, title="Answer")}


def test_the_copied_text_reads_like_a_flow(document: FlowDocument) -> None:
    assert copied(document, ["answer"], PLACES) == """\
nodes:
- name: answer
  type: llm
  source:
    type: code
    path: answer.jinja2
  inputs:
    question: ${prepare.output}
    temperature: 0.2
  connection: local
  api: chat
files:
  answer.jinja2: |
    system:
    You are kind.

    user:
    {{question}}
layout:
  nodes:
    answer:
      x: 480
      y: 8
      title: Answer
"""


def test_it_is_read_back(document: FlowDocument) -> None:
    document.apply(AddVariant("answer", "b"))
    document.apply(SetFrame(Frame("frame_1", "Search", 1, 2)))
    document.apply(SetNote(Note("note_1", "Why?\nBecause.", 1, 2)))
    clip = read_clip(copied(document, ["answer", "prepare", "frame_1", "note_1"], PLACES))
    assert [entry["name"] for entry in clip.nodes] == ["prepare", "answer"]
    assert clip.variants is not None
    assert set(clip.variants["answer"]["variants"]) == {"variant_0", "b"}
    assert clip.files == {"prepare.py": document.text("prepare.py"), "answer.jinja2": document.text("answer.jinja2")}
    assert clip.layout is not None
    assert clip.layout.frames == (Frame("frame_1", "Search", 1, 2),)
    assert clip.layout.notes[0].text == "Why?\nBecause."


def test_the_flows_own_cards_are_not_copied(document: FlowDocument) -> None:
    assert copied(document, ["@inputs", "@outputs"], {}) == ""


ENTRY = "- name: search\n  type: python\n  source:\n    type: code\n    path: search.py\n"


@pytest.mark.parametrize(
    "text",
    [
        ENTRY,
        f"nodes:\n{ENTRY}",
        f"Hi Ann,\nplease try this one:\n\n{ENTRY}\nBest, Bob",
        "Look:\n```yaml\n" + ENTRY + "```\nnice?",
        "\r\n".join(f"    {line}" for line in ENTRY.splitlines()),
        "name: search\ntype: python\nsource: {type: code, path: search.py}\n",
        f"id: x\ninputs: {{}}\noutputs: {{}}\nnodes:\n{ENTRY}",
        ENTRY.replace("  type", "\u00a0 type"),
    ],
)
def test_nodes_are_found_in_what_people_send(text: str) -> None:
    (entry,) = read_clip(text).nodes
    assert entry["source"] == {"type": "code", "path": "search.py"}


@pytest.mark.parametrize("text", ["", "hello", "- a\n- b", "nodes: 3", "nodes:\n- 5\n", "{", "- name: x\n", "a: [" * 50])
def test_other_texts_hold_none(text: str) -> None:
    with pytest.raises(UsageError, match="no nodes"):
        read_clip(text)


def test_only_prompts_and_code_inside_the_folder_come_along() -> None:
    assert safe_file("deep/prompt.jinja2")
    bad = ("../up.py", "/etc/x.py", ".git/hooks/x.py", "a/.b/x.py", "flow.dag.yaml", "flow.layout.json", "c:\\x.py", "run.sh")
    assert not any(safe_file(path) for path in bad)


def test_menus_tell_quickly() -> None:
    assert holds_nodes(ENTRY)
    assert not holds_nodes("hello there")
