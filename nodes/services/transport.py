"""One request to one service, once: a whole JSON object, or the objects of a stream as they come. Nothing is retried
here."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from flowloom.flows.errors import BadRequest, ConnectionFault, LimitExceeded, ModelError
from flowloom.nodes.services import failures
from flowloom.nodes.services.clients import client_for
from flowloom.nodes.services.deadlines import Deadlines
from flowloom.nodes.services.failures import Service
from flowloom.nodes.services.retry import Clock, Failure, in_words
from flowloom.nodes.services.sse import EventReader

if TYPE_CHECKING:
    import httpx2

MOST_BYTES = 64 * 1024 * 1024
"""A reply that is larger is not read further."""


class Done:
    """Stands for ``[DONE]``, the last item of a stream that ended in good order."""


DONE = Done()


class Transport:
    """One attempt on a connection. ``remaining`` is what is left of the total deadline, in seconds. ``shown`` is set
    by the caller once a piece of the reply was shown, after which nothing may be asked again."""

    def __init__(self, connection: Any, service: Service, deadlines: Deadlines, remaining: float, clock: Clock) -> None:
        self._connection = connection
        self._service = service
        self._deadlines = deadlines
        self._clock = clock
        self._end = asyncio.get_running_loop().time() + remaining
        self.shown = False

    async def whole(self, path: str, body: Mapping[str, Any]) -> Any:
        """The reply as parsed JSON. Raises Failure."""
        response = await self._open(path, body, self._end)
        try:
            data = await self._read(response)
        finally:
            await response.aclose()
        return self._parse(data)

    async def pieces(self, path: str, body: Mapping[str, Any]) -> AsyncIterator[Any]:
        """The parsed objects of a stream, then DONE where ``[DONE]`` came. Raises Failure."""
        loop = asyncio.get_running_loop()
        due = loop.time() + self._deadlines.first_token
        response = await self._open(path, body, min(due, self._end))
        try:
            if "json" in response.headers.get("content-type", ""):
                # Some services answer a request for a stream in one piece.
                yield self._parse(await self._read(response))
                yield DONE
                return
            reader, source, size, events = EventReader(), response.aiter_bytes(), 0, 0
            start = b""
            while (data := await self._next(source, min(due, self._end))) is not None:
                start = start or data[:300]
                size += len(data)
                self._bounded(size)
                for event in reader.feed(data):
                    events += 1
                    due = loop.time() + self._deadlines.between_tokens
                    if event.startswith(b"[DONE]"):
                        yield DONE
                        await self._drain(source)
                        return
                    yield self._parse(event)
            if reader.rest().strip() == b"[DONE]":
                yield DONE
            elif not events and "event-stream" not in response.headers.get("content-type", ""):
                words = (
                    "is a web page"
                    if start.lstrip()[:1] == b"<"
                    else "is not the stream that was asked for"
                    if start
                    else "is empty"
                )
                raise failures.malformed(self._service, words, start.decode("utf-8", "replace"))
        finally:
            await response.aclose()

    async def _open(self, path: str, body: Mapping[str, Any], due: float) -> httpx2.Response:
        """The response once its head is there, with a status of 2xx."""
        client = await client_for(self._connection, self._deadlines.connect)
        body = sendable(body)
        import httpx2
        from openai import APIConnectionError, APIStatusError, APITimeoutError, AsyncStream, OpenAIError

        try:
            async with asyncio.timeout_at(due):
                return await client.post(
                    path, cast_to=httpx2.Response, body=body, stream=True, stream_cls=AsyncStream[object]
                )  # pyright: ignore[reportReturnType]
        except APITimeoutError as error:
            raise failures.no_connection(self._service, error, slow=True) from error
        except TimeoutError as error:
            raise failures.no_connection(self._service, error, slow=True) from error
        except APIConnectionError as error:
            if isinstance(error.__cause__, httpx2.UnsupportedProtocol | httpx2.LocalProtocolError):
                raise self._unusable(str(error.__cause__)) from error
            raise failures.no_connection(self._service, error) from error
        except UnicodeEncodeError as error:
            raise self._unusable("its key or address holds characters that none has") from error
        except APIStatusError as error:
            headers = {name.lower(): value for name, value in error.response.headers.items()}
            raise failures.from_status(
                self._service, error.status_code, error.response.content, headers, self._clock.today()
            ) from error
        except (OpenAIError, httpx2.InvalidURL) as error:
            raise self._unusable(str(error)) from error
        except httpx2.RequestError as error:
            # The body of an error reply broke off.
            raise failures.no_connection(self._service, error) from error

    def _unusable(self, reason: str) -> ConnectionFault:
        return ConnectionFault(
            f"The connection '{self._service.connection}' cannot be used: {reason}", hint=self._service.check
        )

    async def _read(self, response: httpx2.Response) -> bytes:
        loop = asyncio.get_running_loop()
        parts: list[bytes] = []
        source, size = response.aiter_bytes(), 0
        while (
            data := await self._next(source, min(loop.time() + self._deadlines.between_tokens, self._end))
        ) is not None:
            parts.append(data)
            size += len(data)
            self._bounded(size)
        return b"".join(parts)

    async def _next(self, source: AsyncIterator[bytes], due: float) -> bytes | None:
        """The next bytes, or None at the end."""
        import httpx2

        started = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout_at(due):
                return await anext(source, None)
        except TimeoutError as error:
            waited = in_words(max(1.0, due - started))
            raise failures.broken(
                self._service, f"stopped before its end: no more of it came for {waited}", shown=self.shown
            ) from error
        except httpx2.DecodingError as error:
            raise failures.malformed(self._service, "is compressed in a way that cannot be read", str(error)) from error
        except httpx2.RequestError as error:
            raise failures.broken(
                self._service, "broke off before its end", shown=self.shown, detail=f"{type(error).__name__}: {error}"
            ) from error

    async def _drain(self, source: AsyncIterator[bytes]) -> None:
        """Read what follows ``[DONE]``, so that the connection can be used again; whatever happens here, the reply
        is whole."""
        loop = asyncio.get_running_loop()
        try:
            while await self._next(source, loop.time() + 0.5) is not None:
                pass
        except Failure:
            pass

    def _bounded(self, size: int) -> None:
        if size > MOST_BYTES:
            raise LimitExceeded(
                f"The reply of the model service is larger than {MOST_BYTES // 2**20} MiB.",
                hint="Ask for a shorter reply.",
            )

    def _parse(self, data: bytes) -> Any:
        if not data.strip():
            raise failures.malformed(self._service, "is empty")
        try:
            return json.loads(data.decode("utf-8"))
        except ValueError as error:
            start = data[:200].decode("utf-8", "replace")
            words = (
                "is a web page"
                if data.lstrip()[:1] == b"<"
                else "is not what the API promises: it cannot be read as JSON"
            )
            raise failures.malformed(self._service, words, f"{error}: {start}") from error


def sendable(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The body as JSON can carry it: half characters (lone surrogates) become the replacement character. Raises
    Failure where it holds something that is no JSON."""
    try:
        json.dumps(body, allow_nan=False, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return _whole_characters(body)
    except (TypeError, ValueError) as error:
        message = f"The request holds a value that cannot be sent: {error}."
        raise Failure(
            BadRequest(message, hint="Inputs of a model node are texts, numbers, lists and objects.")
        ) from error
    return body


def _whole_characters(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, Mapping):
        return {_whole_characters(key): _whole_characters(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_whole_characters(item) for item in value]
    return value


class LocalTransport:
    """The same for the model on this computer: service ``local_model``, which speaks the same objects."""

    def __init__(self, connection: Any, service: Service, deadlines: Deadlines, remaining: float, model: Any) -> None:
        self._connection = connection
        self._service = service
        self._deadlines = deadlines
        self._end = asyncio.get_running_loop().time() + remaining
        self._model = model
        self.shown = False

    async def whole(self, path: str, body: Mapping[str, Any]) -> Any:
        self._only_chat(path)
        try:
            async with asyncio.timeout_at(self._end):
                return await self._model.chat(dict(body))
        except TimeoutError as error:
            raise self._slow() from error

    async def pieces(self, path: str, body: Mapping[str, Any]) -> AsyncIterator[Any]:
        self._only_chat(path)
        loop = asyncio.get_running_loop()
        source = self._model.stream(dict(body))
        within = self._deadlines.first_token
        try:
            while True:
                try:
                    async with asyncio.timeout_at(min(loop.time() + within, self._end)):
                        piece = await anext(source, None)
                except TimeoutError as error:
                    raise self._slow() from error
                if piece is None:
                    break
                within = self._deadlines.between_tokens
                yield piece
        finally:
            await source.aclose()
        yield DONE

    def _slow(self) -> Failure:
        failure = failures.broken(self._service, "took too long", shown=self.shown)
        failure.again = False
        return failure

    def _only_chat(self, path: str) -> None:
        if path != "/chat/completions":
            raise Failure(
                ModelError("The model on this computer only chats.", hint="Choose the API chat, or another connection.")
            )
