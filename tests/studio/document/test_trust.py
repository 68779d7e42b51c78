"""Trust: what would run, who changed it, and what a run is given."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flowloom.flows.document import read
from flowloom.flows.document.trust import run_hash, what_runs
from flowloom.flows.errors import UsageError
from flowloom.flows.model.edits import AddNode, DeleteNodes, SetFlowKey, SetInput, SetNodeKey, SetText
from flowloom.flows.node.registry import Registry
from flowloom.studio.document.attach import Care, attach
from flowloom.studio.document.flow_document import FlowDocument


@pytest.fixture
def again(flow_folder: Path, registry: Registry) -> Iterator[object]:
    """Opens the flow anew, as another start of the studio does, and tells how it stands."""
    opened: list[tuple[FlowDocument, Care]] = []

    def state() -> str:
        document = FlowDocument(flow_folder, registry)
        opened.append((document, attach(document, {})))
        return opened[-1][1].trust.state

    yield state
    for document, care in opened:
        care.close()
        document.checker.settle()
        document.deleteLater()


def test_a_new_folder_is_restricted_until_it_is_trusted(care: Care, again) -> None:
    assert care.trust.state == "restricted"
    with pytest.raises(UsageError) as raised:
        care.trust.signature()
    assert "Trust" in raised.value.hint
    assert again() == "restricted", "opening trusts nothing"
    care.trust.trust()
    assert care.trust.state == "trusted"
    assert again() == "trusted"


def test_what_would_run_is_listed_in_plain_words(care: Care, document: FlowDocument) -> None:
    document.apply(AddNode("ghost", {"type": "python", "source": {"type": "package", "tool": "nobody.has.this"}}))
    lines = {line.name: line.words for line in care.trust.what_runs()}
    assert lines["prepare.py"] == "Python code, run by prepare."
    assert lines["answer.jinja2"] == "A prompt, used by answer."
    assert "not installed" in lines["nobody.has.this"]
    assert "flow.dag.yaml" in lines


def test_own_edits_stay_trusted_before_and_after_saving(care: Care, document: FlowDocument, again) -> None:
    care.trust.trust()
    document.apply(SetText("prepare.py", document.files["prepare.py"] + "\n# mine\n"))
    document.apply(
        AddNode("more", {"type": "python", "source": {"type": "code", "path": "more.py"}}, {"more.py": "x = 1\n"})
    )
    signature = care.trust.signature()
    assert signature == run_hash(read(document.root, overlay=document.changed_files)), "what a worker will compute"
    assert care.saving.save()
    assert care.trust.state == "trusted"
    assert care.trust.signature() == signature, "saving changes nothing of what runs"
    assert again() == "trusted"


@pytest.mark.parametrize("changed", ["prepare.py", "flow.dag.yaml", "answer.jinja2", "new.py", "sub/deep.py"])
def test_changes_by_others_revoke_it_for_good(care: Care, document: FlowDocument, flow_folder: Path, again, changed: str) -> None:
    care.trust.trust()
    place = flow_folder / changed
    place.parent.mkdir(exist_ok=True)
    original = place.read_text() if place.exists() else None
    place.write_text((original or "") + "\n# theirs\n")
    with pytest.raises(UsageError):
        care.trust.signature()
    assert care.trust.state == "restricted"
    assert care.trust.outside == (changed,)
    assert care.trust.what_runs()[0].changed
    assert again() == "restricted"
    care.watcher.check()
    assert not care.watcher.outside or care.watcher.reload("Reload")
    care.trust.trust()
    assert again() == "trusted"


def test_a_change_by_others_that_is_undone_within_the_session_is_trusted_again(care: Care, flow_folder: Path) -> None:
    care.trust.trust()
    before = (flow_folder / "prepare.py").read_bytes()
    (flow_folder / "prepare.py").write_text("evil")
    assert not care.trust.check()
    (flow_folder / "prepare.py").write_bytes(before)
    assert care.trust.check(), "the very bytes that were trusted"


def test_an_edit_of_ones_own_does_not_launder_those_of_others(care: Care, document: FlowDocument, flow_folder: Path, again) -> None:
    care.trust.trust()
    document.apply(SetInput("answer", "temperature", 0.9))
    (flow_folder / "helper.py").write_text("import os\n")
    assert care.saving.save()
    assert care.trust.state == "restricted"
    assert care.trust.outside == ("helper.py",)
    assert again() == "restricted"


def test_data_layout_and_records_of_runs_revoke_nothing(care: Care, document: FlowDocument, flow_folder: Path) -> None:
    care.trust.trust()
    (flow_folder / "rows.csv").write_text("a\n1\n")
    (flow_folder / "flow.layout.json").write_text("{}")
    (flow_folder / ".flowloom").mkdir()
    (flow_folder / ".flowloom" / "x.py").write_text("x")
    assert care.trust.check()


def test_what_an_own_edit_names_for_the_first_time_is_ones_own(care: Care, document: FlowDocument, flow_folder: Path, again) -> None:
    (flow_folder / "words.txt").write_text("user:\nHi\n")
    care.trust.trust()
    assert document.apply(SetNodeKey("answer", ("source", "path"), "words.txt"))
    assert care.saving.save()
    assert care.trust.state == "trusted"
    (flow_folder / "words.txt").write_text("user:\nOther\n")
    assert again() == "restricted"


def test_deleting_a_node_keeps_trust(care: Care, document: FlowDocument, flow_folder: Path, again) -> None:
    care.trust.trust()
    document.apply(DeleteNodes(("prepare",)))
    assert care.saving.save()
    assert not (flow_folder / "prepare.py").exists()
    assert care.trust.state == "trusted"
    assert again() == "trusted"


def test_includes_count(care: Care, document: FlowDocument, flow_folder: Path, again) -> None:
    shared = flow_folder.parent / "shared.py"
    shared.write_text("y = 1\n")
    care.trust.trust()
    document.apply(SetFlowKey(("additional_includes",), ["../shared.py"]))
    assert care.saving.save()
    assert care.trust.state == "trusted"
    assert "../shared.py" in {line.name for line in care.trust.what_runs()}
    shared.write_text("y = 2\n")
    assert not care.trust.check()
    assert care.trust.outside == ("../shared.py",)


def test_saving_elsewhere_carries_trust_along_and_its_lack_too(care: Care, document: FlowDocument, tmp_path: Path) -> None:
    assert care.saving.save_as(tmp_path / "copy")
    assert care.trust.state == "restricted"
    care.trust.trust()
    assert care.saving.save_as(tmp_path / "another")
    assert care.trust.state == "trusted"
    assert care.trust.signature() == what_runs(read(tmp_path / "another")).hash


def test_staying_restricted_lasts(care: Care, again) -> None:
    care.trust.trust()
    care.trust.distrust()
    assert care.trust.state == "restricted"
    assert again() == "restricted"


def test_a_folder_cannot_vouch_for_itself(care: Care, flow_folder: Path, tmp_path: Path) -> None:
    care.trust.trust()
    state = tmp_path / "state" / "trust"
    assert len(list(state.iterdir())) == 1
    assert not list(flow_folder.glob("**/*trust*"))


def test_only_what_was_listed_is_trusted(care: Care, flow_folder: Path) -> None:
    assert care.trust.what_runs()
    (flow_folder / "sneaked.py").write_text("import os\n")
    with pytest.raises(UsageError, match="while you looked"):
        care.trust.trust()
    assert care.trust.state == "restricted"
    assert "sneaked.py" in {line.name for line in care.trust.what_runs()}
    care.trust.trust()
    assert care.trust.state == "trusted"


def test_nothing_runs_that_the_screen_does_not_show(care: Care, document: FlowDocument, flow_folder: Path) -> None:
    (flow_folder / "prepare.py").write_text("other = 1\n")
    with pytest.raises(UsageError, match=r"prepare\.py"):
        care.trust.trust()
    care.watcher.check()
    assert care.watcher.reload("Reload")
    care.trust.trust()
    assert care.trust.signature()
