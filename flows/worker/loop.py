"""What a worker does from its first message to its last."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any, Final

from flowloom.flows.errors import FlowloomError
from flowloom.flows.worker.confine import confine
from flowloom.flows.worker.event_lines import error_as_json
from flowloom.flows.worker.outbox import Outbox
from flowloom.flows.worker.protocol import Limits
from flowloom.flows.worker.questions import AT_ONCE, answer
from flowloom.flows.worker.relay import Relay, install
from flowloom.flows.worker.session import Session

_BROKEN: Final = 70
_FIRST_IMPORTS: Final = (
    *("flowloom.flows.api", "flowloom.flows.document", "flowloom.flows.engine.event_stream", "flowloom.flows.engine.prepare"),
    *("flowloom.flows.node.folder_code", "flowloom.flows.node.function_node", "flowloom.flows.model.validate_graph"),
    *("flowloom.flows.engine.workspace", "flowloom.flows.node.registry", "flowloom.flows.connections.registry"),
)

_loads = json.loads


def work(incoming: int, outgoing: int, began: float) -> None:
    """Answer requests until the supervisor is gone. Never returns: a worker ends without any last word of a flow's code."""
    pipe = os.fdopen(incoming, "rb", buffering=1 << 16)
    start = _loads(pipe.readline() or b"{}").get("start")
    if start is None:
        os._exit(0)
    limits = Limits(**start["limits"])
    spool = Path(start["spool"])
    for name in _FIRST_IMPORTS:
        __import__(name)
    confinement, group = confine(limits, int(start["parent"]))
    outbox = Outbox(outgoing)
    if hasattr(os, "register_at_fork"):
        # A copy of this process must neither hold the pipes open nor speak through them.
        os.register_at_fork(after_in_child=lambda: _close(incoming, outgoing))
    relay = Relay(outbox.send)
    install(relay)
    session = Session(outbox, limits, spool, confinement.memory)
    jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
    reader = _Reader(pipe, outbox, session, relay, jobs)
    outbox.send(json.dumps({"hello": {"confinement": asdict(confinement), "group": group, "python": sys.version.split()[0]}}))
    threading.Thread(target=reader.read, name="flowloom-reader", daemon=True).start()
    while True:
        jobs.get()()


class _Reader:
    """Hears requests, also while the main thread is at work."""

    def __init__(
        self, pipe: IO[bytes], outbox: Outbox, session: Session, relay: Relay, jobs: SimpleQueue[Callable[[], None]]
    ) -> None:
        self._pipe = pipe
        self._outbox = outbox
        self._session = session
        self._relay = relay
        self._jobs = jobs

    def read(self) -> None:
        try:
            for line in self._pipe:
                self._take(_loads(line))
        except BaseException:
            os._exit(_BROKEN)
        end()

    def _take(self, message: Mapping[str, Any]) -> None:
        if "run" in message:
            request = message["run"]
            self._outbox.send(json.dumps({"accepted": request["run_id"]}))
            self._jobs.put(lambda: self._session.run(request))
        elif "cancel" in message:
            self._session.cancel(message["cancel"])
        elif "relay" in message:
            self._relay.hear(message)
        elif "ask" in message:
            job = lambda: self._answer(message)  # noqa: E731 - a closure over this message
            if message["kind"] in AT_ONCE:
                threading.Thread(target=job, name="flowloom-answer", daemon=True).start()
            else:
                self._jobs.put(job)

    def _answer(self, message: Mapping[str, Any]) -> None:
        reply: dict[str, Any] = {"reply": message["ask"]}
        try:
            reply["result"] = answer(self._session, str(message["kind"]), message.get("body") or {})
            text = json.dumps(reply)
        except FlowloomError as error:
            text = json.dumps({"reply": message["ask"], "error": error_as_json(error)})
        except BaseException as error:
            words = {"kind": "error", "message": f"The question could not be answered: {type(error).__name__}: {error}"}
            text = json.dumps({"reply": message["ask"], "error": {**words, "hint": "Try it again."}})
        self._outbox.send(text)


def end() -> None:
    """End this process and what runs in its group, at once."""
    try:
        if os.getpgrp() == os.getpid():
            os.killpg(0, signal.SIGKILL)
    except (OSError, AttributeError):
        pass
    os._exit(0)


def _close(*descriptors: int) -> None:
    for descriptor in descriptors:
        try:
            os.close(descriptor)
        except OSError:
            pass
