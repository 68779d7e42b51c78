"""A flow stays at hand exactly as long as nothing it is made of changes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flowloom.flows.worker.protocol import RunRequest
from flowloom.flows.worker.shelf import Shelf, folder_stamp


@pytest.fixture
def root(write_flow: Callable[..., Path]) -> Path:
    made = write_flow({"a": "greet", "b": "echo x=${a.output}"}, tools={"greet": "import helper\n@tool\ndef greet(): return helper.NAME"}, files={"helper.py": "NAME = 'Ada'\n"})
    age(made)
    return made


def age(root: Path) -> None:
    """Let every file have been written some time ago."""
    for path in root.rglob("*"):
        os.utime(path, (time.time() - 60, time.time() - 60))


def test_the_same_request_finds_the_same_flow(root: Path) -> None:
    shelf, request = Shelf(), RunRequest(root=str(root))
    first = shelf.take(request)
    assert shelf.take(replace(request, inputs={"x": 1}, run_id="other", node="a")) is first
    shelf.clear()


@pytest.mark.parametrize(
    "change",
    [
        {"overlay": {"helper.py": "NAME = 'Bob'\n"}},
        {"variants": {"a": "x"}},
        {"environment": {"A": "1"}},
        {"connections": {"c": {"type": "custom"}}},
    ],
    ids=str,
)
def test_another_request_finds_another(root: Path, change: dict[str, Any]) -> None:
    shelf, request = Shelf(), RunRequest(root=str(root))
    first = shelf.take(request)
    assert shelf.take(replace(request, **change)) is not first
    shelf.clear()


def test_a_file_that_changed_is_read_again(root: Path) -> None:
    shelf, request = Shelf(), RunRequest(root=str(root))
    first = shelf.take(request)
    (root / "notes.txt").write_text("new")
    second = shelf.take(request)
    assert second is not first
    assert shelf.take(request) is not second, "it may be written again without looking otherwise"
    age(root)
    third = shelf.take(request)
    assert shelf.take(request) is third
    shelf.clear()


def test_code_that_was_imported_and_reads_otherwise_is_noticed(root: Path) -> None:
    shelf, request = Shelf(), RunRequest(root=str(root))
    flow = shelf.take(request)
    assert flow.run_result().status == "completed"
    shelf.note_code()
    assert shelf.changed_code(flow, request) == ""
    assert shelf.changed_code(flow, replace(request, overlay={"echo.py": (root / "echo.py").read_text()})) == ""
    assert shelf.changed_code(flow, replace(request, overlay={"helper.py": "NAME = 'Bob'\n"})) == "helper.py"
    assert shelf.changed_code(flow, replace(request, overlay={"never_imported.py": "x"})) == ""
    (root / "helper.py").write_text("NAME = 'Eve'\n")
    assert shelf.changed_code(shelf.take(request), request) == "helper.py"
    (root / "helper.py").unlink()
    assert shelf.changed_code(shelf.take(request), request) == "helper.py"
    shelf.clear()


def test_what_the_product_keeps_itself_does_not_count(root: Path) -> None:
    before = folder_stamp(str(root))
    (root / ".flowloom").mkdir()
    (root / ".flowloom" / "runs.db").write_text("x")
    (root / "__pycache__").mkdir()
    (root / "__pycache__" / "a.pyc").write_text("x")
    assert before is not None
    assert folder_stamp(str(root)) == before
    assert folder_stamp(str(root / "missing")) is None
