"""The editor with what stands around it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flowloom.studio.inspector.source_editor import SourceEditor


def test_edits_of_one_go_share_a_key_and_later_ones_have_another(wait: Callable[..., None]) -> None:
    view = SourceEditor("prompt", "a.jinja2")
    view.show_text("a.jinja2", "user:\r\n")
    heard: list[tuple[str, str, str]] = []
    view.changed.connect(lambda path, text, merge: heard.append((path, text, merge)))
    QTest.keyClicks(view.editor, "ab")
    assert heard[0][:2] == ("a.jinja2", "user:\r\na")
    assert heard[0][2] == heard[1][2]
    view.editor.left.emit()
    QTest.keyClicks(view.editor, "c")
    assert heard[2][2] != heard[1][2]


def test_what_is_wrong_is_said_below(wait: Callable[..., None]) -> None:
    view = SourceEditor("python", "a.py")
    view.resize(320, 300)
    view.show()
    view.show_text("a.py", "def x(:\n")
    view.check()
    wait(lambda: not view.fault.isHidden())
    assert view.fault.text().startswith("Line 1: ")
    view.close()


def test_tabs_and_views_take_two_lines_where_there_is_no_room(application: QApplication) -> None:
    view = SourceEditor("prompt", "a.jinja2")
    view.resize(600, 300)
    view.show()
    application.processEvents()
    assert view.variants.mapTo(view, view.variants.rect().topLeft()).y() == view.views.mapTo(view, view.views.rect().topLeft()).y()
    view.resize(150, 300)
    application.processEvents()
    assert view.views.mapTo(view, view.views.rect().topLeft()).y() > view.variants.mapTo(view, view.variants.rect().topLeft()).y()
    assert view.minimumSizeHint().width() < 200
    view.close()


def test_the_editor_is_lent_and_comes_back() -> None:
    view = SourceEditor("python", "a.py")
    editor = view.lend_editor()
    assert view._box.indexOf(editor) < 0
    view.take_editor_back()
    assert view._box.indexOf(editor) == 1
