"""Flows as prompt flow's users have them, none with a layout file: they open readable, and save byte for byte."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from flowloom.flows.document.layout import INPUTS_ID, LAYOUT_FILE, OUTPUTS_ID
from flowloom.flows.model.edits import RenameNode
from flowloom.flows.node.registry import Registry
from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.canvas.view import CanvasView
from flowloom.studio.document.attach import Care, attach
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.document.positions import moved

DOCUMENTS = Path(__file__).parents[2] / "documents" / "flows"
FOLDERS = sorted(path for path in DOCUMENTS.iterdir() if path.is_dir())
FILES = sorted(DOCUMENTS.glob("*.yaml"))


@pytest.fixture(params=[*FOLDERS, *FILES], ids=lambda path: path.stem)
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy, with the folder beside it that others include."""
    source: Path = request.param
    if source.is_dir():
        for folder in {source, DOCUMENTS / "web_page_classifier"}:
            shutil.copytree(folder, tmp_path / folder.name)
        return tmp_path / source.name
    (tmp_path / "flow").mkdir()
    shutil.copy(source, tmp_path / "flow" / ("flow.flex.yaml" if source.stem.startswith("flex") else "flow.dag.yaml"))
    return tmp_path / "flow"


@pytest.fixture
def opened(root: Path, registry: Registry) -> Iterator[tuple[FlowDocument, CanvasScene, Care]]:
    document = FlowDocument(root, registry)
    care = attach(document, {})
    scene = CanvasScene(document, document)
    yield document, scene, care
    care.close()
    document.checker.settle()
    document.deleteLater()


def contents(root: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(root)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".flowloom" not in path.parts
    }


def test_there_are_whole_folders() -> None:
    assert len(FOLDERS) >= 25


def test_it_opens_readable(opened: tuple[FlowDocument, CanvasScene, Care]) -> None:
    _, scene, _ = opened
    rects = {name: scene.rect(name) for name in scene.cards.cards}
    for first, second in combinations(sorted(rects), 2):
        apart = rects[first].adjusted(-8, -8, 8, 8)
        assert not apart.intersects(rects[second]), f"{first} touches {second}"
    forward = [wire for wire in scene.cards.wires.values() if rects[wire.source.card].right() < rects[wire.target.card].left()]
    assert len(forward) == len(scene.cards.wires), "without a circle every wire leads to the right"
    middle = [rect.center().x() for name, rect in rects.items() if not name.startswith("@")]
    if middle and any(wire.source.card == INPUTS_ID for wire in scene.cards.wires.values()):
        assert rects[INPUTS_ID].left() <= min(rect.left() for rect in rects.values())
    if middle and any(wire.target.card == OUTPUTS_ID for wire in scene.cards.wires.values()):
        assert rects[OUTPUTS_ID].center().x() > max(middle) - 1
    whole = scene.content_rect()
    tallest = max(rect.height() for rect in rects.values())
    assert whole.height() < 2.5 * max(whole.width(), 600) + tallest, "as wide as a screen rather than a tower"


def test_every_wire_of_the_file_is_drawn(opened: tuple[FlowDocument, CanvasScene, Care]) -> None:
    document, scene, _ = opened
    references = sum(len(node.references) for node in document.flow.nodes.values() if document.editable)
    drawn = [wire for wire in scene.cards.wires.values() if wire.target.card != OUTPUTS_ID]
    if document.editable:
        assert len(drawn) == references
    for wire in scene.cards.wires.values():
        assert scene.wire_items[wire.key].route is not None


def test_it_is_painted(opened: tuple[FlowDocument, CanvasScene, Care], application: QApplication) -> None:
    _, scene, _ = opened
    view = CanvasView(scene)
    view.resize(QSize(1280, 800))
    view.show_all()
    picture = view.grab().toImage()
    colors = {picture.pixelColor(x, y).rgb() for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)}
    assert len(colors) > 8
    view.deleteLater()


def test_it_saves_byte_for_byte(opened: tuple[FlowDocument, CanvasScene, Care], root: Path) -> None:
    document, _, care = opened
    before = contents(root)
    assert care.saving.save()
    assert contents(root) == before
    names = [str(name) for name in document.flow.nodes] if document.editable else []
    for name in names[:1]:
        assert document.apply(RenameNode(name, "another name"))
        assert care.saving.save()
        document.undo_stack.undo()
        assert care.saving.save()
    assert {path: data for path, (data, _) in contents(root).items()} == {path: data for path, (data, _) in before.items()}


def test_moving_a_card_writes_its_place_alone(opened: tuple[FlowDocument, CanvasScene, Care], root: Path) -> None:
    document, scene, care = opened
    before = contents(root)
    places = scene.places()
    edit = moved(document, places, [next(iter(places))], 40, 8)
    assert edit is not None
    assert document.apply(edit)
    assert care.saving.save()
    after = contents(root)
    assert set(after) - set(before) == {LAYOUT_FILE}
    assert all(after[path] == before[path] for path in before)
    first = next(iter(places))
    for name, place in scene.places().items():
        assert (place.x, place.y) == (
            (round(places[name].x + 40), round(places[name].y + 8)) if name == first else (round(places[name].x), round(places[name].y))
        ), "nothing else jumps"
