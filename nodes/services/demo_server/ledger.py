"""What was asked and how it was answered: one line an attempt."""

from __future__ import annotations

import itertools
import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(slots=True)
class Attempt:
    """One request. ``at`` and ``finished`` are ``time.monotonic()`` of this computer; ``finished`` is None while it
    is being answered.

    ``ended`` is ``complete`` (all bytes were sent), ``close``, ``reset`` or ``hang`` (as a fault asked),
    ``client_gone``, or None."""

    number: int
    at: float
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    key: str
    model: str
    body: Any
    status: int = 0
    fault: str | None = None
    finished: float | None = None
    ended: str | None = None

    @property
    def stream(self) -> bool:
        return isinstance(self.body, Mapping) and bool(self.body.get("stream"))

    def end(self, how: str) -> None:
        self.finished = time.monotonic()
        self.ended = how

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"stream": self.stream}


class Ledger:
    """All attempts in order of arrival; the oldest go once there are more than ``keep``. ``total`` counts all."""

    def __init__(self, keep: int | None = None) -> None:
        self._attempts: deque[Attempt] = deque(maxlen=keep)
        self.total = 0

    def open(self, **fields: Any) -> Attempt:
        self.total += 1
        attempt = Attempt(number=self.total, **fields)
        self._attempts.append(attempt)
        return attempt

    def attempts(self, *, key: str | None = None, path: str | None = None, model: str | None = None) -> list[Attempt]:
        """Attempts with this key, with a path that ends so, of this model."""
        return [
            attempt
            for attempt in list(self._attempts)
            if (key is None or attempt.key == key)
            and (path is None or attempt.path.endswith(path))
            and (model is None or attempt.model == model)
        ]

    def bodies(self, **which: str) -> list[Any]:
        return [attempt.body for attempt in self.attempts(**which)]

    def waits(self, **which: str) -> list[float]:
        """Seconds between the end of each attempt and the start of the next."""
        found = self.attempts(**which)
        return [later.at - (earlier.finished or earlier.at) for earlier, later in itertools.pairwise(found)]

    def clear(self) -> None:
        self._attempts.clear()
        self.total = 0

    def as_json(self) -> list[dict[str, Any]]:
        return [attempt.as_json() for attempt in _copy(self._attempts)]


def _copy(attempts: Iterable[Attempt]) -> list[Attempt]:
    return list(attempts)
