"""Others change the folder while a flow is open."""

from __future__ import annotations

import os
from pathlib import Path

from flowloom.flows.document.save import write_file
from flowloom.flows.errors import FlowloomError
from flowloom.flows.model.edits import RenameNode, SetInput, SetText
from flowloom.studio.document.attach import Care
from flowloom.studio.document.flow_document import FlowDocument


def test_a_file_written_in_place_is_noticed(care: Care, document: FlowDocument, flow_folder: Path, wait) -> None:
    (flow_folder / "answer.jinja2").write_text("user:\ntheirs {{question}}\n")
    wait(lambda: care.watcher.outside)
    (found,) = care.watcher.outside
    assert (found.path, found.theirs) == ("answer.jinja2", "user:\ntheirs {{question}}\n")
    assert found.mine == document.files["answer.jinja2"]


def test_a_file_replaced_as_editors_and_git_do_is_noticed_again_and_again(care: Care, document: FlowDocument, flow_folder: Path, wait) -> None:
    for number in range(3):
        write_file(flow_folder / "answer.jinja2", f"user:\ntheirs {number}\n".encode())
        wait(lambda number=number: care.watcher.outside and care.watcher.outside[0].theirs == f"user:\ntheirs {number}\n")


def test_reload_takes_theirs_as_one_step_of_undo(care: Care, document: FlowDocument, flow_folder: Path, wait) -> None:
    text = (flow_folder / "flow.dag.yaml").read_text().replace("prepare", "clean")
    (flow_folder / "flow.dag.yaml").write_text(text)
    before = dict(document.files)
    wait(lambda: care.watcher.outside)
    assert care.watcher.reload("Reload")
    assert "clean" in document.flow.nodes
    assert care.watcher.outside == ()
    assert not document.modified
    document.undo_stack.undo()
    assert document.files == before
    assert document.modified
    assert care.saving.save(), "undoing a reload may be saved over what others wrote"
    assert "prepare" in (flow_folder / "flow.dag.yaml").read_text()


def test_reload_leaves_unsaved_work_on_other_files(care: Care, document: FlowDocument, flow_folder: Path, wait) -> None:
    document.apply(SetText("answer.jinja2", "user:\nmine {{question}}\n"))
    (flow_folder / "prepare.py").write_text("# theirs\n")
    wait(lambda: care.watcher.outside)
    assert care.watcher.reload("Reload")
    assert document.files["answer.jinja2"] == "user:\nmine {{question}}\n"
    assert document.files["prepare.py"] == "# theirs\n"
    assert document.modified


def test_keep_overwrites_when_saving(care: Care, document: FlowDocument, flow_folder: Path, wait) -> None:
    mine = document.files["answer.jinja2"]
    (flow_folder / "answer.jinja2").write_text("theirs")
    wait(lambda: care.watcher.outside)
    care.watcher.keep()
    assert care.watcher.outside == ()
    assert document.modified
    conflicts: list[FlowloomError] = []
    care.saving.conflict.connect(conflicts.append)
    assert care.saving.save()
    assert not conflicts
    assert (flow_folder / "answer.jinja2").read_text() == mine


def test_own_saves_are_not_noticed(care: Care, document: FlowDocument, application, flow_folder: Path) -> None:
    document.apply(RenameNode("prepare", "clean"))
    assert care.saving.save()
    care.watcher.check()
    assert care.watcher.outside == ()


def test_a_change_that_is_taken_back_is_no_change(care: Care, flow_folder: Path, wait) -> None:
    before = (flow_folder / "answer.jinja2").read_bytes()
    (flow_folder / "answer.jinja2").write_text("theirs")
    wait(lambda: care.watcher.outside)
    (flow_folder / "answer.jinja2").write_bytes(before)
    wait(lambda: not care.watcher.outside)


def test_files_that_nobody_edits_are_taken_over_quietly(care: Care, document: FlowDocument, flow_folder: Path, wait) -> None:
    (flow_folder / "helper.py").write_text("x = 1\n")
    (flow_folder / "notes.md").write_text("later")
    wait(lambda: "helper.py" in document.files and "notes.md" in document.files)
    (flow_folder / "notes.md").write_text("even later")
    wait(lambda: document.files.get("notes.md") == "even later")
    assert care.watcher.outside == ()
    assert not document.modified


def test_a_deleted_file_is_noticed_and_kept(care: Care, document: FlowDocument, flow_folder: Path, wait) -> None:
    os.unlink(flow_folder / "prepare.py")
    wait(lambda: care.watcher.outside)
    assert care.watcher.outside[0].theirs is None
    care.watcher.keep()
    assert care.saving.save()
    assert (flow_folder / "prepare.py").read_text() == document.files["prepare.py"]


def test_the_whole_folder_gone_costs_nothing_of_what_is_open(care: Care, document: FlowDocument, flow_folder: Path, wait) -> None:
    flow_folder.rename(flow_folder.with_name("elsewhere"))
    wait(lambda: care.watcher.outside)
    care.watcher.keep()
    assert care.saving.save()
    assert set(document.flow.nodes) == {"prepare", "answer"}
    assert (flow_folder / "flow.dag.yaml").exists()


def test_what_is_no_flow_is_not_reloaded(care: Care, document: FlowDocument, flow_folder: Path, wait) -> None:
    (flow_folder / "flow.dag.yaml").write_text("<<<<<<< HEAD\nnodes: []\n")
    wait(lambda: care.watcher.outside)
    refused: list[FlowloomError] = []
    document.refused.connect(refused.append)
    assert not care.watcher.reload("Reload")
    assert refused
    assert set(document.flow.nodes) == {"prepare", "answer"}
    assert care.watcher.outside


def test_trust_is_revoked_as_soon_as_it_is_noticed(care: Care, flow_folder: Path, wait) -> None:
    care.trust.trust()
    (flow_folder / "new_code.py").write_text("import os\n")
    wait(lambda: care.trust.state == "restricted")


def test_mine_follows_edits_made_meanwhile(care: Care, document: FlowDocument, flow_folder: Path, wait) -> None:
    (flow_folder / "flow.dag.yaml").write_text((flow_folder / "flow.dag.yaml").read_text() + "# theirs\n")
    wait(lambda: care.watcher.outside)
    document.apply(SetInput("answer", "temperature", 0.9))
    assert care.watcher.differences()[0].mine == document.files["flow.dag.yaml"]
