"""A service with the embedded model's weights, shared by the tests of a file as it is by the users of a process."""

from __future__ import annotations

import os
import select
from collections.abc import Callable, Iterator

import pytest

from flowloom.nodes.services.local_model import LocalModel
from flowloom.nodes.services.local_model.catalogue import SMOLLM2, is_here


@pytest.fixture(scope="module")
def model() -> Iterator[LocalModel]:
    if not is_here(SMOLLM2):
        pytest.skip("the embedded model is not on this computer: flowloom models download")
    service = LocalModel()
    yield service
    service.close()


@pytest.fixture
def ended() -> Callable[[int, float], bool]:
    """Whether a process ends within so many seconds."""

    def wait(pid: int, seconds: float) -> bool:
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            return True
        try:
            return bool(select.select([handle], [], [], seconds)[0])
        finally:
            os.close(handle)

    return wait
