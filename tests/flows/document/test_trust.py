"""What runs, and the hash that trust is bound to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flowloom.flows.document import read
from flowloom.flows.document.trust import NOT_INSTALLED, package_versions, run_hash, what_runs
from flowloom.flows.engine.workspace import Workspace
from flowloom.flows.model.build import build

FLOW = """\
inputs: {}
outputs: {}
environment_variables: {MODE: fast}
nodes:
- name: first
  type: python
  source: {type: code, path: first.py}
  inputs: {}
- name: ask
  type: llm
  source: {type: code, path: ask.txt}
  inputs: {}
  connection: local
  api: chat
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "project" / "flow"
    root.mkdir(parents=True)
    (root / "flow.dag.yaml").write_text(FLOW)
    (root / "first.py").write_text("import helper\n")
    (root / "helper.py").write_text("x = 1\n")
    (root / "ask.txt").write_text("user:\nHello\n")
    (root / "notes.txt").write_text("nothing that runs")
    (root / "data.csv").write_text("a,b\n")
    (root / "flow.layout.json").write_text("{}")
    return root


def test_a_flow_runs_its_files_and_what_they_may_import(folder: Path) -> None:
    found = what_runs(read(folder))
    assert {path: file.kind for path, file in found.files.items()} == {
        "flow.dag.yaml": "flow",
        "first.py": "python",
        "helper.py": "python",
        "ask.txt": "other",
    }
    assert found.used_by["ask.txt"] == ("ask",)
    assert found.variables == ("MODE",)


@pytest.mark.parametrize("changed", ["flow.dag.yaml", "first.py", "helper.py", "ask.txt"])
def test_a_change_of_what_runs_changes_the_hash(folder: Path, changed: str) -> None:
    before = run_hash(read(folder))
    with open(folder / changed, "a") as file:
        file.write("# more\n")
    assert run_hash(read(folder)) != before


@pytest.mark.parametrize("changed", ["notes.txt", "data.csv", "flow.layout.json", ".flowloom/records", ".git/config", "out.csv"])
def test_data_and_places_do_not_count(folder: Path, changed: str) -> None:
    before = run_hash(read(folder))
    (folder / changed).parent.mkdir(exist_ok=True)
    (folder / changed).write_text("changed")
    assert run_hash(read(folder)) == before


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("new.py", b""),
        ("deep/inside/new.py", b""),
        (".hidden/new.py", b""),
        ("model.pkl", b"x"),
        ("model.bin", b"\x80\x04abc"),
        ("run", b"#!/bin/sh\n"),
        ("tool", b"\x7fELF...."),
        ("code.dat", b"PK\x03\x04zip"),
        ("sub/flow.dag.yaml", b"nodes: []\n"),
    ],
)
def test_new_files_that_can_run_change_the_hash(folder: Path, name: str, data: bytes) -> None:
    before = run_hash(read(folder))
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    found = what_runs(read(folder))
    assert found.hash != before
    assert name in found.files


def test_unsaved_text_counts_as_if_it_were_saved(folder: Path) -> None:
    overlaid = what_runs(read(folder, overlay={"helper.py": "x = 2\n", "more.py": "y = 1\n"}))
    (folder / "helper.py").write_text("x = 2\n")
    (folder / "more.py").write_text("y = 1\n")
    assert overlaid.hash == run_hash(read(folder))
    assert overlaid.texts["helper.py"] == "x = 2\n"


def test_what_is_included_counts_by_its_bytes(folder: Path) -> None:
    shared = folder.parent / "shared"
    (shared / "inner").mkdir(parents=True)
    (shared / "inner" / "words.txt").write_text("one")
    (folder.parent / "common.py").write_text("z = 1\n")
    (folder / "flow.dag.yaml").write_text(FLOW + "additional_includes:\n- ../common.py\n- ../shared\n- /etc/passwd\n- ../../elsewhere\n")
    before = what_runs(read(folder))
    assert {"../common.py", "../shared/inner/words.txt"} <= before.files.keys()
    assert not any("passwd" in path for path in before.files)
    (shared / "inner" / "words.txt").write_text("two")
    assert run_hash(read(folder)) != before.hash


def test_the_texts_are_those_of_the_folder_a_run_works_in(folder: Path) -> None:
    (folder.parent / "helper.py").write_text("x = 'included'\n")
    (folder / "flow.dag.yaml").write_text(FLOW + "additional_includes:\n- ../helper.py\n")
    file = read(folder)
    workspace = Workspace(build(file).flow)
    try:
        for path, text in what_runs(file).texts.items():
            assert (Path(workspace.root) / path).read_text() == text, path
    finally:
        workspace.close()


def test_a_subflow_brings_its_own_includes_and_tools(folder: Path) -> None:
    (folder / "inner").mkdir()
    (folder / "lib").mkdir()
    (folder / "lib" / "prompt.txt").write_text("Hi")
    sub = "nodes:\n- name: a\n  type: python\n  source: {type: package, tool: nobody.has.this}\nadditional_includes:\n- ../lib\n"
    (folder / "inner" / "flow.dag.yaml").write_text(sub)
    found = what_runs(read(folder))
    assert found.packages == {"nobody.has.this": NOT_INSTALLED}
    assert "lib/prompt.txt" in found.files


def test_a_link_counts_by_what_it_leads_to(folder: Path) -> None:
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "code.py").write_text("a = 1\n")
    os.symlink(outside, folder / "linked")
    before = what_runs(read(folder))
    assert "linked/code.py" in before.files
    (outside / "code.py").write_text("a = 2\n")
    assert run_hash(read(folder)) != before.hash


def test_files_once_read_are_taken_over(folder: Path) -> None:
    first = what_runs(read(folder))
    (folder / "helper.py").write_text("x = 'changed meanwhile'\n")
    assert what_runs(read(folder), disk=first.files).hash == first.hash
    assert what_runs(read(folder)).changed_since(first.digests) == ["helper.py"]


def test_own_tools_need_no_version() -> None:
    assert package_versions(["loom.text.join"]) == {}


def test_a_pipe_or_an_unreadable_file_stops_nothing(folder: Path) -> None:
    before = run_hash(read(folder))
    os.mkfifo(folder / "pipe.py")
    os.symlink("nowhere", folder / "gone.py")
    assert run_hash(read(folder)) == before
