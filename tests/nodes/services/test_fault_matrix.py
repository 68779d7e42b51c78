"""Every way in which a model's service misbehaves, met whole and as a stream, by ``run`` and by ``arun``: the
outcome, the attempts, the waits, and nothing truncated or malformed that counts as completed."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

import pytest

from flowloom.flows.api import LoadedFlow
from flowloom.flows.engine.events import Log, NodeDelta, NodeFinished
from flowloom.flows.errors import ModelError
from flowloom.nodes.services.chat import Chat
from flowloom.nodes.services.deadlines import Deadlines
from flowloom.nodes.services.demo_server.faults import FAULTS

if TYPE_CHECKING:
    from conftest import SkippingClock

    from flowloom.nodes.services.demo_server.server import DemoServer

ATTEMPTS = 6


class Expected(NamedTuple):
    """``once`` is the outcome when only the first attempt is sick, ``always`` when all are; ``wait`` is the first
    wait in seconds, None where there must be none."""

    once: str
    always: str
    wait: float | None = None


def again(kind: str, wait: float = 0.25) -> Expected:
    return Expected("completed", kind, wait)


def never(kind: str) -> Expected:
    return Expected(kind, kind)


FINE = Expected("completed", "completed")
LIMITED = again("rate_limit", 1.0)
DOWN = again("unavailable")
BROKEN = again("stream_broken")
MALFORMED = never("malformed_reply")

# Alike for a whole reply and a stream.
BOTH: dict[str, Expected] = {
    **{f"status_{code}": never("bad_request") for code in (400, 404, 413, 418, 422)},
    **{f"status_{code}": never("authentication") for code in (401, 403)},
    **{f"status_{code}": DOWN for code in (408, 409, 500, 502, 503, 504, 520, 529)},
    "status_429": LIMITED,
    "429_seconds": again("rate_limit", 2.0),
    "429_fraction": again("rate_limit", 0.25),
    "429_milliseconds": again("rate_limit", 1.5),
    "429_both": again("rate_limit", 0.7),
    "429_past_date": LIMITED,
    "429_zero": LIMITED,
    "429_negative": LIMITED,
    "429_infinite": LIMITED,
    "429_words": LIMITED,
    "429_absurd": never("rate_limit"),
    "503_seconds": again("unavailable", 1.0),
    "quota": never("quota"),
    "quota_retry_after": never("quota"),
    "context_length": never("context_length"),
    "content_filter_request": never("content_filter"),
    "error_as_text": never("bad_request"),
    "error_other_shape": never("bad_request"),
    "error_500_html": DOWN,
    "error_503_empty": DOWN,
    "error_200": DOWN,
    "no_content_204": MALFORMED,
    "redirect_elsewhere": never("bad_request"),
    "redirect_loop": never("bad_request"),
    "reset_before": DOWN,
    "close_before": DOWN,
    "slow_start": FINE,
    "close_after_head": BROKEN,
    "not_http": DOWN,
    "bad_chunking": BROKEN,
    "huge_head": DOWN,
    "html_200": MALFORMED,
    "text_200": MALFORMED,
    "empty_200": MALFORMED,
    "json_string_200": MALFORMED,
    "json_list_200": MALFORMED,
    "bad_gzip": MALFORMED,
    "wrong_content_type": FINE,
    "broken_json": MALFORMED,
    "invalid_utf8": MALFORMED,
    "not_an_object": MALFORMED,
    "finish_unknown": MALFORMED,
    "finish_length": never("length"),
    "finish_content_filter": never("content_filter"),
    "finish_filter_empty": never("content_filter"),
    "refusal": never("refusal"),
    "empty_choices": MALFORMED,
    "null_choices": MALFORMED,
    "no_choices": MALFORMED,
    "choices_text": MALFORMED,
    "null_content": MALFORMED,
    "number_content": MALFORMED,
    "null_message": MALFORMED,
    "tool_call_without_name": MALFORMED,
    "tool_call_cut_off": MALFORMED,
    "missing_usage": FINE,
    "odd_usage": FINE,
    "doubled_chunks": FINE,
    "huge_chunk": FINE,
    "surrogate": FINE,
    "nul_character": FINE,
}

# Whole, stream: what was already shown is not asked for again.
APART: dict[str, tuple[Expected, Expected]] = {
    "reset_within": (BROKEN, never("stream_broken")),
    "close_within": (BROKEN, never("stream_broken")),
    "error_event": (DOWN, never("unavailable")),
    "error_event_rate_limit": (LIMITED, never("rate_limit")),
    "error_event_text": (DOWN, never("unavailable")),
    "stops_half_way": (MALFORMED, never("stream_broken")),
    "done_missing": (FINE, never("stream_broken")),
    "finish_missing": (MALFORMED, never("stream_broken")),
}
# These take the deadlines' time; they have tests of their own below.
SLOW = {"hang_before", "hang_within", "slow_drip", "429_date"}


def test_every_fault_has_its_outcome() -> None:
    assert set(FAULTS) == {*BOTH, *APART, *SLOW}
    assert len(FAULTS) >= 60


def expected_of(name: str, stream: bool) -> Expected:
    return BOTH[name] if name in BOTH else APART[name][stream]


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("name", [*BOTH, *APART])
async def test_outcome_attempts_and_waits(
    name: str, stream: bool, openai_server: DemoServer, ask_flow: Callable[..., LoadedFlow], clock: SkippingClock
) -> None:
    import asyncio

    expected = expected_of(name, stream)
    inputs = {"stream": True} if stream else {}
    flow = ask_flow(**inputs)
    waits = clock.waits
    with flow:
        for forever in (False, True):
            for sync in (True, False):
                openai_server.reset()
                openai_server.schedule(name, forever=forever)
                waits.clear()
                error: ModelError | None = None
                answer = ""
                try:
                    outputs = await asyncio.to_thread(flow.run) if sync else await flow.arun()
                    answer = outputs["answer"]
                except ModelError as raised:
                    error = raised
                outcome = error.kind if error else "completed"
                wanted = expected.always if forever else expected.once
                assert outcome == wanted, (name, stream, forever, sync, error)
                attempts = ATTEMPTS if forever and expected.wait is not None else 1 + (expected.wait is not None)
                assert openai_server.ledger.total == attempts
                assert len(waits) == attempts - 1
                if expected.wait is not None:
                    assert waits[0] == pytest.approx(expected.wait)
                if error is not None:
                    assert error.attempts == attempts
                    assert error.node == "ask"
                    assert error.hint
                elif not forever:
                    assert answer == whole_answer(openai_server)


def whole_answer(server: DemoServer) -> str:
    """What the last attempt was meant to say: its text is never cut."""
    last = server.ledger.attempts()[-1]
    if last.fault in ("huge_chunk",):
        return "lorem ipsum " * 200_000
    if last.fault == "surrogate":
        return "half a face \ud83d here"
    if last.fault == "nul_character":
        return "a\0b"
    from flowloom.nodes.services.demo_server.chat import Settings, chat
    from flowloom.nodes.services.demo_server.text import digest

    number = digest(server.seed, "chat/completions", last.body)
    return chat(last.body, number, Settings(server.seed, server.rules)).choices[0].message["content"]


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
async def test_a_date_to_come_back_is_kept(
    stream: bool, openai_server: DemoServer, ask_flow: Callable[..., LoadedFlow], clock: SkippingClock
) -> None:
    openai_server.schedule("429_date")
    with ask_flow(**({"stream": True} if stream else {})) as flow:
        await flow.arun()
    (wait,) = clock.waits
    assert 1.0 < wait <= 3.0  # HTTP dates have whole seconds


async def test_a_service_that_never_answers(
    openai_server: DemoServer, ask_flow: Callable[..., LoadedFlow], clock: SkippingClock
) -> None:
    openai_server.schedule("hang_before")
    with ask_flow(chat=Chat(clock.policy(), Deadlines(first_token=0.5)), stream=True) as flow:
        outputs = await flow.arun()
    assert outputs["answer"]
    assert openai_server.ledger.total == 2
    assert openai_server.ledger.attempts()[0].ended == "client_gone"


async def test_a_reply_that_stops_half_way(
    openai_server: DemoServer, ask_flow: Callable[..., LoadedFlow], clock: SkippingClock
) -> None:
    chat = Chat(clock.policy(), Deadlines(between_tokens=0.5))
    openai_server.schedule("hang_within")
    with ask_flow(chat=chat) as flow:
        assert (await flow.arun())["answer"] == whole_answer(openai_server)
    assert openai_server.ledger.total == 2
    openai_server.reset()
    openai_server.schedule("hang_within")
    with ask_flow(chat=chat, stream=True) as flow, pytest.raises(ModelError, match="no more of it came for") as raised:
        await flow.arun()
    assert raised.value.kind == "stream_broken"
    assert openai_server.ledger.total == 1


async def test_a_drip_is_no_progress(
    openai_server: DemoServer, ask_flow: Callable[..., LoadedFlow], clock: SkippingClock
) -> None:
    """Bytes that come one by one without ever making a piece of the reply run into the same deadlines."""
    openai_server.rules.add({"contains": "flow", "reply": "Yes"})
    openai_server.schedule({"name": "slow_drip", "drip": 0.2}, forever=True)
    chat = Chat(clock.policy(attempts=2), Deadlines(first_token=0.8))
    with ask_flow(chat=chat, stream=True) as flow, pytest.raises(ModelError) as raised:
        await flow.arun()
    assert raised.value.kind == "stream_broken"
    assert openai_server.ledger.total == 2


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
async def test_the_total_deadline_holds_for_everything(
    stream: bool, openai_server: DemoServer, ask_flow: Callable[..., LoadedFlow], clock: SkippingClock
) -> None:
    openai_server.schedule({"name": "slow_drip", "drip": 0.1}, forever=True)
    chat = Chat(clock.policy(), Deadlines(5.0, 5.0, 5.0, 0.6))
    started = monotonic()
    with ask_flow(chat=chat, **({"stream": True} if stream else {})) as flow, pytest.raises(ModelError) as raised:
        await flow.arun()
    assert raised.value.kind in ("stream_broken", "unavailable")
    assert monotonic() - started < 3.0


async def test_the_run_tells_of_each_wait_and_counts_each_call_once(
    openai_server: DemoServer, ask_flow: Callable[..., LoadedFlow], clock: SkippingClock
) -> None:
    openai_server.schedule("status_503", "429_seconds", None)
    logs, deltas, finished = [], [], []
    with ask_flow() as flow:
        async with flow.stream() as events:
            async for event in events:
                if isinstance(event, Log):
                    logs.append(event)
                elif isinstance(event, NodeDelta):
                    deltas.append(event.chunk)
                elif isinstance(event, NodeFinished):
                    finished.append(event)
    assert [log.level for log in logs] == ["warning", "warning"]
    assert "HTTP 503" in logs[0].text
    assert "Asking again in 2 seconds" in logs[1].text
    assert clock.waits == [0.25, 2.0]
    (node,) = finished
    assert node.usage is not None
    assert node.usage.calls == 1
    assert "".join(deltas) == node.output == whole_answer(openai_server)
    assert openai_server.ledger.total == 3
