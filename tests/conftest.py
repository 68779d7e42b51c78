"""Shared by all tests: how many random examples to draw, and with which seed.

``FLOWLOOM_SOAK=1`` (``make soak``) draws all examples; otherwise a sample. The seed is printed, and ``FLOWLOOM_SEED`` repeats it.
"""

from __future__ import annotations

import gc
import os
import random
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from flowloom.nodes.services.demo_server.server import DemoServer

SOAK = os.environ.get("FLOWLOOM_SOAK") == "1"
SEED = int(os.environ.get("FLOWLOOM_SEED") or random.SystemRandom().randrange(2**32))

settings.register_profile("sample", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("soak", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("soak" if SOAK else "sample")


def pytest_report_header() -> str:
    return f"flowloom: {'all' if SOAK else 'a sample of'} random examples, FLOWLOOM_SEED={SEED}"


@pytest.fixture(autouse=True)
def _garbage_is_collected(request: pytest.FixtureRequest) -> None:
    """Tests of windows switch the collector off, since it may run in any thread; the next test without a window has it again."""
    if not gc.isenabled() and "application" not in request.fixturenames:
        gc.collect()
        gc.enable()


@pytest.fixture
def samples() -> int:
    """How many rounds a long random test makes: multiply by its own unit."""
    return 20 if SOAK else 1


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """Random numbers that depend on the printed seed and the test's name only."""
    return random.Random(f"{SEED}:{request.node.nodeid}")


@pytest.fixture
def openai_server() -> Iterator[DemoServer]:
    """A stand-in for OpenAI's API on a free port of this computer; see ``tests/servers/openai_server/README.md``."""
    from flowloom.nodes.services.demo_server.server import DemoServer

    with DemoServer().in_thread() as server:
        yield server
