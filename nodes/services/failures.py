"""What went wrong with a model's service, as the errors of ``flowloom.flows.errors``: in words, with whether asking
again may help."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flowloom.flows import errors
from flowloom.flows.errors import ModelError
from flowloom.nodes.services.retry import Failure, asked_wait

_AGAIN = (408, 409, 429)
_QUOTA = ("insufficient_quota", "billing_hard_limit_reached", "billing_not_active")
_CONTEXT = ("context_length_exceeded", "string_above_max_length", "input_too_long")
_FILTER = ("content_filter", "content_policy_violation", "responsibleaipolicyviolation")
_LIMITED = ("rate_limit_exceeded", "rate_limit_error", "too_many_requests", "requests", "tokens")


@dataclass(frozen=True, slots=True)
class Service:
    """The service as error messages name it: its host and the name of the connection."""

    host: str
    connection: str | None = None

    def __str__(self) -> str:
        return f"The model service at {self.host}" if self.host else "The model service"

    @property
    def check(self) -> str:
        return (
            f"Check the connection: flowloom connection test {self.connection}"
            if self.connection
            else "Check the connection."
        )


def from_status(service: Service, status: int, body: bytes, headers: Mapping[str, str], today: float) -> Failure:
    """The failure that an HTTP status other than 2xx means. ``headers`` have lower-case names; ``today`` is seconds
    since the epoch."""
    told, code = _told(body)
    after = asked_wait(headers, today)
    detail = f"HTTP {status}: {body[:4000].decode('utf-8', 'replace')}"
    known = _by_code(service, told, code, status, detail)
    if known is not None:
        return known
    if status in (401, 403):
        return _failure(
            errors.AuthenticationFailed,
            f"{service} did not accept the key (HTTP {status}).{_quoted(told)}",
            service.check,
            status,
            detail,
        )
    if status == 402:
        return _failure(
            errors.QuotaExceeded,
            f"{service} says that the account has no credit left.{_quoted(told)}",
            "Add credit to the account, or use another connection.",
            status,
            detail,
        )
    if status == 429:
        return _failure(
            errors.RateLimited,
            f"{service} limits how often it may be asked (HTTP 429).{_quoted(told)}",
            "Run fewer rows at once, or ask the provider for a higher limit.",
            status,
            detail,
            again=True,
            after=after,
        )
    if status in _AGAIN or status >= 500:
        return _failure(
            errors.ServiceUnavailable,
            f"{service} could not answer (HTTP {status}).{_quoted(told)}",
            "Run it again later.",
            status,
            detail,
            again=True,
            after=after,
        )
    if 300 <= status < 400:
        target = headers.get("location", "another address")
        return _failure(
            errors.BadRequest,
            f"{service} sends requests elsewhere, to {target} (HTTP {status}); they are not followed, as they carry a key.",
            "Write the final address into the connection.",
            status,
            detail,
        )
    if status == 404:
        return _failure(
            errors.BadRequest,
            f"{service} does not know the model or address that was asked for (HTTP 404).{_quoted(told)}",
            "Check the model or deployment name, and the address in the connection.",
            status,
            detail,
        )
    return _failure(
        errors.BadRequest,
        f"{service} did not accept the request (HTTP {status}).{_quoted(told)}",
        "Check the node's inputs, its model, and what the model supports.",
        status,
        detail,
    )


def from_error_object(service: Service, error: Any, *, shown: bool = False) -> Failure:
    """The failure that an ``error`` object in a reply of status 200, or within a stream, means. ``shown`` says that a
    part of the reply was already shown, so that asking again would show another."""
    told, code = _fields(error)
    detail = f"error in the reply: {json.dumps(error, default=str)[:4000]}"
    status = _fields_status(error)
    known = _by_code(service, told, code, status, detail)
    if known is not None:
        return known
    if code in _LIMITED or status == 429:
        failure = _failure(
            errors.RateLimited,
            f"{service} limits how often it may be asked.{_quoted(told)}",
            "Run fewer rows at once.",
            status,
            detail,
            again=not shown,
        )
    elif (status is not None and 400 <= status < 500) or code == "invalid_request_error":
        failure = _failure(
            errors.BadRequest,
            f"{service} did not accept the request.{_quoted(told)}",
            "Check the node's inputs and its model.",
            status,
            detail,
        )
    else:
        failure = _failure(
            errors.ServiceUnavailable,
            f"{service} reported an error instead of its reply.{_quoted(told)}",
            "Run it again.",
            status,
            detail,
            again=not shown,
        )
    return failure


def no_connection(service: Service, problem: BaseException, *, slow: bool = False) -> Failure:
    """No connection, or one that broke before a reply began."""
    words = "did not answer in time" if slow else "could not be reached"
    reason = str(problem.__cause__ or problem) or type(problem).__name__
    return _failure(
        errors.ServiceUnavailable,
        f"{service} {words}.",
        f"Check that this computer is online. {service.check}",
        None,
        f"{type(problem).__name__}: {reason}",
        again=True,
    )


def broken(service: Service, words: str, *, shown: bool, detail: str = "") -> Failure:
    """A reply that ended before its end; asked again only while nothing of it was shown."""
    return _failure(
        errors.StreamBroken,
        f"The reply of {_low(service)} {words}.",
        "Run it again. If it happens often, ask for shorter replies.",
        None,
        detail,
        again=not shown,
    )


def malformed(service: Service, words: str, detail: str = "") -> Failure:
    """A reply that is not what the API promises."""
    return _failure(
        errors.MalformedReply,
        f"The reply of {_low(service)} {words}.",
        f"Check that the address in the connection leads to a chat service. {service.check}",
        None,
        detail,
    )


def _by_code(service: Service, told: str, code: str, status: int | None, detail: str) -> Failure | None:
    """The failures that a code tells apart, whatever the status."""
    if code in _QUOTA:
        return _failure(
            errors.QuotaExceeded,
            f"{service} says that the account has no credit left.{_quoted(told)}",
            "Add credit to the account, or use another connection.",
            status,
            detail,
        )
    if code in _CONTEXT or "maximum context length" in told.lower():
        return _failure(
            errors.ContextLengthExceeded,
            f"The prompt is longer than the model can read.{_quoted(told)}",
            "Shorten the prompt or its inputs, or choose a model with a longer context.",
            status,
            detail,
        )
    if code in _FILTER:
        return _failure(
            errors.ContentFiltered,
            f"{service} withheld the reply: its content filter objects to the prompt.{_quoted(told)}",
            "Change the prompt or the inputs.",
            status,
            detail,
        )
    return None


def _failure(
    kind: type[ModelError],
    message: str,
    hint: str,
    status: int | None,
    detail: str,
    *,
    again: bool = False,
    after: float | None = None,
) -> Failure:
    return Failure(kind(message, hint=hint, status=status, detail=detail), again=again, after=after)


def _told(body: bytes) -> tuple[str, str]:
    """What an error's body says, in words, and its code."""
    try:
        value = json.loads(body)
    except ValueError:
        text = body[:300].decode("utf-8", "replace").strip()
        return ("" if text.startswith("<") else text), ""
    if isinstance(value, Mapping):
        return _fields(value.get("error", value))
    return "", ""


def _fields(error: Any) -> tuple[str, str]:
    if isinstance(error, str):
        return error[:300], ""
    if not isinstance(error, Mapping):
        return "", ""
    inner = error.get("innererror")
    codes = [error.get("code"), error.get("type"), inner.get("code") if isinstance(inner, Mapping) else None]
    named = [str(code).lower() for code in codes if code]
    known = next(
        (code for code in named if code in (*_QUOTA, *_CONTEXT, *_FILTER, *_LIMITED)), named[0] if named else ""
    )
    told = error.get("message") or error.get("detail") or error.get("msg") or ""
    return (told if isinstance(told, str) else json.dumps(told, default=str))[:300], known


def _fields_status(error: Any) -> int | None:
    if not isinstance(error, Mapping):
        return None
    for key in ("status", "code", "status_code"):
        if isinstance(error.get(key), int) and not isinstance(error[key], bool) and 100 <= error[key] < 600:
            return error[key]
    return None


def _quoted(told: str) -> str:
    told = " ".join(told.split())
    return f' It says: "{told}"' if told else ""


def _low(service: Service) -> str:
    return str(service)[0].lower() + str(service)[1:]
