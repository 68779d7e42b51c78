"""Rows of a data set against variants of the flow: runs each pair, one after another, and keeps what came of it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from flowloom.flows.batch.dataset import Row
from flowloom.flows.batch.statistics import CheckFault, Comparison, compare, read_check, run_check, score
from flowloom.flows.engine.codec import to_json
from flowloom.flows.engine.events import Event, Usage
from flowloom.flows.engine.run import new_run_id
from flowloom.flows.errors import FlowloomError
from flowloom.flows.runs.store import Place
from flowloom.studio.language import tr
from flowloom.studio.run.making_ready import Ready, Recording
from flowloom.studio.run.run_view import RunView
from flowloom.studio.run.scope import run_inputs

if TYPE_CHECKING:
    import ast

    from flowloom.flows.worker.supervisor import RunHandle
    from flowloom.studio.run.runner import Runner

MOST_ROWS: Final = 50


@dataclass(frozen=True, slots=True)
class Lane:
    """One way to run the flow: variants by node. ``title`` is what people call it."""

    title: str
    variants: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Scoring:
    """How outputs are judged. ``column`` holds what was expected, '' for none; ``check`` is exact, contains, or a Python expression."""

    output: str = ""
    column: str = ""
    kind: str = "exact"
    expression: str = ""


@dataclass(slots=True)
class Cell:
    """One row in one lane."""

    view: RunView
    score: float | None = None
    fault: str = ""

    @property
    def done(self) -> bool:
        return not self.view.running


@dataclass(frozen=True, slots=True)
class Total:
    """A lane as a whole. ``right`` sums the scores of ``judged`` rows; ``seconds`` are those of the ``fresh`` ones, nothing of which was
    taken from an earlier run; ``usage`` is what all took when they were made."""

    done: int = 0
    failed: int = 0
    judged: int = 0
    right: float = 0.0
    fresh: int = 0
    seconds: float = 0.0
    usage: Usage = field(default_factory=Usage)


class LanesJob(QObject):
    """``changed`` gives the row and lane that look different now; ``finished`` comes when all is done or was stopped."""

    changed = Signal(int, int)
    finished = Signal()

    def __init__(self, runner: Runner, rows: Sequence[Row], lanes: Sequence[Lane], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self.rows = tuple(rows[:MOST_ROWS])
        self.lanes = tuple(lanes)
        self.cells: dict[tuple[int, int], Cell] = {}
        self.group = f"lanes-{os.urandom(6).hex()}"
        self.running = False
        self.scoring = Scoring()
        self._check: ast.Expression | None = None
        self._queue = [(row, lane) for row in range(len(self.rows)) for lane in range(len(self.lanes))]
        self._handle: RunHandle | None = None
        self._stopped = False

    def start(self) -> None:
        self.running = True
        self._runner.prepare(self._next, self._fail)

    def stop(self) -> None:
        """End the run under way and begin no other."""
        self._stopped = True
        self._queue.clear()
        if self._handle is not None:
            self._handle.cancel()

    def judge(self, scoring: Scoring) -> str:
        """Judge all rows in another way. Returns why a Python check cannot be used, or ''."""
        self._check = None
        if scoring.kind == "python":
            try:
                self._check = read_check(scoring.expression)
            except CheckFault as fault:
                return str(fault)
        self.scoring = scoring
        for (row, lane), cell in self.cells.items():
            self._judge(row, cell)
            self.changed.emit(row, lane)
        return ""

    def output(self, row: int, lane: int) -> Any:
        """What the flow gave there, as JSON; None where it has not (yet)."""
        cell = self.cells.get((row, lane))
        return to_json(cell.view.outputs.get(self.scoring.output)) if cell is not None and cell.view.status == "completed" else None

    def differs(self, row: int) -> bool:
        """Whether the lanes that are done gave different outputs for a row."""
        found = [self.output(row, lane) for lane in range(len(self.lanes)) if self._is_done(row, lane)]
        return any(output != found[0] for output in found[1:])

    def total(self, lane: int) -> Total:
        cells = [cell for (_, at), cell in self.cells.items() if at == lane and cell.done]
        usage = Usage()
        for node in (node for cell in cells for name, node in cell.view.nodes.items() if "/" not in name):
            usage = usage + (node.usage or Usage())
        fresh = [cell for cell in cells if not any(node.cached for node in cell.view.nodes.values())]
        judged = [cell.score for cell in cells if cell.score is not None]
        failed = sum(1 for cell in cells if cell.view.status != "completed")
        return Total(len(cells), failed, len(judged), sum(judged), len(fresh), sum(cell.view.seconds or 0.0 for cell in fresh), usage)

    def comparison(self, lane: int) -> Comparison:
        """A lane against the first."""
        scores = [[self._score(row, at) for row in range(len(self.rows))] for at in (0, lane)]
        return compare(scores[0], scores[1])

    def _score(self, row: int, lane: int) -> float | None:
        cell = self.cells.get((row, lane))
        return cell.score if cell is not None else None

    def _is_done(self, row: int, lane: int) -> bool:
        cell = self.cells.get((row, lane))
        return cell is not None and cell.view.status == "completed"

    # One run after another

    def _next(self, ready: Ready) -> None:
        if not self._queue:
            self._end()
            return
        row, lane = self._queue.pop(0)
        document = self._runner.document
        takes = run_inputs(document)
        given = {**self._runner.inputs, **{name: value for name, value in self.rows[row].values.items() if name in takes}}
        view = RunView(new_run_id(), inputs=given)
        self.cells[row, lane] = Cell(view)
        self.changed.emit(row, lane)
        place = Place(self.group, self.rows[row].number, self.lanes[lane].title)
        recording = Recording(document.root, given, ready, place)
        variants = {**ready.request.variants, **self.lanes[lane].variants}
        request = replace(ready.request, inputs=given, variants=variants, reuse=True, run_id=view.run_id)

        def take(events: Sequence[Event]) -> None:
            recording.feed(events)
            view.feed(events)
            if not view.running:
                self._judge(row, self.cells[row, lane])
            self.changed.emit(row, lane)
            if not view.running:
                self._next(ready)

        self._handle = self._runner.link.run(request, take)

    def _judge(self, row: int, cell: Cell) -> None:
        cell.score, cell.fault = None, ""
        if not cell.done:
            return
        scoring = self.scoring
        expected = self.rows[row].values.get(scoring.column)
        if cell.view.status != "completed":
            # A row that failed is a wrong answer, where there is anything to be right about.
            cell.score = 0.0 if expected not in (None, "") or scoring.kind == "python" else None
            return
        output = to_json(cell.view.outputs.get(scoring.output))
        if self._check is not None:
            try:
                cell.score = run_check(self._check, output, expected, self.rows[row].values)
            except CheckFault as fault:
                cell.fault = str(fault)
        else:
            cell.score = score(output, expected, "contains" if scoring.kind == "contains" else "exact")

    def _fail(self, error: FlowloomError) -> None:
        self._queue.clear()
        self._runner.refused.emit(error)
        self._end()

    def _end(self) -> None:
        self.running = False
        self._handle = None
        self.finished.emit()


def sentence(job: LanesJob, lane: int) -> str:
    """What the rows say of a lane against the first, in plain words."""
    first, second = job.lanes[0].title, job.lanes[lane].title
    found = job.comparison(lane)
    verdict = found.verdict
    if verdict == "nothing":
        rows = range(len(job.rows))
        differing = sum(job.differs(row) for row in rows)
        done = sum(job.output(row, lane) is not None for row in rows)
        return tr("The answers differ on {count} of {rows} rows.", count=differing, rows=done)
    if verdict == "same":
        return tr("{second} and {first} do equally well on all {rows} rows.", second=second, first=first, rows=found.rows)
    counts = {"first": first, "second": second, "better": found.better, "worse": found.worse, "rows": found.rows}
    if verdict == "chance":
        return tr("{second} is better than {first} on {better} of {rows} rows and worse on {worse}; this could be chance.", **counts)
    if verdict == "better":
        return tr("{second} is better than {first} on {better} of {rows} rows and worse on {worse}; this is hardly chance.", **counts)
    return tr("{second} is worse than {first} on {worse} of {rows} rows and better on {better}; this is hardly chance.", **counts)


def interval_words(job: LanesJob, lane: int) -> str:
    """The difference in points of a hundred, with the interval it lies in."""
    interval = job.comparison(lane).interval
    if interval is None or interval.mean == interval.low == interval.high:
        return ""
    points = [round(100 * value) for value in (interval.mean, interval.low, interval.high)]
    return tr("Difference {mean} points, with 95 % confidence between {low} and {high}.", mean=f"{points[0]:+d}", low=f"{points[1]:+d}", high=f"{points[2]:+d}")  # fmt: skip
