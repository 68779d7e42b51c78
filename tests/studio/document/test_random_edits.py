"""Long sequences of random edits with undo, redo, saving and opening: nothing is lost, and what is drawn is what is written.

1,000 sequences of 50 steps with FLOWLOOM_SOAK=1, else a sample.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from PySide6.QtCore import QCoreApplication, QEvent

from flowloom.flows.document import read
from flowloom.flows.document.layout import LAYOUT_FILE, parse_layout
from flowloom.flows.document.templates import copy_folder, templates
from flowloom.flows.errors import FlowloomError
from flowloom.flows.model.build import build
from flowloom.flows.model.edits import SetText
from flowloom.flows.node.registry import default_registry
from flowloom.studio.canvas.cards import read_cards
from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.document.attach import attach
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.document.node_ports import NodePorts
from tests.conftest import SOAK
from tests.flows.model.edits.flows import random_files
from tests.studio.document.random_edits import CANVAS, NODES, TEXTS, VALUES, WIRES, Hand, Kind

SEEDS = st.integers(0, 2**32)
DOCUMENTS = Path(__file__).parents[2] / "documents" / "flows"


class Person(RuleBasedStateMachine):
    """Works on one flow. ``states`` are the texts after each step of undo; ``at`` is where the document must stand."""

    @initialize(seed=SEEDS)
    def begin(self, seed: int) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="flowloom-edits-"))
        self.root = self.home / "flow"
        self.seed, self.step = seed, 0
        chance = random.Random(seed)
        kind = chance.choice(["template", "random", "document"])
        if kind == "template":
            copy_folder(templates()[chance.choice(sorted(templates()))], self.root)
        elif kind == "document":
            self.root.mkdir()
            shutil.copy(chance.choice(sorted(path for path in DOCUMENTS.glob("*.yaml") if "flex" not in path.name)), self.root / "flow.dag.yaml")
        else:
            self.root.mkdir()
            for path, text in random_files(chance).items():
                (self.root / path).write_bytes(text.encode())
        self.registry = default_registry()
        self.documents: list[FlowDocument] = []
        self._open()
        self.care.trust.trust()

    def _open(self) -> None:
        self.document = FlowDocument(self.root, self.registry)
        self.documents.append(self.document)
        self.care = attach(self.document, {})
        self.refused: list[FlowloomError] = []
        self.document.refused.connect(self.refused.append)
        self.scene = CanvasScene(self.document, self.document)
        self.states = [dict(self.document.files)]
        self.at = 0

    @rule(seed=SEEDS)
    def edit_nodes(self, seed: int) -> None:
        self._edit(NODES, seed)

    @rule(seed=SEEDS)
    def edit_wires(self, seed: int) -> None:
        self._edit(WIRES, seed)

    @rule(seed=SEEDS)
    def edit_values(self, seed: int) -> None:
        self._edit(VALUES, seed)

    @rule(seed=SEEDS)
    def edit_texts(self, seed: int) -> None:
        self._edit(TEXTS, seed)

    @rule(seed=SEEDS)
    def edit_canvas(self, seed: int) -> None:
        self._edit(CANVAS, seed)

    def _chance(self, seed: int) -> random.Random:
        """Other numbers at each step, also where the same seed is drawn again."""
        self.step += 1
        return random.Random(f"{self.seed}:{self.step}:{seed}")

    def _edit(self, kinds: tuple[Kind, ...], seed: int) -> None:
        edit = Hand(self.document, self.scene, self.registry, self._chance(seed)).edit(kinds)
        if edit is None:
            return
        before = dict(self.document.files)
        count = self.document.undo_stack.index()
        if not self.document.apply(edit):
            assert self.document.files == before, "a refused edit changes nothing"
            assert self.refused.pop().hint
        elif self.document.undo_stack.index() > count:
            self._stepped()
        else:
            assert self.document.files == before

    def _stepped(self) -> None:
        self.states[self.at + 1 :] = [dict(self.document.files)]
        self.at += 1

    @rule(seed=SEEDS, keys=st.integers(1, 6))
    def type(self, seed: int, keys: int) -> None:
        """Several edits of one text are one step."""
        paths = sorted(path for path in self.document.files if path.endswith((".jinja2", ".py")))
        if not paths:
            return
        chance = self._chance(seed)
        path = chance.choice(paths)
        for _ in range(keys):
            assert self.document.apply(SetText(path, self.document.files[path] + chance.choice("abc{}\n")), merge=f"type:{self.step}")
        self._stepped()

    @rule(steps=st.integers(1, 8))
    def undo(self, steps: int) -> None:
        for _ in range(min(steps, self.at)):
            self.document.undo_stack.undo()
            self.at -= 1
            assert self.document.files == self.states[self.at]

    @rule(steps=st.integers(1, 8))
    def redo(self, steps: int) -> None:
        for _ in range(min(steps, len(self.states) - 1 - self.at)):
            self.document.undo_stack.redo()
            self.at += 1
            assert self.document.files == self.states[self.at]

    @rule(seed=SEEDS)
    def jump(self, seed: int) -> None:
        """The undo menu's list: any number of steps at once."""
        self.at = self._chance(seed).randrange(len(self.states))
        self.document.undo_stack.setIndex(self.at)

    @rule(seed=SEEDS)
    def choose(self, seed: int) -> None:
        names = sorted(self.scene.cards.cards)
        self.scene.select(self._chance(seed).sample(names, min(3, len(names))))

    @rule()
    def save(self) -> None:
        assert self.care.saving.save()
        self._is_saved()

    @precondition(lambda self: not self.document.modified)
    @rule()
    def load(self) -> None:
        """Close what is saved and open it again: it is the same flow."""
        flow, layout, cards = self.document.flow, self.document.layout, self.scene.cards
        self.care.close()
        self.documents.remove(self.document)
        self.document.checker.settle()
        self.document.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self._open()
        assert self.document.flow == flow
        assert self.document.layout.data == layout.data
        assert dict(self.scene.cards.wires) == dict(cards.wires)
        assert not self.care.backup.found

    @rule()
    def notice_nothing(self) -> None:
        """One's own saving is no change by others."""
        self.care.watcher.check()
        assert self.care.watcher.outside == ()

    def _is_saved(self) -> None:
        document = self.document
        unused = document.unused
        on_disk = {path: (self.root / path).read_bytes().decode() for path in document.files if path not in unused}
        assert on_disk == {path: text for path, text in document.files.items() if path not in unused}
        assert not any((self.root / path).exists() for path in unused)
        assert not document.modified
        assert not document.unsaved

    @invariant()
    def undo_leads_where_it_should(self) -> None:
        assert self.document.files == self.states[self.at]
        assert self.document.undo_stack.index() == self.at
        assert self.document.undo_stack.count() == len(self.states) - 1

    @invariant()
    def the_model_is_what_is_written(self) -> None:
        document = self.document
        file = read(self.root / document.name, overlay=document.files)
        assert document.flow == build(file, chosen=document.chosen).flow
        assert document.layout.data == parse_layout(document.files.get(LAYOUT_FILE, "")).data
        fresh = NodePorts(self.registry)
        fresh.update(document.flow, file)
        for name in document.flow.nodes:
            if fresh.ports(name) is not None and not fresh.fault(name) and not document.fault(name):
                known = document.ports(name)
                assert known == fresh.ports(name) or known is not None, name

    @invariant()
    def the_graph_is_sound(self) -> None:
        flow = self.document.flow
        names = [node["name"] for node in self.document.file.data.get("nodes") or () if isinstance(node, dict)]
        assert len(names) == len(set(names))
        assert self.document.layout.places.keys() <= {*flow.nodes, "@inputs", "@outputs", *self._unknown()}

    def _unknown(self) -> set[str]:
        """Ids of the layout that no card had from the start: they are kept."""
        return set(parse_layout(self.states[0].get(LAYOUT_FILE, "")).places)

    @invariant()
    def the_canvas_shows_the_model(self) -> None:
        scene, fresh = self.scene, read_cards(self.document)
        assert dict(scene.cards.cards) == dict(fresh.cards)
        assert dict(scene.cards.wires) == dict(fresh.wires)
        assert {name: item.card for name, item in scene.card_items.items()} == dict(fresh.cards)
        assert {key: item.wire for key, item in scene.wire_items.items()} == dict(fresh.wires)
        assert set(scene.frame_items) == {frame.id for frame in self.document.layout.frames}
        assert set(scene.note_items) == {note.id for note in self.document.layout.notes}
        for name, place in scene.places().items():
            item = scene.card_items[name]
            assert (item.pos().x(), item.pos().y()) == (place.x, place.y)
        for name, place in self.document.layout.places.items():
            if name in scene.card_items and not self.document.files.get(LAYOUT_FILE, "").count("\ufeff"):
                assert (scene.places()[name].x, scene.places()[name].y) == (place.x, place.y)
        assert set(scene.selected) <= {*scene.card_items, *scene.frame_items, *scene.note_items}

    @invariant()
    def ones_own_work_stays_trusted(self) -> None:
        assert self.care.trust.check()

    def teardown(self) -> None:
        if not hasattr(self, "document"):
            return
        self.care.close()
        for document in self.documents:
            document.checker.settle()
            document.deleteLater()
        # At once: each open flow holds a watch over its folder, and of those a computer has few.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        shutil.rmtree(self.home, ignore_errors=True)


@pytest.fixture
def _state(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as place:
        monkeypatch.setenv("FLOWLOOM_STATE", place)
        yield


@pytest.mark.usefixtures("_state")
def test_random_edits() -> None:
    run_state_machine_as_test(
        Person,
        settings=settings(
            max_examples=1000 if SOAK else 60,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
