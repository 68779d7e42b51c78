"""A stand-in for a model's service: OpenAI's API over HTTP, deterministic, scripted, faulty on request, on this
computer only.

    server = DemoServer(rules=[Rule(contains="capital of France", reply="Paris")])
    with server.in_thread():
        client = openai.OpenAI(base_url=server.base_url, api_key="any")

The reply follows from the seed and the request. ``server.schedule(...)`` lets attempts fail, ``server.ledger`` has
every one of them. With ``control=True`` the same can be said over HTTP (``/_demo/...``), for a server in another
process."""

from __future__ import annotations

import asyncio
import dataclasses
import ipaddress
import json
import random
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from flowloom.nodes.services.demo_server import faults as faulty
from flowloom.nodes.services.demo_server.answer import Answer, Rejected, encode, error_answer
from flowloom.nodes.services.demo_server.chat import Settings
from flowloom.nodes.services.demo_server.faults import Chaos, Fault, Schedule
from flowloom.nodes.services.demo_server.latency import Latency
from flowloom.nodes.services.demo_server.ledger import Ledger
from flowloom.nodes.services.demo_server.routes import route
from flowloom.nodes.services.demo_server.rules import Rule, Rules
from flowloom.nodes.services.demo_server.text import digest
from flowloom.nodes.services.demo_server.wire import Connection, Reply, Request

_LOOPBACK_NAMES = ("localhost",)


