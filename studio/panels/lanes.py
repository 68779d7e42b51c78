"""Lanes: rows of a data set against variants of a node, side by side, with what they cost and whether the difference could be chance."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from flowloom.flows.batch.dataset import Row, read_rows
from flowloom.flows.errors import FlowloomError
from flowloom.studio.language import tr, tr_data
from flowloom.studio.panels.lanes_model import LanesModel
from flowloom.studio.run.lanes_job import MOST_ROWS, Lane, LanesJob, Scoring, interval_words, sentence
from flowloom.studio.run.words import title_of

if TYPE_CHECKING:
    from flowloom.studio.run.runner import Runner
    from flowloom.studio.workspace import Page, Workspace

_ROW_HEIGHT: Final = 56
_EXPECTED: Final = ("expected", "expected_output", "ground_truth", "groundtruth", "target", "label", "answer", "gold")
_ENDINGS: Final = (".jsonl", ".csv", ".tsv", ".json")


class LanesPanel(QWidget):
    """Choose data, variants and a check; run; read."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._page: Page | None = None
        self._rows: list[Row] = []
        self.job: LanesJob | None = None
        self.setProperty("role", "panel")
        self.model = LanesModel(self)
        self.data_button = QPushButton(tr("Choose data..."), self)
        self.data_button.clicked.connect(self._choose)
        self.count = QSpinBox(self)
        self.count.setRange(1, MOST_ROWS)
        self.count.setValue(10)
        self.count.setSuffix(tr(" rows"))
        self.count.setAccessibleName(tr("How many rows"))
        self.node = QComboBox(self)
        self.node.setAccessibleName(tr("Step whose variants are compared"))
        self.node.currentIndexChanged.connect(self._fill_lanes)
        self._boxes = QHBoxLayout()
        self._boxes.setSpacing(8)
        self.boxes: list[QCheckBox] = []
        self.output = QComboBox(self)
        self.output.setAccessibleName(tr("Output that is compared"))
        self.column = QComboBox(self)
        self.column.setAccessibleName(tr("Column with the expected answer"))
        self.kind = QComboBox(self)
        self.kind.setAccessibleName(tr("Check"))
        for words, kind in ((tr("is exactly"), "exact"), (tr("contains"), "contains"), (tr("Python check"), "python")):
            self.kind.addItem(words, kind)
        self.expression = QLineEdit(self)
        self.expression.setPlaceholderText("len(output) < 200 and expected in output")
        self.expression.setAccessibleName(tr("Python check"))
        self.expression.hide()
        for box in (self.output, self.column, self.kind):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.currentIndexChanged.connect(self._judge)
        self.expression.editingFinished.connect(self._judge)
        self.run_button = QPushButton(tr("Compare"), self)
        self.run_button.setProperty("kind", "primary")
        self.run_button.clicked.connect(self._run_or_stop)
        self._problem = QLabel("", self)
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._problem.setProperty("role", "bad")
        self._problem.hide()
        self.verdict = QLabel("", self)
        self.verdict.setTextFormat(Qt.TextFormat.PlainText)
        self.verdict.setProperty("role", "heading")
        self._interval = QLabel("", self)
        self._interval.setTextFormat(Qt.TextFormat.PlainText)
        self._interval.setProperty("role", "small")
        self.table = self._table()
        self._hint = QLabel("", self)
        self._hint.setTextFormat(Qt.TextFormat.PlainText)
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setMargin(24)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._hint)
        self._stack.addWidget(self.table)
        self._lay_out()
        workspace.page_changed.connect(self._show_page)
        self._show_page()

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(8)
        for widget in (self.data_button, self.count, self.node):
            first.addWidget(widget)
        first.addLayout(self._boxes)
        first.addStretch(1)
        first.addWidget(self.run_button)
        second = QHBoxLayout()
        second.setSpacing(8)
        for words, widget in ((tr("The output"), self.output), ("", self.kind), ("", self.column)):
            if words:
                label = QLabel(words, self)
                label.setProperty("role", "small")
                second.addWidget(label)
            second.addWidget(widget)
        second.addWidget(self.expression, 1)
        second.addWidget(self._problem)
        second.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(8)
        layout.addLayout(first)
        layout.addLayout(second)
        said = QHBoxLayout()
        said.setSpacing(12)
        said.addWidget(self.verdict)
        said.addWidget(self._interval, 1)
        layout.addLayout(said)
        layout.addWidget(self._stack, 1)
        self.verdict.hide()
        self._interval.hide()

    def _table(self) -> QTableView:
        table = QTableView(self)
        table.setModel(self.model)
        table.setAccessibleName(tr("Rows and lanes"))
        table.setWordWrap(True)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setStyleSheet("QTableView::item { padding: 0 8px; }")
        table.setIconSize(QSize(16, 16))
        table.setTextElideMode(Qt.TextElideMode.ElideRight)
        table.setTabKeyNavigation(False)
        table.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        table.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        # Qt's headers take the flag for wrapped text among those for alignment.
        wrapped = Qt.AlignmentFlag(Qt.TextFlag.TextWordWrap.value)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | wrapped)
        header.setFixedHeight(60)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.activated.connect(self._open)
        return table

    # What can be chosen

    @property
    def _runner(self) -> Runner | None:
        return self._page.parts.get("runner") if self._page is not None else None

    def _show_page(self) -> None:
        page = self._workspace.page
        if page is self._page:
            return
        if self._page is not None:
            self._page.document.changed.disconnect(self._follow)
        self._page, self._rows = page, []
        if page is not None:
            page.document.changed.connect(self._follow)
            self._open_own_data(page.document.root)
        self._follow_job(page.parts.get("lanes") if page is not None else None)
        self._follow()

    def _follow_job(self, job: LanesJob | None) -> None:
        """Show what a job has found so far, or that there is none: it goes on while other flows are looked at."""
        if self.job is not None:
            self.job.changed.disconnect(self._read)
            self.job.finished.disconnect(self._finished)
        self.job = job
        if job is not None:
            job.changed.connect(self._read)
            job.finished.connect(self._finished)
        self.model.show(job)
        self.run_button.setText(tr("Stop") if job is not None and job.running else tr("Compare"))
        self.verdict.hide()
        self._interval.hide()
        self._read()

    def _open_own_data(self, root: Path) -> None:
        """The data set that lies in the flow's folder, where there is one."""
        folder = root / "data"
        found = sorted(path for path in folder.iterdir() if path.suffix in _ENDINGS) if folder.is_dir() else []
        if found:
            self.open_data(found[0])

    def open_data(self, path: str | Path) -> bool:
        """Take the rows of a data set; False where it cannot be read."""
        try:
            self._rows = [row for row in islice(read_rows(path, limit=MOST_ROWS), MOST_ROWS) if row.fault is None]
        except FlowloomError as error:
            self._say(tr_data(error.message))
            return False
        self.data_button.setText(Path(path).name)
        self.count.setMaximum(max(1, min(MOST_ROWS, len(self._rows))))
        columns = list(dict.fromkeys(name for row in self._rows for name in row.values))
        self.column.blockSignals(True)
        self.column.clear()
        self.column.addItem(tr("nothing expected"), "")
        for name in columns:
            self.column.addItem(name, name)
        self.column.setCurrentIndex(next((columns.index(name) + 1 for name in _EXPECTED if name in columns), 0))
        self.column.blockSignals(False)
        self._say("")
        self._follow()
        return bool(self._rows)

    def _follow(self, _delta: object = None) -> None:
        """Offer the variants and outputs that the flow has now."""
        if self._page is None:
            return
        document = self._page.document
        names = [str(name) for name, variants in document.flow.variants.items() if len(variants.choices) > 1]
        if [self.node.itemData(index) for index in range(self.node.count())] != names:
            self.node.blockSignals(True)
            self.node.clear()
            for name in names:
                self.node.addItem(title_of(document, name), name)
            self.node.blockSignals(False)
            self._fill_lanes()
        outputs = list(document.flow.outputs)
        if [self.output.itemText(index) for index in range(self.output.count())] != outputs:
            self.output.blockSignals(True)
            self.output.clear()
            self.output.addItems(outputs)
            self.output.setCurrentIndex(0)
            self.output.blockSignals(False)
        self._tell(bool(names))

    def _tell(self, has_variants: bool) -> None:
        if not has_variants:
            self._hint.setText(tr("Lanes compare variants of a step. Choose a step, add a variant in the inspector (the tabs A and B), and come back."))
        elif not self._rows:
            self._hint.setText(tr("Choose a data set: each of its rows runs in every lane, and you see them side by side."))
        else:
            self._hint.setText(tr("Press Compare: up to {count} rows run in every lane, and you see them side by side.", count=MOST_ROWS))
        self.run_button.setEnabled(has_variants and bool(self._rows))
        self._stack.setCurrentIndex(1 if self.job is not None else 0)

    def _fill_lanes(self, _index: int = 0) -> None:
        for box in self.boxes:
            self._boxes.removeWidget(box)
            box.deleteLater()
        self.boxes = []
        name = self.node.currentData()
        variants = self._page.document.flow.variants.get(name) if self._page is not None and name else None
        for number, choice in enumerate(variants.choices if variants is not None else ()):
            box = QCheckBox(str(choice), self)
            box.setChecked(number < 4)
            self._boxes.addWidget(box)
            self.boxes.append(box)

    @property
    def scoring(self) -> Scoring:
        return Scoring(self.output.currentText(), self.column.currentData() or "", self.kind.currentData(), self.expression.text())

    # Running

    def start(self) -> bool:
        """Run the rows in the chosen lanes; False where that cannot be."""
        runner = self._runner
        name = self.node.currentData()
        chosen = [box.text() for box in self.boxes if box.isChecked()]
        if runner is None or not name or len(chosen) < 2:
            self._say(tr("Choose at least two variants."))
            return False
        if runner.running:
            self._say(tr("A run is under way."))
            return False
        before = self.job
        job = LanesJob(runner, self._rows[: self.count.value()], [Lane(choice, {name: choice}) for choice in chosen], runner)
        self._say(job.judge(self.scoring))
        if self._page is not None:
            self._page.parts["lanes"] = job
        job.start()
        self._follow_job(job)
        self._stack.setCurrentIndex(1)
        if before is not None:
            before.deleteLater()
        return True

    def _run_or_stop(self) -> None:
        if self.job is not None and self.job.running:
            self.job.stop()
        else:
            self.start()

    def _finished(self) -> None:
        self.run_button.setText(tr("Compare"))
        self._read()

    def _judge(self, _index: int = 0) -> None:
        self.expression.setVisible(self.kind.currentData() == "python")
        if self.job is not None:
            self._say(self.job.judge(self.scoring))
            self._read()

    def _read(self, *_cell: int) -> None:
        """The plain sentence, once every lane has something to say."""
        job = self.job
        if job is None:
            return
        ready = all(job.total(lane).done for lane in range(len(job.lanes)))
        others = range(1, len(job.lanes))
        self.verdict.setText("\n".join(sentence(job, lane) for lane in others) if ready else "")
        self.verdict.setVisible(ready)
        intervals = "\n".join(words for lane in others if (words := interval_words(job, lane))) if ready else ""
        self._interval.setText(intervals)
        self._interval.setVisible(bool(intervals))

    def _choose(self) -> None:
        folder = str(self._page.document.root) if self._page is not None else ""
        endings = " ".join(f"*{ending}" for ending in _ENDINGS)
        path, _ = QFileDialog.getOpenFileName(self, tr("Choose a data set"), folder, tr("Data ({endings})", endings=endings))
        if path:
            self.open_data(path)

    def _open(self, index: QModelIndex) -> None:
        """Show a cell's run on the canvas."""
        cell = self.job.cells.get((index.row(), index.column() - 2)) if self.job is not None else None
        if cell is not None and self._runner is not None:
            self._runner.show(cell.view)

    def _say(self, words: str) -> None:
        self._problem.setText(words)
        self._problem.setVisible(bool(words))
