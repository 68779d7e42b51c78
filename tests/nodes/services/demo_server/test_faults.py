from __future__ import annotations

import random

import pytest

from flowloom.nodes.services.demo_server.answer import DONE, Answer
from flowloom.nodes.services.demo_server.faults import FAULTS, Chaos, Fault, Schedule, apply, named, standard_error

WHOLE = Answer(events=({"choices": [{"message": {"content": "abc"}, "finish_reason": "stop"}]},))
STREAM = Answer(
    events=({"choices": [{"delta": {"content": "abc"}}]}, {"choices": [{"delta": {}, "finish_reason": "stop"}]}, DONE),
    stream=True,
)
RNG = random.Random(1)


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_can_be_applied_to_either(name: str) -> None:
    for answer in (WHOLE, STREAM):
        reply = apply(FAULTS[name], answer, RNG)
        assert reply.head() is not None
        assert FAULTS[name].name == name


def test_a_cut_declares_the_whole_and_sends_a_part() -> None:
    reply = apply(FAULTS["close_within"], WHOLE, RNG)
    sent = sum(len(part.data) for part in reply.parts)
    assert reply.length is not None
    assert 0 < sent < reply.length
    assert reply.ending == "close"
    stream = apply(FAULTS["reset_within"], STREAM, RNG)
    assert len(stream.parts) == 2
    assert stream.ending == "reset"


def test_dates_are_those_of_the_moment() -> None:
    from email.utils import parsedate_to_datetime
    from time import time

    headers = dict(apply(FAULTS["429_date"], WHOLE, RNG).headers)
    assert 1.5 < parsedate_to_datetime(headers["retry-after"]).timestamp() - time() <= 3.1


def test_schedules_count_matching_attempts() -> None:
    one, two = Fault("one"), Fault("two")
    schedule = Schedule([one, None, two], key="k")
    met = [schedule.next("k", "m", "/p", b"") for _ in range(4)]
    assert met == [(True, one), (True, None), (True, two), (False, None)]
    assert schedule.next("other", "m", "/p", b"") == (False, None)
    forever = Schedule([one], forever=True, path="embeddings", contains='say "hi"')
    assert forever.next("k", "m", "/v1/embeddings", b'{"input": "say \\"hi\\""}') == (True, one)
    assert forever.next("k", "m", "/v1/embeddings", b"{}") == (False, None)
    assert forever.next("k", "m", "/v1/chat", b'say "hi"') == (False, None)


def test_chaos_is_the_same_every_time() -> None:
    faults = [Fault("a"), Fault("b")]

    def met() -> list[str | None]:
        chaos = Chaos(0.2, faults)
        return [fault.name if fault else None for fault in (chaos.next(digest) for digest in range(2000))]

    first = met()
    assert first == met()
    assert 300 < sum(name is not None for name in first) < 500
    chaos = Chaos(0.5, faults)
    assert len({chaos.next(7) is None for _ in range(20)}) == 2, "another attempt at the same request has another fate"


def test_names() -> None:
    assert named("quota") is FAULTS["quota"]
    assert named(None) is None
    changed = named({"name": "429_seconds", "headers": {"retry-after": "9"}})
    assert changed is not None
    assert (changed.status, changed.headers) == (429, {"retry-after": "9"})
    with pytest.raises(ValueError, match="no fault is named"):
        named("nonsense")
    assert standard_error(401)["error"]["code"] == "invalid_api_key"
