"""Ways in which a model's service misbehaves, as data, and what each does to an answer.

A fault is applied in two steps: ``change`` alters what is said (the JSON objects or events), ``status``, ``cut``,
``ending``, ``delay`` and ``drip`` alter how it is sent. ``FAULTS`` names the usual ones."""

from __future__ import annotations

import dataclasses
import email.utils
import json
import random
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flowloom.nodes.services.demo_server.answer import Answer, dumps, encode
from flowloom.nodes.services.demo_server.changes import CHANGES
from flowloom.nodes.services.demo_server.wire import Ending, Part, Reply

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """``status`` sends an error instead of the answer, with ``body`` (an object, or text as it is; None: OpenAI's
    error for that status).

    ``change`` names a function of ``changes.CHANGES``. ``cut`` sends only that share of the body before ``ending``.
    In headers ``{date+N}`` is the time in N seconds as an HTTP date. Times are seconds."""

    name: str = ""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    content_type: str | None = None
    change: str | None = None
    cut: float | None = None
    ending: Ending = "complete"
    delay: float = 0.0
    drip: float = 0.0
    raw: str | None = None
    chunked: bool | None = None
    length: int | None = None


_ERRORS: dict[int, tuple[str, str | None, str]] = {
    400: ("invalid_request_error", None, "The request was not understood."),
    401: ("invalid_request_error", "invalid_api_key", "Incorrect API key provided."),
    403: ("invalid_request_error", "unsupported_country_region_territory", "Access was denied."),
    404: ("invalid_request_error", "model_not_found", "The model does not exist or you do not have access to it."),
    429: ("requests", "rate_limit_exceeded", "Rate limit reached. Please try again later."),
}


def standard_error(status: int) -> dict[str, Any]:
    """OpenAI's error object for a status."""
    kind, code, message = _ERRORS.get(
        status, ("server_error" if status >= 500 else "invalid_request_error", None, f"The server answered {status}.")
    )
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def apply(fault: Fault, answer: Answer, rng: random.Random) -> Reply:
    """The reply with the fault in it."""
    if fault.status is not None:
        body = standard_error(fault.status) if fault.body is None else fault.body
        text = body if isinstance(body, str) else dumps(body).decode()
        kind = fault.content_type or ("application/json" if not text.startswith("<") else "text/html; charset=utf-8")
        reply = Reply(
            fault.status,
            (("content-type", kind), *_headers(fault.headers)),
            (Part(text.encode()),) if text and fault.status != 204 else (),
        )
    else:
        if fault.change is not None:
            answer = CHANGES[fault.change](answer, rng)
        reply = encode(answer)
        kept = tuple(pair for pair in reply.headers if fault.content_type is None or pair[0] != "content-type")
        kind = (("content-type", fault.content_type),) if fault.content_type is not None else ()
        reply = dataclasses.replace(reply, headers=(*kind, *kept, *_headers(fault.headers)))
    return _sent(fault, reply)


def _headers(headers: Mapping[str, str]) -> Headers:
    def value(text: str) -> str:
        found = re.fullmatch(r"\{date([+-][\d.]+)\}", text)
        return email.utils.formatdate(time.time() + float(found[1]), usegmt=True) if found else text

    return tuple((name, value(str(text))) for name, text in headers.items())


