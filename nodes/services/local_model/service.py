"""Chat with a model on this computer: the service ``local_model``."""

from __future__ import annotations

import atexit
import json
import os
import secrets
import threading
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Any, Final

from flowloom.flows.errors import MalformedReply, MissingExtra
from flowloom.flows.worker.relay import current
from flowloom.nodes.services.local_model import catalogue, gguf, tools
from flowloom.nodes.services.local_model.process import IDLE_SECONDS, ModelProcess, runtime_folder
from flowloom.nodes.services.local_model.relayed import RelayedProcess
from flowloom.nodes.services.local_model.reply import Envelope, Json, Spent, assemble
from flowloom.nodes.services.local_model.request import Request, prepare

_BESIDE_A_WINDOW: Final = 5
"""How far the model steps back where it works for a program with a window."""


class LocalModel:
    """One for a process; every loop and thread may use it. Replies come one after another, first come first served."""

    def __init__(self, *, idle_seconds: float = IDLE_SECONDS) -> None:
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._processes: dict[Path, ModelProcess] = {}
        atexit.register(self.close)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forget)

    async def chat(self, body: Mapping[str, Any]) -> Json:
        """The whole reply to an OpenAI chat-completion ``body``, as a ``chat.completion`` object with usage.

        ``model`` names a model of ``flowloom models`` or the path of a GGUF file; any other name means the embedded model, and the reply
        says which model spoke. Understood: messages (text), temperature, top_p, max_tokens, stop, seed, n, logprobs, penalties,
        ``response_format`` (json_schema, json_object), tools and functions with their choice. Where ``seed`` is given or the temperature
        is 0, the same request gives the same reply.

        Raises MissingExtra (runtime or model file missing), BadRequest, ContextLengthExceeded, ServiceUnavailable, StreamBroken,
        MalformedReply.
        """
        async with aclosing(self.stream(body)) as chunks:
            return assemble([chunk async for chunk in chunks])

    async def stream(self, body: Mapping[str, Any]) -> AsyncGenerator[Json, None]:
        """The same reply as ``chat.completion.chunk`` objects as they come; the last one has no choices and the usage."""
        chosen = catalogue.choose(body.get("model"))
        request = prepare(body, chosen)
        process = self._process(chosen)
        envelope, spent = Envelope(chosen.name), Spent()
        for index in range(request.choices):
            reply = _Reply(process, request, envelope, spent, index, weak=chosen.model is not None)
            async with aclosing(reply.chunks()) as chunks:
                async for chunk in chunks:
                    yield chunk
        yield envelope.usage(spent)

    def status(self) -> Json:
        """``{"runtime", "model", "present", "path", "context", "processes": [{"name", "state", "pid", "load_seconds", "waiting"}]}``."""
        model = catalogue.CATALOGUE[0]
        try:
            runtime_folder()
            runtime = True
        except MissingExtra:
            runtime = False
        with self._lock:
            processes = [{"name": process.title, **process.status()} for process in self._processes.values()]
        return {
            "runtime": runtime,
            "model": model.name,
            "present": catalogue.is_here(model),
            "path": str(catalogue.place_of(model)),
            "context": model.context,
            "processes": processes,
        }

    def download(self, progress: Callable[[str, int, int], None] | None = None) -> Path:
        """Fetch the embedded model unless it is here. ``progress(what, done, total)`` in bytes. See ``download.fetch``."""
        from flowloom.nodes.services.local_model.download import fetch

        return fetch(catalogue.CATALOGUE[0], progress)

    def close(self) -> None:
        """End the model's processes. The service stays usable: the next request starts them again."""
        with self._lock:
            processes = list(self._processes.values())
        for process in processes:
            process.stop()

    async def relay(self, arguments: Mapping[str, Any]) -> AsyncGenerator[Json, None]:
        """The chunks of one call of a worker's: ``{"path", "title", "context", "body", "schema"}``. The model is loaded here, once for all
        workers, and outlives them."""
        process = self._own_process(Path(arguments["path"]), str(arguments["title"]), arguments.get("context"), niceness=_BESIDE_A_WINDOW)
        async with aclosing(process.generate(arguments["body"], arguments.get("schema"))) as chunks:
            async for chunk in chunks:
                yield chunk

    def _process(self, chosen: catalogue.Chosen) -> ModelProcess | RelayedProcess:
        path = chosen.path.resolve()
        relay = current()
        if relay is not None:
            return RelayedProcess(relay, path, chosen.title, chosen.model.context if chosen.model else None)
        return self._own_process(path, chosen.title, chosen.model.context if chosen.model else None)

    def _own_process(self, path: Path, title: str, context: int | None, niceness: int = 0) -> ModelProcess:
        with self._lock:
            process = self._processes.get(path)
            if process is None:
                context = context or gguf.read_header(path).context
                process = ModelProcess(path, title=title, context=context, idle_seconds=self._idle_seconds, niceness=niceness)
                self._processes[path] = process
            return process

    def _forget(self) -> None:
        """A forked copy of this process has neither our threads nor a right to our pipes."""
        self._lock = threading.Lock()
        self._processes = {}


