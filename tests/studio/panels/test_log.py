"""What code printed, as it came, of all nodes or of one."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QApplication

from flowloom.studio.application import Studio
from flowloom.studio.panels.log import LogPanel
from flowloom.studio.workspace import Page


def line(text: str, level: str = "info") -> SimpleNamespace:
    return SimpleNamespace(text=text, level=level, stream="stdout")


@pytest.fixture
def panel(studio: Studio, page: Page) -> LogPanel:
    found = studio.window.panel("log")
    assert isinstance(found, LogPanel)
    QApplication.processEvents()
    return found


@pytest.fixture
def view() -> SimpleNamespace:
    nodes = {"prepare": SimpleNamespace(logs=[line("one")]), "answer": SimpleNamespace(logs=[])}
    return SimpleNamespace(nodes=nodes, logs=[])


def test_without_a_run_it_says_what_will_be_here(panel: LogPanel) -> None:
    assert panel.empty.isVisible()
    assert not panel.copy_button.isVisible()


def test_lines_come_in_as_they_are_logged(panel: LogPanel, view: SimpleNamespace, monkeypatch, page: Page) -> None:
    monkeypatch.setattr(page.parts["runner"], "view", view)
    panel.refresh()
    view.nodes["prepare"].logs.append(line("two\n"))
    view.nodes["answer"].logs.append(line("careful", "warning"))
    panel.refresh()
    assert panel.text.toPlainText() == "prepare  one\nprepare  two\nanswer  careful"
    view.logs.append(line("at the end"))
    panel.refresh()
    assert panel.text.toPlainText().endswith("\nthe flow  at the end")
    panel.nodes.setCurrentIndex(panel.nodes.findData("answer"))
    panel.nodes.activated.emit(panel.nodes.currentIndex())
    assert panel.text.toPlainText() == "answer  careful"
    panel.copy_button.click()
    assert QApplication.clipboard().text() == "answer  careful"