def _sent(fault: Fault, reply: Reply) -> Reply:
    parts = reply.parts
    length = reply.length if fault.length is None else fault.length
    if fault.cut is not None:
        if reply.chunked:
            parts = parts[: max(0, round(len(parts) * fault.cut))]
        else:
            whole = b"".join(part.data for part in parts)
            length = len(whole)
            cut = whole[: round(len(whole) * fault.cut)]
            parts = (Part(cut),) if cut else ()
            if fault.ending == "complete":
                length = None
    if fault.drip:
        whole = b"".join(part.data for part in parts)
        size = max(1, len(whole) // 40)
        parts = tuple(Part(whole[at : at + size], fault.drip) for at in range(0, len(whole), size))
    raw = None
    if fault.raw is not None:
        raw = fault.raw.encode("latin-1")
        if not raw:
            parts = ()
    return dataclasses.replace(
        reply,
        parts=parts,
        length=length,
        ending=fault.ending,
        delay=reply.delay + fault.delay,
        raw=raw,
        chunked=reply.chunked if fault.chunked is None else fault.chunked,
    )


def _listed(*faults: Fault) -> dict[str, Fault]:
    return {fault.name: fault for fault in faults}


_HTML = (
    "<!doctype html><html><head><title>Sign in</title></head><body><h1>Please sign in to the network</h1></body></html>"
)
_QUOTA = {
    "error": {
        "message": "You exceeded your current quota, please check your plan and billing details.",
        "type": "insufficient_quota",
        "param": None,
        "code": "insufficient_quota",
    }
}
_CONTEXT = {
    "error": {
        "message": "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
        "type": "invalid_request_error",
        "param": "messages",
        "code": "context_length_exceeded",
    }
}
_FILTERED = {
    "error": {
        "message": "The response was filtered due to the prompt triggering the service's content management policy.",
        "type": None,
        "param": "prompt",
        "code": "content_filter",
        "status": 400,
        "innererror": {
            "code": "ResponsibleAIPolicyViolation",
            "content_filter_result": {"violence": {"filtered": True, "severity": "medium"}},
        },
    }
}


def _rate_limited(name: str, **headers: str) -> Fault:
    return Fault(f"429_{name}", status=429, headers={key.replace("_", "-"): value for key, value in headers.items()})


FAULTS: dict[str, Fault] = _listed(
    *(
        Fault(f"status_{code}", status=code)
        for code in (400, 401, 403, 404, 408, 409, 413, 418, 422, 429, 500, 502, 503, 504, 520, 529)
    ),
    _rate_limited("seconds", retry_after="2"),
    _rate_limited("fraction", retry_after="0.25"),
    _rate_limited("date", retry_after="{date+3}"),
    _rate_limited("past_date", retry_after="{date-60}"),
    _rate_limited("milliseconds", retry_after_ms="1500"),
    _rate_limited("both", retry_after_ms="700", retry_after="30"),
    _rate_limited("zero", retry_after="0"),
    _rate_limited("negative", retry_after="-5"),
    _rate_limited("absurd", retry_after="86400"),
    _rate_limited("infinite", retry_after="inf"),
    _rate_limited("words", retry_after="soon"),
    Fault("503_seconds", status=503, headers={"retry-after": "1"}),
    Fault("quota", status=429, body=_QUOTA),
    Fault("quota_retry_after", status=429, body=_QUOTA, headers={"retry-after": "1"}),
    Fault("context_length", status=400, body=_CONTEXT),
    Fault("content_filter_request", status=400, body=_FILTERED),
    Fault("error_as_text", status=400, body="upstream said no", content_type="text/plain"),
    Fault("error_other_shape", status=400, body={"detail": [{"loc": ["body", "messages"], "msg": "field required"}]}),
    Fault("error_500_html", status=500, body=_HTML),
    Fault("error_503_empty", status=503, body=""),
    Fault("error_200", change="error_object"),
    Fault("no_content_204", status=204, body=""),
    Fault("redirect_elsewhere", status=302, headers={"location": "http://192.0.2.1/login"}, body=""),
    Fault("redirect_loop", status=307, headers={"location": "{same}"}, body=""),
    Fault("reset_before", raw="", ending="reset"),
    Fault("close_before", raw="", ending="close"),
    Fault("hang_before", raw="", ending="hang"),
    Fault("slow_start", delay=0.3),
    Fault("reset_within", cut=0.5, ending="reset"),
    Fault("close_within", cut=0.5, ending="close"),
    Fault("hang_within", cut=0.5, ending="hang"),
    Fault("close_after_head", cut=0.0, ending="close"),
    Fault("slow_drip", drip=0.2),
    Fault("not_http", raw="SSH-2.0-OpenSSH_9.6\r\n", ending="close"),
    Fault(
        "bad_chunking",
        raw="HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        ending="close",
    ),
    Fault("huge_head", headers={"x-padding": "x" * 300_000}),
    Fault("html_200", status=200, body=_HTML),
    Fault("text_200", status=200, body="The service is being updated.", content_type="text/plain"),
    Fault("empty_200", status=200, body=""),
    Fault("json_string_200", status=200, body='"ok"'),
    Fault("json_list_200", status=200, body="[]"),
    Fault("bad_gzip", headers={"content-encoding": "gzip"}),
    Fault("wrong_content_type", content_type="text/plain; charset=utf-8"),
    *(Fault(name, change=name) for name in CHANGES if name not in ("error_object",)),
)
"""The named faults. A schedule may also give a Fault of its own."""


@dataclass(slots=True)
class Schedule:
    """Faults in the order in which matching attempts meet them; None is a healthy reply. After the last, all are
    healthy, unless ``forever`` repeats the last. ``key``, ``model``, ``path`` (its end) and ``contains`` (in the
    body) say which attempts match."""

    faults: Sequence[Fault | None]
    key: str | None = None
    model: str | None = None
    path: str | None = None
    contains: str | None = None
    forever: bool = False
    used: int = 0

    def next(self, key: str, model: str, path: str, body: bytes) -> tuple[bool, Fault | None]:
        """Whether the attempt matches, and its fault."""
        if (self.key is not None and self.key != key) or (self.model is not None and self.model != model):
            return False, None
        if self.path is not None and not path.endswith(self.path):
            return False, None
        if (
            self.contains is not None
            and json.dumps(self.contains)[1:-1].encode() not in body
            and self.contains.encode() not in body
        ):
            return False, None
        at = self.used
        self.used += 1
        if at >= len(self.faults):
            return (True, self.faults[-1]) if self.forever and self.faults else (False, None)
        return True, self.faults[at]


@dataclass(slots=True)
class Chaos:
    """A share of the attempts fails, the same ones every time: it depends on the seed, the request and how often it
    was sent."""

    rate: float
    faults: Sequence[Fault]
    seed: int = 0
    seen: dict[int, int] = field(default_factory=dict)

    def next(self, digest: int) -> Fault | None:
        times = self.seen[digest] = self.seen.get(digest, 0) + 1
        rng = random.Random(f"{self.seed}:{digest}:{times}")
        return rng.choice(self.faults) if rng.random() < self.rate else None


def named(fault: str | Mapping[str, Any] | Fault | None) -> Fault | None:
    """A Fault from its name, from its fields (``{"name": "status_429", "headers": {...}}`` starts from the named
    one), or as it is."""
    if fault is None or isinstance(fault, Fault):
        return fault
    if isinstance(fault, str):
        if fault not in FAULTS:
            raise ValueError(f"no fault is named {fault!r}; known are {', '.join(FAULTS)}")
        return FAULTS[fault]
    base = FAULTS.get(str(fault.get("name", "")), Fault())
    return dataclasses.replace(base, **fault)
