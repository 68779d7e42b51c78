"""The process that holds a model: requests come in on one pipe, pieces of replies go out on another, as JSON lines.

Run as ``python -I host.py OPTIONS`` where OPTIONS is a JSON object: ``model`` (path), ``context`` (tokens), ``packages`` (the folder that
holds the runtime), ``idle_seconds``, ``parent`` (process id), ``niceness``. It imports nothing of Flowloom, so that it starts at once.

In:   {"id": 1, "body": {...}, "schema": {...} | null}   answer this chat request, with JSON that keeps the schema
      {"cancel": 1}                     stop answering it
Out:  {"ready": {"seconds": 0.5}}       the model is loaded           {"failed": "..."}  it cannot be
      {"id": 1, "chunk": {...}}         a chat.completion.chunk       {"id": 1, "error": {...}}
      {"id": 1, "end": true}            no more will come             {"acknowledged": 1}  a cancel was heard
      {"idle": true}                    nothing was asked for idle_seconds; whoever started this process may end it

Requests are answered one after another, in the order they came: side by side a reply would depend on what else is being answered, even at
temperature 0. The runtime's HTTP door cannot be left out, so it is a socket file in a folder of our own that is deleted at once; where
socket files do not exist, it listens on the loopback address with a random key that nobody knows.
"""

import contextlib
import importlib
import json
import os
import queue
import secrets
import signal
import sys
import tempfile
import threading
import time
from typing import Any, BinaryIO

SPIN_COUNT = "2000"
"""How long the runtime's threads spin while they wait for each other. By default they never let go, and on a computer that does
anything else besides, the model falls from 85 tokens a second to 3; with this it keeps 25, and loses nothing when alone."""


class Requests:
    """The queue of requests, and which of them nobody waits for any more."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[dict[str, Any]] = queue.Queue()
        self._cancelled: set[int] = set()
        self._lock = threading.Lock()
        self._open: set[int] = set()

    def add(self, request: dict[str, Any]) -> None:
        with self._lock:
            self._open.add(request["id"])
        self._waiting.put(request)

    def cancel(self, number: int) -> None:
        with self._lock:
            if number in self._open:
                self._cancelled.add(number)

    def is_cancelled(self, number: int) -> bool:
        return number in self._cancelled

    def next(self, timeout: float) -> dict[str, Any] | None:
        try:
            return self._waiting.get(timeout=timeout)
        except queue.Empty:
            return None

    def finish(self, number: int) -> None:
        with self._lock:
            self._open.discard(number)
            self._cancelled.discard(number)


class Writer:
    """Writes lines from any thread. Where the reader is gone, so is the reason to live."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._lock = threading.Lock()

    def __call__(self, message: dict[str, Any]) -> None:
        line = json.dumps(message, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"
        try:
            with self._lock:
                self._file.write(line)
                self._file.flush()
        except OSError:
            os._exit(0)


def take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes on descriptors 0 and 1, moved to private ones: a print of any library goes to the log from here on."""
    incoming, outgoing = os.dup(0), os.dup(1)
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return os.fdopen(incoming, "rb"), os.fdopen(outgoing, "wb")


def die_with_parent(parent: int) -> None:
    """End this process when its parent is gone, though a copy of the parent may still hold the pipe open."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(0)

    if os.name == "posix":
        threading.Thread(target=watch, daemon=True).start()


def read_requests(file: BinaryIO, requests: Requests, write: Writer) -> None:
    for line in file:
        message = json.loads(line)
        if "cancel" in message:
            requests.cancel(message["cancel"])
            write({"acknowledged": message["cancel"]})
        else:
            requests.add(message)
    os._exit(0)


def runtime() -> Any:
    return importlib.import_module("xllamacpp")


def load(options: dict[str, Any]) -> Any:
    xllamacpp = runtime()
    parameters = xllamacpp.CommonParams()
    parameters.model.path = options["model"]
    parameters.n_ctx = options["context"]
    parameters.n_parallel = 1
    parameters.n_batch = parameters.n_ubatch = 256  # a cancel is heard between batches of the prompt
    parameters.cache_ram_mib = 0
    parameters.fit_params = False
    parameters.warmup = False
    parameters.ui = False
    parameters.endpoint_slots = False
    parameters.cpuparams.poll = parameters.cpuparams_batch.poll = 0
    parameters.verbosity = 1
    parameters.api_keys = [secrets.token_urlsafe(32)]
    if os.name != "posix":
        parameters.hostnames = ["127.0.0.1"]
        return xllamacpp.Server(parameters)
    # A socket's path may have some hundred characters at most.
    base = None if len(tempfile.gettempdir()) < 60 else "/tmp"
    with tempfile.TemporaryDirectory(prefix="flowloom-", dir=base) as folder:
        parameters.hostnames = [os.path.join(folder, "door.sock")]
        return xllamacpp.Server(parameters)


def answer(server: Any, request: dict[str, Any], requests: Requests, write: Writer) -> None:
    number, body = request["id"], {**request["body"], "stream": True, "stream_options": {"include_usage": True}}
    body["return_progress"] = True  # so that a cancel is heard while a long prompt is read

    def take(chunk: dict[str, Any]) -> bool:
        if requests.is_cancelled(number):
            return True
        if "error" in chunk:
            write({"id": number, "error": chunk["error"]})
        else:
            write({"id": number, "chunk": chunk})
        return False

    try:
        if request.get("schema") is not None:
            body["grammar"] = runtime().json_schema_to_grammar(request["schema"])
        if not requests.is_cancelled(number):
            server.handle_chat_completions(body, take)
    except (ValueError, RuntimeError, TypeError) as error:
        write({"id": number, "error": {"type": "invalid_request_error", "message": str(error)}})
    finally:
        requests.finish(number)
        write({"id": number, "end": True})


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    options = json.loads(sys.argv[1])
    incoming, outgoing = take_pipes()
    write, requests = Writer(outgoing), Requests()
    die_with_parent(options["parent"])
    threading.Thread(target=read_requests, args=(incoming, requests, write), daemon=True).start()
    if options.get("niceness") and hasattr(os, "nice"):
        os.nice(options["niceness"])
    sys.path.append(options["packages"])
    os.environ.setdefault("GOMP_SPINCOUNT", SPIN_COUNT)  # read when the runtime is loaded
    began = time.monotonic()
    try:
        server = load(options)
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        write({"failed": f"{type(error).__name__}: {error}"})
        os._exit(1)
    write({"ready": {"seconds": round(time.monotonic() - began, 3)}})
    while True:
        request = requests.next(options["idle_seconds"])
        if request is None:
            write({"idle": True})
        else:
            answer(server, request, requests, write)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
