"""An error offers what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.run.fixes import fixes
from flowloom.studio.run.run_view import Fault


@pytest.mark.parametrize(
    ("fault", "title"),
    [
        (Fault("input", "No text."), "Fill in the inputs"),
        (Fault("invalid_flow", "Broken."), "Show the problems"),
        (Fault("rate_limit", "Slow down.", node="answer"), "Continue from here"),
        (Fault("worker_lost", "It stopped."), "Continue from here"),
        (Fault("missing_extra", "No model.", node="answer"), "See the model on this computer"),
        (Fault("length", "Too long.", node="answer"), "Show its settings"),
        (Fault("tool", "It broke.", node="prepare"), "Show the place"),
        (Fault("node", "Odd.", node="answer"), "Show the step"),
        (Fault("error", "Odd."), "Run again"),
    ],
)
def test_every_error_has_a_fix(document: FlowDocument, fault: Fault, title: str) -> None:
    assert fixes(fault, document)[0].title == title


def test_a_fault_in_code_leads_to_its_last_line(open_flow: Callable, flow_folder: Path) -> None:
    workspace = open_flow(flow_folder, trusted=False)
    asked: list[Any] = []
    workspace.place_asked.connect(lambda *place: asked.append(place))
    detail = 'File "/x/prepare.py", line 3, in a\nFile "/x/prepare.py", line 7, in b\nValueError'
    fixes(Fault("tool", "It broke.", node="prepare", detail=detail), workspace.document)[0].run(workspace)
    assert asked == [("prepare", "prepare.py", 7)]


def test_a_connection_can_be_set_up_or_done_without(open_flow: Callable, flow_folder: Path) -> None:
    workspace = open_flow(flow_folder, trusted=False)
    text = (flow_folder / "flow.dag.yaml").read_text().replace("connection: local", "connection: mine")
    workspace.document.set_files({**workspace.document.files, "flow.dag.yaml": text})
    offered = fixes(Fault("connection", "None.", node="answer"), workspace.document)
    assert [fix.title for fix in offered] == ["Set up the connection", "Use the model on this computer"]
    offered[1].run(workspace)
    assert workspace.document.node("answer").connection == "local"
    assert len(fixes(Fault("authentication", "No.", node="answer"), workspace.document)) == 1
