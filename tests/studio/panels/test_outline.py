"""The graph as a list: what a screen reader says of it, and choosing by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flowloom.flows.model.edits import RenameNode
from flowloom.studio.application import Studio
from flowloom.studio.panels.outline import OutlinePanel
from flowloom.studio.workspace import Page


@pytest.fixture
def panel(studio: Studio, page: Page) -> OutlinePanel:
    found = studio.window.panel("outline")
    assert isinstance(found, OutlinePanel)
    QApplication.processEvents()
    return found


def lines(panel: OutlinePanel) -> dict[str, list[str]]:
    found = {}
    for item in panel._items():
        found[item.text(0)] = [item.child(number).text(0) for number in range(item.childCount())]
    return found


def test_every_card_says_where_its_values_come_from_and_go(panel: OutlinePanel) -> None:
    assert lines(panel) == {
        "Inputs": ["question goes to prepare"],
        "prepare": ["text from Inputs, question", "upper: not set", "output goes to answer"],
        "answer": ["question from prepare, output", "output goes to Outputs"],
        "Outputs": ["answer from answer, output"],
    }
    item = panel._items()[1]
    assert item.data(0, Qt.ItemDataRole.AccessibleTextRole) == "prepare, 2 connections"


def test_keys_choose_cards_and_the_canvas_is_followed(studio: Studio, page: Page, panel: OutlinePanel) -> None:
    panel.tree.setFocus()
    panel.tree.setCurrentItem(panel._items()[0])
    QTest.keyClick(panel.tree, Qt.Key.Key_Down)
    assert studio.workspace.selection == ("prepare",)
    page.scene.select(["answer"])
    assert panel.tree.currentItem().text(0) == "answer"


def test_it_follows_edits_and_stays_unfolded(page: Page, panel: OutlinePanel) -> None:
    panel._items()[0].setExpanded(True)
    page.document.apply(RenameNode("prepare", "tidy"))
    QApplication.processEvents()
    assert list(lines(panel)) == ["Inputs", "tidy", "answer", "Outputs"]
    assert panel._items()[0].isExpanded()


def test_enter_goes_on_to_the_inspector(studio: Studio, page: Page, panel: OutlinePanel) -> None:
    asked: list[str] = []
    studio.workspace.place_asked.connect(lambda node, *_: asked.append(node))
    panel.tree.setCurrentItem(panel._items()[2])
    QTest.keyClick(panel.tree, Qt.Key.Key_Return)
    assert asked == ["answer"]
