"""The line about what leaves follows edits, connections and what runs took."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from flowloom.flows.engine.events import Usage
from flowloom.flows.model.edits import SetInput, SetNodeKey
from flowloom.flows.model.flow import Constant
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.run.background import Background
from flowloom.studio.run.privacy import Privacy


@pytest.fixture
def privacy(document: FlowDocument) -> Iterator[Privacy]:
    background = Background()
    found = Privacy(document, background)
    yield found
    found.stop()
    background.settle()


def test_it_follows_the_flow(privacy: Privacy, document: FlowDocument, wait: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINE_TYPE", "open_ai")
    monkeypatch.setenv("MINE_API_KEY", "sk-1234567890")
    monkeypatch.setenv("MINE_BASE_URL", "https://api.example.com/v1")
    assert privacy.leaving.nothing
    document.apply(SetNodeKey("answer", ("connection",), "MINE"))
    document.apply(SetInput("answer", "model", Constant("gpt-4o")))
    wait(lambda: privacy.leaving.recipients, 10)
    assert privacy.leaving.sentence.startswith("api.example.com receives question · about $")
    before = privacy.leaving.estimate.price
    privacy.used({"answer": Usage(100_000, 1000, 101_000, 1)})
    wait(lambda: privacy.leaving.estimate.price != before)
    monkeypatch.delenv("MINE_TYPE")
    privacy.forget()
    wait(lambda: privacy.leaving.unknown == ("MINE",), 10)
    document.undo_stack.setIndex(0)
    wait(lambda: privacy.leaving.nothing)
