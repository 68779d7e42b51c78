"""Keeps one worker ready for a folder, gives it runs, and replaces it when it dies, hangs, or is no longer itself."""

from __future__ import annotations

import heapq
import itertools
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Final

from flowloom.flows.connections.redact import Redactor
from flowloom.flows.errors import FlowloomError
from flowloom.flows.worker import words
from flowloom.flows.worker.client import WorkerProcess
from flowloom.flows.worker.delivery import Delivery, Listener, RunHandle, secrets_of
from flowloom.flows.worker.desk import desk
from flowloom.flows.worker.event_lines import error_from_json
from flowloom.flows.worker.processes import is_stopped
from flowloom.flows.worker.protocol import USUAL, Confinement, Limits, RunRequest, WorkerState
from flowloom.flows.worker.questions import OF_A_FLOW
from flowloom.flows.worker.spool import make_spool, remove_spool

_HEARD_SECONDS: Final = 1.0
"""How long a worker that is ready may take to hear of a run, or to tidy up after one."""
_BORN_SECONDS: Final = 30.0
_STOPPED_SECONDS: Final = 1.0
_REPLACED_SECONDS: Final = 1.5
_MOST_FAILURES: Final = 3
_MOST_TRIES: Final = 3


@dataclass(slots=True)
class _Question:
    kind: str
    body: Mapping[str, Any]
    answer: Future[Any]
    tries: int = 0


