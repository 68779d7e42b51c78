"""The table of lanes: what went into each row, what was expected, and what each lane made of it."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QWidget

from flowloom.studio.language import tr, tr_data
from flowloom.studio.run.cost import price_words
from flowloom.studio.run.lanes_job import LanesJob
from flowloom.studio.run.words import length
from flowloom.studio.theme import theme
from flowloom.studio.theme.icons import icon
from flowloom.studio.views.kinds import as_text, in_short

_ROOT: Final = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


class LanesModel(QAbstractTableModel):
    """A row a row of the data set, a column a lane; the first column shows what went in, the second what was expected."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.job: LanesJob | None = None

    def show(self, job: LanesJob | None) -> None:
        self.beginResetModel()
        if self.job is not None:
            self.job.changed.disconnect(self._changed)
        self.job = job
        if job is not None:
            job.changed.connect(self._changed)
        self.endResetModel()

    def _changed(self, row: int, lane: int) -> None:
        # A row's other lanes may differ from it now.
        last = self.columnCount() - 1
        self.dataChanged.emit(self.index(row, min(2, last)), self.index(row, last))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, lane + 2, lane + 2)

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() or self.job is None else len(self.job.rows)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() or self.job is None else 2 + len(self.job.lanes)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole or self.job is None:
            return None
        if orientation == Qt.Orientation.Vertical:
            return str(self.job.rows[section].number + 1)
        if section < 2:
            return (tr("Inputs"), tr("Expected"))[section]
        return self._total_words(section - 2)

    def _total_words(self, lane: int) -> str:
        if self.job is None:
            return ""
        total, name = self.job.total(lane), self.job.lanes[lane].title
        parts: list[str] = []
        if total.judged:
            parts.append(tr("{right} of {judged} right", right=f"{total.right:g}", judged=total.judged))
        if total.failed:
            parts.append(tr("{count} failed", count=total.failed))
        if total.fresh:
            parts.append(tr("{time} a row", time=length(total.seconds / total.fresh)))
        elif total.done:
            parts.append(tr("from cache"))
        if total.usage.calls:
            parts.append(tr("{count} tokens", count=f"{total.usage.total_tokens:,}"))
            parts.append(price_words(total.usage.price, total.usage.total_tokens))
        return "\n".join([name, " · ".join(part for part in parts if part)])

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        job = self.job
        if job is None:
            return None
        row, column = index.row(), index.column()
        if column < 2:
            if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
                values = job.rows[row].values
                shown = values.get(job.scoring.column, "") if column else {k: v for k, v in values.items() if k != job.scoring.column}
                return " · ".join(in_short(value, 200) for value in shown.values()) if isinstance(shown, dict) else in_short(shown, 400)
            return None
        return self._cell(job, row, column - 2, role)

    def _cell(self, job: LanesJob, row: int, lane: int, role: int) -> Any:
        cell = job.cells.get((row, lane))
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(job, row, lane)
        if cell is None:
            return None
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.fault or (as_text(job.output(row, lane))[:2000] if cell.view.status == "completed" else self._words(job, row, lane))
        if role == Qt.ItemDataRole.DecorationRole:
            return self._mark(cell.score, cell.view.status)
        if role == Qt.ItemDataRole.BackgroundRole and job.differs(row):
            return theme.mixed(theme.current().surface, theme.current().accent, 0.1)
        if role == Qt.ItemDataRole.ForegroundRole and cell.view.status in ("failed", "crashed"):
            return theme.current().bad
        if role == Qt.ItemDataRole.AccessibleTextRole:
            right = tr("right") if cell.score else tr("wrong") if cell.score is not None else ""
            return f"{self._words(job, row, lane)} {right}".strip()
        return None

    def _words(self, job: LanesJob, row: int, lane: int) -> str:
        cell = job.cells.get((row, lane))
        if cell is None:
            return ""
        if cell.view.running:
            streams = [node.tail(160) for node in cell.view.nodes.values() if node.status == "running"]
            return next((text for text in streams if text), tr("running..."))
        if cell.view.status == "completed":
            return in_short(job.output(row, lane), 300)
        return tr_data(cell.view.error.message) if cell.view.error is not None else tr("stopped")

    def _mark(self, score: float | None, status: str) -> QIcon | None:
        shown = theme.current()
        if status in ("failed", "crashed"):
            return icon("warning-circle", shown.bad)
        if score is None:
            return None
        return icon("check-circle", shown.ok) if score >= 0.5 else icon("x-circle", shown.bad)
