"""Random edits of an open flow, as gestures, forms and editors make them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flowloom.flows.document.layout import Frame, Note, Place
from flowloom.flows.model import edits
from flowloom.flows.model.edits import Edit, free_name
from flowloom.flows.model.flow import Reference
from flowloom.flows.node.registry import Registry
from flowloom.studio.canvas.cards import PortRef
from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.document import wiring
from flowloom.studio.document.clipboard import copied
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.document.new_node import insert_new, new_node, offered
from flowloom.studio.document.pasting import duplicate, paste
from flowloom.studio.document.positions import free_id, moved, resized, set_places


@dataclass
class Hand:
    """Chooses edits for a document as it stands."""

    document: FlowDocument
    scene: CanvasScene
    registry: Registry
    chance: random.Random

    def edit(self, kinds: tuple[Kind, ...]) -> Edit | None:
        """The next edit; None where the flow has nothing for it to act on."""
        for _ in range(5):
            found = self.chance.choice(kinds)(self)
            if found is not None:
                return found
        return None

    # What there is

    def node(self) -> str | None:
        names = [str(name) for name in self.document.flow.nodes]
        return self.chance.choice(names) if names else None

    def place(self) -> Place:
        return Place(self.chance.randrange(-500, 900), self.chance.randrange(-300, 500))

    def port(self, side: str) -> PortRef | None:
        found = [row.ref(card.id) for card in self.scene.cards.cards.values() for row in card.ports if row.side == side]
        return self.chance.choice(found) if found else None

    def value(self) -> Any:
        return self.chance.choice([0, 1.5, True, None, "", "text", "${not.a wire}", "on", "a\nb", [1, "x"], {"a": {"b": []}}, "你好"])

    # Nodes

    def add(self) -> Edit | None:
        wire = self.port(self.chance.choice(["in", "out"])) if self.chance.random() < 0.5 else None
        return new_node(self.document, self.chance.choice(offered(self.registry)), self.place(), None, wire)

    def delete(self) -> Edit | None:
        names = sorted(self.document.flow.nodes)
        gone = tuple(str(name) for name in self.chance.sample(names, min(len(names), self.chance.randint(1, 2))))
        if not gone:
            return None
        return wiring.delete_and_heal(self.document, self.scene.cards, gone) if self.chance.random() < 0.5 else edits.DeleteNodes(gone)

    def rename(self) -> Edit | None:
        old = self.node()
        return edits.RenameNode(old, free_name(self.chance.choice(["step", "ask", "two words"]), self.document.flow.nodes)) if old else None

    def copy(self) -> Edit | None:
        names = self.chance.sample(sorted(self.scene.cards.cards), 2)
        if self.chance.random() < 0.5:
            found = duplicate(self.document, self.scene.places(), tuple(names))
            return found.edit if found else None
        text = copied(self.document, names, self.scene.places())
        return paste(self.document, self.scene.places(), text, (self.chance.randrange(500), 0.0)).edit if text else None

    # Wires and values

    def connect(self) -> Edit | None:
        source, target = self.port("out"), self.port("in")
        if source is None or target is None or wiring.refusal(self.document, source, target):
            return None
        return wiring.connect(self.document, source, target)

    def disconnect(self) -> Edit | None:
        keys = list(self.scene.cards.wires)
        return wiring.disconnect(self.document, self.chance.choice(keys)) if keys else None

    def rewire(self) -> Edit | None:
        keys, source = list(self.scene.cards.wires), self.port("out")
        target = self.port("in")
        if not keys or source is None or target is None or wiring.refusal(self.document, source, target):
            return None
        return wiring.rewire(self.document, self.chance.choice(keys), source, target)

    def insert(self) -> Edit | None:
        wires = list(self.scene.cards.wires.values())
        if not wires:
            return None
        made = insert_new(self.document, self.chance.choice(offered(self.registry)), self.place(), self.chance.choice(wires))
        return made.edit if made else None

    def condition(self) -> Edit | None:
        name, source = self.node(), self.port("out")
        if name is None or source is None or wiring.refusal(self.document, source, PortRef(name, "in", "@activate")):
            return None
        return wiring.connect(self.document, source, PortRef(name, "in", "@activate"), when=self.value())

    def literal(self) -> Edit | None:
        target = self.port("in")
        if target is None or target.card.startswith("@"):
            return None
        return edits.SetInput(target.card, target.port, self.value())

    def key(self) -> Edit | None:
        name = self.node()
        key, value = self.chance.choice([(("timeout_seconds",), 5), (("comment",), "why: so"), (("retry",), {"attempts": 3})])
        return edits.SetNodeKey(name, key, value) if name else None

    # The flow itself

    def flow_input(self) -> Edit | None:
        known = sorted(self.document.flow.inputs)
        if not known or self.chance.random() < 0.5:
            return edits.AddFlowInput(free_name("more", known), "string", self.chance.choice(["", "x"]))
        old = self.chance.choice(known)
        if self.chance.random() < 0.5:
            return edits.RenameFlowInput(old, free_name("renamed", known))
        return edits.DeleteFlowInput(old)

    def flow_output(self) -> Edit | None:
        known = sorted(self.document.flow.outputs)
        name = self.node()
        if not known or (name and self.chance.random() < 0.5):
            return edits.AddFlowOutput(free_name("result", known), Reference("node", name)) if name else None
        old = self.chance.choice(known)
        return edits.RenameFlowOutput(old, free_name("out", known)) if self.chance.random() < 0.5 else edits.DeleteFlowOutput(old)

    def about(self) -> Edit | None:
        return edits.SetFlowKey((self.chance.choice(["description", "display_name"]),), self.chance.choice(["A flow", "two\nlines", "# no comment"]))

    def variant(self) -> Edit | None:
        name = self.node()
        if name is None:
            return None
        variants = self.document.flow.variants.get(name)  # pyright: ignore[reportArgumentType, reportCallIssue]
        if variants is None:
            return edits.AddVariant(name, "other")
        chosen = self.chance.choice(sorted(variants.choices))
        return self.chance.choice(
            [edits.SetDefaultVariant(name, chosen), edits.AddVariant(name, free_name("v", variants.choices)), edits.DropVariants(name)]
        )

    # Texts

    def text(self) -> Edit | None:
        paths = sorted(path for path in self.document.files if path.endswith((".jinja2", ".py")))
        if not paths:
            return None
        path = self.chance.choice(paths)
        text = self.document.files[path]
        at = self.chance.randrange(len(text) + 1)
        piece = self.chance.choice(["{{word}}", "{{ x.y }}", "{% if a %}b{% endif %}", "\n", "é", "\r\n", "def f(a: int = 1): ...\n", "😀"])
        return edits.SetText(path, text[:at] + piece + text[at + self.chance.randrange(4) :])

    # The canvas

    def move(self) -> Edit | None:
        ids = self.chance.sample(self._items(), min(3, len(self._items())))
        return moved(self.document, self.scene.places(), ids, self.chance.randrange(-80, 80), self.chance.randrange(-80, 80))

    def look(self) -> Edit | None:
        name = self.chance.choice(sorted(self.scene.cards.cards))
        before = self.scene.places()[name]
        place = Place(before.x, before.y, self.chance.choice(["", "A title"]), self.chance.random() < 0.5, self.chance.choice(["", "blue"]))
        return set_places(self.document, self.scene.places(), {name: place}, "Change the look")

    def frame(self) -> Edit | None:
        return edits.SetFrame(Frame(free_id(self.document, "frame"), "Search", 0, 0, 300, 200, "blue"))

    def note(self) -> Edit | None:
        return edits.SetNote(Note(free_id(self.document, "note"), self.chance.choice(["Why\nso", ""]), 10, 20))

    def resize(self) -> Edit | None:
        return resized(self.document, self.chance.choice(self._items()), 1, 2, self.chance.randrange(100, 400), 150)

    def take_away(self) -> Edit | None:
        items = [*self.scene.frame_items, *self.scene.note_items]
        return edits.DeleteCanvasItem(self.chance.choice(items)) if items else None

    def pin(self) -> Edit | None:
        name = self.node()
        if name is None:
            return None
        return edits.ClearPin(name) if name in self.document.pins.values else edits.SetPin(name, self.value())

    def _items(self) -> list[str]:
        return [*self.scene.cards.cards, *self.scene.frame_items, *self.scene.note_items]


Kind = Callable[[Hand], Edit | None]

NODES: tuple[Kind, ...] = (Hand.add, Hand.add, Hand.delete, Hand.rename, Hand.copy, Hand.insert, Hand.variant)
WIRES: tuple[Kind, ...] = (Hand.connect, Hand.connect, Hand.connect, Hand.disconnect, Hand.rewire, Hand.condition)
VALUES: tuple[Kind, ...] = (Hand.literal, Hand.literal, Hand.key, Hand.flow_input, Hand.flow_output, Hand.about, Hand.pin)
TEXTS: tuple[Kind, ...] = (Hand.text,)
CANVAS: tuple[Kind, ...] = (Hand.move, Hand.move, Hand.look, Hand.frame, Hand.note, Hand.resize, Hand.take_away)
