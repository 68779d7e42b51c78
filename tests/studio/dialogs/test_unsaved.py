"""Closing with unsaved changes asks, and each answer does what it says."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from flowloom.flows.model.edits import SetText
from flowloom.studio.application import Studio
from flowloom.studio.dialogs.message import Message
from flowloom.studio.workspace import Page

TEXT = "user:\nanother {{question}}\n"


@pytest.mark.parametrize(("answer", "closed", "saved"), [("save", True, True), ("lose", True, False), ("", False, False)])
def test_each_answer(studio: Studio, page: Page, answer: str, closed: bool, saved: bool) -> None:
    page.document.apply(SetText("answer.jinja2", TEXT))

    def choose() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, Message)
        dialog.buttons[answer].click()

    QTimer.singleShot(50, studio, choose)
    studio.workspace.do("file.close")
    assert (studio.workspace.page is None) is closed
    assert ((page.document.root / "answer.jinja2").read_text() == TEXT) is saved


def test_what_is_saved_closes_without_a_question(studio: Studio, page: Page) -> None:
    studio.workspace.do("file.close")
    assert studio.workspace.page is None


def test_the_window_stays_where_one_flow_is_not_decided(studio: Studio, page: Page) -> None:
    page.document.apply(SetText("answer.jinja2", TEXT))
    QTimer.singleShot(50, studio, lambda: QApplication.activeModalWidget().reject())
    assert not studio.window.close()
    assert studio.window.isVisible()
    assert studio.workspace.page is page
