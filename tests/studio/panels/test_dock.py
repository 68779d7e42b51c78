"""A dock makes its panel when it is first seen."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from flowloom.studio.application import Studio
from flowloom.studio.panels.dock import HANDLE, Handle
from flowloom.studio.workspace import Page


def test_a_panel_is_made_only_when_it_is_seen(studio: Studio, page: Page) -> None:
    QApplication.processEvents()
    assert studio.window.docks["library"].made
    assert not studio.window.docks["outline"].made
    studio.workspace.do("view.outline")
    QApplication.processEvents()
    assert studio.window.docks["outline"].made
    assert studio.window.docks["outline"].content.accessibleName() == "Outline"


def test_a_floating_dock_has_a_title_of_the_system(studio: Studio, page: Page) -> None:
    dock = studio.window.docks["library"]
    assert isinstance(dock.titleBarWidget(), Handle)
    assert dock.titleBarWidget().height() == HANDLE
    dock.setFloating(True)
    assert dock.titleBarWidget() is None
    dock.setFloating(False)
    assert isinstance(dock.titleBarWidget(), Handle)


def test_what_a_panel_shows_never_changes_the_size_a_person_gave(studio: Studio, page: Page) -> None:
    window = studio.window

    def sizes() -> list[int]:
        for _ in range(6):
            QApplication.processEvents()
        return [window.docks["library"].width(), window.docks["inspector"].width(), window.bottom.height()]

    before = sizes()
    for chosen in (["answer"], ["prepare"], ["@inputs"], []):
        page.scene.select(chosen)
        assert sizes() == before, chosen
    for tab in ("problems", "lanes", "history", "data", "log", "comparison", "timeline"):
        window.bottom.show_tab(tab)
        assert sizes() == before, tab
