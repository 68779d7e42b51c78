"""A node type dragged from the library, or nodes as text dragged from anywhere, let go over the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragMoveEvent, QDropEvent

from flowloom.flows.document.layout import Place
from flowloom.flows.node.spec import NodeSpec
from flowloom.studio.canvas.cards import Wire
from flowloom.studio.document.clipboard import holds_nodes
from flowloom.studio.document.new_node import NODE_MIME, insert_new

if TYPE_CHECKING:
    from flowloom.studio.canvas.interactions.stage import Stage


class LibraryDrop:
    """Over a wire the node would be put into it, which the wire shows."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def enter(self, event: QDragMoveEvent, pos: QPointF) -> bool:
        return self.over(event, pos)

    def over(self, event: QDragMoveEvent, pos: QPointF) -> bool:
        stage = self._stage
        if not stage.document.editable or not _is_ours(event.mimeData()):
            return False
        wire = self._wire(pos, self._spec(event.mimeData()))
        stage.scene.mark_wire(wire.key if wire else None)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        return True

    def leave(self) -> bool:
        self._stage.scene.mark_wire(None)
        return True

    def drop(self, event: QDropEvent, pos: QPointF) -> bool:
        stage, data = self._stage, event.mimeData()
        stage.scene.mark_wire(None)
        if not stage.document.editable or not _is_ours(data):
            return False
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        spec = self._spec(data)
        if spec is not None:
            wire = self._wire(pos, spec)
            stage.add(spec, pos if wire else pos - QPointF(24, 16), into=wire)
        elif data.hasText():
            from flowloom.studio.commands.edit import paste_text

            paste_text(stage.workspace, data.text(), pos)
        return True

    def _spec(self, data: QMimeData) -> NodeSpec | None:
        if not data.hasFormat(NODE_MIME):
            return None
        id = bytes(data.data(NODE_MIME).data()).decode("utf-8", "replace")
        found = self._stage.document.registry.find(id)
        return found.spec if found else None

    def _wire(self, pos: QPointF, spec: NodeSpec | None) -> Wire | None:
        """The wire under the pointer that a node of this type can be put into."""
        stage = self._stage
        if spec is None:
            return None
        key = stage.scene.wire_at(pos, 12 / stage.view.zoom)
        wire = stage.scene.cards.wires[key] if key is not None else None
        return wire if wire is not None and insert_new(stage.document, spec, Place(), wire) is not None else None


def _is_ours(data: QMimeData) -> bool:
    return data.hasFormat(NODE_MIME) or (data.hasText() and not data.hasUrls() and holds_nodes(data.text()))
