"""Edits of what a run does not need: places, titles, frames, notes and pins; and of the texts of prompts and code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flowloom.flows.document.layout import Frame, Note, Place
from flowloom.flows.errors import UsageError
from flowloom.flows.model.edits.draft import Draft


@dataclass(frozen=True, slots=True)
class SetPlaces:
    """Where cards stand and how they look, by node name, ``@inputs`` or ``@outputs``. ``title`` names the gesture."""

    places: Mapping[str, Place]
    title: str = "Move"

    def perform(self, draft: Draft) -> None:
        draft.set_layout(draft.layout.with_places(self.places))


@dataclass(frozen=True, slots=True)
class SetFrame:
    """Add a frame, or change the one of its id."""

    frame: Frame
    title: str = "Change frame"

    def perform(self, draft: Draft) -> None:
        draft.set_layout(draft.layout.with_frame(self.frame))


@dataclass(frozen=True, slots=True)
class SetNote:
    """Add a note, or change the one of its id."""

    note: Note
    title: str = "Change note"

    def perform(self, draft: Draft) -> None:
        draft.set_layout(draft.layout.with_note(self.note))


@dataclass(frozen=True, slots=True)
class DeleteCanvasItem:
    """Take out the frame or note of an id."""

    id: str
    title: str = "Delete"

    def perform(self, draft: Draft) -> None:
        draft.set_layout(draft.layout.without_item(self.id))


@dataclass(frozen=True, slots=True)
class SetPin:
    """Pin an output, as a JSON value, to a node."""

    node: str
    output: Any

    @property
    def title(self) -> str:
        return f"Pin {self.node}"

    def perform(self, draft: Draft) -> None:
        draft.item(self.node)
        draft.set_pins(draft.pins.with_pin(self.node, self.output))


@dataclass(frozen=True, slots=True)
class ClearPin:
    node: str

    @property
    def title(self) -> str:
        return f"Unpin {self.node}"

    def perform(self, draft: Draft) -> None:
        draft.set_pins(draft.pins.without([self.node]))


@dataclass(frozen=True, slots=True)
class SetText:
    """The whole text of a prompt or code file, which is made where it is missing. Only the part that differs changes."""

    file: str
    text: str

    @property
    def title(self) -> str:
        return f"Edit {self.file}"

    def perform(self, draft: Draft) -> None:
        if self.file == draft.flow:
            raise UsageError("The flow file is edited through its parts.", hint="Use SetFlowText to replace its text.")
        draft.write(self.file, self.text)


@dataclass(frozen=True, slots=True)
class SetFlowText:
    """The whole text of the flow file, as a person typed it. It must be YAML; it need not be a sound flow."""

    text: str
    title: str = "Edit the flow as text"

    def perform(self, draft: Draft) -> None:
        from flowloom.flows.document.yaml_text import load_yaml

        load_yaml(self.text, draft.flow)
        draft.write(draft.flow, self.text)
