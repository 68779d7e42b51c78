"""How long the stand-in takes: the same request takes as long every time."""

from __future__ import annotations

import dataclasses
import random
from dataclasses import dataclass
from typing import Literal

from flowloom.nodes.services.demo_server.answer import Answer


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds until the first piece and between pieces. ``spread`` is a share: ``uniform`` draws from 1 - spread to 1
    + spread times the time, ``lognormal`` has a long tail with that sigma."""

    first: float = 0.0
    between: float = 0.0
    spread: float = 0.0
    shape: Literal["fixed", "uniform", "lognormal"] = "fixed"

    def slow(self, answer: Answer, rng: random.Random) -> Answer:
        """The answer with its times. Outside of a stream all of it comes after ``first``."""
        if not self.first and not self.between:
            return answer
        factor = 1.0
        if self.shape == "uniform":
            factor = rng.uniform(1 - self.spread, 1 + self.spread)
        elif self.shape == "lognormal":
            factor = rng.lognormvariate(0.0, self.spread)
        return dataclasses.replace(
            answer, first=self.first * factor, between=self.between * factor if answer.stream else 0.0
        )
