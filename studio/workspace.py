"""What is open, and what is chosen: the one object that commands act upon and panels listen to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from flowloom.flows.node.registry import Registry
    from flowloom.studio.canvas.scene import CanvasScene
    from flowloom.studio.canvas.view import CanvasView
    from flowloom.studio.document.flow_document import FlowDocument
    from flowloom.studio.settings import Settings


@dataclass(eq=False)
class Page:
    """One open flow: its document, its canvas, and what runs it. ``parts`` holds what other rooms keep for it, by name."""

    document: FlowDocument
    scene: CanvasScene
    view: CanvasView
    parts: dict[str, Any] = field(default_factory=dict)


class Workspace(QObject):
    """Panels listen to ``page_changed`` for another flow, to ``selection_changed`` for another choice within it."""

    page_opened = Signal(object)
    page_closed = Signal(object)
    page_changed = Signal()
    """Another flow is shown, or none."""
    selection_changed = Signal()
    notice = Signal(str)
    """A sentence to show in passing, at the bottom of the window."""
    place_asked = Signal(str, str, int)
    """Lead the person to a card id (or ''), a file or field name (or ''), a line counted from 1 (or 0)."""
    command_asked = Signal(str)
    """Carry out the command of this id, as its key would."""

    def __init__(self, registry: Registry, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.registry = registry
        self.settings = settings
        self.pages: list[Page] = []
        self.page: Page | None = None
        self.window: QWidget | None = None
        self.parts: dict[str, Any] = {}
        """Parts of the window that commands reach, by name: ``library``, ``inspector``, ``palette`` ..."""

    @property
    def document(self) -> FlowDocument | None:
        return self.page.document if self.page else None

    @property
    def selection(self) -> tuple[str, ...]:
        """Ids of the chosen cards, frames and notes of the page, in the order they were chosen."""
        return tuple(self.page.scene.selected) if self.page else ()

    @property
    def current_node(self) -> str | None:
        """The one chosen card, where exactly one is."""
        chosen = self.selection
        return chosen[0] if len(chosen) == 1 else None

    def add(self, page: Page) -> None:
        self.pages.append(page)
        page.scene.selection_changed.connect(lambda: self._selected(page))
        self.page_opened.emit(page)
        self.show(page)

    def show(self, page: Page | None) -> None:
        if page is not self.page:
            self.page = page
            self.page_changed.emit()
            self.selection_changed.emit()

    def close(self, page: Page) -> None:
        index = self.pages.index(page)
        self.pages.remove(page)
        if page is self.page:
            self.show(self.pages[min(index, len(self.pages) - 1)] if self.pages else None)
        self.page_closed.emit(page)

    def say(self, sentence: str) -> None:
        self.notice.emit(sentence)

    def do(self, command: str) -> None:
        """Carry out a command by its id."""
        self.command_asked.emit(command)

    def _selected(self, page: Page) -> None:
        if page is self.page:
            self.selection_changed.emit()
