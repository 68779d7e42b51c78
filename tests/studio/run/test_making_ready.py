"""What a run needs beside the flow's texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowloom.flows.document import read
from flowloom.flows.engine.events import NodeFinished, NodeStarted, RunFinished, RunStarted
from flowloom.flows.errors import UsageError
from flowloom.flows.model.build import build
from flowloom.flows.runs.history import RunHistory
from flowloom.studio.run.making_ready import Recording, hosts_of, make_ready


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINE_TYPE", "open_ai")
    monkeypatch.setenv("MINE_API_KEY", "sk-very-secret-key")
    monkeypatch.setenv("MINE_BASE_URL", "https://api.example.com/v1")


@pytest.mark.usefixtures("service")
def test_connections_are_found_by_name_and_their_secrets_are_masked(letters: Path) -> None:
    file = read(letters)
    ready = make_ready(file, build(file).flow, ("MINE", "nobody", "local"), {"loud.py": "x"})
    assert set(ready.connections) == {"MINE", "local"}
    assert ready.connections["MINE"]["api_key"] == "sk-very-secret-key"
    assert ready.hosts == {"MINE": "api.example.com", "local": None}
    assert ready.redact("key sk-very-secret-key!") == "key ***!"
    assert (ready.request.root, ready.request.file, ready.request.overlay) == (str(letters), "flow.dag.yaml", {"loud.py": "x"})
    assert hosts_of(("MINE", "nobody")) == {"MINE": "api.example.com"}


def test_what_does_not_hold_any_more_is_not_made_ready(letters: Path) -> None:
    file = read(letters)

    def sign() -> str:
        raise UsageError("changed")

    with pytest.raises(UsageError):
        make_ready(file, build(file).flow, (), {}, sign)
    assert make_ready(file, build(file).flow, (), {}, lambda: "hash").request.trust == "hash"


@pytest.mark.usefixtures("service")
def test_records_hold_no_secret(letters: Path) -> None:
    file = read(letters)
    ready = make_ready(file, build(file).flow, ("MINE",), {})
    recording = Recording(letters, {"text": "sk-very-secret-key"}, ready)
    recording.feed([RunStarted("r1", "letters", ("loud",), 1.0), NodeStarted("loud", 1.0), NodeFinished("loud", "SK: sk-very-secret-key", 0.1)])
    recording.feed([RunFinished("r1", "completed", {"result": "x"}, None, 0.2)])
    recording.flush()
    record = RunHistory(letters).load("r1")
    assert record.inputs["text"] == "***"
    assert record.nodes["loud"].output == "SK: ***"
