"""A worker knows when it is no longer itself. Each harm is done in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

HARMS = {
    "nothing": ("pass", ""),
    "a thread that waits": ("threading.Thread(target=time.sleep, args=(60,), daemon=True).start()", ""),
    "a thread at work": ("threading.Thread(target=spin, name='busy', daemon=True).start()", "the thread 'busy' goes on"),
    "a node's thread": ("threading.Thread(target=time.sleep, args=(60,), name='flow-x-0', daemon=True).start()", "a node's thread goes on"),
    "our own thread": ("threading.Thread(target=spin, name='flowloom-model-_read', daemon=True).start()", ""),
    "many threads": ("[threading.Thread(target=time.sleep, args=(60,), daemon=True).start() for _ in range(40)]", "40 threads were left behind"),
    "a child": ("subprocess.Popen(['sleep', '60'])", "a process was left behind (sleep)"),
    "a service's child": ("subprocess.Popen(['sleep', '60'], env={**os.environ, 'FLOWLOOM_SERVICE': '1'})", ""),
    "a child that has ended": ("subprocess.Popen(['true']); time.sleep(0.3)", ""),
    "a module replaced": ("sys.modules['json'] = object()", "the module json was replaced"),
    "a function replaced": ("json.dumps = print", "the module json was changed"),
    "a builtin replaced": ("builtins.open = print", "Python's own functions were changed"),
    "memory kept": ("kept = bytearray(700 << 20)", "it keeps more than half of the memory it may take"),
    "what can be put back": ("sys.stdout = None; signal.signal(signal.SIGTERM, print); sys.setrecursionlimit(90); sys.excepthook = print", ""),
}

SCRIPT = """
import builtins, gc, json, os, signal, subprocess, sys, threading, time
import asyncio, flowloom.flows.api, flowloom.flows.engine.run, flowloom.flows.engine.scheduler, flowloom.flows.worker.outbox
from flowloom.flows.worker.health import Health
def spin():
    while True: pass
health, write, out = Health(1 << 30), os.write, sys.stdout
{harm}
health.restore()
assert sys.stdout is out and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL and sys.getrecursionlimit() > 500
write(1, health.trouble().encode())
os.killpg(0, 9) if os.getpgrp() == os.getpid() else os._exit(0)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux what a process left behind")
@pytest.mark.parametrize("name", HARMS)
def test_harm_is_noticed_and_harmless_things_are_not(name: str) -> None:
    harm, trouble = HARMS[name]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.replace("{harm}", harm)], capture_output=True, text=True, timeout=30, check=False, start_new_session=True
    )
    assert done.stdout == trouble, done.stderr
