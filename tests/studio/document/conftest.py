"""A flow with everything an open one has beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from flowloom.studio.document.attach import Care, attach
from flowloom.studio.document.flow_document import FlowDocument


@pytest.fixture(autouse=True)
def _need_not_survive_a_power_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for the disk is most of what saving costs; tests/flows/document/test_save.py sees to it that it is waited for."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.fixture
def care(document: FlowDocument) -> Iterator[Care]:
    made = attach(document, {})
    yield made
    made.close()
