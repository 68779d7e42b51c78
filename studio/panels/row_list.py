"""A list of Rows: headings are passed over by keys, Enter and double-click choose."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from flowloom.studio.panels.rows import ROW, Row, RowDelegate
from flowloom.studio.theme import theme


class RowList(QListView):
    """``chosen`` gives a row's value on Enter or double-click; ``pointed`` when another row is current."""

    chosen = Signal(object)
    pointed = Signal(object)

    def __init__(self, parent: QWidget, *, height: int = 28, tall: int = 46) -> None:
        super().__init__(parent)
        self._items = QStandardItemModel(self)
        self.setModel(self._items)
        self.setItemDelegate(RowDelegate(self, height=height, tall=tall))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setUniformItemSizes(False)
        self.doubleClicked.connect(self._choose)
        self.selectionModel().currentChanged.connect(self._pointed)
        theme.themes().changed.connect(self._repaint)

    def show_rows(self, rows: Iterable[Row], *, keep: bool = False) -> None:
        """Show these rows; ``keep`` stays at the value that was current."""
        before = self.current_value if keep else None
        self._items.clear()
        for row in rows:
            item = QStandardItem(row.title)
            item.setData(row, ROW)
            spoken = ", ".join(part for part in (row.title, row.words, row.note) if part)
            item.setData(spoken, Qt.ItemDataRole.AccessibleTextRole)
            if row.heading:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            item.setDragEnabled(not row.heading)
            self._items.appendRow(item)
        if before is not None:
            self.point(before)

    @property
    def rows(self) -> list[Row]:
        return [self._items.item(index).data(ROW) for index in range(self._items.rowCount())]

    @property
    def current_value(self) -> Any:
        row: Row | None = self.currentIndex().data(ROW)
        return row.value if row is not None else None

    def point(self, value: object) -> bool:
        """Make the row of that value the current one."""
        for index, row in enumerate(self.rows):
            if not row.heading and row.value == value:
                self.setCurrentIndex(self._items.index(index, 0))
                return True
        return False

    def point_first(self) -> None:
        for index, row in enumerate(self.rows):
            if not row.heading:
                self.setCurrentIndex(self._items.index(index, 0))
                return

    def row_at(self, index: QModelIndex) -> Row | None:
        return index.data(ROW)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._choose(self.currentIndex())
            return
        super().keyPressEvent(event)

    def step(self, by: int) -> None:
        """Move the current row, over headings, as the arrow keys of a search field above do."""
        index = self.currentIndex().row()
        rows = self.rows
        for _ in rows:
            index += by
            if not 0 <= index < len(rows):
                return
            if not rows[index].heading:
                self.setCurrentIndex(self._items.index(index, 0))
                return

    def _choose(self, index: QModelIndex) -> None:
        row = self.row_at(index)
        if row is not None and not row.heading:
            self.chosen.emit(row.value)

    def _pointed(self, index: QModelIndex) -> None:
        row = self.row_at(index)
        if row is not None and not row.heading:
            self.pointed.emit(row.value)

    def _repaint(self) -> None:
        self.viewport().update()
