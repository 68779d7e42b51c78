"""What is seen of a folder on the disk, away from the window."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from flowloom.flows.document import read
from flowloom.flows.document.trust import WhatRuns, run_hash
from flowloom.flows.errors import FlowloomError
from flowloom.studio.document.disk_look import Known, code_of, disk_flow, look, stamp_of


@pytest.fixture
def known(flow_folder: Path) -> Known:
    paths = frozenset({"flow.dag.yaml", "prepare.py", "answer.jinja2", "flow.layout.json"})
    first = look(Known(flow_folder, "flow.dag.yaml", paths, {}, True))
    assert isinstance(first.code, WhatRuns)
    return Known(flow_folder, "flow.dag.yaml", paths, first.stamps, True, first.code_stamp)


def test_nothing_stirred_means_nothing_is_read(known: Known) -> None:
    seen = look(known)
    assert {path: text for path, text in seen.texts.items() if path != "flow.layout.json"} == {}
    assert seen.code is None


def test_a_changed_a_new_and_a_lost_file(known: Known, flow_folder: Path) -> None:
    (flow_folder / "prepare.py").write_text("x = 1\n")
    (flow_folder / "new.md").write_text("hi")
    (flow_folder / "answer.jinja2").unlink()
    seen = look(known)
    assert seen.texts["prepare.py"] == "x = 1\n"
    assert seen.texts["new.md"] == "hi"
    assert seen.texts["answer.jinja2"] is None
    assert isinstance(seen.code, WhatRuns)
    assert seen.code.hash == run_hash(read(flow_folder))


def test_a_change_of_the_same_size_and_time_is_seen_by_its_number(known: Known, flow_folder: Path) -> None:
    place = flow_folder / "prepare.py"
    status = place.stat()
    other = flow_folder / "other.tmp"
    other.write_bytes(bytes(reversed(place.read_bytes())))
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    os.replace(other, place)
    seen = look(known)
    assert "prepare.py" in seen.texts
    assert seen.code is not None


def test_new_files_are_looked_for_only_when_asked(known: Known, flow_folder: Path) -> None:
    (flow_folder / "new.md").write_text("hi")
    assert "new.md" not in look(replace(known, list_folder=False)).texts


def test_a_folder_that_is_gone_or_holds_no_flow_is_told(known: Known, flow_folder: Path) -> None:
    (flow_folder / "flow.dag.yaml").write_text("nodes: [")
    assert isinstance(look(known).code, FlowloomError)
    flow_folder.rename(flow_folder.with_name("elsewhere"))
    seen = look(known)
    assert isinstance(seen.code, FlowloomError)
    assert seen.texts["flow.dag.yaml"] is None
    assert stamp_of(flow_folder, "flow.dag.yaml") is None


def test_the_disks_flow_is_the_one_that_reading_gives(flow_folder: Path) -> None:
    file = disk_flow(flow_folder, "flow.dag.yaml")
    fresh = read(flow_folder)
    assert (file.data, file.text, file.overlay) == (fresh.data, fresh.text, fresh.overlay)
    code = code_of(flow_folder, "flow.dag.yaml")
    assert isinstance(code, WhatRuns)
    assert code.hash == run_hash(fresh)
