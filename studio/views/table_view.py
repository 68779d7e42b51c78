"""Rows and columns: a list of objects, or of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QTableView, QWidget

from flowloom.studio.language import tr
from flowloom.studio.theme import theme
from flowloom.studio.views.kinds import as_text, in_short, rows_of
from flowloom.studio.views.tables import dress

MOST_ROWS: Final = 100_000
"""More rows are not laid out; the tree and a copy have them all."""

Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()


class RowsModel(QAbstractTableModel):
    """Reads cells as they come into view."""

    def __init__(self, columns: Sequence[str], rows: Sequence[Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._rows = rows

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else min(len(self._rows), MOST_ROWS)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def value(self, row: int, column: int) -> Any:
        """The value of a cell; an empty text where the row has none."""
        found = self._rows[row]
        if isinstance(found, Mapping):
            return found.get(self._columns[column], "")
        return found[column] if isinstance(found, list) and column < len(found) else ""

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return in_short(self.value(index.row(), index.column()))
        if role == Qt.ItemDataRole.TextAlignmentRole and _is_number(self.value(index.row(), index.column())):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ForegroundRole and self.value(index.row(), index.column()) is None:
            return theme.current().faint
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section][:60] if orientation == Qt.Orientation.Horizontal else str(section + 1)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            number = orientation == Qt.Orientation.Vertical or (bool(self._rows) and _is_number(self.value(0, section)))
            side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


class RowsView(QTableView):
    """Copies the chosen cells with Ctrl+C, for a spreadsheet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Table"))
        dress(self, rows=False, numbers=True)
        self.horizontalHeader().setStretchLastSection(True)
        copy = QAction(tr("Copy cells"), self)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy_cells)
        self.addAction(copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._model: RowsModel | None = None

    def show_value(self, value: Any) -> None:
        """Show a value that is a table."""
        columns, rows = rows_of(value) or ([], [])
        before, self._model = self._model, RowsModel(columns, rows, self)
        self.setModel(self._model)
        if before is not None:
            before.deleteLater()
        metrics = self.fontMetrics()
        for column, name in enumerate(columns):
            texts = [name[:60], *(in_short(self._model.value(row, column), 60) for row in range(min(20, len(rows))))]
            self.setColumnWidth(column, max(64, min(360, max(map(metrics.horizontalAdvance, texts)) + 28)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_cells()
            return
        super().keyPressEvent(event)

    def copy_cells(self) -> None:
        if self._model is None:
            return
        chosen = sorted((index.row(), index.column()) for index in self.selectionModel().selectedIndexes())
        lines: dict[int, list[str]] = {}
        for row, column in chosen:
            lines.setdefault(row, []).append(_cell(self._model.value(row, column)))
        QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines.values()))


def _cell(value: Any) -> str:
    text = as_text(value) if value is not None else ""
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in "\t\n\"") else text
