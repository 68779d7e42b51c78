from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication

from flowloom.studio.views.table_view import MOST_ROWS, RowsModel, RowsView

ROWS = [{"name": "Ada", "score": 1.5}, {"name": "two\nlines", "score": None}, {"name": {"a": 1}}]


def test_cells_are_read_from_the_rows(application: QApplication) -> None:
    model = RowsModel(["name", "score"], ROWS)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    cells = [[model.index(row, column).data() for column in range(2)] for row in range(3)]
    assert cells == [["Ada", "1.5"], ["two lines", "null"], ['{"a": 1}', ""]]
    assert model.headerData(0, Qt.Orientation.Horizontal) == "name"
    assert model.headerData(1, Qt.Orientation.Vertical) == "2"
    del tester


def test_more_rows_than_can_be_laid_out(application: QApplication) -> None:
    assert RowsModel(["a"], [{"a": 1}] * (MOST_ROWS + 5)).rowCount() == MOST_ROWS


def test_chosen_cells_are_copied_for_a_spreadsheet(application: QApplication) -> None:
    view = RowsView()
    view.show_value(ROWS)
    view.show()
    view.setFocus()
    select = QItemSelectionModel.SelectionFlag.Select
    for row in (0, 1):
        for column in (0, 1):
            view.selectionModel().select(view.model().index(row, column), select)
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert application.clipboard().text() == 'Ada\t1.5\n"two\nlines"\t'
    view.close()


def test_lists_are_rows_too(application: QApplication) -> None:
    view = RowsView()
    view.show_value([[1, 2], [3, 4]])
    assert view.model().index(1, 1).data() == "4"
    assert view.model().headerData(0, Qt.Orientation.Horizontal) == "0"
