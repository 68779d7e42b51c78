"""The worker as its supervisor hears it: the protocol itself, spoken over two pipes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from flowloom.flows.worker import child
from flowloom.flows.worker.protocol import USUAL, RunRequest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="ends process groups")


class Talk:
    def __init__(self, spool: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", child.__file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
        )
        self.say({"start": {"limits": asdict(USUAL), "spool": str(spool), "parent": os.getpid()}})

    def say(self, message: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write((message if isinstance(message, bytes) else json.dumps(message).encode()) + b"\n")
        self.process.stdin.flush()

    def hear(self, *kinds: str) -> dict[str, Any]:
        """The next message of one of these kinds."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            message = json.loads(line)
            if set(kinds) & message.keys():
                return message
        raise AssertionError(f"it ended before it said {kinds}")


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Talk]:
    made = Talk(tmp_path)
    yield made
    made.process.kill()
    made.process.communicate()


def test_it_greets_hears_runs_and_says_when_it_is_done(talk: Talk, write_flow: Callable[..., Path]) -> None:
    assert talk.hear("hello")["hello"]["confinement"]["nice"] >= 0
    root = write_flow({"a": "echo x=1"}, outputs={"o": "${a.output}"})
    talk.say({"run": RunRequest(root=str(root), run_id="one").as_json()})
    assert talk.hear("accepted", "r") == {"accepted": "one"}
    assert talk.hear("r")["e"]["type"] == "run_started"
    assert talk.hear("ended") == {"ended": "one", "poisoned": ""}


def test_a_run_cancelled_before_it_began_only_ends(talk: Talk, write_flow: Callable[..., Path]) -> None:
    root = write_flow({"a": "mark"}, tools={"mark": "open('imported', 'w').close()\n@tool\ndef mark(): return 1"}, outputs={"o": "${a.output}"})
    talk.say({"cancel": "one"})
    talk.say({"run": RunRequest(root=str(root), run_id="one").as_json()})
    assert talk.hear("r")["e"]["type"] == "run_started"
    ended = talk.hear("r")["e"]
    assert (ended["type"], ended["status"]) == ("run_finished", "cancelled")
    assert talk.hear("ended") == {"ended": "one", "poisoned": ""}
    assert not (root / "imported").exists()


def test_changed_code_is_left_to_a_fresh_worker(talk: Talk, write_flow: Callable[..., Path]) -> None:
    root = write_flow({"a": "echo x=1"}, outputs={"o": "${a.output}"})
    talk.say({"run": RunRequest(root=str(root), run_id="one").as_json()})
    talk.hear("ended")
    talk.say({"run": RunRequest(root=str(root), overlay={"echo.py": "1 / 0"}, run_id="two").as_json()})
    assert talk.hear("stale", "r") == {"stale": "two", "why": "echo.py"}


def test_questions_are_answered_by_their_numbers(talk: Talk) -> None:
    talk.say({"ask": 7, "kind": "ping", "body": {}})
    talk.say({"ask": 8, "kind": "dance"})
    replies = {reply["reply"]: reply for reply in (talk.hear("reply"), talk.hear("reply"))}
    assert replies[7]["result"] == {}
    assert replies[8]["error"]["kind"] == "usage"


@pytest.mark.parametrize("last", [b"", b"not json"], ids=["the pipe closes", "rubbish"])
def test_it_ends_when_nobody_in_their_right_mind_asks_any_more(talk: Talk, last: bytes) -> None:
    talk.hear("hello")
    assert talk.process.stdin is not None
    if last:
        talk.say(last)
        assert talk.process.wait(10) == 70
    talk.process.stdin.close()
    talk.process.wait(10)
    talk.process.stdin = None
