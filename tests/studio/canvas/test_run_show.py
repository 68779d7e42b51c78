"""Runs on the canvas."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication

from flowloom.flows.engine.events import Event, NodeDelta, NodeFinished, NodeStarted, RunStarted
from flowloom.flows.model.edits import DeleteNodes
from flowloom.studio.canvas.cards import PortRef
from flowloom.studio.canvas.run_marks import NONE
from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.canvas.view import CanvasView
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.run.run_view import RunView

INTO = PortRef("answer", "in", "question")


def _run(scene: CanvasScene, *events: Event) -> RunView:
    run = RunView("r")
    run.feed([RunStarted("r", "flow", ("prepare", "answer"), 0.0), *events])
    scene.set_run(run)
    return run


def test_wires_flow_into_a_node_at_work_and_rest_afterwards(scene: CanvasScene) -> None:
    run = _run(scene, NodeFinished("prepare", "x", 0.1), NodeStarted("answer", 0.0))
    assert scene.wire_items[INTO].state == "flow"
    assert scene.show.busy == 1
    scene.update_run(run.feed([NodeFinished("answer", "y", 0.1)]))
    assert scene.wire_items[INTO].state == "idle"
    assert scene.show.busy == 0


def test_a_card_grows_with_its_reply_and_shrinks_when_no_run_is_shown(scene: CanvasScene) -> None:
    before = scene.rect("answer")
    run = _run(scene, NodeStarted("answer", 0.0))
    scene.update_run(run.feed([NodeDelta("answer", "Gifts can be returned within thirty days even without a receipt.")]))
    assert scene.rect("answer").height() > before.height()
    scene.set_run(None)
    assert scene.rect("answer") == before
    assert all(item.marks == NONE for item in scene.card_items.values())


def test_the_reply_is_seen_as_it_streams(view: CanvasView, scene: CanvasScene, wait: Callable[..., None]) -> None:
    view.set_zoom(1)
    view.look_at(scene.rect("answer").center())
    run = _run(scene, NodeStarted("answer", 0.0))
    scene.update_run(run.feed([NodeDelta("answer", "Gifts ")]))
    wait(lambda: not scene.pictures.hurried)
    preview = scene.card_items["answer"].geometry.preview.translated(scene.rect("answer").topLeft())

    def seen() -> object:
        return view.viewport().grab(view.mapFromScene(preview).boundingRect()).toImage()

    first = seen()
    scene.update_run(run.feed([NodeDelta("answer", "can be")]))
    assert seen() != first


def test_only_the_words_are_painted_anew_while_a_card_streams(
    view: CanvasView, scene: CanvasScene, wait: Callable[..., None], application: QApplication
) -> None:
    view.set_zoom(1)
    view.look_at(scene.rect("answer").center())
    run = _run(scene, NodeStarted("answer", 0.0))
    scene.update_run(run.feed([NodeDelta("answer", "Gifts ")]))
    wait(lambda: not scene.pictures.hurried)
    application.processEvents()
    scene.still = True
    painted = _Painted(view)
    scene.update_run(run.feed([NodeDelta("answer", "can be")]))
    wait(lambda: any(height < scene.rect("answer").height() / 2 for height in painted.heights))


class _Painted(QObject):
    """Watches how high the areas are that are painted."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self.heights: list[int] = []
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.heights.append(event.region().boundingRect().height())
        return False


def test_spinners_turn_and_stand_still_where_less_motion_is_asked_for(scene: CanvasScene, wait: Callable[..., None]) -> None:
    _run(scene, NodeStarted("answer", 0.0))
    wait(lambda: scene.show.turn > 0)
    scene.still = True
    turn = scene.show.turn
    scene.show._tick()
    assert scene.show.turn == turn


def test_a_node_that_is_deleted_while_it_runs_is_forgotten(document: FlowDocument, scene: CanvasScene) -> None:
    run = _run(scene, NodeStarted("answer", 0.0))
    document.apply(DeleteNodes(("answer",)))
    assert scene.show.busy == 0
    scene.update_run(run.feed([NodeFinished("answer", "y", 0.1)]))
    document.undo_stack.undo()
    assert scene.card_items["answer"].marks.state == "completed", "the run is shown on it when it comes back"


def test_wires_give_way_to_a_card_that_grew(chain: Callable[[int], FlowDocument], wait: Callable[..., None]) -> None:
    from dataclasses import replace

    from flowloom.flows.model.edits import SetInput, SetPlaces
    from flowloom.flows.model.flow import Reference

    document = chain(4)
    document.apply(SetInput("n3", "text", Reference("node", "n0")))
    scene = CanvasScene(document)
    places = scene.places()
    first = places["n0"]
    document.apply(SetPlaces({
        "n3": replace(places["n3"], x=first.x + 900, y=first.y + 0),
        "n1": replace(places["n1"], x=first.x + 400, y=first.y - 90),
        "n2": replace(places["n2"], x=first.x + 400, y=first.y + 2000),
    }))  # fmt: skip
    key = PortRef("n3", "in", "text")
    assert len(scene.wire_items[key].route.cubics) == 1
    run = RunView("r")
    run.feed([RunStarted("r", "flow", ("n1",), 0.0), NodeFinished("n1", "one\ntwo\nthree\nfour", 0.1)])
    scene.set_run(run)
    wait(lambda: len(scene.wire_items[key].route.cubics) == 3)
