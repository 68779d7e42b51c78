"""The panels of the window: what they are called, where they stand, and how each is made when it is first shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import Qt

from flowloom.studio.language import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from flowloom.studio.workspace import Workspace

Area = Literal["left", "right", "bottom", "beside", "center"]
"""``beside`` is between canvas and inspector; ``center`` takes the canvas's place."""


@dataclass(frozen=True, slots=True)
class Panel:
    """``always`` panels of the bottom have their tab from the start; others get one when they are shown."""

    id: str
    title: Callable[[], str]
    area: Area
    module: str
    name: str
    icon: str
    always: bool = True

    @property
    def exists(self) -> bool:
        return find_spec(self.module) is not None

    def make(self, workspace: Workspace) -> QWidget:
        """The panel's widget, on the ground of panels and called by its title."""
        made: QWidget = getattr(import_module(self.module), self.name)(workspace)
        made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        if made.property("role") is None:
            made.setProperty("role", "panel")
        made.setAccessibleName(self.title())
        return made


_PANELS = "flowloom.studio.panels"

PANELS: Final = (
    Panel("library", lambda: tr("Library"), "left", f"{_PANELS}.library", "LibraryPanel", "squares-four"),
    Panel("outline", lambda: tr("Outline"), "left", f"{_PANELS}.outline", "OutlinePanel", "list-bullets", False),
    Panel("inspector", lambda: tr("Inspector"), "right", "flowloom.studio.inspector.inspector", "Inspector", "sliders"),
    Panel("timeline", lambda: tr("Run"), "bottom", f"{_PANELS}.timeline", "TimelinePanel", "play"),
    Panel("data", lambda: tr("Data"), "bottom", f"{_PANELS}.data", "DataPanel", "table"),
    Panel("problems", lambda: tr("Problems"), "bottom", f"{_PANELS}.problems", "ProblemsPanel", "warning"),
    Panel("log", lambda: tr("Log"), "bottom", f"{_PANELS}.log", "LogPanel", "terminal"),
    Panel("history", lambda: tr("History"), "bottom", f"{_PANELS}.history", "HistoryPanel", "clock-counter-clockwise"),
    Panel("comparison", lambda: tr("Comparison"), "bottom", f"{_PANELS}.comparison", "ComparisonPanel", "git-diff", False),
    Panel("lanes", lambda: tr("Lanes"), "bottom", f"{_PANELS}.lanes", "LanesPanel", "columns", False),
    Panel("chat", lambda: tr("Chat"), "beside", f"{_PANELS}.chat", "ChatPanel", "chat-circle"),
    Panel("use", lambda: tr("Use"), "center", f"{_PANELS}.use", "UsePanel", "app-window"),
)  # fmt: skip


def panels(area: Area) -> tuple[Panel, ...]:
    """The panels of an area that this installation has."""
    return tuple(panel for panel in PANELS if panel.area == area and panel.exists)


def panel(id: str) -> Panel | None:
    return next((found for found in PANELS if found.id == id and found.exists), None)
