"""Choosing one of many by typing, by arrows, and with the mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListView, QWidget

from flowloom.studio.canvas.interactions.chooser import Chooser, choose
from flowloom.studio.canvas.interactions.chooser_entry import Entry

ENTRIES = [
    Entry("ask", "Ask a model", "Models", kind="llm", icon="sparkle", help="Asks a chat model."),
    Entry("no", "Write CSV", "Gives text, takes a list.", enabled=False, port_type="list"),
    Entry("join", "Join texts", "Text", color="blue"),
]


class Opened:
    def __init__(self, room: QWidget) -> None:
        self.chosen: list[str] = []
        self.also: list[str] = []
        self.current: list[object] = []
        self.done = 0
        self.chooser: Chooser = choose(
            room, ENTRIES, "Add a node", QPoint(20, 20), self.chosen.append, done=self._done, also=self.also.append,
            current=self.current.append, note="Ctrl+Enter also connects it",
        )  # fmt: skip
        self.edit = self.chooser.findChild(QLineEdit)
        assert isinstance(self.edit, QLineEdit)

    def _done(self) -> None:
        self.done += 1


@pytest.fixture
def room(application: QApplication) -> Iterator[QWidget]:
    widget = QWidget()
    widget.resize(900, 600)
    widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    widget.show()
    widget.activateWindow()
    application.processEvents()
    yield widget
    widget.close()
    widget.deleteLater()


@pytest.fixture
def opened(room: QWidget) -> Opened:
    return Opened(room)


def test_typing_and_enter(opened: Opened) -> None:
    QTest.keyClicks(opened.edit, "join")
    assert opened.current[-1] == "join"
    QTest.keyClick(opened.edit, Qt.Key.Key_Return)
    assert (opened.chosen, opened.also, opened.done) == (["join"], [], 1)
    assert not opened.chooser.isVisible()


def test_arrows_pass_over_what_cannot_be_chosen_and_go_round(opened: Opened) -> None:
    seen = [opened.current[-1]]
    for _ in range(2):
        QTest.keyClick(opened.edit, Qt.Key.Key_Down)
        seen.append(opened.current[-1])
    assert seen == ["ask", "join", "ask"]
    QTest.keyClick(opened.edit, Qt.Key.Key_Up)
    assert opened.current[-1] == "join"


def test_control_enter_says_more(opened: Opened) -> None:
    QTest.keyClick(opened.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert (opened.chosen, opened.also) == ([], ["ask"])


def test_a_click_chooses_and_one_on_a_dimmed_line_does_not(opened: Opened) -> None:
    lines = opened.chooser.findChild(QListView)
    assert isinstance(lines, QListView)
    for row in (1, 2):
        at = lines.visualRect(lines.model().index(row, 0)).center()
        QTest.mouseClick(lines.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert opened.chosen == ["join"]


def test_escape_and_leaving_choose_nothing(opened: Opened, room: QWidget, wait: Callable[..., None]) -> None:
    QTest.keyClick(opened.edit, Qt.Key.Key_Escape)
    assert (opened.chosen, opened.done) == ([], 1)
    other = Opened(room)
    room.setFocus()
    wait(lambda: other.done == 1)
    assert other.chosen == []


def test_nothing_found_is_said(opened: Opened) -> None:
    QTest.keyClicks(opened.edit, "zzz")
    assert "Nothing found" in [label.text() for label in opened.chooser.findChildren(QLabel)]
    QTest.keyClick(opened.edit, Qt.Key.Key_Return)
    assert opened.chosen == []


def test_it_stays_in_sight_and_has_names(room: QWidget) -> None:
    chooser = Chooser(room, ENTRIES, "Add a node")
    chooser.show_at(QPoint(890, 590))
    assert room.rect().contains(chooser.geometry())
    assert chooser.accessibleName() == "Add a node"
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in chooser.findChildren(QLabel))
