"""Lines reach the pipe whole and in order, at once where it has room; nothing is written where the pipe no longer is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from flowloom.flows.worker.outbox import LOST_PIPE, Outbox

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pipes as POSIX has them")


def test_lines_from_many_threads_stay_whole_while_the_reader_is_slow() -> None:
    reading, writing = os.pipe()
    outbox = Outbox(writing)
    threads = [
        threading.Thread(target=lambda name=name: [outbox.send(json.dumps([name, number, "x" * 500])) for number in range(200)])
        for name in range(4)
    ]
    for thread in threads:
        thread.start()
    received = b""
    while received.count(b"\n") < 800:
        received += os.read(reading, 10_000)
        time.sleep(0.0005)
    for thread in threads:
        thread.join()
    lines = [json.loads(line) for line in received.splitlines()]
    for name in range(4):
        assert [number for who, number, _ in lines if who == name] == list(range(200))
    os.close(reading)


def test_pieces_of_a_stream_travel_together_and_before_what_follows() -> None:
    reading, writing = os.pipe()
    outbox = Outbox(writing)
    outbox.piece('"r"', "a", "output", "first ")
    for number in range(100):
        outbox.piece('"r"', "a", "output", f"{number} ")
    outbox.piece('"r"', "b", "output", "other")
    outbox.event('"r"', '{"type":"log"}')
    outbox.flush(1)
    lines = [json.loads(line)["e"] for line in os.read(reading, 1 << 16).splitlines()]
    assert "".join(line["chunk"] for line in lines if line.get("node") == "a") == "first " + "".join(f"{n} " for n in range(100))
    assert [line.get("node") for line in lines][-2:] == ["b", None]
    assert len(lines) < 20
    os.close(reading)


def test_a_last_piece_is_sent_without_another_following() -> None:
    reading, writing = os.pipe()
    outbox = Outbox(writing)
    outbox.piece('"r"', "a", "output", "one")
    outbox.piece('"r"', "a", "output", "two")
    received = b""
    while b"two" not in received:
        received += os.read(reading, 1 << 16)
    os.close(reading)


@pytest.mark.parametrize("harm", ["os.close(writing)", "os.dup2(file, writing)", "os.close(reading)"])
def test_a_worker_without_its_pipe_ends_and_writes_nowhere_else(harm: str, tmp_path: Path) -> None:
    script = (
        "import os, sys, time\nfrom flowloom.flows.worker.outbox import Outbox\n"
        f"reading, writing = os.pipe()\nfile = os.open({str(tmp_path / 'file')!r}, os.O_CREAT | os.O_WRONLY)\n"
        f"outbox = Outbox(writing)\n{harm}\noutbox.send('{{}}')\ntime.sleep(60)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], timeout=30, check=False)
    assert done.returncode == LOST_PIPE
    assert (tmp_path / "file").read_bytes() == b""
