"""Workers share one model: it is loaded once, by whoever started them, and outlives each of them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from flowloom.flows.engine.events import NodeDelta
from flowloom.flows.node.registry import default_registry
from flowloom.flows.worker.protocol import RunRequest
from flowloom.flows.worker.supervisor import Supervisor
from flowloom.nodes.services.local_model import LocalModel
from flowloom.nodes.services.local_model.catalogue import SMOLLM2, is_here

pytestmark = pytest.mark.model

FLOW = """\
outputs:
  text: {type: string, reference: '${say.output}'}
  pid: {type: int, reference: '${who.output}'}
nodes:
- {name: who, type: python, source: {type: code, path: who.py}, inputs: {}}
- {name: say, type: llm, source: {type: code, path: say.jinja2}, inputs: {max_tokens: TOKENS, temperature: 0}, connection: local, api: chat}
"""


@pytest.fixture
def shared() -> Iterator[LocalModel]:
    """The model of this process, which its workers use."""
    if not is_here(SMOLLM2):
        pytest.skip("the embedded model is not on this computer: flowloom models download")
    service = default_registry().service("local_model")
    service.close()
    yield service
    service.close()


def write(root: Path, tokens: int = 8) -> Path:
    root.mkdir()
    (root / "flow.dag.yaml").write_text(FLOW.replace("TOKENS", str(tokens)))
    (root / "who.py").write_text("import os\nfrom promptflow.core import tool\n\n\n@tool\ndef who() -> int:\n    return os.getpid()\n")
    (root / "say.jinja2").write_text("user:\nTell me a story about a river.\n")
    return root


def test_two_workers_and_the_one_after_a_crash_use_one_process(shared: LocalModel, tmp_path: Path) -> None:
    supervisors = [Supervisor(write(tmp_path / name)) for name in ("one", "two")]
    try:
        texts, workers = [], []
        for turn in range(2):
            for supervisor in supervisors:
                finished = supervisor.run(RunRequest(root=supervisor.root), lambda batch: None).done.result(60)
                assert finished.status == "completed", finished.error
                texts.append(finished.outputs["text"])
                workers.append(finished.outputs["pid"])
            if turn == 0:
                (first,) = shared.status()["processes"]
                for pid in workers:
                    os.kill(pid, signal.SIGKILL)
        (second,) = shared.status()["processes"]
        assert len(set(workers)) == 4
        assert len(set(texts)) == 1
        assert second["pid"] == first["pid"]
        assert second["pid"] not in workers
    finally:
        for supervisor in supervisors:
            supervisor.close()


def test_a_run_that_is_stopped_stops_the_model(shared: LocalModel, tmp_path: Path) -> None:
    supervisor = Supervisor(write(tmp_path / "flow", 4000))
    try:
        seen: list[NodeDelta] = []
        handle = supervisor.run(RunRequest(root=supervisor.root), lambda batch: seen.extend(e for e in batch if isinstance(e, NodeDelta)))
        until(lambda: seen, 60)
        handle.cancel()
        assert handle.done.result(5).status == "cancelled"
        until(lambda: shared.status()["processes"][0]["waiting"] == 0, 10)
    finally:
        supervisor.close()


def until(condition: object, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.01)
