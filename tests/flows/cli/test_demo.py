from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.mark.model
def test_the_demo_runs_on_the_model_on_this_computer(process: Callable, tmp_path: Path) -> None:
    done = process("demo", "--json", cwd=tmp_path)
    answer = json.loads(done.out)
    assert (done.code, answer["status"]) == (0, "completed"), done.err
    assert any(node["usage"] and node["usage"]["calls"] for node in answer["nodes"].values())
    assert (tmp_path / "flowloom-demo" / "flow.dag.yaml").is_file()
    assert "The demo flow is in flowloom-demo" in done.err


@pytest.mark.model
def test_a_demo_that_is_there_is_run_as_it_is(process: Callable, hello: Path) -> None:
    done = process("demo", hello, "-i", "name=Ada")
    assert (done.code, done.out) == (0, "HELLO ADA!\n")
    assert f"flowloom run {hello} -i name='...'" in done.err


def test_a_folder_with_other_things_is_not_touched(cli: Callable, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep")
    done = cli("demo", tmp_path / "mine")
    assert done.code == 2
    assert "is not empty" in done.err


@pytest.mark.model
def test_without_a_screen_it_runs_here_and_a_picture_shows_the_studio_after_it(
    process: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    done = process("demo", "mine", "--window", "--picture", "pictures/demo.png", cwd=tmp_path)
    assert done.code == 0, done.err
    assert "Shipping team" in done.out
    assert "The studio after this run: pictures/demo.png" in done.err
    assert (tmp_path / "pictures" / "demo.png").read_bytes().startswith(b"\x89PNG")


def test_what_the_demo_has_just_written_may_run_and_what_was_there_may_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flowloom.flows.cli.demo import _trust
    from flowloom.flows.cli.new import copy_template
    from flowloom.flows.document.trust_store import read_trust

    monkeypatch.setenv("FLOWLOOM_STATE", str(tmp_path / "state"))
    copy_template("demo", tmp_path / "demo")
    assert read_trust(tmp_path / "demo", "flow.dag.yaml") is None
    _trust(tmp_path / "demo")
    assert read_trust(tmp_path / "demo", "flow.dag.yaml") is not None


def test_a_screen_that_is_named_but_gone_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    from flowloom.flows.cli.demo import _has_window

    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":987")
    assert not _has_window()
