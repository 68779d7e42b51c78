"""Finding in names, prompts, code and values, and being led there."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flowloom.studio.application import Studio
from flowloom.studio.panels.find import FindPopup, find
from flowloom.studio.workspace import Page


def test_hits_are_found_in_every_kind_of_text(page: Page) -> None:
    assert {(hit.group, hit.card) for hit in find(page, "PREPARE")} >= {("names", "prepare"), ("code", "prepare")}
    prompt = next(iter(find(page, "you are kind")))
    assert (prompt.group, prompt.card, prompt.place, prompt.line) == ("prompts", "answer", "answer.jinja2", 2)
    assert [(hit.group, hit.place) for hit in find(page, "0.2")] == [("values", "temperature")]
    assert list(find(page, "nowhere at all")) == []


def test_ctrl_f_types_and_enter_leads(studio: Studio, page: Page) -> None:
    asked: list[tuple[str, str, int]] = []
    studio.workspace.place_asked.connect(lambda *place: asked.append(place))
    page.view.setFocus()
    QTest.keyClick(page.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, FindPopup)
    QTest.keyClicks(popup.field, "kind")
    assert [row.title for row in popup.list.rows if not row.heading] == ["You are kind."]
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert asked == [("answer", "answer.jinja2", 2)]
    assert QApplication.activePopupWidget() is None


def test_the_last_search_is_there_again_and_nothing_found_is_said(studio: Studio, page: Page) -> None:
    for typed in ("kind", "zzz"):
        studio.workspace.do("edit.find")
        popup = QApplication.activePopupWidget()
        assert isinstance(popup, FindPopup)
        assert popup.field.text() == ("" if typed == "kind" else "kind")
        popup.field.clear()
        QTest.keyClicks(popup.field, typed)
        assert popup.words.isVisible() == (typed == "zzz")
        QTest.keyClick(popup.field, Qt.Key.Key_Escape)
        QApplication.processEvents()
