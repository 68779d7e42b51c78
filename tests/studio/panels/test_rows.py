"""A row is drawn whole: chip, title, second line, note."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget

from flowloom.studio.panels.row_list import RowList
from flowloom.studio.panels.rows import Row


def test_long_titles_leave_room_for_the_note(application: QApplication) -> None:
    parent = QWidget()
    shown = RowList(parent)
    shown.resize(240, 120)
    parent.show()
    plain = [Row("A very long title that can never fit into so little room", "play")]
    shown.show_rows(plain)
    before = shown.grab().toImage()
    shown.show_rows([Row(plain[0].title, "play", note="Ctrl+P")])
    assert shown.grab().toImage() != before
    parent.deleteLater()


def test_a_second_line_takes_height(application: QApplication) -> None:
    parent = QWidget()
    shown = RowList(parent)
    shown.show_rows([Row("one"), Row("two", words="more of it"), Row("Heading", heading=True)])
    heights = [shown.sizeHintForRow(index) for index in range(3)]
    assert heights[1] > heights[0]
    assert shown.model().index(1, 0).data() == "two"
    parent.deleteLater()
