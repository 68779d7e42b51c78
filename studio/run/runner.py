"""Runs the flow of a page: sends it to the worker as the screen shows it, and keeps what comes back as a RunView."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from flowloom.flows.engine.events import Event, RunFinished
from flowloom.flows.engine.run import new_run_id
from flowloom.flows.errors import FlowloomError, UsageError
from flowloom.flows.model.chat import history_input
from flowloom.flows.model.flow import EMPTY
from flowloom.flows.runs.what_ran import node_inputs
from flowloom.studio.language import tr
from flowloom.studio.run.background import Background
from flowloom.studio.run.leaving import Leaving, connection_names
from flowloom.studio.run.making_ready import Ready, Recording, make_ready
from flowloom.studio.run.privacy import Privacy
from flowloom.studio.run.reasons import of_outputs, reasons
from flowloom.studio.run.remembered import remember, remembered
from flowloom.studio.run.run_view import Fault, RunView
from flowloom.studio.run.scope import inputs_needed, needed, run_inputs, stale, waits

if TYPE_CHECKING:
    from flowloom.flows.worker.supervisor import RunHandle
    from flowloom.studio.run.replay import Replay
    from flowloom.studio.run.worker_link import WorkerLink
    from flowloom.studio.workspace import Page

_SHOW_MS = 33
"""Cards are shown anew at most this often, and so many of them before the window gets its turn."""
_SHOW_AT_ONCE = 60


@dataclass(frozen=True)
class Ask:
    """What is to run. ``node`` is where to, None for the whole flow; ``only`` runs it alone; ``reuse`` takes what did not change."""

    node: str | None = None
    only: bool = False
    reuse: bool = True
    inputs: Mapping[str, Any] | None = None
    """None for those of the form."""
    given: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    why_given: str = ""


class Runner(QObject):
    """``view`` is the run that is shown: the one under way, the last one, or a past one that was opened."""

    started = Signal()
    changed = Signal(object)
    """Names of nodes that look different now."""
    finished = Signal()
    view_changed = Signal()
    """Another run is shown, or none."""
    privacy_changed = Signal()
    inputs_needed = Signal(object)
    """Names of inputs without which the run cannot begin."""
    refused = Signal(object)
    """The FlowloomError for which a run did not begin."""

    def __init__(self, page: Page, link: WorkerLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self.document = page.document
        self.link = link
        self.view: RunView | None = None
        self.last: RunView | None = None
        """The newest run of this sitting, whatever is shown."""
        self.inputs: dict[str, Any] = remembered(self.document.root, self.document.name)
        """Values of the form; those of inputs that are left out are the flow's defaults."""
        self.runs = 0
        self.replay: Replay | None = None
        """A past run that is shown again step by step."""
        self.background = Background(self, threads=2)
        self._handle: RunHandle | None = None
        self._recording: Recording | None = None
        self._stopping = False
        self._ran: Mapping[str, Any] | None = None
        self._signature: tuple[Any, ...] | None = None
        self._now: Mapping[str, Any] = EMPTY
        self._fixed: frozenset[str] = frozenset()
        self._last_ended: RunView | None = None
        self._dirty: dict[str, None] = {}
        self._shower = QTimer(self)
        self._shower.setSingleShot(True)
        self._shower.setInterval(_SHOW_MS)
        self._shower.timeout.connect(self._show_changes)
        self._privacy = Privacy(self.document, self.background, self)
        self._privacy.changed.connect(self.privacy_changed)

    @property
    def running(self) -> bool:
        return self.last is not None and self.last.running

    # Starting and stopping

    def run(self, ask: Ask = Ask()) -> bool:
        """Begin a run; False where it could not begin, and a signal says why."""
        trust = self._page.parts.get("trust")
        if self.running:
            return self._refuse(UsageError(tr("A run is under way."), hint=tr("Stop it first: Esc.")))
        if trust is not None and trust.state != "trusted":
            hint = tr("Choose Trust in the bar above the canvas.")
            return self._refuse(UsageError(tr("This folder is not trusted yet, so nothing of it runs."), hint=hint))
        takes = run_inputs(self.document)
        given = self.inputs if ask.inputs is None else ask.inputs
        # Values of inputs that the flow has no more, or that were remembered under another name, are not passed on.
        inputs = {name: value for name, value in given.items() if name in takes or self.document.kind != "dag"}
        if missing := self.missing(inputs, ask.node):
            self.inputs_needed.emit(missing)
            return False
        document = self.document
        view = RunView(new_run_id(), inputs=inputs)
        view.target = ask.node
        view.waits = waits(document.flow)
        for name in needed(document.flow, ask.node, ask.only):
            view.node(name)
        looked_at = tuple(sorted(document.chosen.items()))
        signature = (tuple(sorted(document.files.items())), repr(sorted(inputs.items())), ask.node, ask.only, looked_at)
        again = ask.reuse and signature == self._signature and self.last is not None and self.last.status == "completed"
        self._signature = signature
        if ask.inputs is None:
            kept = {name: value for name, value in inputs.items() if name not in takes or takes[name].type != "secret"}
            self.background.do(lambda: remember(document.root, document.name, kept), lambda _none: None)
        self._stopping = False
        self.last = view
        self.runs += 1
        self.show(view)
        self.started.emit()
        self.prepare(lambda ready: self._begin(view, ask, ready, again), lambda error: self._end(view, error))
        return True

    def warm(self) -> None:
        """Have the worker import the flow's code and load the model it asks for, so that the first run need not wait for it."""
        self.prepare(lambda ready: self.link.ask("warm", ready.request), lambda _error: None)

    def stop(self) -> None:
        """Ask the run to end: it does within two seconds, whatever its code is at."""
        self._stopping = True
        if self._handle is not None:
            self._handle.cancel()

    def continue_failed(self) -> bool:
        """Run on from where the shown run failed or was stopped, with the outputs it had of nodes that are still the same."""
        view = self.view
        if view is None or view.running or view.status == "completed":
            return False
        given = {
            name: node.output
            for name, node in view.nodes.items()
            if node.status == "completed" and node.exact and name in self.document.flow.nodes
        }
        for name in stale(view.ran, self.document.file, self.document.flow):
            given.pop(name, None)
        return self.run(Ask(inputs=view.inputs, given=given, why_given=tr("from the run that is continued")))

    def rerun(self, view: RunView) -> bool:
        """Run the flow as it is now with the inputs of a past run."""
        self.inputs = dict(view.inputs)
        return self.run(Ask(reuse=False))

    def show(self, view: RunView | None) -> None:
        """Show a run on the canvas and in the panels: a past one, or none."""
        self.view = view
        self._dirty.clear()
        self._page.scene.set_run(view)
        self.view_changed.emit()

    def redraw(self, names: set[str]) -> None:
        """Nodes of the run that is shown look different now."""
        self._page.scene.update_run(names)
        self.changed.emit(names)

    def missing(self, inputs: Mapping[str, Any], node: str | None = None) -> list[str]:
        """Names of inputs that have neither a value nor a default, as far as the run needs them."""
        flow = self.document.flow
        takes = run_inputs(self.document)
        wanted = inputs_needed(flow, node) if flow.kind == "dag" else set(takes)
        history = history_input(flow)
        return [
            name
            for name, spec in takes.items()
            if spec.required and name in wanted and name != history and inputs.get(name) in (None, "")
        ]

    def fault_of(self, node: str | None) -> Fault | None:
        """The error of a node in the run that is shown, or of the run where no failed node is named."""
        if self.view is None:
            return None
        found = self.view.nodes.get(node or "")
        return found.error if found is not None and found.status == "failed" else self.view.error

    # What leaves this computer

    @property
    def privacy(self) -> Leaving:
        """What leaves this computer when the flow runs, and what it may cost."""
        return self._privacy.leaving

    def connections_changed(self) -> None:
        """Connections were added, changed or deleted."""
        self._privacy.forget()

    def prepare(self, done: Callable[[Ready], None], failed: Callable[[FlowloomError], None]) -> None:
        """Have what a run needs looked up, in a thread; ``done`` gets it."""
        document, trust = self.document, self._page.parts.get("trust")
        file, flow, names = document.file, document.flow, connection_names(document.flow)
        overlay = dict(document.files) if trust is None else document.changed_files
        sign = trust.signer() if trust is not None else None

        def refused(error: FlowloomError) -> None:
            if trust is not None:
                trust.check()
            failed(error)

        self.background.do(lambda: make_ready(file, flow, names, overlay, sign), done, refused)

    # The run under way

    def _begin(self, view: RunView, ask: Ask, ready: Ready, again: bool) -> None:
        """Send the run to the worker. ``again`` is one of a flow that has just run as it is: then nothing is reused."""
        document = self.document
        if self._stopping:
            self._end(view, None)
            return
        pinned = frozenset(name for name in document.pins.values if name in document.flow.nodes)
        self._privacy.know(ready.hosts)
        self._explain(view, ask, ready, again, pinned)
        self._recording = Recording(document.root, view.inputs, ready, whys=view.whys)
        request = replace(
            ready.request, inputs=view.inputs, node=ask.node, only=ask.only, given=ask.given, reuse=ask.reuse and not again, run_id=view.run_id
        )
        self._handle = self.link.run(request, lambda events: self._take(view, events))

    def _explain(self, view: RunView, ask: Ask, ready: Ready, again: bool, pinned: frozenset[str]) -> None:
        view.ran = self._now = ready.ran.data
        view.again = again
        before = self._last_ended
        view.whys = reasons(
            self._now,
            self._ran,
            view.inputs,
            before.inputs if before is not None else {},
            afresh=not ask.reuse,
            again=again,
            spec_of=self.document.spec,
            pinned=pinned,
            ended=frozenset(name for name, node in before.nodes.items() if node.status == "completed") if before is not None else frozenset(),
        )
        view.whys.update(dict.fromkeys(ask.given, ask.why_given))
        self._fixed = pinned | ask.given.keys()
        for name, node in view.nodes.items():
            node.why = view.whys.get(name, "")

    def _take(self, view: RunView, events: Sequence[Event]) -> None:
        if not view.running or self._recording is None:
            return
        self._recording.feed(events)
        self._dirty.update(dict.fromkeys(view.feed(events)))
        if any(isinstance(event, RunFinished) for event in events):
            self._close(view)
        if not self._shower.isActive():
            self._shower.start()
        if not view.running:
            self.finished.emit()

    def _show_changes(self) -> None:
        """Bring cards and panels in line with what happened, some at a time."""
        names = [name for name, _ in zip(self._dirty, range(_SHOW_AT_ONCE), strict=False)]
        for name in names:
            del self._dirty[name]
        if self.view is self.last:
            self._page.scene.update_run(names)
        self.changed.emit(set(names))
        if self._dirty:
            self._shower.start(0 if len(self._dirty) > _SHOW_AT_ONCE else _SHOW_MS)

    def _close(self, view: RunView) -> None:
        """The run has ended: work out what went into each node, and why each ran."""
        self._handle = None
        self._recording = None
        outputs = {name: node.output for name, node in view.nodes.items() if node.status == "completed"}
        for name, inputs in node_inputs(self._now, view.inputs, outputs).items():
            if name in view.nodes:
                view.nodes[name].inputs = inputs
        ran = frozenset(name for name, node in view.nodes.items() if not node.cached)
        for name, node in view.nodes.items():
            if node.cached and name not in self._fixed:
                node.why = tr("nothing upstream changed")
            elif node.status == "completed" and not node.why:
                node.why = of_outputs(self._now, name, ran)
        self._ran = self._now
        self._last_ended = view
        self._privacy.used({name: node.usage for name, node in view.nodes.items() if node.usage is not None})

    def _end(self, view: RunView, error: FlowloomError | None) -> None:
        """A run that never reached the worker is over."""
        status = "cancelled" if error is None else "failed"
        view.feed([RunFinished(view.run_id, status, {}, error, 0.0)])
        self._handle = None
        self._dirty.update(dict.fromkeys(view.nodes))
        self._show_changes()
        self.finished.emit()

    def _refuse(self, error: FlowloomError) -> bool:
        self.refused.emit(error)
        return False

    def close(self) -> None:
        """The page goes: stop what runs and what is looked up."""
        self.stop()
        self._privacy.stop()
        self._shower.stop()
        self.background.forget()
        self.background.settle()

