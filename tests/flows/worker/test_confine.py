"""What is said to hold does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from flowloom.flows.worker.confine import total_memory

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux what bounds a process")

SCRIPT = """
import json, os, sys
from dataclasses import asdict
from flowloom.flows.worker.confine import confine
from flowloom.flows.worker.protocol import Limits
told, group = confine(Limits(**json.loads(sys.argv[1])), os.getppid())
found = {"told": asdict(told), "group": group, "nice": os.nice(0), "groups": open("/proc/self/cgroup").read()}
try:
    bytearray(500 << 20)
    found["memory"] = "given"
except MemoryError:
    found["memory"] = "refused"
print(json.dumps(found))
"""


def confined(**limits: int) -> dict[str, Any]:
    command = [sys.executable, "-c", SCRIPT, json.dumps(limits)]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout)
    if found["group"]:
        os.rmdir(found["group"])
    return found


def test_a_bound_on_memory_is_told_only_where_it_holds() -> None:
    found = confined(memory=300 << 20)
    assert found["told"]["memory"] in (300 << 20, 0)
    assert found["memory"] == ("refused" if found["told"]["memory"] else "given")
    assert confined(memory=0)["told"]["memory"] == 0


def test_it_is_nice_and_goes_with_its_parent() -> None:
    found = confined(nice=5)
    assert found["nice"] == found["told"]["nice"] >= 5
    assert found["told"]["dies_with_parent"] is True
    assert found["told"]["landlock"] >= 0


def test_a_bound_on_processes_is_told_only_within_a_group_of_its_own() -> None:
    found = confined(processes=77)
    if found["group"]:
        assert found["told"]["processes"] == 77
        assert os.path.basename(found["group"]) in found["groups"]
    else:
        assert found["told"]["processes"] == 0
    assert confined(processes=0)["told"]["processes"] == 0


def test_the_memory_of_this_computer_is_known() -> None:
    assert total_memory() > 1 << 28


def test_groups_of_workers_that_are_gone_are_removed() -> None:
    first = subprocess.run([sys.executable, "-c", SCRIPT, "{}"], capture_output=True, text=True, check=True, timeout=30)
    left = json.loads(first.stdout)["group"]
    if not left:
        pytest.skip("not confined: no control group bounds the processes of a worker here")
    assert os.path.isdir(left)
    confined(processes=77)
    assert not os.path.isdir(left)
