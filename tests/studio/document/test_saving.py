"""Saving: bytes on the disk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flowloom.flows.document.backup import backup_place
from flowloom.flows.document.layout import Place
from flowloom.flows.errors import FlowloomError, SaveConflict
from flowloom.flows.model.edits import AddNode, DeleteNodes, RenameNode, SetInput, SetPlaces, SetText
from flowloom.studio.document.attach import Care
from flowloom.studio.document.flow_document import FlowDocument


def test_saving_writes_what_changed_and_nothing_else(care: Care, document: FlowDocument, flow_folder: Path) -> None:
    times = {path: path.stat().st_mtime_ns for path in flow_folder.iterdir()}
    document.apply(SetInput("answer", "temperature", 0.5))
    document.apply(SetPlaces({"answer": Place(5, 6)}))
    heard: list[tuple[str, ...]] = []
    care.saving.saved.connect(heard.append)
    assert care.saving.save()
    assert set(heard[0]) == {"flow.dag.yaml", "flow.layout.json"}
    assert "temperature: 0.5" in (flow_folder / "flow.dag.yaml").read_text()
    assert (flow_folder / "flow.dag.yaml").read_text().startswith("# A flow with a comment that must stay.")
    for name in ("prepare.py", "answer.jinja2"):
        assert (flow_folder / name).stat().st_mtime_ns == times[flow_folder / name]
    assert not document.modified
    assert not document.unsaved


def test_saving_untouched_writes_nothing(care: Care, flow_folder: Path) -> None:
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in flow_folder.iterdir()}
    assert care.saving.save()
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in flow_folder.iterdir()} == before


def test_a_deleted_nodes_file_goes_to_the_trash_and_comes_back(care: Care, document: FlowDocument, flow_folder: Path) -> None:
    text = (flow_folder / "prepare.py").read_bytes()
    document.apply(DeleteNodes(("prepare",)))
    assert (flow_folder / "prepare.py").exists(), "deleting does nothing to the disk before saving"
    assert care.saving.save()
    assert not (flow_folder / "prepare.py").exists()
    trashed = list((flow_folder / ".flowloom" / "trash").rglob("prepare.py"))
    assert [path.read_bytes() for path in trashed] == [text]
    document.undo_stack.undo()
    assert care.saving.save()
    assert (flow_folder / "prepare.py").read_bytes() == text


def test_a_made_file_that_is_undone_after_saving_goes_too(care: Care, document: FlowDocument, flow_folder: Path) -> None:
    document.apply(AddNode("more", {"type": "prompt", "source": {"type": "code", "path": "more.jinja2"}}, {"more.jinja2": "Hi"}))
    assert care.saving.save()
    assert (flow_folder / "more.jinja2").read_text() == "Hi"
    document.undo_stack.undo()
    assert care.saving.save()
    assert not (flow_folder / "more.jinja2").exists()


def test_changes_by_others_are_not_overwritten_unasked(care: Care, document: FlowDocument, flow_folder: Path) -> None:
    document.apply(SetInput("answer", "temperature", 0.5))
    theirs = (flow_folder / "flow.dag.yaml").read_text().replace("Why?", "Where?")
    (flow_folder / "flow.dag.yaml").write_text(theirs)
    heard: list[SaveConflict] = []
    care.saving.conflict.connect(heard.append)
    assert not care.saving.save()
    assert heard[0].file == "flow.dag.yaml"
    assert (flow_folder / "flow.dag.yaml").read_text() == theirs
    assert document.modified
    assert care.saving.save(force=True)
    assert "temperature: 0.5" in (flow_folder / "flow.dag.yaml").read_text()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_disk_that_refuses_loses_nothing(care: Care, document: FlowDocument, flow_folder: Path) -> None:
    document.apply(RenameNode("prepare", "clean"))
    flow_folder.chmod(0o500)
    heard: list[FlowloomError] = []
    care.saving.failed.connect(heard.append)
    try:
        assert not care.saving.save()
    finally:
        flow_folder.chmod(0o700)
    assert heard
    assert document.modified
    assert care.saving.save()


def test_a_broken_character_is_told_and_the_rest_is_kept(care: Care, document: FlowDocument, flow_folder: Path) -> None:
    before = (flow_folder / "answer.jinja2").read_bytes()
    document.apply(SetText("answer.jinja2", "user:\nhalf a pair \ud83d\n"))
    heard: list[FlowloomError] = []
    care.saving.failed.connect(heard.append)
    assert not care.saving.save()
    assert "line 2" in str(heard[0])
    assert (flow_folder / "answer.jinja2").read_bytes() == before


def test_save_as_goes_on_in_a_new_folder(care: Care, document: FlowDocument, flow_folder: Path, tmp_path: Path) -> None:
    (flow_folder / "data").mkdir()
    (flow_folder / "data" / "picture.bin").write_bytes(b"\x00\xff")
    before = (flow_folder / "flow.dag.yaml").read_bytes()
    document.apply(RenameNode("prepare", "clean"))
    target = tmp_path / "copies" / "mine"
    assert care.saving.save_as(target)
    assert "name: clean" in (target / "flow.dag.yaml").read_text()
    assert (target / "data" / "picture.bin").read_bytes() == b"\x00\xff"
    assert (flow_folder / "flow.dag.yaml").read_bytes() == before
    assert document.root == target
    assert document.title == "mine"
    assert not document.modified
    document.apply(RenameNode("clean", "tidy"))
    assert care.saving.save()
    assert "name: tidy" in (target / "flow.dag.yaml").read_text()


@pytest.mark.parametrize("where", ["flow", "flow/inside", "."])
def test_save_as_refuses_its_own_folder(care: Care, document: FlowDocument, tmp_path: Path, where: str) -> None:
    heard: list[FlowloomError] = []
    care.saving.failed.connect(heard.append)
    assert not care.saving.save_as(tmp_path / where)
    assert heard
    assert document.root == tmp_path / "flow"


def test_save_as_refuses_a_folder_that_holds_something(care: Care, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("precious")
    heard: list[FlowloomError] = []
    care.saving.failed.connect(heard.append)
    assert not care.saving.save_as(tmp_path / "full")
    assert "not empty" in str(heard[0])


def test_work_is_backed_up_before_its_files_are_touched(care: Care, document: FlowDocument, flow_folder: Path) -> None:
    """Whatever ends the program in the middle of saving, or refuses it, loses nothing."""
    document.apply(RenameNode("prepare", "clean"))
    (flow_folder / "flow.dag.yaml").write_text("by someone else")
    assert not backup_place(document.root, document.name).exists()
    assert not care.saving.save()
    assert "name: clean" in backup_place(document.root, document.name).read_text()
