from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from flowloom.studio.theme import theme
from flowloom.studio.views.markdown_view import MarkdownView


def press_in_box(application: QApplication, words: str, seen: list[str]) -> None:
    """When a box opens, note what it says and press its button of these words."""

    def press() -> None:
        box = application.activeModalWidget()
        assert isinstance(box, QMessageBox)
        assert box.textFormat() == Qt.TextFormat.PlainText
        seen.append(box.text() + " " + box.informativeText())
        (button,) = [button for button in box.findChildren(QPushButton) if button.text().replace("&", "") == words]
        button.click()

    QTimer.singleShot(0, press)


def follow(view: MarkdownView) -> None:
    """Walk to the first link with Tab and press Enter, as by keyboard alone."""
    view.resize(400, 200)
    view.show()
    view.setFocus()
    view.setTabChangesFocus(False)
    QTest.keyClick(view, Qt.Key.Key_Tab)
    QTest.keyClick(view, Qt.Key.Key_Return)


@pytest.mark.parametrize(("answer", "opened"), [("Open", ["https://example.com/a?b=1"]), ("Stay here", [])])
def test_a_link_to_the_web_opens_only_after_a_yes(application: QApplication, answer: str, opened: list[str]) -> None:
    found: list[str] = []
    seen: list[str] = []
    view = MarkdownView(opener=lambda link: found.append(link.toString()))
    view.set_markdown("[here](https://example.com/a?b=1)")
    press_in_box(application, answer, seen)
    follow(view)
    assert found == opened
    assert "https://example.com/a?b=1" in seen[0]


@pytest.mark.parametrize("link", ["file:///etc/passwd", "ftp://example.com/x", "javascript:alert(1)", "x-run:thing"])
def test_any_other_link_leads_nowhere(application: QApplication, link: str) -> None:
    found: list[QUrl] = []
    seen: list[str] = []
    view = MarkdownView(opener=found.append)
    view.set_markdown(f"[here]({link})")
    press_in_box(application, "OK", seen)
    follow(view)
    assert found == []
    assert "not followed" in seen[0]


def test_links_of_ones_own_are_told_of(application: QApplication) -> None:
    found: list[str] = []
    view = MarkdownView(own_schemes=("citation",))
    view.link_asked.connect(found.append)
    view.set_markdown("As it says [1](citation:1)")
    follow(view)
    assert found == ["citation:1"]


def test_it_is_as_high_as_its_text_where_it_should(application: QApplication, wait: Callable[..., None]) -> None:
    view = MarkdownView(fit=True)
    view.set_markdown("one line")
    view.resize(300, 50)
    view.show()
    wait(lambda: view.height() < 40)
    low = view.height()
    view.set_markdown("\n\n".join(["a paragraph of words " * 6] * 5))
    wait(lambda: view.height() > 5 * low)
    assert view.verticalScrollBar().maximum() == 0
    high = view.height()
    view.resize(900, high)
    wait(lambda: view.height() < high)
    view.close()


def test_a_stream_keeps_the_end_in_sight_for_who_is_there(application: QApplication) -> None:
    view = MarkdownView()
    view.resize(300, 100)
    view.show()
    text = "\n\n".join(f"paragraph {number}" for number in range(60))
    view.set_markdown(text)
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum())
    view.set_markdown(text + "\n\nmore\n\nand more")
    assert bar.value() == bar.maximum()
    bar.setValue(20)
    view.set_markdown(text + "\n\nmore\n\nand more\n\nand the last")
    assert bar.value() == 20
    view.close()


def test_plain_text_has_no_signs(application: QApplication) -> None:
    view = MarkdownView()
    view.set_plain("# not a title **x** [a](http://b)")
    assert view.toPlainText() == "# not a title **x** [a](http://b)"
    theme.set_theme("light")
    assert view.toPlainText() == "# not a title **x** [a](http://b)"
    assert view.source == "# not a title **x** [a](http://b)"
