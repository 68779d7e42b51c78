from __future__ import annotations

from PySide6.QtWidgets import QApplication, QPushButton

from flowloom.studio.views.text_view import PAGE, TextView


def test_a_long_text_is_shown_a_page_at_a_time(application: QApplication) -> None:
    view = TextView()
    text = "line of words\n" * 10_000
    view.show_text(text)
    view.resize(400, 300)
    view.show()
    assert view.editor.toPlainText() == text[:PAGE]
    more = view.findChild(QPushButton)
    assert more is not None
    assert more.isVisible()
    more.click()
    assert view.editor.toPlainText() == text[: 2 * PAGE]
    more.click()
    assert view.editor.toPlainText() == text
    assert not more.isVisible()
    assert view.text == text
    view.close()


def test_a_copy_of_a_long_line_is_the_line(application: QApplication) -> None:
    view = TextView()
    text = "word " * 1_000 + "\n😀 end"
    view.show_text(text)
    view.editor.selectAll()
    view.editor.copy()
    assert application.clipboard().text() == text


def test_a_text_that_grows_keeps_the_selection(application: QApplication) -> None:
    view = TextView()
    view.show_text("Dear")
    view.editor.selectAll()
    view.show_text("Dear customer")
    assert view.editor.toPlainText() == "Dear customer"
    assert view.editor.textCursor().selectedText() == "Dear"
    view.show_text("Another")
    assert view.editor.toPlainText() == "Another"


def test_markup_is_shown_as_it_stands(application: QApplication) -> None:
    view = TextView()
    view.show_text("<b>x</b> & **y**")
    assert view.editor.toPlainText() == "<b>x</b> & **y**"
