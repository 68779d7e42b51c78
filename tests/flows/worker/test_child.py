"""However it is started, a worker imports nothing of the folder it stands in, and speaks only its protocol on its pipe."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from flowloom.flows.worker import child
from flowloom.flows.worker.protocol import USUAL


def start_message(spool: Path) -> bytes:
    return json.dumps({"start": {"limits": asdict(USUAL), "spool": str(spool), "parent": os.getpid()}}).encode() + b"\n"


def test_prints_go_to_the_log_and_imports_come_from_nowhere_near(tmp_path: Path) -> None:
    here, spool, site = tmp_path / "here", tmp_path / "spool", tmp_path / "site"
    for folder in (here, spool, site):
        folder.mkdir()
    for name in ("json.py", "flowloom.py", "sitecustomize.py", "asyncio.py"):
        (here / name).write_text("raise SystemExit('imported from the current folder')\n")
    # A package of the environment that prints while it is imported.
    (site / "sitecustomize.py").write_text("import os, atexit\natexit.register(lambda: os.write(1, b'parting words'))\n")
    (site / "yaml_noise.py").write_text("import os\nprint('noise')\nos.write(1, b'more noise')\n")
    ask = json.dumps({"ask": 1, "kind": "ping", "body": {}}).encode() + b"\n"
    done = subprocess.run(
        [sys.executable, "-P", child.__file__], input=start_message(spool) + ask, capture_output=True, cwd=here, timeout=30, check=False,
        env={**os.environ, "PYTHONPATH": str(site)}, start_new_session=True,
    )  # fmt: skip
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert "hello" in lines[0], done.stderr
    assert b"imported from" not in done.stderr
    assert not (here / "__pycache__").exists()


def test_standard_streams_lead_nowhere_and_to_the_log() -> None:
    script = (
        f"import sys, os\nsys.path.append({str(Path(child.__file__).parent)!r})\nimport child\n"
        "incoming, outgoing = child.take_pipes()\n"
        "print('printed', end='', flush=True)\nos.write(1, b' written')\nassert sys.stdin.read() == ''\n"
        "os.write(outgoing, b'answer to ' + os.read(incoming, 100))\nassert min(incoming, outgoing) > 2\n"
    )
    done = subprocess.run([sys.executable, "-c", script], input=b"question", capture_output=True, timeout=30, check=False)
    assert (done.stdout, done.stderr) == (b"answer to question", b"printed written")


def test_without_a_first_message_it_ends() -> None:
    done = subprocess.run([sys.executable, "-P", child.__file__], input=b"", capture_output=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (0, b"")
