"""Ports follow files and edits."""

from __future__ import annotations

import sys
from pathlib import Path

from flowloom.flows.document.layout import Place
from flowloom.flows.model.edits import AddNode, RenameNode, SetPlaces, SetText
from flowloom.studio.document.flow_document import FlowDocument


def names(document: FlowDocument, node: str) -> set[str]:
    ports = document.ports(node)
    assert ports is not None
    return set(ports.inputs)


def test_ports_follow_a_signature_and_a_prompt(document: FlowDocument) -> None:
    assert names(document, "prepare") == {"text", "upper"}
    document.apply(SetText("prepare.py", "from promptflow.core import tool\n\n@tool\ndef go(a: int, b: list) -> dict:\n    return {}\n"))
    assert names(document, "prepare") == {"a", "b"}
    document.apply(SetText("answer.jinja2", "user:\n{{one}} {{two}}\n"))
    assert {"one", "two"} <= names(document, "answer")
    document.undo_stack.undo()
    assert "one" not in names(document, "answer")


def test_a_helper_that_many_files_import_counts_for_all_code(document: FlowDocument) -> None:
    document.apply(SetText("kinds.py", "from enum import Enum\n\nclass Tone(Enum):\n    KIND = 'kind'\n"))
    document.apply(
        SetText(
            "prepare.py",
            "from promptflow.core import tool\nfrom kinds import Tone\n\n@tool\ndef go(tone: Tone) -> str:\n    return ''\n",
        )
    )
    assert names(document, "prepare") == {"tone"}


def test_a_card_is_told_when_what_its_code_imports_changes_its_ports(document: FlowDocument) -> None:
    code = "from promptflow.core import tool\nfrom kinds import Text\n\n@tool\ndef go(text: Text) -> str:\n    return ''\n"
    document.apply(SetText("kinds.py", "Text = str\n"))
    document.apply(SetText("prepare.py", code))
    before, heard = document.ports("prepare"), []
    document.changed.connect(heard.append)
    document.apply(SetText("kinds.py", "from enum import Enum\n\nclass Text(Enum):\n    KIND = 'kind'\n"))
    assert document.ports("prepare") != before
    assert "prepare" in heard[-1].changed


def test_a_node_type_that_is_not_installed_keeps_its_fault(document: FlowDocument) -> None:
    document.apply(AddNode("ghost", {"type": "python", "source": {"type": "package", "tool": "nobody.has.this"}}))
    assert document.ports("ghost") is None
    fault = document.fault("ghost")
    assert fault is not None
    assert "nobody.has.this" in str(fault)
    assert document.spec("ghost") is None


def test_ports_that_nothing_touched_are_the_same_object(document: FlowDocument) -> None:
    before = document.ports("answer")
    document.apply(RenameNode("prepare", "clean"))
    document.apply(SetPlaces({"answer": Place(3, 4)}))
    document.apply(SetText("prepare.py", document.files["prepare.py"] + "\n# more\n"))
    after = document.ports("answer")
    assert after == before


def test_nothing_of_the_folder_runs(document: FlowDocument, flow_folder: Path) -> None:
    text = f"open({str(flow_folder / 'ran')!r}, 'w')\nimport sys\nsys.flowloom_ran = True\n" + document.files["prepare.py"]
    document.apply(SetText("prepare.py", text))
    assert names(document, "prepare") == {"text", "upper"}
    assert not (flow_folder / "ran").exists()
    assert not hasattr(sys, "flowloom_ran")
