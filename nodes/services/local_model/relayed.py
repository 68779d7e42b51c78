"""The model of a worker: loaded by the process that started the worker, for all its workers."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Any

from flowloom.flows.worker.relay import Relay


class RelayedProcess:
    """What a ``ModelProcess`` is to whoever asks it."""

    def __init__(self, relay: Relay, path: Path, title: str, context: int | None) -> None:
        self._relay = relay
        self.path = path
        self.title = title
        self.context = context

    async def generate(
        self, body: Mapping[str, Any], schema: Mapping[str, Any] | None = None
    ) -> AsyncGenerator[dict[str, Any], None]:
        """The runtime's chunks for one request, and the errors, as ``ModelProcess.generate`` gives them."""
        arguments = {"path": str(self.path), "title": self.title, "context": self.context, "body": body, "schema": schema}
        async with aclosing(self._relay.stream("local_model", arguments)) as chunks:
            async for chunk in chunks:
                yield chunk
