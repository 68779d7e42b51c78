"""What the next run is given: a field for each input of the flow, remembered, or filled from a row of a data set."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from flowloom.flows.batch.dataset import Row, read_rows
from flowloom.flows.errors import FlowloomError
from flowloom.flows.model.chat import history_input
from flowloom.flows.model.flow import MISSING, FlowInput
from flowloom.studio.language import tr, tr_data
from flowloom.studio.run.input_field import InputField
from flowloom.studio.run.scope import run_inputs

if TYPE_CHECKING:
    from flowloom.studio.run.runner import Runner
    from flowloom.studio.workspace import Workspace

MOST_ROWS: Final = 200
_DATA: Final = "*.jsonl *.json *.csv *.tsv"


class InputFields(QWidget):
    """The fields of some inputs, one below the other. ``changed`` when a value changed, ``submitted`` for Ctrl+Enter."""

    changed = Signal()
    submitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: dict[str, InputField] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(12)
        self._specs: tuple[FlowInput, ...] = ()

    def set_inputs(self, specs: tuple[FlowInput, ...], values: dict[str, Any]) -> None:
        """Show fields for these inputs; nothing happens where they are those that stand there."""
        if specs == self._specs:
            return
        self._specs = specs
        for field in self.fields.values():
            self._layout.removeWidget(field)
            field.hide()
            field.deleteLater()
        self.fields = {}
        for spec in specs:
            field = self.fields[spec.name] = InputField(spec, self)
            field.set_value(values.get(spec.name, MISSING))
            field.changed.connect(self.changed)
            field.submitted.connect(self.submitted)
            self._layout.addWidget(field)
            field.show()

    def set_values(self, values: dict[str, Any]) -> None:
        """Show these values; fields they do not name show the flow's default."""
        for name, field in self.fields.items():
            field.blockSignals(True)
            field.set_value(values.get(name, MISSING))
            field.blockSignals(False)
        self.changed.emit()

    @property
    def values(self) -> dict[str, Any]:
        """What is given, without fields that are empty or that hold no value."""
        found: dict[str, Any] = {}
        for name, field in self.fields.items():
            try:
                value = field.value
            except ValueError:
                continue
            if value is not MISSING:
                found[name] = value
        return found

    def check(self) -> bool:
        """Say beside each field what is wrong, lead to the first, and say whether all is fine."""
        bad = [field for field in self.fields.values() if not field.check()]
        if bad:
            bad[0].setFocus()
        return not bad

    def ask_for(self, names: list[str]) -> None:
        """Mark fields that must be filled in, and lead to the first."""
        for name in reversed(names):
            if field := self.fields.get(name):
                field.show_problem(tr("The run needs a value here."))
                field.setFocus()


class InputsForm(QWidget):
    """Follows the page that is shown; what is typed is what the next run takes."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._runner: Runner | None = None
        self._rows: list[Row] = []
        self.setProperty("role", "panel")
        self.fields = InputFields(self)
        self.fields.changed.connect(self._changed)
        self.fields.submitted.connect(lambda: workspace.do("run.run"))
        self._heading = QLabel(tr("Inputs"), self)
        self._heading.setProperty("role", "section")
        self._from_data = QPushButton(tr("From data..."), self)
        self._from_data.setProperty("kind", "link")
        self._from_data.setToolTip(tr("Take the inputs from a row of a data set"))
        self._from_data.clicked.connect(self._choose_data)
        self.row = QComboBox(self)
        self.row.setAccessibleName(tr("Row of the data set"))
        self.row.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.row.setMinimumContentsLength(8)
        self.row.activated.connect(self._take_row)
        self.row.hide()
        self._fault = QLabel("", self)
        self._fault.setTextFormat(Qt.TextFormat.PlainText)
        self._fault.setWordWrap(True)
        self._fault.setProperty("role", "bad")
        self._fault.hide()
        head = QHBoxLayout()
        head.addWidget(self._heading, 1)
        head.addWidget(self._from_data)
        inner = QWidget(self)
        inner.setProperty("role", "panel")
        body = QVBoxLayout(inner)
        body.setContentsMargins(12, 0, 12, 12)
        body.setSpacing(8)
        body.addWidget(self.row)
        body.addWidget(self._fault)
        body.addWidget(self.fields)
        body.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        head.setContentsMargins(12, 8, 8, 0)
        layout.addLayout(head)
        layout.addWidget(self._scroll, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._follow)
        workspace.page_changed.connect(self._page)
        self._page()

    @property
    def has_fields(self) -> bool:
        return bool(self.fields.fields)

    def focus_first(self) -> None:
        if self.fields.fields:
            next(iter(self.fields.fields.values())).setFocus()

    def open_data(self, path: str | Path) -> bool:
        """Offer the rows of a data set. False where it cannot be read, and the form says why."""
        try:
            self._rows = [row for row in islice(read_rows(path, limit=MOST_ROWS), MOST_ROWS) if row.fault is None]
        except FlowloomError as error:
            self._say(tr_data(error.message))
            return False
        self._say("" if self._rows else tr("{file} holds no rows that can be used.", file=Path(path).name))
        self.row.clear()
        for row in self._rows:
            words = " · ".join(str(value) for value in row.values.values())
            self.row.addItem(f"{row.number + 1}  {words[:60]}")
        self.row.setVisible(bool(self._rows))
        if self._rows:
            self._take_row(0)
        return bool(self._rows)

    def _page(self) -> None:
        page = self._workspace.page
        runner = page.parts.get("runner") if page is not None else None
        if runner is self._runner:
            return
        self._runner = runner
        self._rows = []
        self.row.hide()
        self._say("")
        if runner is not None and page is not None:
            runner.inputs_needed.connect(self._needed)
            page.document.changed.connect(self._later)
        self.fields.set_inputs((), {})
        self._follow()

    def _later(self, _delta: object) -> None:
        self._timer.start()

    def _follow(self) -> None:
        document = self._workspace.document
        if document is None or self._runner is None:
            self.fields.set_inputs((), {})
            return
        history = history_input(document.flow)
        specs = tuple(spec for name, spec in run_inputs(document).items() if name != history)
        self.fields.set_inputs(specs, self._runner.inputs)
        self.setVisible(bool(specs))

    def _needed(self, names: list[str]) -> None:
        self._workspace.do("run.inputs")
        self.fields.ask_for(names)

    def _changed(self) -> None:
        if self._runner is not None:
            self._runner.inputs = self.fields.values

    def _choose_data(self) -> None:
        document = self._workspace.document
        folder = str(document.root) if document is not None else ""
        path, _ = QFileDialog.getOpenFileName(self, tr("Choose a data set"), folder, tr("Data ({endings})", endings=_DATA))
        if path:
            self.open_data(path)

    def _take_row(self, index: int) -> None:
        if 0 <= index < len(self._rows):
            values = self._rows[index].values
            self.fields.set_values({name: value for name, value in values.items() if name in self.fields.fields})

    def _say(self, words: str) -> None:
        self._fault.setText(words)
        self._fault.setVisible(bool(words))
