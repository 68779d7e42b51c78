"""How long a model's service may take, in seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Deadlines:
    """``connect``: until the connection stands. ``first_token``: of a stream, until its first piece.
    ``between_tokens``: of a reply that has begun, until the next piece. ``total``: the whole call, with its retries
    and waits."""

    connect: float = 15.0
    first_token: float = 180.0
    between_tokens: float = 60.0
    total: float = 600.0

    def overridden(self, others: Mapping[str, float]) -> Deadlines:
        """The same with some of its fields changed, such as ``{"total": 30}``. Raises TypeError for a name it does
        not have."""
        return replace(self, **{name: float(value) for name, value in others.items()}) if others else self


ON_THIS_COMPUTER = Deadlines(first_token=3600.0, between_tokens=300.0, total=4 * 3600.0)
"""Those of a model on this computer, where a request waits until those before it are answered."""
