"""Every panel that is named can be made, and says what it is."""

from __future__ import annotations

from PySide6.QtCore import Qt

from flowloom.studio.application import Studio
from flowloom.studio.panels.registry import PANELS, panel, panels
from flowloom.studio.theme.icons import _characters
from flowloom.studio.workspace import Page


def test_every_panel_can_be_made(studio: Studio, page: Page) -> None:
    for found in PANELS:
        made = found.make(studio.workspace)
        assert made.accessibleName() == found.title()
        assert made.testAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        assert found.icon in _characters()
        made.deleteLater()


def test_panels_are_found_by_area_and_id() -> None:
    assert [found.id for found in panels("right")] == ["inspector"]
    assert panel("library") is not None
    assert panel("nothing") is None
