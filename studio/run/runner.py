"""Runs the flow of a page: sends it to the worker as the screen shows it, and keeps what comes back as a RunView."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from flowloom.flows.engine.events import Event, RunFinished
from flowloom.flows.engine.run import new_run_id
from flowloom.flows.errors import FlowloomError, UsageError
from flowloom.flows.model.chat import history_input
from flowloom.flows.model.flow import EMPTY, Flow
from flowloom.flows.runs.what_ran import changes, node_inputs, what_ran
from flowloom.flows.worker.protocol import RunRequest
from flowloom.studio.language import tr
from flowloom.studio.run import cost, leaving
from flowloom.studio.run.background import Background
from flowloom.studio.run.making_ready import Ready, Recording, hosts_of, make_ready
from flowloom.studio.run.reasons import of_outputs, reasons
from flowloom.studio.run.remembered import remember, remembered
from flowloom.studio.run.run_view import Fault, RunView

if TYPE_CHECKING:
    from flowloom.flows.document.flow_file import FlowFile
    from flowloom.flows.worker.supervisor import RunHandle
    from flowloom.studio.run.worker_link import WorkerLink
    from flowloom.studio.workspace import Page

_SHOW_MS = 33
"""Cards are shown anew at most this often, and so many of them before the window gets its turn."""
_SHOW_AT_ONCE = 60
_LOOK_MS = 400
"""How long after an edit the line about what leaves this computer is worked out anew."""


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
        self.privacy = leaving.Leaving()
        self.runs = 0
        self.background = Background(self, threads=2)
        self._hosts: dict[str, str | None] = {}
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
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self.document.changed.connect(lambda _delta: self._timer.start())
        self._timer.start(0)

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
        inputs = dict(self.inputs if ask.inputs is None else ask.inputs)
        if missing := self.missing(inputs, ask.node):
            self.inputs_needed.emit(missing)
            return False
        document = self.document
        view = RunView(new_run_id(), inputs=inputs)
        view.target = ask.node
        view.waits = _waits(document.flow)
        for name in document.flow.nodes if ask.node is None else _needed(document.flow, ask):
            view.node(name)
        signature = (tuple(sorted(document.files.items())), repr(sorted(inputs.items())), ask.node, ask.only)
        again = ask.reuse and signature == self._signature and self.last is not None and self.last.status == "completed"
        self._signature = signature
        if ask.inputs is None:
            self.background.do(lambda: remember(document.root, document.name, inputs), lambda _none: None)
        self._stopping = False
        self.last = view
        self.runs += 1
        self.show(view)
        self.started.emit()
        file, flow, names = document.file, document.flow, leaving.connection_names(document.flow)
        begin = lambda ready: self._begin(view, ask, ready, reuse=ask.reuse and not again)  # noqa: E731 - a closure over this call
        self.background.do(lambda: make_ready(file, flow, names), begin, lambda error: self._end(view, error))
        return True

    def warm(self) -> None:
        """Have the worker import the flow's code and load the model it asks for, so that the first run need not wait for it."""
        document = self.document
        file, flow, names = document.file, document.flow, leaving.connection_names(document.flow)
        self.background.do(lambda: make_ready(file, flow, names), self._warm)

    def _warm(self, ready: Ready) -> None:
        try:
            request = self.request(ready)
        except FlowloomError:
            return  # it is no longer trusted: the bar above the canvas says so
        self.link.ask("warm", request)

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
        for name in _changed_since(view.ran, self.document.file, self.document.flow):
            given.pop(name, None)
            for after in _after(self.document.flow, name):
                given.pop(after, None)
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

    def missing(self, inputs: Mapping[str, Any], node: str | None = None) -> list[str]:
        """Names of inputs that have neither a value nor a default, as far as the run needs them."""
        flow = self.document.flow
        if flow.kind != "dag":
            return []
        wanted = _inputs_needed(flow, node)
        history = history_input(flow)
        return [
            name
            for name, spec in flow.inputs.items()
            if spec.required and name in wanted and name != history and inputs.get(name) in (None, "")
        ]

    def fault_of(self, node: str | None) -> Fault | None:
        """The error of a node in the run that is shown, or of the run where no failed node is named."""
        if self.view is None:
            return None
        found = self.view.nodes.get(node or "")
        return found.error if found is not None and found.status == "failed" else self.view.error

    # What leaves this computer

    def look(self) -> None:
        """Work out anew what leaves this computer, and what a run may cost."""
        names = leaving.connection_names(self.document.flow)
        if set(names) <= self._hosts.keys():
            self._tell()
        else:
            self.background.do(lambda: hosts_of(names), self._know_hosts)

    def connections_changed(self) -> None:
        """Connections were added, changed or deleted."""
        self._hosts = {}
        self.look()

    def _know_hosts(self, hosts: dict[str, str | None]) -> None:
        self._hosts = hosts
        self._tell()

    def _tell(self) -> None:
        document = self.document
        used = {name: node.usage for name, node in self.last.nodes.items() if node.usage is not None} if self.last is not None else {}

        def kind_of(name: str) -> str:
            spec = document.spec(name)
            return spec.kind if spec is not None else ""

        likely = cost.estimate(document.flow, document.text, self._hosts, used, kind_of)
        privacy = leaving.look(document, self._hosts, likely)
        if privacy != self.privacy:
            self.privacy = privacy
            self.privacy_changed.emit()

    # The run under way

    def _begin(self, view: RunView, ask: Ask, ready: Ready, reuse: bool) -> None:
        document = self.document
        if self._stopping:
            self._end(view, None)
            return
        pinned = frozenset(name for name in document.pins.values if name in document.flow.nodes)
        self._hosts = dict(ready.hosts)
        self._explain(view, ask, ready, reuse, pinned)
        self._recording = Recording(document.root, view.inputs, ready, whys=view.whys)
        try:
            request = self.request(ready)
        except FlowloomError as error:
            self._end(view, error)
            return
        request = replace(
            request, inputs=view.inputs, node=ask.node, only=ask.only, given=ask.given, reuse=reuse, run_id=view.run_id
        )
        self._handle = self.link.run(request, lambda events: self._take(view, events))

    def request(self, ready: Ready) -> RunRequest:
        """The flow as the screen shows it, bound to what was trusted. Raises UsageError where that does not hold any more."""
        document, trust = self.document, self._page.parts.get("trust")
        return RunRequest(
            root=str(document.root),
            file=document.name,
            overlay=dict(document.files) if trust is None else document.changed_files,
            pins=True,
            connections=ready.connections,
            trust=trust.signature() if trust is not None else "",
        )

    def _explain(self, view: RunView, ask: Ask, ready: Ready, reuse: bool, pinned: frozenset[str]) -> None:
        view.ran = self._now = ready.ran.data
        before = self._last_ended
        view.whys = reasons(
            self._now,
            self._ran,
            view.inputs,
            before.inputs if before is not None else {},
            afresh=not reuse,
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
        self._timer.start()

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
        self._timer.stop()
        self._shower.stop()
        self.background.forget()
        self.background.settle()


def _waits(flow: Flow) -> dict[str, tuple[str, ...]]:
    """By node, those it takes something from."""
    return {
        name: tuple(dict.fromkeys(one.name for one in node.references if one.source == "node")) for name, node in flow.nodes.items()
    }


def _needed(flow: Flow, ask: Ask) -> list[str]:
    """The nodes of a run to ``ask.node``, in the flow's order."""
    if ask.only and ask.node is not None:
        return [ask.node]
    wanted = {ask.node} | _before(flow, str(ask.node))
    return [name for name in flow.nodes if name in wanted]


def _before(flow: Flow, name: str) -> set[str]:
    waits = _waits(flow)
    found: set[str] = set()
    open_ = [name]
    while open_:
        for source in waits.get(open_.pop(), ()):
            if source not in found:
                found.add(source)
                open_.append(source)
    return found


def _after(flow: Flow, name: str) -> set[str]:
    return {other for other in flow.nodes if name in _before(flow, other)}


def _inputs_needed(flow: Flow, node: str | None) -> set[str]:
    """Names of the flow's inputs that a run to ``node`` reads; all of them for a whole run."""
    if node is None or node not in flow.nodes:
        return set(flow.inputs)
    names = {node} | _before(flow, node)
    return {one.name for name in names for one in flow.nodes[name].references if one.source == "input"}  # pyright: ignore[reportArgumentType]


def _changed_since(ran: Mapping[str, Any], file: FlowFile, flow: Flow) -> list[str]:
    """Nodes that are not what they were when they ran."""
    if not ran:
        return list(flow.nodes)
    now, before = what_ran(file, flow)["nodes"], ran.get("nodes", {})
    return [name for name, node in now.items() if name not in before or changes(before[name], node)]
