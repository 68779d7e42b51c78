from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTableView, QVBoxLayout, QWidget

from flowloom.studio.views.tables import dress


def test_tab_leaves_a_table(application: QApplication, wait: Callable[..., None]) -> None:
    window = QWidget()
    table, field = QTableView(window), QLineEdit(window)
    layout = QVBoxLayout(window)
    layout.addWidget(table)
    layout.addWidget(field)
    dress(table, numbers=True)
    table.setModel(QStringListModel(["a", "b"], table))
    window.show()
    window.activateWindow()
    wait(window.isActiveWindow)
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Tab)
    assert field.hasFocus()
    assert table.verticalHeader().isVisible()
    window.close()