class DemoServer:
    """``seed`` and ``rules`` decide the replies, ``default`` (``text`` or ``echo``) what is said where no rule
    applies. ``keys`` limits the API keys that are accepted (None: any that is not empty). ``keep`` bounds the ledger.
    Methods may be called from any thread."""

    def __init__(
        self,
        *,
        seed: int = 0,
        rules: Sequence[Rule | Mapping[str, Any]] = (),
        default: str = "text",
        latency: Latency | None = None,
        keys: Sequence[str] | None = None,
        context_length: int = 128_000,
        keep: int | None = None,
        control: bool = False,
    ) -> None:
        self.seed = seed
        self.rules = Rules(rules, default=default)
        self.latency = latency or Latency()
        self.keys = None if keys is None else frozenset(keys)
        self.context_length = context_length
        self.ledger = Ledger(keep)
        self.control = control
        self.schedules: list[Schedule] = []
        self.chaos: Chaos | None = None
        self.host = ""
        self.port = 0
        self._server: asyncio.Server | None = None
        self._connections: set[Connection] = set()

    @property
    def address(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def base_url(self) -> str:
        """For an OpenAI connection; an Azure connection takes ``address`` as its ``api_base``."""
        return f"{self.address}/v1"

    @property
    def connected(self) -> int:
        """How many clients are connected now."""
        return len(self._connections)

    def connections(self, key: str = "demo-key-0123456789") -> dict[str, dict[str, Any]]:
        """A connections file's content that points flows here, under the names prompt flow's samples use."""
        azure = {
            "type": "azure_open_ai",
            "api_key": key,
            "api_base": self.address,
            "api_type": "azure",
            "api_version": "2024-02-01",
        }
        plain = {"type": "open_ai", "api_key": key, "base_url": self.base_url}
        return {
            "open_ai_connection": plain,
            "openai_connection": plain,
            "azure_open_ai_connection": azure,
            "aoai_connection": azure,
            "serverless_connection": {"type": "serverless", "api_key": key, "api_base": self.address},
        }

    def schedule(
        self,
        *faults: str | Mapping[str, Any] | Fault | None,
        key: str | None = None,
        model: str | None = None,
        path: str | None = None,
        contains: str | None = None,
        forever: bool = False,
    ) -> Schedule:
        """Let matching attempts meet these faults, one each, in order (None: a healthy reply)."""
        made = Schedule([faulty.named(fault) for fault in faults], key, model, path, contains, forever)
        self.schedules.append(made)
        return made

    def unleash(self, rate: float, faults: Sequence[str | Mapping[str, Any] | Fault]) -> None:
        """Let this share of all attempts fail with one of these faults, the same ones every time."""
        chosen = [fault for fault in map(faulty.named, faults) if fault is not None]
        self.chaos = Chaos(rate, chosen, self.seed)

    def reset(self) -> None:
        """Forget rules, schedules and the ledger."""
        self.rules.clear()
        self.schedules.clear()
        self.chaos = None
        self.ledger.clear()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen. Raises ValueError for an address that other computers could reach, OSError where the port is
        taken."""
        if host not in _LOOPBACK_NAMES and not ipaddress.ip_address(host).is_loopback:
            raise ValueError(f"the demo server only listens on this computer (127.0.0.1), not on {host}")
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Connection(self.handle, self._connections), host, port, backlog=1024
        )
        self.host = host
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            for connection in list(self._connections):
                connection.close()
            await self._server.wait_closed()
            self._server = None

    @contextmanager
    def in_thread(self, host: str = "127.0.0.1", port: int = 0) -> Iterator[DemoServer]:
        """Serve from a thread with its own loop while the block runs."""
        loop = asyncio.new_event_loop()
        ready = threading.Event()
        failed: list[BaseException] = []

        def serve() -> None:
            try:
                loop.run_until_complete(self.start(host, port))
            except BaseException as problem:
                failed.append(problem)
                ready.set()
                return
            ready.set()
            loop.run_forever()
            loop.run_until_complete(self.stop())
            for task in asyncio.all_tasks(loop):
                task.cancel()
            loop.run_until_complete(asyncio.sleep(0))

        thread = threading.Thread(target=serve, name="demo-server", daemon=True)
        thread.start()
        ready.wait()
        try:
            if failed:
                raise failed[0]
            yield self
        finally:
            if not failed:
                loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    def handle(self, request: Request) -> Reply:
        """One request to one reply. Any request gets one; what is wrong with it is said in OpenAI's error object."""
        if not _is_local(request.headers.get("host", "")):
            # A page in a browser may point a name of its own at 127.0.0.1; its Host header gives it away.
            return encode(
                error_answer(
                    403,
                    {
                        "message": "This server answers this computer only.",
                        "type": "invalid_request_error",
                        "param": None,
                        "code": None,
                    },
                )
            )
        if request.path.startswith("/_demo/"):
            from flowloom.nodes.services.demo_server.control import control

            return (
                encode(control(self, request)) if self.control else encode(error_answer(404, {"message": "Not found."}))
            )
        key = _key(request.headers)
        body = _body(request)
        azure, name, deployment = _split(request.path)
        model = deployment or (str(body.get("model", "")) if isinstance(body, Mapping) else "")
        attempt = self.ledger.open(
            at=request.received,
            method=request.method,
            path=request.path,
            query=request.query,
            headers=request.headers,
            key=key,
            model=model,
            body=body,
        )
        number = digest(self.seed, name, body if isinstance(body, Mapping) else {"bytes": repr(body)})
        rng = random.Random(number)
        try:
            if not key or (self.keys is not None and key not in self.keys):
                raise Rejected(401, f"Incorrect API key provided: {key[:4]}***.", code="invalid_api_key")
            if azure and deployment and not request.query.get("api-version"):
                raise Rejected(404, "Resource not found", code="404")
            settings = Settings(self.seed, self.rules, self.context_length, azure and bool(deployment))
            answer = self.latency.slow(route(request, name, deployment, body, number, settings), rng)
        except Rejected as problem:
            answer = error_answer(problem.status, problem.error)
        fault = self._fault(attempt.key, model, request, number)
        if fault is None:
            reply = encode(answer)
        else:
            attempt.fault = fault.name or "unnamed"
            reply = faulty.apply(_filled(fault, request, answer), answer, rng)
        attempt.status = reply.status if reply.raw is None else 0
        return dataclasses.replace(
            reply, on_end=attempt.end, headers=(*reply.headers, ("x-request-id", f"req_{attempt.number}"))
        )

    def _fault(self, key: str, model: str, request: Request, number: int) -> Fault | None:
        for schedule in self.schedules:
            matches, fault = schedule.next(key, model, request.path, request.body)
            if matches:
                return fault
        return self.chaos.next(number) if self.chaos is not None else None


def _filled(fault: Fault, request: Request, answer: Answer) -> Fault:
    """Placeholders that depend on the request: ``{same}`` is its own path, ``{kind}`` the content type a good answer
    has."""
    headers = {name: value.replace("{same}", request.path) for name, value in fault.headers.items()}
    raw = (
        fault.raw.replace("{kind}", "text/event-stream" if answer.stream else "application/json")
        if fault.raw
        else fault.raw
    )
    return dataclasses.replace(fault, headers=headers, raw=raw)


def _is_local(host: str) -> bool:
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    name = name.strip("[]")
    if name in _LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _key(headers: Mapping[str, str]) -> str:
    if headers.get("api-key"):
        return headers["api-key"]
    scheme, _, value = headers.get("authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else ""


def _body(request: Request) -> Any:
    """The JSON object, or the bytes where it is none."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        return request.body
    if not request.body:
        return {}
    try:
        return json.loads(request.body)
    except ValueError:
        return request.body


def _split(path: str) -> tuple[bool, str, str]:
    """Whether the path is Azure's, the endpoint's name (``chat/completions``), and the deployment."""
    path = path.strip("/")
    if path.startswith("openai/deployments/"):
        deployment, _, name = path.removeprefix("openai/deployments/").partition("/")
        return True, name, deployment
    if path.startswith("openai/"):
        return True, path.removeprefix("openai/").removeprefix("v1/"), ""
    return False, path.removeprefix("v1/"), ""


def long_running() -> DemoServer:
    """One that remembers only its last requests, however long it serves: the service ``demo_server``."""
    return DemoServer(keep=1000)
