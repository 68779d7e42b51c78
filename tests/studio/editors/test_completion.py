"""The list of suggestions: what it holds, and the keys it takes from its editor."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QPlainTextEdit

from flowloom.studio.editors.completion import Completion, CompletionList, fitting


def test_words_that_begin_so_come_before_words_that_hold_it() -> None:
    offers = [Completion("the_question"), Completion("question"), Completion("queue"), Completion("tone")]
    assert [offer.text for offer in fitting(offers, "que")] == ["question", "queue", "the_question"]
    assert [offer.text for offer in fitting(offers, "question")] == ["the_question"]
    assert len(fitting(offers, "")) == 4


def test_keys_move_choose_and_close() -> None:
    editor = QPlainTextEdit()
    editor.resize(300, 200)
    editor.show()
    words = CompletionList(editor)
    chosen: list[str] = []
    words.chosen.connect(lambda offer: chosen.append(offer.text))
    assert not words.handle_key(Qt.Key.Key_Return), "a list that is not shown takes no key"
    words.offer([Completion("one"), Completion("two", "a number")], QRect(10, 10, 1, 16))
    assert words.isVisible()
    assert words.handle_key(Qt.Key.Key_Down)
    assert words.handle_key(Qt.Key.Key_Return)
    assert chosen == ["two"]
    assert not words.isVisible()
    words.offer([Completion("one")], QRect(10, 10, 1, 16))
    assert words.handle_key(Qt.Key.Key_Escape)
    assert not words.isVisible()
    words.offer([], QRect())
    assert not words.isVisible()
    editor.close()


def test_it_stays_within_the_window() -> None:
    editor = QPlainTextEdit()
    editor.resize(240, 160)
    editor.show()
    words = CompletionList(editor)
    words.offer([Completion(f"name_{number}", "from the step before") for number in range(30)], QRect(200, 130, 1, 16))
    assert editor.rect().contains(words.geometry())
    editor.close()
