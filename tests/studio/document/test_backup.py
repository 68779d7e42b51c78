"""Unsaved work survives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import pytest

from flowloom.flows.document import backup
from flowloom.flows.document.backup import backup_place
from flowloom.flows.errors import FlowloomError
from flowloom.flows.model.edits import AddNode, DeleteNodes, RenameNode, SetText
from flowloom.flows.node.registry import Registry
from flowloom.studio.document.attach import Care, attach
from flowloom.studio.document.flow_document import FlowDocument


@pytest.fixture
def reopen(flow_folder: Path, registry: Registry) -> Iterator[Callable[[], tuple[FlowDocument, Care]]]:
    opened: list[tuple[FlowDocument, Care]] = []

    def make() -> tuple[FlowDocument, Care]:
        document = FlowDocument(flow_folder, registry)
        opened.append((document, attach(document, {})))
        return opened[-1]

    yield make
    for document, care in opened:
        care.close()
        document.checker.settle()
        document.deleteLater()


def crash(root: Path, flow: str) -> None:
    """Make the backup look like that of a process that is no more."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    place = backup_place(root, flow)
    data = json.loads(place.read_bytes().partition(b"\n")[2])
    data["process"]["id"] = gone.pid
    body = json.dumps(data).encode()
    place.with_name(f"{flow}.{gone.pid}.json").write_bytes(backup._mark(body, backup._key()) + b"\n" + body)
    place.unlink()


def test_an_edit_is_backed_up_within_a_second(care: Care, document: FlowDocument, wait) -> None:
    begin = monotonic()
    document.apply(RenameNode("prepare", "clean"))
    wait(lambda: backup_place(document.root, document.name).exists())
    assert monotonic() - begin < 1
    assert (document.root / ".flowloom" / ".gitignore").exists()


def test_edits_without_a_pause_are_backed_up_too(care: Care, document: FlowDocument, application) -> None:
    begin, text = monotonic(), ""
    place = backup_place(document.root, document.name)
    while not place.exists():
        assert monotonic() - begin < 1
        text += "x"
        document.apply(SetText("answer.jinja2", text), merge="typing")
        application.processEvents()


def test_a_crash_loses_nothing(care: Care, document: FlowDocument, wait, reopen) -> None:
    document.apply(RenameNode("prepare", "clean"))
    document.apply(SetText("answer.jinja2", "user:\nunsaved \ud83d 你好\n"))
    document.apply(AddNode("more", {"type": "prompt", "source": {"type": "code", "path": "more.jinja2"}}, {"more.jinja2": "Hi"}))
    document.apply(DeleteNodes(("clean",)))
    kept: list[int] = []
    care.backup.kept.connect(lambda: kept.append(1))
    wait(lambda: kept)
    crash(document.root, document.name)
    again, its_care = reopen()
    assert again.files != document.files
    (found,) = its_care.backup.found
    assert its_care.backup.changed_since(found) == []
    assert its_care.backup.recover(found, "Recover unsaved work")
    expected = {path: text for path, text in document.files.items() if path not in document.unused}
    assert again.files == expected
    assert again.modified
    assert again.undo_stack.undoText() == "Recover unsaved work"
    wait(lambda: found.place is not None and not found.place.exists())
    assert backup_place(again.root, again.name).exists(), "backed up anew before the old one goes"
    again.undo_stack.undo()
    assert again.files == again.disk


def test_a_recovered_flow_saves_like_any_other(care: Care, document: FlowDocument, wait, reopen, flow_folder: Path) -> None:
    document.apply(DeleteNodes(("prepare",)))
    wait(lambda: backup_place(document.root, document.name).exists())
    crash(document.root, document.name)
    _, its_care = reopen()
    its_care.backup.recover(its_care.backup.found[0], "Recover")
    assert its_care.saving.save()
    assert not (flow_folder / "prepare.py").exists()
    assert "prepare" not in (flow_folder / "flow.dag.yaml").read_text().replace("prepared", "")


def test_saving_and_undoing_leave_no_backup(care: Care, document: FlowDocument, wait) -> None:
    place = backup_place(document.root, document.name)
    document.apply(RenameNode("prepare", "clean"))
    wait(place.exists)
    document.undo_stack.undo()
    wait(lambda: not place.exists())
    document.apply(RenameNode("prepare", "clean"))
    wait(place.exists)
    assert care.saving.save()
    wait(lambda: not place.exists())


def test_closing_without_saving_gives_the_work_up(care: Care, document: FlowDocument, wait, registry: Registry) -> None:
    document.apply(RenameNode("prepare", "clean"))
    place = backup_place(document.root, document.name)
    wait(place.exists)
    other = attach(document, {})
    other.close()
    assert not place.exists()


def test_a_backup_that_is_refused_is_gone(care: Care, document: FlowDocument, wait, reopen) -> None:
    document.apply(RenameNode("prepare", "clean"))
    wait(lambda: backup_place(document.root, document.name).exists())
    crash(document.root, document.name)
    _, its_care = reopen()
    its_care.backup.discard(its_care.backup.found[0])
    assert its_care.backup.found == ()
    _, third = reopen()
    assert third.backup.found == ()


def test_another_window_that_lives_is_left_alone(care: Care, document: FlowDocument, wait, reopen) -> None:
    document.apply(RenameNode("prepare", "clean"))
    wait(lambda: backup_place(document.root, document.name).exists())
    _, its_care = reopen()
    assert its_care.backup.found == ()


def test_files_that_changed_since_the_crash_are_named(care: Care, document: FlowDocument, wait, reopen, flow_folder: Path) -> None:
    document.apply(RenameNode("prepare", "clean"))
    wait(lambda: backup_place(document.root, document.name).exists())
    crash(document.root, document.name)
    with open(flow_folder / "flow.dag.yaml", "a") as file:
        file.write("# newer\n")
    _, its_care = reopen()
    assert its_care.backup.changed_since(its_care.backup.found[0]) == ["flow.dag.yaml"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_backed_up_elsewhere(care: Care, document: FlowDocument, wait, flow_folder: Path) -> None:
    flow_folder.chmod(0o500)
    try:
        document.apply(RenameNode("prepare", "clean"))
        wait(lambda: backup_place(document.root, document.name).exists())
        assert flow_folder not in backup_place(document.root, document.name).parents
    finally:
        flow_folder.chmod(0o700)


def test_a_backup_that_cannot_be_kept_is_told_once(care: Care, document: FlowDocument, wait, flow_folder: Path) -> None:
    (flow_folder / ".flowloom").write_text("a file in the way")
    heard: list[FlowloomError] = []
    care.backup.failed.connect(heard.append)
    document.apply(RenameNode("prepare", "clean"))
    wait(lambda: heard)
    text = document.files["answer.jinja2"]
    document.apply(SetText("answer.jinja2", text + "x"))
    (flow_folder / ".flowloom").unlink()
    wait(lambda: backup_place(document.root, document.name).exists())
    assert len(heard) == 1


def test_an_older_backup_never_replaces_a_newer_one(care: Care, document: FlowDocument, wait) -> None:
    """Threads may come late: what was backed up at once, before saving, stays."""
    document.apply(RenameNode("prepare", "clean"))
    older = care.backup._task()
    document.apply(RenameNode("clean", "tidy"))
    care.backup.now()
    assert older is not None
    assert care.backup._write(older) == (None, None)
    assert "name: tidy" in backup_place(document.root, document.name).read_text()