class _Reply:
    """One choice of one reply: which tool if any, then words or arguments."""

    def __init__(
        self, process: ModelProcess | RelayedProcess, request: Request, envelope: Envelope, spent: Spent, index: int, *, weak: bool
    ) -> None:
        self._process = process
        self._request = request
        self._envelope = envelope
        self._spent = spent
        self._index = index
        self._weak = weak
        seed = request.parameters.get("seed")
        self._changes: Json = {"seed": seed + index} if isinstance(seed, int) and index else {}

    async def chunks(self) -> AsyncGenerator[Json, None]:
        tool = await self._picked()
        async with aclosing(self._words() if tool is None else self._call(tool)) as chunks:
            async for chunk in chunks:
                yield chunk

    async def _picked(self) -> tools.Tool | None:
        box = self._request.tools
        if box is None or box.forced is not None:
            return box.forced if box else None
        if self._weak and not box.required and tools.is_answer_to_tool(self._request.original):
            return None  # it would call the same tool for ever
        messages, schema = tools.picking(box, self._request.original)
        body = {
            "messages": messages,
            "temperature": 0,
            "max_tokens": 200,
            "cache_prompt": self._request.parameters["cache_prompt"],
        }
        text = ""
        async with aclosing(self._generate(body, schema)) as pieces:
            async for delta, _, _ in pieces:
                text += delta.get("content") or ""
        name = _parsed(text, "the name of a function")
        return None if name == tools.NONE and not box.required else box.named(str(name))

    async def _words(self) -> AsyncGenerator[Json, None]:
        chunk, index = self._envelope.chunk, self._index
        text, finish, opening = "", None, {"role": "assistant"}
        async with aclosing(self._generate(self._request.body(**self._changes), self._request.schema)) as pieces:
            async for delta, reason, logprobs in pieces:
                text += delta.get("content") or ""
                finish = reason or finish
                if delta or reason:
                    # Not before: whoever watches the clock takes the first chunk for the model's first word.
                    yield chunk({**opening, **delta}, index=index, finish=reason, logprobs=logprobs)
                    opening = {}
        if self._request.schema is not None and finish == "stop":
            _parsed(text, "the JSON that was asked for")

    async def _call(self, tool: tools.Tool) -> AsyncGenerator[Json, None]:
        box, index = self._request.tools, self._index
        legacy = box is not None and box.legacy

        def piece(arguments: str, opening: Json | None = None) -> Json:
            function = {**(opening or {}), "arguments": arguments}
            if legacy:
                return {"function_call": function}
            head = {"id": f"call_{secrets.token_hex(12)}", "type": "function"} if opening else {}
            return {"tool_calls": [{"index": 0, **head, "function": function}]}

        yield self._envelope.chunk(
            {"role": "assistant", "content": None, **piece("", {"name": tool.name})}, index=index
        )
        text, finish = "", None
        body = self._request.body(messages=tools.filling(tool, self._request.original), **self._changes)
        body = {key: value for key, value in body.items() if key not in ("logprobs", "top_logprobs")}
        async with aclosing(self._generate(body, tool.parameters)) as pieces:
            async for delta, reason, _ in pieces:
                finish = reason or finish
                if delta.get("content"):
                    text += delta["content"]
                    yield self._envelope.chunk(piece(delta["content"]), index=index)
        if finish == "stop":
            _parsed(text, f"the arguments of {tool.name}")
            finish = "function_call" if legacy else "tool_calls"
        yield self._envelope.chunk({}, index=index, finish=finish)

    async def _generate(
        self, body: Json, schema: Mapping[str, Any] | None
    ) -> AsyncGenerator[tuple[Json, str | None, Any], None]:
        """``(delta, finish_reason, logprobs)`` of one call to the model; its tokens are added up."""
        async with aclosing(self._process.generate(body, schema)) as chunks:
            async for chunk in chunks:
                if chunk.get("usage"):
                    self._spent.add(chunk["usage"])
                for choice in chunk.get("choices", ()):
                    delta = {
                        key: value
                        for key, value in choice["delta"].items()
                        if key in ("content", "reasoning_content") and value
                    }
                    yield delta, choice.get("finish_reason"), choice.get("logprobs")


def _parsed(text: str, what: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise MalformedReply(
            f"The model on this computer did not give {what}.",
            hint="Allow more tokens (max_tokens), simplify the schema, or choose a stronger model.",
            detail=text,
        ) from error
