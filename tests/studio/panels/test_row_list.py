"""Lists: headings are passed over, Enter chooses, the place is kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from flowloom.studio.panels.row_list import RowList
from flowloom.studio.panels.rows import Row

ROWS = [Row("First", heading=True), Row("a", value=1), Row("b", value=2), Row("Second", heading=True), Row("c", value=3)]


@pytest.fixture
def shown(application: QApplication) -> Iterator[RowList]:
    parent = QWidget()
    made = RowList(parent)
    made.resize(200, 200)
    made.show_rows(ROWS)
    parent.show()
    yield made
    parent.deleteLater()


def test_steps_pass_over_headings_and_stop_at_the_ends(shown: RowList) -> None:
    shown.point_first()
    seen = [shown.current_value]
    for _ in range(4):
        shown.step(1)
        seen.append(shown.current_value)
    assert seen == [1, 2, 3, 3, 3]
    shown.step(-1)
    assert shown.current_value == 2


def test_enter_and_double_click_choose_but_not_headings(shown: RowList) -> None:
    chosen: list[int] = []
    shown.chosen.connect(chosen.append)
    shown.point(2)
    QTest.keyClick(shown, Qt.Key.Key_Return)
    for row in (0, 4):
        where = shown.visualRect(shown.model().index(row, 0)).center()
        QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=where)
        QTest.mouseDClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert chosen == [2, 3]


def test_the_place_is_kept_when_rows_change(shown: RowList) -> None:
    shown.point(3)
    shown.show_rows([ROWS[4], ROWS[1]], keep=True)
    assert shown.current_value == 3
    assert not shown.point(99)


def test_a_screen_reader_hears_all_of_a_row(shown: RowList) -> None:
    shown.show_rows([Row("Save", words="Write what changed", note="Ctrl+S", value=1)])
    assert shown.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "Save, Write what changed, Ctrl+S"
