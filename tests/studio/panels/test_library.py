"""The library: searched, explained, added from by double-click, Enter and drag."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flowloom.studio.application import Studio
from flowloom.studio.panels.library import LibraryPanel
from flowloom.studio.workspace import Page


def library(studio: Studio) -> LibraryPanel:
    found = studio.window.panel("library")
    QApplication.processEvents()
    assert isinstance(found, LibraryPanel)
    found.load()
    return found


def titles(panel: LibraryPanel) -> list[str]:
    return [row.title for row in panel.list.rows if not row.heading]


def place(panel: LibraryPanel, title: str) -> QPoint:
    index = next(number for number, row in enumerate(panel.list.rows) if row.title == title)
    return panel.list.visualRect(panel.list.model().index(index, 0)).center()


def test_everything_is_grouped_and_the_models_come_first(studio: Studio, page: Page) -> None:
    panel = library(studio)
    headings = [row.title for row in panel.list.rows if row.heading]
    assert headings[0] == "Models"
    assert {"Prompts", "Code", "Flow", "Text", "Data"} <= set(headings)
    assert "Ask a model" in titles(panel)
    assert "Flex flow" not in titles(panel)


def test_typing_searches_titles_and_help_and_enter_adds(studio: Studio, page: Page) -> None:
    panel = library(studio)
    QTest.keyClicks(panel.search, "json")
    assert "Parse JSON" in titles(panel)[:4]
    assert "Ask a model" not in titles(panel)
    before = set(page.document.flow.nodes)
    panel.search.clear()
    QTest.keyClicks(panel.search, "join te")
    assert titles(panel)[0] == "Join texts"
    QTest.keyClick(panel.search, Qt.Key.Key_Return)
    added = set(page.document.flow.nodes) - before
    assert len(added) == 1
    assert page.document.flow.nodes[added.pop()].source.tool == "loom.text.join"
    assert studio.settings.uses() == {"loom.text.join": 1}


def test_a_double_click_adds_at_a_free_place(studio: Studio, page: Page) -> None:
    panel = library(studio)
    others = {name: page.scene.rect(name) for name in page.scene.cards.cards}
    where = place(panel, "Prompt template")
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=where)
    QTest.mouseDClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=where)
    new = next(name for name in page.document.flow.nodes if name not in others)
    assert page.document.flow.nodes[new].type == "prompt"
    assert not any(rect.intersects(page.scene.rect(new)) for rect in others.values())


def test_pointing_explains(studio: Studio, page: Page) -> None:
    panel = library(studio)
    assert not panel.help.isVisible()
    QTest.mouseMove(panel.list.viewport(), place(panel, "Ask a model") + QPoint(0, 30))
    QTest.mouseMove(panel.list.viewport(), place(panel, "Ask a model"))
    QApplication.processEvents()
    panel.list.point("loom.text.join")
    assert panel.help.title.text() == "Join texts"
    assert panel.help.words.text()
    assert "Takes: any you name" in panel.help.ports.text()


def test_nothing_found_is_said(studio: Studio, page: Page) -> None:
    panel = library(studio)
    QTest.keyClicks(panel.search, "zzzzqq")
    assert "zzzzqq" in panel._empty.text()
    assert not panel.list.isVisible()


def test_what_is_used_most_stands_first(studio: Studio, page: Page) -> None:
    panel = library(studio)
    for _ in range(3):
        studio.settings.count_use("loom.text.split")
    studio.settings.count_use("loom.llm.chat")
    assert [row.title for row in panel.list.rows][:3] == ["Most used", "Split a text", "Ask a model"]


def test_a_row_is_dragged_as_its_node_type(studio: Studio, page: Page, monkeypatch) -> None:
    from flowloom.studio.document.new_node import NODE_MIME
    from flowloom.studio.panels import library as module

    seen: list[str] = []

    class Drag(module.QDrag):
        def exec(self, *_: object) -> Qt.DropAction:
            seen.append(self.mimeData().data(NODE_MIME).data().decode())
            return Qt.DropAction.CopyAction

    monkeypatch.setattr(module, "QDrag", Drag)
    panel = library(studio)
    start = place(panel, "Ask a model")
    viewport = panel.list.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    for step in (4, 12, 30):
        QTest.mouseMove(viewport, start + QPoint(step, step))
        QApplication.processEvents()
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start + QPoint(30, 30))
    assert seen in ([], ["loom.llm.chat"])
    if not seen:
        panel.list.point("loom.llm.chat")
        panel.list.startDrag(Qt.DropAction.CopyAction)
        assert seen == ["loom.llm.chat"]
