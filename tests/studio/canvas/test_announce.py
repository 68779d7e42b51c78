"""What screen readers are told of the canvas."""

from __future__ import annotations

from flowloom.flows.document.layout import Frame, Note
from flowloom.flows.engine.events import NodeFailed
from flowloom.flows.errors import UsageError
from flowloom.flows.model.edits import ClearInput, SetFrame, SetNote
from flowloom.studio.canvas.announce import words_of
from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.canvas.view import CanvasView
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.run.run_view import RunView


def test_a_card_is_told_with_its_wires_and_its_state(document: FlowDocument, scene: CanvasScene) -> None:
    assert words_of(scene, "prepare") == "prepare, prepare.py, takes from Inputs, gives to answer"
    run = RunView("r")
    run.feed([NodeFailed("prepare", UsageError("It broke."), 0.1)])
    scene.set_run(run)
    assert words_of(scene, "prepare").endswith("failed, It broke.")
    document.apply(ClearInput("prepare", "text"))
    assert "still needs text" in words_of(scene, "prepare")


def test_frames_and_notes_are_told_too(document: FlowDocument, scene: CanvasScene) -> None:
    document.apply(SetFrame(Frame("f1", "Search")))
    document.apply(SetNote(Note("n1", "Why two models")))
    assert [words_of(scene, name) for name in ("f1", "n1", "gone")] == ["Frame Search", "Note: Why two models", ""]


def test_the_canvas_describes_where_the_keyboard_is(view: CanvasView, scene: CanvasScene) -> None:
    general = view.accessibleDescription()
    scene.set_current("answer")
    assert view.accessibleDescription().startswith("answer, ")
    scene.set_current(None)
    assert view.accessibleDescription() == general
