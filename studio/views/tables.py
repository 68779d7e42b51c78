"""How every table of the studio's looks and behaves: rows of one height, no grid, keys that leave it."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractItemView, QTableView

ROW_HEIGHT = 28


def dress(table: QTableView, *, rows: bool = True, numbers: bool = False) -> None:
    """``rows`` chooses whole rows; ``numbers`` counts them at the left."""
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    if rows:
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setStyleSheet("QTableView::item { padding: 0 6px; }")
    table.horizontalHeader().setHighlightSections(False)
    side = table.verticalHeader()
    side.setVisible(numbers)
    side.setHighlightSections(False)
    side.setMinimumSectionSize(ROW_HEIGHT)
    side.setDefaultSectionSize(ROW_HEIGHT)
    side.setStyleSheet("QHeaderView::section { border: none; font-weight: 400; }")