class Supervisor:
    """``run`` and the other methods may be called from any thread, and return at once.

    ``on_state`` is called with every new state, on the supervisor's own thread. ``trusted`` says whether anything of the folder may reach
    a worker; while it is False runs fail with Untrusted, and nothing is sent.
    """

    def __init__(
        self,
        root: str | os.PathLike[str],
        *,
        limits: Limits = USUAL,
        on_state: Callable[[WorkerState], None] = lambda state: None,
        trusted: bool = True,
    ) -> None:
        self.root = os.fspath(root)
        self.trusted = trusted
        self.state = WorkerState.STARTING
        self.confinement: Confinement | None = None
        """What bounds the worker; None before the first was ready."""
        self._desk = desk()
        self._limits = limits
        self._on_state = on_state
        self._calls: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._later: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count(1)
        self._spool: Path | None = None
        self._worker: WorkerProcess | None = None
        self._retired: set[WorkerProcess] = set()
        self._current: Delivery | None = None
        self._waiting: deque[Delivery] = deque()
        self._lost: list[tuple[Delivery, str]] = []
        self._tries: dict[str, int] = {}
        self._questions: dict[int, _Question] = {}
        self._redactor = Redactor()
        """Knows every secret a worker was given, for what it says outside of its protocol."""
        self._failures = 0
        self._closed = False
        self._ended = False
        self._log = ""
        self._thread: threading.Thread | None = None
        self._thread_lock = threading.Lock()

    def start(self) -> None:
        """Have a worker made ready, in the background."""
        self._call(self._need_worker)

    def run(self, request: RunRequest, listener: Listener) -> RunHandle:
        """Run a flow once its turn has come. ``listener`` gets its events in batches, at most 60 a second, on a thread of the worker's;
        the last event of the last batch is a RunFinished, whatever happens."""
        if not request.run_id:
            request = replace(request, run_id=os.urandom(16).hex())
        delivery = Delivery(request, listener, lambda: self._call(lambda: self._cancel(delivery)), self._redactor)
        self._call(lambda: self._accept(delivery))
        return delivery.handle

    def request(self, kind: str, body: Mapping[str, Any] | RunRequest | None = None) -> Future[Any]:
        """Ask the worker: ``plan``, ``preview``, ``warm`` (whose body is a RunRequest), ``specs``, ``models``, ``ping``; see
        ``flowloom.flows.worker.questions``. The future holds JSON or a FlowloomError, and is set on a thread of the worker's."""
        question = _Question(kind, body.as_json() if isinstance(body, RunRequest) else body or {}, Future())
        self._call(lambda: self._take_question(question))
        return question.answer

    def refresh(self, why: str = "the code changed") -> None:
        """Have a fresh worker, unless one is at work: ahead of a run of code that this one has imported otherwise."""
        self._call(lambda: self._retire(why) if self._current is None and self._worker is not None else None)

    @property
    def log(self) -> str:
        """The last words of the worker's log: what libraries print outside of nodes."""
        worker = self._worker
        return self._redactor.redact(worker.log) if worker is not None and worker.log else self._log

    def close(self, seconds: float = 3.0) -> None:
        """End the worker and everything it started; runs end as cancelled. Waits for it at most ``seconds``."""
        self._call(self._close)
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(seconds)

    # The supervisor's own thread, on which everything below happens

    def _call(self, call: Callable[[], None]) -> None:
        with self._thread_lock:
            if not self._ended:
                self._calls.put(call)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="flowloom-supervisor", daemon=True)
                self._thread.start()
        if self._ended:
            call()  # whoever comes after the end is only told that it is over

    def _in(self, seconds: float, call: Callable[[], None]) -> None:
        heapq.heappush(self._later, (time.monotonic() + seconds, next(self._numbers), call))

    def _work(self) -> None:
        while not (self._closed and not self._retired):
            wait = max(0.0, self._later[0][0] - time.monotonic()) if self._later else None
            try:
                call = self._calls.get(timeout=wait)
            except Empty:
                call = heapq.heappop(self._later)[2]
            try:
                call()
            except Exception:
                # A listener of somebody else's failed: it is reported, and the worker minded all the same.
                threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), threading.current_thread())))
        with self._thread_lock:
            self._ended = True
        while not self._calls.empty():
            self._calls.get()()
        if self._spool is not None:
            remove_spool(self._spool)

    def _set_state(self, state: WorkerState) -> None:
        if self.state != state or state == WorkerState.STARTING:
            self.state = state
            self._on_state(state)

    def _need_worker(self) -> None:
        if self._closed or self._worker is not None:
            return
        if self._spool is None:
            self._spool = make_spool()
        self._set_state(WorkerState.STARTING)
        worker = WorkerProcess(self._spool, self._limits, lambda *news: self._call(lambda: self._hear(*news)))
        self._worker = worker
        self._in(_BORN_SECONDS, lambda: None if worker.ready else worker.kill("it did not become ready"))

    # Runs

    def _accept(self, delivery: Delivery) -> None:
        if self._closed:
            delivery.stop()
        elif not self.trusted:
            delivery.fail(words.untrusted())
        else:
            self._redactor.add(*secrets_of(delivery.request.connections))
            self._waiting.append(delivery)
            self._failures = min(self._failures, _MOST_FAILURES - 1)
            self._next()

    def _next(self) -> None:
        """Give the worker its next run, if it is free."""
        if not self._waiting or self._current is not None:
            return
        worker = self._worker
        if worker is None or not worker.ready:
            self._need_worker()
            return
        delivery = self._waiting.popleft()
        self._current = worker.delivery = delivery
        delivery.phase = "sent"
        self._tries[delivery.request.run_id] = self._tries.get(delivery.request.run_id, 0) + 1
        self._set_state(WorkerState.BUSY)
        worker.send({"run": delivery.request.as_json()})
        self._in(_HEARD_SECONDS, lambda: worker.kill("it did not answer") if delivery.phase == "sent" else None)
        self._watch(worker, delivery, False)

    def _watch(self, worker: WorkerProcess, delivery: Delivery, was_stopped: bool) -> None:
        """While a run goes on, see to it that its process has not been put to sleep for good."""
        if self._current is delivery and not delivery.is_over:
            stopped = is_stopped(worker.pid)
            if stopped and was_stopped:
                worker.kill("it put itself to sleep")
            else:
                self._in(_STOPPED_SECONDS, lambda: self._watch(worker, delivery, stopped))

    def _cancel(self, delivery: Delivery) -> None:
        if delivery.is_over or delivery.cancelled_at:
            return
        delivery.cancelled_at = time.monotonic()
        worker = self._worker
        if delivery is not self._current or worker is None:
            self._waiting = deque(other for other in self._waiting if other is not delivery)
            self._lost = [(other, why) for other, why in self._lost if other is not delivery]
            delivery.stop()
            return
        worker.send({"cancel": delivery.request.run_id})
        self._in(self._limits.cancel_seconds, lambda: None if delivery.is_over else worker.kill("it was stopped"))

    def _after(self, worker: WorkerProcess, poisoned: str) -> None:
        """A run is over, its last event handed on."""
        delivery, self._current, worker.delivery = self._current, None, None
        if delivery is not None:
            self._tries.pop(delivery.request.run_id, None)
            if not delivery.is_over:
                delivery.fail(words.lost("it lost the end of the run"))
        if poisoned:
            self._retire(poisoned)
        else:
            self._failures = 0
            self._set_state(WorkerState.READY)
        self._next()

    # What workers say

    def _hear(self, worker: WorkerProcess, what: str, news: Any) -> None:
        if what == "exit":
            self._exit(worker, news)
        elif worker is not self._worker:
            return
        elif what == "finished":
            self._in(_HEARD_SECONDS, lambda: self._untidy(worker, news))
        elif "hello" in news:
            self._ready(worker, news["hello"])
        elif "accepted" in news:
            if self._current is not None and self._current.phase == "sent":
                self._current.phase = "accepted"
        elif "ended" in news:
            if self._current is not None and self._current.request.run_id == news["ended"]:
                self._after(worker, news.get("poisoned", ""))
        elif "stale" in news:
            self._run_afresh(worker, news.get("why", ""))
        elif "reply" in news:
            self._answer(news)
        elif "relay" in news:
            self._desk.take(worker, news, worker.send)

    def _ready(self, worker: WorkerProcess, hello: Mapping[str, Any]) -> None:
        worker.ready = True
        worker.group = hello.get("group", "")
        self.confinement = Confinement(**hello["confinement"])
        self._set_state(WorkerState.READY)
        self._tell_lost(words.NEW_ONE)
        for number, question in self._questions.items():
            self._ask(worker, number, question)
        self._next()

    def _run_afresh(self, worker: WorkerProcess, why: str) -> None:
        delivery, self._current, worker.delivery = self._current, None, None
        if delivery is not None:
            delivery.phase = "waiting"
            self._waiting.appendleft(delivery)
        self._retire(f"{why} changed")
        self._next()

    def _untidy(self, worker: WorkerProcess, delivery: Delivery) -> None:
        """A run ended some time ago; where the worker is not done with it yet, something of it goes on."""
        if worker is self._worker and self._current is delivery:
            self._after(worker, "it does not come to rest")

    # The end of workers

    def _retire(self, why: str) -> None:
        """Do without this worker from now on, and have another."""
        worker, self._worker = self._worker, None
        if worker is not None:
            self._log = self._redactor.redact(worker.log)
            self._retired.add(worker)
            threading.Thread(target=worker.kill, args=(why,), name="flowloom-retire", daemon=True).start()
        self._need_worker()

    def _exit(self, worker: WorkerProcess, code: int | None) -> None:
        self._desk.forget(worker)
        self._retired.discard(worker)
        if worker is not self._worker:
            return
        self._log = self._redactor.redact(worker.log)
        self._worker = None
        delivery, self._current, worker.delivery = self._current, None, None
        if delivery is not None and not delivery.is_over:
            self._lose(delivery, words.reason(worker.why, code))
        if not worker.ready or delivery is None:
            self._failures += 1
        if self._failures < _MOST_FAILURES:
            self._need_worker()
            return
        self._set_state(WorkerState.CRASHED)
        why = words.reason(worker.why, code)
        self._tell_lost("")
        while self._waiting:
            self._waiting.popleft().fail(words.no_worker(why, self._log))
        for number in list(self._questions):
            self._questions.pop(number).answer.set_exception(words.no_worker(why, self._log))

    def _lose(self, delivery: Delivery, why: str) -> None:
        if delivery.cancelled_at:
            delivery.stop()
        elif delivery.phase == "sent" and self._tries.get(delivery.request.run_id, 0) < _MOST_TRIES:
            # It never heard of the run: nothing of it has happened.
            delivery.phase = "waiting"
            self._waiting.appendleft(delivery)
        else:
            self._lost.append((delivery, why))
            self._in(_REPLACED_SECONDS, lambda: None if delivery.is_over else self._tell_lost(words.SOON))

    def _tell_lost(self, comfort: str) -> None:
        lost, self._lost = self._lost, []
        for delivery, why in lost:
            self._tries.pop(delivery.request.run_id, None)
            delivery.fail(words.lost(why, comfort, self._log))

    def _close(self) -> None:
        if self._closed:
            return
        self._closed = True
        worker, self._worker = self._worker, None
        for delivery in [*self._waiting, *(delivery for delivery, _ in self._lost), self._current]:
            if delivery is not None:
                delivery.stop()
        self._current = None
        for question in self._questions.values():
            question.answer.cancel()
        self._questions.clear()
        if worker is not None:
            self._retired.add(worker)
            worker.kill("the studio closes")
        self._set_state(WorkerState.CLOSED)

    # Questions

    def _take_question(self, question: _Question) -> None:
        if self._closed:
            question.answer.cancel()
            return
        if question.kind in OF_A_FLOW and not self.trusted:
            question.answer.set_exception(words.untrusted())
            return
        self._redactor.add(*secrets_of(question.body.get("connections") or {}))
        number = next(self._numbers)
        self._questions[number] = question
        if self._worker is not None and self._worker.ready:
            self._ask(self._worker, number, question)
        else:
            self._need_worker()

    def _ask(self, worker: WorkerProcess, number: int, question: _Question) -> None:
        question.tries += 1
        if question.tries > _MOST_TRIES:
            self._in(0.0, lambda: self._give_up(number))
            return
        worker.send({"ask": number, "kind": question.kind, "body": question.body})

    def _give_up(self, number: int) -> None:
        question = self._questions.pop(number, None)
        if question is not None:
            question.answer.set_exception(words.lost("it stopped at this again and again"))

    def _answer(self, news: Mapping[str, Any]) -> None:
        question = self._questions.pop(int(news["reply"]), None)
        if question is None or not question.answer.set_running_or_notify_cancel():
            return
        error: FlowloomError | None = error_from_json(news["error"]) if "error" in news else None
        if error is not None:
            question.answer.set_exception(error)
        else:
            question.answer.set_result(news.get("result"))

