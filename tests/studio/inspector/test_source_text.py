"""What a node's file says, and whether it can be edited here."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowloom.flows.model.edits import SetFlowKey, SetNodeKey
from flowloom.flows.node.registry import Registry
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.inspector.source_text import source_text


def test_a_path_in_another_spelling_is_the_same_file(document: FlowDocument) -> None:
    found = source_text(document, "./answer.jinja2")
    assert (found.path, found.text, found.editable) == ("answer.jinja2", document.text("answer.jinja2"), True)


def test_a_file_that_is_missing_can_be_made(document: FlowDocument) -> None:
    found = source_text(document, "new/prompt.jinja2")
    assert found.editable
    assert found.note


@pytest.mark.parametrize("path", ["../other.jinja2", "/etc/passwd", "..", "a/../../b"])
def test_nothing_outside_the_folder_is_read_or_written(document: FlowDocument, path: str) -> None:
    found = source_text(document, path)
    assert (found.text, found.editable) == ("", False)
    assert found.note


def test_an_included_file_is_not_made_anew(document: FlowDocument) -> None:
    document.apply(SetFlowKey(("additional_includes",), ["../shared/common.jinja2", "../tools"]))
    assert not source_text(document, "common.jinja2").editable
    assert not source_text(document, "tools/clean.py").editable
    assert source_text(document, "own.jinja2").editable


def test_what_is_too_large_is_only_shown(flow_folder: Path, registry: Registry) -> None:
    (flow_folder / "big.jinja2").write_text("x" * 1_100_000)
    (flow_folder / "picture.jinja2").write_bytes(b"\xff\xfe\x00\x01")
    document = FlowDocument(flow_folder, registry)
    document.apply(SetNodeKey("answer", ("source", "path"), "big.jinja2"))
    big, picture = source_text(document, "big.jinja2"), source_text(document, "picture.jinja2")
    assert (len(big.text), big.editable) == (1_100_000, False)
    assert (picture.text, picture.editable) == ("", False)
    document.checker.settle()
    document.deleteLater()
