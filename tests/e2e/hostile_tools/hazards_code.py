"""Tools that harm the interpreter they run in. Each is Python source; ``reached()`` leaves the mark that its hazard was reached.

How a run of it ends: ``lost`` with its worker, ``failed`` as any tool that raises, ``completed`` all the same, ``stopped`` only because
someone stops it, ``ended`` in whatever of these ways.
"""

from __future__ import annotations

from typing import Final

HAZARDS: Final[dict[str, tuple[str, str]]] = {
    # Never coming to an end
    "loop in Python": ("stopped", "def hostile():\n    reached()\n    while True:\n        pass\n"),
    "loop in C": ("stopped", "import collections, itertools\ndef hostile():\n    reached()\n    collections.deque(itertools.count(), maxlen=0)\n"),
    "loop in the regex engine": ("stopped", "import re\ndef hostile():\n    reached()\n    re.match('(a+)+$', 'a' * 60 + 'b')\n"),
    "loop that swallows everything": (
        "stopped",
        "def hostile():\n    reached()\n    while True:\n        try:\n            time.sleep(0.01)\n        except BaseException:\n            pass\n",
    ),
    "loop on the event loop": ("stopped", "async def hostile():\n    reached()\n    while True:\n        time.sleep(0.01)\n"),
    "task that refuses to be cancelled": (
        "stopped",
        "import asyncio\nasync def hostile():\n    reached()\n    while True:\n        try:\n            await asyncio.sleep(600)\n"
        "        except asyncio.CancelledError:\n            pass\n",
    ),
    "loop at import": ("stopped", "reached()\nwhile True:\n    pass\n"),
    "sleep at import": ("stopped", "reached()\ntime.sleep(600)\n"),
    "endless stream": ("stopped", "def hostile():\n    reached()\n    while True:\n        yield 'x' * 100\n"),
    "endless log": ("stopped", "def hostile():\n    reached()\n    while True:\n        print('again')\n"),
    "repr that never returns": (
        "stopped",
        "class Endless:\n    def __repr__(self):\n        reached()\n        while True:\n            pass\ndef hostile():\n    return {'a': Endless()}\n",
    ),
    "lock held for ever": ("stopped", "import threading\ndef hostile():\n    lock = threading.Lock()\n    lock.acquire()\n    reached()\n    lock.acquire()\n"),
    # Ending the interpreter
    "segfault": ("lost", "import ctypes\ndef hostile():\n    reached()\n    ctypes.string_at(0)\n"),
    "abort": ("lost", "def hostile():\n    reached()\n    os.abort()\n"),
    "exit at once": ("lost", "def hostile():\n    reached()\n    os._exit(0)\n"),
    "exit at once with a code": ("lost", "def hostile():\n    reached()\n    os._exit(7)\n"),
    "exit at import": ("lost", "reached()\nos._exit(3)\n"),
    "stack overflow": (
        "lost",
        "def deeper(_):\n    return list(map(deeper, [0]))\ndef hostile():\n    sys.setrecursionlimit(10**9)\n    reached()\n    deeper(0)\n",
    ),
    "bus error": (
        "lost",
        "import mmap\ndef hostile():\n    with open(os.path.join(HERE, 'mapped'), 'w+b') as file:\n        file.write(b'x' * 8192)\n        file.flush()\n"
        "        view = mmap.mmap(file.fileno(), 8192)\n        file.truncate(0)\n        reached()\n        view[5000]\n",
    ),
    # Raising what nobody expects
    "sys.exit": ("failed", "def hostile():\n    reached()\n    sys.exit(3)\n"),
    "KeyboardInterrupt": ("ended", "def hostile():\n    reached()\n    raise KeyboardInterrupt\n"),
    "KeyboardInterrupt at import": ("failed", "reached()\nraise KeyboardInterrupt\n"),
    "an exception of its own making": ("failed", "class Odd(BaseException):\n    def __str__(self):\n        raise Odd\ndef hostile():\n    reached()\n    raise Odd\n"),
    "deep recursion": ("failed", "def hostile(n=0):\n    n or reached()\n    return hostile(n + 1)\n"),
    "loop stopped from within": ("ended", "import asyncio\nasync def hostile():\n    reached()\n    asyncio.get_running_loop().stop()\n    await asyncio.sleep(600)\n"),
    "reads its input": ("failed", "def hostile():\n    reached()\n    return input('Well? ')\n"),
    # Vandalism
    "modules thrown away": ("ended", "def hostile():\n    reached()\n    sys.modules.clear()\n    return 1\n"),
    "modules replaced": (
        "ended",
        "def hostile():\n    reached()\n    for name in list(sys.modules):\n        if name.startswith(('flowloom', 'asyncio', 'json')):\n            sys.modules[name] = None\n    return 1\n",
    ),
    "functions replaced": ("ended", "import json, threading\ndef hostile():\n    reached()\n    json.dumps = json.loads = os.write = threading.Thread.start = lambda *a, **k: None\n    return 1\n"),
    "builtins replaced": ("ended", "import builtins\ndef hostile():\n    reached()\n    builtins.len = builtins.isinstance = builtins.open = lambda *a: 0\n    return 1\n"),
    "engine silenced": (
        "stopped",
        "def hostile():\n    from flowloom.flows.worker.outbox import Outbox\n    reached()\n    Outbox.send = Outbox.event = Outbox.piece = lambda *a: None\n    return 1\n",
    ),
    "timers and handlers at import": (
        "ended",
        "import signal\ndef rage(*_):\n    raise RuntimeError('rage')\nfor name in ('SIGINT', 'SIGTERM', 'SIGALRM', 'SIGCHLD'):\n    signal.signal(getattr(signal, name), rage)\n"
        "reached()\nsignal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)\ndef hostile():\n    time.sleep(0.1)\n    return 1\n",
    ),
    "streams closed": ("ended", "def hostile():\n    reached()\n    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):\n        stream.close()\n    print('x')\n"),
    "tracing that fails": (
        "ended",
        "def trace(*_):\n    raise ValueError('no')\ndef hostile():\n    import threading\n    reached()\n    threading.settrace(trace)\n    sys.settrace(trace)\n    return [str(n) for n in range(3)]\n",
    ),
    "limits of the interpreter": ("ended", "import gc\ndef hostile():\n    reached()\n    gc.disable()\n    sys.setswitchinterval(1000)\n    sys.setrecursionlimit(60)\n    return 1\n"),
    "hang at exit": ("completed", "import atexit\natexit.register(time.sleep, 600)\ndef hostile():\n    reached()\n    return 1\n"),
    "current folder deleted": (
        "completed",
        "import shutil, tempfile\ndef hostile():\n    here = tempfile.mkdtemp()\n    os.chdir(here)\n    shutil.rmtree(here)\n    reached()\n    return 1\n",
    ),
}
