from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from flowloom.nodes.services.local_model import host
from flowloom.nodes.services.local_model.catalogue import SMOLLM2, is_here, place_of
from flowloom.nodes.services.local_model.process import runtime_folder

pytestmark = pytest.mark.model


@pytest.fixture
def running() -> Iterator[subprocess.Popen[str]]:
    if not is_here(SMOLLM2):
        pytest.skip("the embedded model is not on this computer: flowloom models download")
    process = start(place_of(SMOLLM2))
    with process:
        yield process
        process.kill()


def start(model: Path) -> subprocess.Popen[str]:
    options = {
        "model": str(model),
        "context": 512,
        "packages": runtime_folder(),
        "idle_seconds": 1.0,
        "parent": os.getpid(),
    }
    command = [sys.executable, "-I", host.__file__, json.dumps(options)]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


def say(process: subprocess.Popen[str], *messages: dict[str, Any]) -> None:
    assert process.stdin is not None
    process.stdin.writelines(json.dumps(message) + "\n" for message in messages)
    process.stdin.flush()


def hear(process: subprocess.Popen[str]) -> dict[str, Any]:
    pipe: IO[str] | None = process.stdout
    assert pipe is not None
    return json.loads(pipe.readline())


def request(number: int, **body: Any) -> dict[str, Any]:
    return {
        "id": number,
        "body": {"messages": [{"role": "user", "content": "Say hi."}], "max_tokens": 3, **body},
        "schema": None,
    }


def test_requests_are_answered_in_order_and_cancelled_ones_not_at_all(running: subprocess.Popen[str]) -> None:
    say(running, request(1, max_tokens=30), request(2), request(3), {"cancel": 2})
    chunks: dict[int, int] = {}
    ends: list[int] = []
    others: list[str] = []
    while len(ends) < 3:
        message = hear(running)
        if "chunk" in message:
            chunks[message["id"]] = chunks.get(message["id"], 0) + 1
        elif "end" in message:
            ends.append(message["id"])
        else:
            others += message
    assert ends == [1, 2, 3]
    assert sorted(others) == ["acknowledged", "ready"]
    assert chunks.keys() == {1, 3}


def test_an_error_of_one_request_leaves_the_others_alone(running: subprocess.Popen[str]) -> None:
    bad = {"id": 1, "body": {"messages": "none"}, "schema": None}
    say(running, bad, request(2))
    messages = [hear(running) for _ in range(3)]
    assert messages[1]["id"] == 1
    assert "messages" in messages[1]["error"]["message"]
    assert messages[2] == {"id": 1, "end": True}
    assert hear(running)["id"] == 2


def test_idleness_is_told(running: subprocess.Popen[str]) -> None:
    assert "ready" in hear(running)
    assert hear(running) == {"idle": True}


def test_the_end_of_its_input_is_its_end(running: subprocess.Popen[str]) -> None:
    assert "ready" in hear(running)
    assert running.stdin is not None
    running.stdin.close()
    assert running.wait(5) == 0


def test_a_model_that_cannot_be_loaded_is_told(tmp_path: Path) -> None:
    (tmp_path / "no.gguf").write_bytes(b"GGUF")
    with start(tmp_path / "no.gguf") as process:
        assert "failed" in hear(process)
        assert process.wait(5) == 1
