from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flowloom.flows.errors import ServiceUnavailable
from flowloom.nodes.services.attempts import Attempts
from flowloom.nodes.services.deadlines import Deadlines
from flowloom.nodes.services.retry import Failure

if TYPE_CHECKING:
    from conftest import SkippingClock


async def fail_for_ever(attempts: Attempts) -> None:
    while True:
        await attempts.failed(Failure(ServiceUnavailable("It could not answer."), again=True))


async def test_waits_use_up_the_total_deadline(clock: SkippingClock) -> None:
    attempts = Attempts(clock.policy(attempts=100, chance=lambda: 1.0), Deadlines(total=10))
    with pytest.raises(ServiceUnavailable, match=r"asked 5 times") as raised:
        await fail_for_ever(attempts)
    assert clock.waits == [0.5, 1.0, 2.0, 4.0]
    assert raised.value.attempts == 5
    assert 2.0 < attempts.remaining <= 2.5
