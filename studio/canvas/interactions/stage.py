"""What gestures act upon: the flow, its canvas, and the few things they do alike. ``Gestures`` is it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QPointF, QRectF

if TYPE_CHECKING:
    from flowloom.flows.model.edits import Edit
    from flowloom.flows.node.spec import NodeSpec
    from flowloom.studio.canvas.cards import PortRef, Wire
    from flowloom.studio.canvas.interactions.chooser_entry import Entry
    from flowloom.studio.canvas.interactions.hint import Hint
    from flowloom.studio.canvas.interactions.interaction import Interaction
    from flowloom.studio.canvas.interactions.titles import Titles
    from flowloom.studio.canvas.scene import CanvasScene
    from flowloom.studio.canvas.view import CanvasView
    from flowloom.studio.document.flow_document import FlowDocument
    from flowloom.studio.workspace import Workspace


class Stage(Protocol):
    workspace: Workspace
    active: Interaction | None
    chosen_wire: Wire | None
    """The wire that was clicked."""
    space_held: bool
    pointer: QPointF | None
    """Where the pointer is over the canvas, in the scene."""
    hint: Hint
    titles: Titles

    @property
    def document(self) -> FlowDocument: ...
    @property
    def scene(self) -> CanvasScene: ...
    @property
    def view(self) -> CanvasView: ...

    def apply(self, edit: Edit, *, merge: str = "") -> bool: ...

    def apply_all(self, edits: Iterable[Edit | None], *, merge: str = "") -> bool:
        """Several edits as one step, named after the last."""
        ...

    def do(self, command: str) -> None:
        """Carry out a command by its id, where it may be; what it cannot do is said."""
        ...

    def stop(self) -> bool:
        """Take back the gesture under way; False where there is none."""
        ...

    def rect_of(self, id: str) -> QRectF:
        """Where a card, frame or note stands."""
        ...

    def frame_ids(self) -> list[str]: ...

    def all_ids(self, *, frames: bool = True) -> list[str]:
        """Ids of all cards and notes, and of the frames."""
        ...

    def title(self, card: str) -> str: ...

    def show(self, ids: Sequence[str]) -> None:
        """Choose new things, put the keyboard on the first, and bring it into sight."""
        ...

    def choose_wire(self, wire: Wire | None) -> None:
        """Mark a wire that was clicked; Delete then cuts it."""
        ...

    def choose(
        self, entries: Sequence[Entry], pos: QPointF | None, heading: str, chosen: Callable[[Any], object],
        *, done: Callable[[], None] | None = None, also: Callable[[Any], object] | None = None,
        current: Callable[[Any], None] | None = None, placeholder: str = "", note: str = "",
    ) -> None:  # fmt: skip
        """Let a person choose one of ``entries`` at a point of the scene, or beside the current card."""
        ...

    def current_output(self) -> PortRef | None:
        """The first output of the current card, which a new node may be wired to."""
        ...

    def insert(self, card: str, wire: Wire, goal: QRectF | None = None) -> bool:
        """Put a card into a wire, at ``goal`` or half-way along it, and make room for it."""
        ...

    def add(
        self, spec: NodeSpec, pos: QPointF | None, *, wire: PortRef | None = None, into: Wire | None = None
    ) -> None:
        """Add a node at a point of the scene, wired to a port or put into a wire."""
        ...
