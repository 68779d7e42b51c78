"""Files from outside the folder are looked at where the flow includes them, and nowhere else."""

from __future__ import annotations

from pathlib import Path

from flowloom.flows.model.edits import AddNode, ClearFlowKey, Group, SetFlowKey
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.document.included import included_texts

NODE = {"type": "prompt", "source": {"type": "code", "path": "shared.jinja2"}}


def test_ports_of_an_included_prompt(document: FlowDocument, flow_folder: Path) -> None:
    (flow_folder.parent / "shared.jinja2").write_text("Hello {{name}} of {{place}}")
    document.apply(Group("Add", (AddNode("shared", NODE),)))
    assert document.ports("shared") is None or not document.ports("shared").inputs  # pyright: ignore[reportOptionalMemberAccess]
    document.apply(SetFlowKey(("additional_includes",), ["../shared.jinja2"]))
    ports = document.ports("shared")
    assert ports is not None
    assert set(ports.inputs) == {"name", "place"}
    assert "shared.jinja2" not in document.files, "it is not a file of this folder"
    document.apply(ClearFlowKey(("additional_includes",)))
    assert document.fault("shared") is not None


def test_files_within_an_included_folder(document: FlowDocument, flow_folder: Path) -> None:
    (flow_folder.parent / "lib").mkdir()
    (flow_folder.parent / "lib" / "deep.jinja2").write_text("{{word}}")
    document.apply(AddNode("deep", {"type": "prompt", "source": {"type": "code", "path": "lib/deep.jinja2"}}))
    document.apply(SetFlowKey(("additional_includes",), ["../lib"]))
    ports = document.ports("deep")
    assert ports is not None
    assert set(ports.inputs) == {"word"}


def test_what_a_run_refuses_is_not_read(document: FlowDocument, flow_folder: Path) -> None:
    outside = flow_folder.parent.parent / "outside.jinja2"
    outside.write_text("{{secret}}")
    (flow_folder.parent / "link.jinja2").symlink_to(outside)
    document.apply(AddNode("a", {"type": "prompt", "source": {"type": "code", "path": "outside.jinja2"}}))
    document.apply(AddNode("b", {"type": "prompt", "source": {"type": "code", "path": "link.jinja2"}}))
    document.apply(SetFlowKey(("additional_includes",), ["../../outside.jinja2", str(outside), "../link.jinja2"]))
    assert included_texts(document.flow, document.file) == {}


def test_a_file_of_the_folder_is_its_own(document: FlowDocument, flow_folder: Path) -> None:
    (flow_folder.parent / "answer.jinja2").write_text("{{other}}")
    document.apply(SetFlowKey(("additional_includes",), ["../answer.jinja2"]))
    assert included_texts(document.flow, document.file) == {}
