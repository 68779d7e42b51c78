"""History: every run of the flow that was kept. Open one and the canvas shows its values; compare two; run one again; delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from flowloom.flows.document.flow_file import DAG_NAMES
from flowloom.flows.errors import FlowloomError
from flowloom.flows.runs.history import RunHistory
from flowloom.flows.runs.records import RunRecord, RunSummary
from flowloom.studio.language import tr, tr_data
from flowloom.studio.panels.empty import EmptyPane
from flowloom.studio.panels.history_model import COLUMNS, PAGE, RunsModel, status_words
from flowloom.studio.run.background import Background
from flowloom.studio.run.run_view import view_of
from flowloom.studio.views.tables import dress

if TYPE_CHECKING:
    from flowloom.studio.run.runner import Runner
    from flowloom.studio.workspace import Page, Workspace

STATUSES: Final = ("completed", "failed", "cancelled", "crashed")
_TYPING_MS: Final = 180
_WRITTEN_MS: Final = (150, 1200)
"""When after a run its record is looked for: it is written in a thread, mostly before the first of these."""


class HistoryPanel(QWidget):
    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._workspace = workspace
        self._page: Page | None = None
        self._history: RunHistory | None = None
        self._work = Background(self)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(tr("Search past runs"))
        self.search.setAccessibleName(tr("Search past runs"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(100)
        self.search.setMaximumWidth(320)
        self._group: str | None = None
        self.back = self._button(tr("All runs"), tr("Leave the runs that were made side by side"), self._leave_group)
        self.back.hide()
        self.status = QComboBox(self)
        self.status.setAccessibleName(tr("How runs ended"))
        self.status.addItem(tr("All runs"), None)
        for status in STATUSES:
            self.status.addItem(status_words(status), status)
        self.node = QComboBox(self)
        self.node.setAccessibleName(tr("Runs with this card"))
        for box in (self.status, self.node):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
        self.open_button = self._button(tr("Open"), tr("Show this run on the canvas"), self.open_run)
        self.again_button = self._button(tr("Run again"), tr("Run the flow as it is now with the inputs of this run"), self.run_again)
        self.continue_button = self._button(tr("Continue"), tr("Run on from where this run failed"), self.continue_run)
        self.compare_button = self._button(tr("Compare"), tr("Compare two chosen runs, or this one with the one before"), self.compare)
        self.delete_button = self._button(tr("Delete"), tr("Delete the chosen runs for good"), self.delete)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.back)
        row.addWidget(self.search, 4)
        row.addWidget(self.status)
        row.addWidget(self.node)
        row.addStretch(1)
        for button in (self.open_button, self.again_button, self.continue_button, self.compare_button, self.delete_button):
            row.addWidget(button)
        self.model = RunsModel(self._fetch, self)
        self.table = self._table()
        self.empty = EmptyPane(
            "clock-counter-clockwise",
            tr("No runs yet"),
            tr("Every run of this flow will be kept here: open it again, compare two, or run one again with the same inputs."),
            self,
            action=tr("Run the flow"),
            does=self._run,
        )
        self.none_found = EmptyPane("magnifying-glass", tr("No run is like that"), tr("Search for something else."), self)
        self.fault = EmptyPane("warning", tr("The runs cannot be read"), tr("See the log of the studio."), self)
        self._stack = QStackedWidget(self)
        for widget in (self.table, self.empty, self.none_found, self.fault):
            self._stack.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self._stack, 1)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self.refresh)
        self.search.textChanged.connect(self._typed)
        self.status.activated.connect(self.refresh)
        self.node.activated.connect(self.refresh)
        workspace.page_changed.connect(self._page_changed)
        self._page_changed()

    # What is listed

    @property
    def _runner(self) -> Runner | None:
        return self._page.parts.get("runner") if self._page is not None else None

    def _page_changed(self) -> None:
        if (runner := self._runner) is not None:
            runner.finished.disconnect(self._finished)
            runner.view_changed.disconnect(self._shown_changed)
        self._page = self._workspace.page
        self._group = None
        self._history = RunHistory(self._page.document.root) if self._page is not None else None
        if (runner := self._runner) is not None:
            runner.finished.connect(self._finished)
            runner.view_changed.connect(self._shown_changed)
        self._list_nodes()
        self.refresh()

    def _list_nodes(self) -> None:
        chosen = self.node.currentData()
        self.node.clear()
        self.node.addItem(tr("Any card"), None)
        if self._page is not None:
            for card in self._page.scene.cards.cards.values():
                if card.is_node:
                    self.node.addItem(card.title, card.id)
        self.node.setCurrentIndex(max(0, self.node.findData(chosen)) if chosen else 0)

    def _typed(self) -> None:
        self._typing.start()

    def _finished(self) -> None:
        self._list_nodes()
        for milliseconds in _WRITTEN_MS:
            QTimer.singleShot(milliseconds, self, self.refresh)

    def _shown_changed(self) -> None:
        runner = self._runner
        self.model.set_shown(runner.view.run_id if runner is not None and runner.view is not None else "")

    def refresh(self) -> None:
        """Read the newest runs that the filters leave; the chosen ones stay chosen."""
        self._work.forget()
        if self._history is None:
            self.model.set_runs((), has_more=False)
            self._arrange()
            return
        self._read(None, self._listed)

    def _fetch(self, last: RunSummary) -> None:
        self._read(last, self._added)

    def _read(self, before: RunSummary | None, done: object) -> None:
        history = self._history
        if history is None or self._page is None:
            return
        group, text, status, node = self._group, self.search.text().strip(), self.status.currentData(), self.node.currentData()
        document = self._page.document
        # A flow without a name is called by its folder, which may be renamed; only beside others must it be told from them.
        name = None if document.name in DAG_NAMES else document.flow.name
        self._work.do(
            lambda: history.list(limit=PAGE, before=before, text=text, status=status, node=node, flow=name, group=group),
            done,  # pyright: ignore[reportArgumentType]
            self._failed,
        )

    def _listed(self, runs: list[RunSummary]) -> None:
        chosen = {run.id for run in self.chosen}
        self.model.set_runs(runs, has_more=len(runs) == PAGE)
        self._shown_changed()
        selection = self.table.selectionModel()
        for row, run in enumerate(runs):
            if run.id in chosen:
                flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
                selection.select(self.model.index(row, 0), flags)
        if not chosen and runs:
            selection.setCurrentIndex(self.model.index(0, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
        self._arrange()

    def _added(self, runs: list[RunSummary]) -> None:
        self.model.add(runs, has_more=len(runs) == PAGE)

    def _failed(self, error: FlowloomError) -> None:
        self._workspace.say(tr_data(error.message))
        self.model.set_runs((), has_more=False)
        self._stack.setCurrentWidget(self.fault)
        self._enable()

    def _arrange(self) -> None:
        filtered = bool(self.search.text().strip() or self.status.currentData() or self.node.currentData())
        found: QWidget = self.table if self.model.runs else self.none_found if filtered else self.empty
        self._stack.setCurrentWidget(found)
        self.back.setVisible(self._group is not None)
        self._enable()

    # What can be done

    @property
    def chosen(self) -> list[RunSummary]:
        """The chosen runs, in the order of the list."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self.model.runs[row] for row in rows]

    def open_run(self) -> None:
        """Show the chosen run on the canvas and in the panels; of runs made side by side, list each."""
        runs = self.chosen
        if runs and runs[0].count > 1:
            self._group = runs[0].group
            self.table.clearSelection()
            self.refresh()
            return
        self._with_record(self._open)

    def run_again(self) -> None:
        """Run the flow as it is now with the inputs of the chosen run."""
        self._with_record(self._rerun)

    def continue_run(self) -> None:
        """Run on from where the chosen run failed, with what it had by then."""
        self._with_record(self._continue)

    def compare(self) -> None:
        """Compare the two chosen runs, the older one first; or the one chosen with the one before it."""
        runs = self.chosen
        if len(runs) == 1:
            row = self.model.row_of(runs[0].id) + 1
            runs += self.model.runs[row : row + 1]
        bottom = self._workspace.parts.get("bottom")
        if len(runs) != 2 or bottom is None:
            return
        panel = bottom.show_tab("comparison")
        if panel is not None:
            panel.compare(runs[1].id, runs[0].id)

    def delete(self) -> None:
        """Ask, and delete the chosen runs for good."""
        runs, history = self.chosen, self._history
        if not runs or history is None or not self._agrees(sum(run.count for run in runs)):
            return

        def work() -> int:
            ids: list[str] = []
            for run in runs:
                ids += [one.id for one in history.list(limit=1_000_000, group=run.group)] if run.group and run.count > 1 else [run.id]
            return history.delete(ids)

        self.table.clearSelection()
        self._work.forget()
        self._work.do(work, self._deleted, self._failed)

    def _deleted(self, count: int) -> None:
        self._workspace.say(tr("{count} runs deleted.", count=count) if count != 1 else tr("1 run deleted."))
        self.refresh()

    def _agrees(self, count: int) -> bool:
        box = QMessageBox(self.window())
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle(tr("Delete runs"))
        box.setText(tr("Delete {count} runs for good?", count=count) if count != 1 else tr("Delete this run for good?"))
        box.setInformativeText(tr("The flow itself stays as it is."))
        deletes = box.addButton(tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        keeps = box.addButton(tr("Keep"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keeps)
        box.setEscapeButton(keeps)
        box.exec()
        return box.clickedButton() is deletes

    def _leave_group(self) -> None:
        self._group = None
        self.refresh()

    def _with_record(self, act: object) -> None:
        runs, history = self.chosen, self._history
        if runs and history is not None:
            self._work.do(lambda: history.load(runs[0].id), act, self._failed)  # pyright: ignore[reportArgumentType]

    def _open(self, record: RunRecord) -> None:
        runner = self._runner
        if runner is None:
            return
        if runner.running:
            self._workspace.say(tr("Wait for the run under way, or stop it, to open another."))
        else:
            runner.show(view_of(record))

    def _rerun(self, record: RunRecord) -> None:
        if (runner := self._runner) is not None:
            runner.rerun(view_of(record))

    def _continue(self, record: RunRecord) -> None:
        runner = self._runner
        if runner is not None and not runner.running:
            runner.show(view_of(record))
            runner.continue_failed()

    def _run(self) -> None:
        self._workspace.do("run.run")

    def _enable(self) -> None:
        runs = self.chosen if self._stack.currentWidget() is self.table else []
        one = len(runs) == 1
        self.open_button.setEnabled(one)
        self.again_button.setEnabled(one)
        self.continue_button.setVisible(one and runs[0].status in ("failed", "cancelled", "crashed"))
        last = one and self.model.row_of(runs[0].id) + 1 < len(self.model.runs)
        self.compare_button.setEnabled(len(runs) == 2 or bool(last))
        self.delete_button.setEnabled(bool(runs))

    def _button(self, words: str, tip: str, act: object) -> QPushButton:
        button = QPushButton(words, self)
        button.setToolTip(tip)
        button.setAccessibleName(words)
        button.setAccessibleDescription(tip)
        button.clicked.connect(act)
        return button

    def _table(self) -> QTableView:
        table = QTableView(self)
        table.setModel(self.model)
        table.setAccessibleName(tr("Past runs"))
        dress(table)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        header = table.horizontalHeader()
        header.setSectionResizeMode(COLUMNS.index("about"), QHeaderView.ResizeMode.Stretch)
        for column, width in (("when", 170), ("status", 120), ("seconds", 80), ("tokens", 80), ("price", 100)):
            table.setColumnWidth(COLUMNS.index(column), width)
        table.doubleClicked.connect(self.open_run)
        table.selectionModel().selectionChanged.connect(self._enable)
        table.installEventFilter(self)
        return table

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.table and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.open_run()
                return True
            if event.key() == Qt.Key.Key_Delete:
                self.delete()
                return True
        return super().eventFilter(watched, event)
