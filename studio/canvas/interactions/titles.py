"""Names and texts that are typed on the canvas itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF

from flowloom.flows.document.layout import INPUTS_ID, OUTPUTS_ID
from flowloom.flows.model.edits import (
    AddFlowInput,
    AddFlowOutput,
    Edit,
    Group,
    RenameFlowInput,
    RenameFlowOutput,
    RenameNode,
    SetFrame,
    SetInput,
    SetNote,
)
from flowloom.studio.canvas.cards import PortRef
from flowloom.studio.canvas.geometry import HEADER
from flowloom.studio.canvas.interactions.in_place import LineEditor, TextEditor
from flowloom.studio.document.positions import frame, note, set_places
from flowloom.studio.document.wiring import variable_edits
from flowloom.studio.language import tr

if TYPE_CHECKING:
    from flowloom.studio.canvas.interactions.stage import Stage


class Titles:
    """One editor at a time stands on the canvas; ``finish`` hands over what was typed in it."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.editor: LineEditor | TextEditor | None = None
        self._notes = 0
        """How often a note was opened: what is typed each time is one step of undo."""

    def finish(self) -> None:
        if self.editor is not None:
            self.editor.finish()

    def rename(self, id: str) -> None:
        """Type the title of a card or frame, or the text of a note."""
        stage, document = self._stage, self._stage.document
        rect = stage.rect_of(id)
        if (text := note(document, id)) is not None:
            self._type_text(rect, id, text.text)
        elif (box := frame(document, id)) is not None:
            line = QRectF(rect.left(), rect.top(), rect.width(), HEADER)
            self._type(line, box.title, tr("Title of the frame"), lambda typed: SetFrame(replace(box, title=typed), tr("Rename frame")))
        elif id in stage.scene.cards.cards and document.editable:
            place = stage.scene.places()[id]

            def titled(typed: str) -> Edit:
                changed = replace(place, title="" if typed == id else typed)
                return set_places(document, stage.scene.places(), {id: changed}, tr("Rename {card}", card=stage.title(id)))

            self._type(QRectF(rect.left(), rect.top(), rect.width(), HEADER), stage.title(id), tr("Title"), titled)

    def rename_name(self, node: str) -> None:
        """Type the name that references use."""
        rect = self._stage.rect_of(node)
        line = QRectF(rect.left(), rect.top(), rect.width(), HEADER)
        self._type(line, node, tr("Name in references"), lambda typed: RenameNode(node, typed), lambda typed: self._stage.show([typed]))

    def rename_port(self, port: PortRef) -> None:
        """Type the name of an input or output of the flow."""
        rename = RenameFlowInput if port.card == INPUTS_ID else RenameFlowOutput
        rect = self._stage.rect_of(port.card)
        at = self._stage.scene.port_point(port)
        line = QRectF(rect.left(), at.y() - 12, rect.width(), 24)
        self._type(line, port.port, tr("Name"), lambda typed: rename(port.port, typed))

    def add_port(self, card: str) -> None:
        """Type the name of a further input of a card: one of the flow's, or one that a node takes under any name."""
        rect = self._stage.rect_of(card)
        line = QRectF(rect.left(), rect.bottom() - 12, rect.width(), 24)
        name = tr("Name of the new output") if card == OUTPUTS_ID else tr("Name of the new input")
        self._type(line, "", name, lambda typed: self._added(card, typed))

    def _added(self, card: str, name: str) -> Edit:
        if card == INPUTS_ID:
            return AddFlowInput(name)
        if card == OUTPUTS_ID:
            return AddFlowOutput(name, "")
        document = self._stage.document
        given = (SetInput(card, name, ""), *variable_edits(document, card, name))
        return Group(tr("Add input {name}", name=name), given)

    def _type(
        self, rect: QRectF, text: str, name: str, edit: Callable[[str], Edit], then: Callable[[str], None] | None = None
    ) -> None:
        def done(typed: str) -> None:
            if typed and self._stage.apply(edit(typed)) and then is not None:
                then(typed)

        self.finish()
        self.editor = LineEditor(self._stage.view.viewport(), text, name, done, self._gone)
        self.editor.open(self._on_screen(rect))

    def _type_text(self, rect: QRectF, id: str, text: str) -> None:
        self.finish()
        self._notes += 1
        merge = f"note:{id}:{self._notes}"

        def done(typed: str) -> None:
            found = note(self._stage.document, id)
            if found is not None:
                self._stage.apply(SetNote(replace(found, text=typed), tr("Edit note")), merge=merge)

        self.editor = TextEditor(self._stage.view.viewport(), text, tr("Note"), done, self._gone)
        self.editor.open(self._on_screen(rect))

    def _on_screen(self, rect: QRectF) -> QRect:
        return self._stage.view.mapFromScene(rect).boundingRect()

    def _gone(self) -> None:
        self.editor = None
        self._stage.view.setFocus()
