"""The service ``embedding``: texts become vectors, with the retries and checks of the chat service."""

from __future__ import annotations

import base64
import math
import struct
from collections.abc import Mapping, Sequence
from typing import Any

from flowloom.flows.engine.events import Usage
from flowloom.flows.errors import ConnectionFault
from flowloom.flows.services import ChatRequest
from flowloom.nodes.services import failures
from flowloom.nodes.services.attempts import Attempts, running_root
from flowloom.nodes.services.chat import Call
from flowloom.nodes.services.deadlines import Deadlines
from flowloom.nodes.services.failures import Service
from flowloom.nodes.services.retry import Failure, RetryPolicy


class Embeddings:
    """``policy`` says when to ask again, ``deadlines`` how long anything may take."""

    def __init__(self, policy: RetryPolicy | None = None, deadlines: Deadlines | None = None) -> None:
        self.policy = policy or RetryPolicy()
        self.deadlines = deadlines or Deadlines()

    async def embed(self, connection: Any, model: str, texts: Sequence[str]) -> tuple[list[list[float]], Usage]:
        """One vector a text, in order, all of one dimension. Raises the errors under ModelError, or ConnectionFault."""
        if not texts:
            return [], Usage()
        return await self.request(connection, model, list(texts))

    async def request(
        self, connection: Any, model: str, given: Any, **parameters: Any
    ) -> tuple[list[list[float]], Usage]:
        """The same for whatever the API takes as input: a text, or a list of texts."""
        from flowloom.nodes.services.prices import usage_of
        from flowloom.nodes.services.transport import Transport

        if getattr(connection, "kind", None) == "local":
            raise ConnectionFault(
                "The model on this computer makes no embeddings.", hint="Use another connection for this node."
            )
        wanted = {"encoding_format": "base64", **parameters, "input": given}
        call = Call.of(ChatRequest(connection, model, (), wanted), self.deadlines)
        body = {name: value for name, value in call.body.items() if name != "messages"}
        attempts = Attempts(self.policy, call.deadlines)
        while True:
            transport = Transport(connection, call.service, call.deadlines, attempts.remaining, self.policy.clock)
            try:
                result = await transport.whole("/embeddings", body)
                vectors = _vectors(result, len(given) if isinstance(given, list) else 1, call.service)
                name = result.get("model") if isinstance(result.get("model"), str) else model
                return vectors, usage_of(_as_usage(result.get("usage")), name or model, root=running_root())
            except Failure as failure:
                await attempts.failed(failure)


def _as_usage(reported: Any) -> Any:
    return (
        {name: value for name, value in reported.items() if name != "completion_tokens"}
        if isinstance(reported, Mapping)
        else reported
    )


def _vectors(result: Any, count: int, service: Service) -> list[list[float]]:
    """The vectors in the order of the texts. Raises Failure where one is missing or is no vector."""
    if isinstance(result, Mapping) and result.get("error"):
        raise failures.from_error_object(service, result["error"])
    data = result.get("data") if isinstance(result, Mapping) else None
    if not isinstance(data, list) or len(data) != count or not all(isinstance(entry, Mapping) for entry in data):
        raise failures.malformed(
            service, f"does not hold {count} embedding{'s' if count > 1 else ''}", str(result)[:300]
        )
    places = [entry.get("index", number) for number, entry in enumerate(data)]
    if sorted(map(str, places)) != sorted(map(str, range(count))):
        raise failures.malformed(service, "numbers its embeddings wrongly", str(places)[:300])
    ordered = [entry for _, entry in sorted(zip(places, data, strict=True), key=lambda pair: pair[0])]
    vectors = [_vector(entry.get("embedding"), service) for entry in ordered]
    if len({len(vector) for vector in vectors}) != 1:
        raise failures.malformed(service, "holds embeddings of several lengths")
    return vectors


def _vector(value: Any, service: Service) -> list[float]:
    if isinstance(value, str):
        try:
            data = base64.b64decode(value, validate=True)
            value = list(struct.unpack(f"<{len(data) // 4}f", data))
        except (ValueError, struct.error) as error:
            raise failures.malformed(service, "holds an embedding that cannot be read", str(error)) from error
    if (
        not isinstance(value, list)
        or not value
        or not all(isinstance(number, int | float) and math.isfinite(number) for number in value)
    ):
        raise failures.malformed(service, "holds an embedding that is no list of numbers", str(value)[:300])
    return [float(number) for number in value]
