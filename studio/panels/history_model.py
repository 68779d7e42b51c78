"""Past runs as the rows of a table, read a page at a time as one scrolls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from flowloom.flows.runs.records import RunSummary
from flowloom.studio.language import tr, tr_data
from flowloom.studio.run.cost import price_words
from flowloom.studio.run.dates import when
from flowloom.studio.run.words import length
from flowloom.studio.theme import theme
from flowloom.studio.theme.icons import icon

PAGE: Final = 200
COLUMNS: Final = ("when", "status", "about", "seconds", "tokens", "price")

Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
_ICONS: Final = {
    "completed": "check-circle",
    "failed": "x-circle",
    "crashed": "x-circle",
    "cancelled": "stop-circle",
    "running": "circle-notch",
}


def status_words(status: str) -> str:
    """How a run ended, in a word."""
    words = {
        "completed": tr("completed"),
        "failed": tr("failed"),
        "cancelled": tr("stopped"),
        "crashed": tr("broken off"),
        "running": tr("running"),
    }
    return words.get(status, status)


def status_color(status: str) -> QColor:
    shown = theme.current()
    return {"completed": shown.ok, "failed": shown.bad, "crashed": shown.bad, "running": shown.accent}.get(status, shown.warn)


class RunsModel(QAbstractTableModel):
    """``more`` is called with the last row known when the table needs further ones; ``add`` takes what came of it."""

    def __init__(self, more: Callable[[RunSummary], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs: list[RunSummary] = []
        self._more = more
        self._has_more = False
        self._asking = False
        self._shown = ""

    @property
    def runs(self) -> Sequence[RunSummary]:
        return self._runs

    def set_runs(self, runs: Sequence[RunSummary], *, has_more: bool) -> None:
        self.beginResetModel()
        self._runs = list(runs)
        self._has_more, self._asking = has_more, False
        self.endResetModel()

    def add(self, runs: Sequence[RunSummary], *, has_more: bool) -> None:
        self._has_more, self._asking = has_more, False
        if runs:
            self.beginInsertRows(_NOWHERE, len(self._runs), len(self._runs) + len(runs) - 1)
            self._runs += runs
            self.endInsertRows()

    def set_shown(self, run_id: str) -> None:
        """The run that the canvas shows is written in bold."""
        if run_id != self._shown:
            self._shown = run_id
            if self._runs:
                self.dataChanged.emit(self.index(0, 0), self.index(len(self._runs) - 1, len(COLUMNS) - 1))

    def row_of(self, run_id: str) -> int:
        """The row of a run; -1 where it is not among those read so far."""
        return next((row for row, run in enumerate(self._runs) if run.id == run_id), -1)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._runs)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._has_more and not self._asking

    def fetchMore(self, parent: Index) -> None:
        if self._runs and self._has_more and not self._asking:
            self._asking = True
            self._more(self._runs[-1])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        run, column = self._runs[index.row()], COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(run, column)
        if role == Qt.ItemDataRole.DecorationRole and column == "status":
            return icon(_ICONS.get(run.status, "circle"), status_color(run.status))
        if role == Qt.ItemDataRole.ForegroundRole:
            return theme.current().text if column in ("when", "about") else theme.current().muted
        if role == Qt.ItemDataRole.TextAlignmentRole and column in ("seconds", "tokens", "price"):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.FontRole and run.id == self._shown:
            bold = QFont()
            bold.setWeight(QFont.Weight.DemiBold)
            return bold
        if role == Qt.ItemDataRole.AccessibleTextRole and column == "when":
            return ", ".join(text for text in (_text(run, name) for name in COLUMNS) if text)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            words = (tr("When"), tr("How it ended"), tr("Inputs"), tr("Duration"), tr("Tokens"), tr("Cost"))
            return words[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if COLUMNS[section] in ("seconds", "tokens", "price") else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


def _text(run: RunSummary, column: str) -> str:
    if column == "when":
        return when(run.started)
    if column == "status":
        return status_words(run.status)
    if column == "seconds":
        return length(run.seconds) if run.seconds is not None else ""
    if column == "tokens":
        return f"{run.tokens:,}" if run.tokens else ""
    if column == "price":
        return price_words(run.price, run.tokens or 0) if run.tokens else ""
    about = " ".join(run.about.split())
    if run.count > 1:
        about = tr("{count} runs side by side: {about}", count=run.count, about=about)
    return f"{about}  ·  {tr_data(run.failure)}" if run.failure and run.status == "failed" else about
