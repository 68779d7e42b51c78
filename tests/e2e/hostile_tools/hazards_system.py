"""Tools that harm the process they run in, start others, or take all they can get. See ``hazards_code``. ``note(pid)`` writes down a process
that must be gone afterwards."""

from __future__ import annotations

from typing import Final

HAZARDS: Final[dict[str, tuple[str, str]]] = {
    # Output
    "a gigabyte printed": ("completed", "def hostile():\n    reached()\n    line = 'x' * (1 << 20)\n    for _ in range(1024):\n        print(line)\n    return 1\n"),
    "a gigabyte past Python": ("completed", "def hostile():\n    reached()\n    block = b'x' * (1 << 20)\n    for _ in range(1024):\n        os.write(1, block)\n    return 1\n"),
    "rubbish on every stream": (
        "completed",
        "def hostile():\n    reached()\n    for _ in range(200):\n        os.write(1, os.urandom(4096) + b'\\n{\"ended\": \"x\"}\\n')\n        os.write(2, b'\\xff\\xfe\\x00')\n"
        "    sys.stdout.write('\\ud800\\x00')\n    return 1\n",
    ),
    "rubbish in every pipe": (
        "ended",
        "def hostile():\n    reached()\n    for number in range(3, 1100):\n        try:\n            os.write(number, b'}}} rubbish\\n')\n        except OSError:\n            pass\n    time.sleep(0.2)\n    return 1\n",
    ),
    "an endless line in every pipe": (
        "ended",
        "def hostile():\n    reached()\n    for number in range(900, 1000):\n        for _ in range(1000):\n            try:\n                os.set_blocking(number, True)\n                os.write(number, b'x' * 65536)\n            except OSError:\n                break\n    return 1\n",
    ),
    # Descriptors
    "all descriptors closed": ("lost", "def hostile():\n    reached()\n    os.closerange(0, 4096)\n    time.sleep(0.3)\n    return 1\n"),
    "standard descriptors closed": ("completed", "def hostile():\n    reached()\n    os.closerange(0, 3)\n    return 1\n"),
    "descriptors turned to a file": (
        "lost",
        "def hostile():\n    file = os.open(os.path.join(HERE, 'mine'), os.O_CREAT | os.O_WRONLY)\n    reached()\n    for number in range(1024):\n        if number != file:\n"
        "            os.dup2(file, number)\n    return 1\n",
    ),
    "descriptors used up": (
        "ended",
        "kept = []\ndef hostile():\n    reached()\n    while True:\n        kept.append(open(os.devnull))\n",
    ),
    # Signals to itself
    "killed": ("lost", "import signal\ndef hostile():\n    reached()\n    os.kill(os.getpid(), signal.SIGKILL)\n    time.sleep(600)\n"),
    "terminated": ("lost", "import signal\ndef hostile():\n    reached()\n    os.kill(os.getpid(), signal.SIGTERM)\n    time.sleep(600)\n"),
    "put to sleep": ("lost", "import signal\ndef hostile():\n    reached()\n    os.kill(os.getpid(), signal.SIGSTOP)\n    time.sleep(600)\n"),
    "its group killed": ("lost", "import signal\ndef hostile():\n    reached()\n    os.killpg(os.getpgrp(), signal.SIGKILL)\n    time.sleep(600)\n"),
    # Threads and processes left behind
    "threads left spinning": (
        "completed",
        "import threading\ndef spin():\n    while True:\n        pass\ndef hostile():\n    for _ in range(4):\n        threading.Thread(target=spin).start()\n    reached()\n    return 1\n",
    ),
    "threads left printing": (
        "completed",
        "import threading\ndef spin():\n    while True:\n        print('still here')\ndef hostile():\n    for _ in range(2):\n        threading.Thread(target=spin).start()\n    reached()\n    return 1\n",
    ),
    "threads beyond counting": (
        "ended",
        "import threading\ndef hostile():\n    reached()\n    for _ in range(400):\n        threading.Thread(target=time.sleep, args=(600,)).start()\n    return 1\n",
    ),
    "a child left behind": ("completed", "import subprocess\ndef hostile():\n    note(subprocess.Popen(['sleep', '600']).pid)\n    reached()\n    return 1\n"),
    "children while it loops": (
        "stopped",
        "import subprocess\ndef hostile():\n    for _ in range(5):\n        note(subprocess.Popen(['sleep', '600']).pid)\n    reached()\n    while True:\n        pass\n",
    ),
    "a child that left its session": (
        "completed",
        "import subprocess\ndef hostile():\n    note(subprocess.Popen(['sleep', '600'], start_new_session=True).pid)\n    reached()\n    return 1\n",
    ),
    "a child without a trace": (
        "completed",
        "import subprocess\ndef hostile():\n    code = \"import os,sys,time\\nif os.fork(): os._exit(0)\\nos.setsid()\\nif os.fork(): os._exit(0)\\n\"\n"
        "    code += \"open(sys.argv[1],'a').write(f'{os.getpid()}\\\\n')\\ntime.sleep(600)\"\n"
        "    subprocess.run([sys.executable, '-c', code, os.path.join(HERE, 'pids')], env={})\n    time.sleep(0.3)\n    reached()\n    return 1\n",
    ),
    "a daemon left by one that dies": (
        "lost",
        "import subprocess\ndef hostile():\n    note(subprocess.Popen(['sleep', '600'], start_new_session=True).pid)\n    reached()\n    os._exit(1)\n",
    ),
    "a fork that goes on": (
        "completed",
        "def hostile():\n    pid = os.fork()\n    if pid:\n        note(pid)\n        reached()\n        return 1\n    while True:\n        time.sleep(0.1)\n",
    ),
    "a fork that returns too": ("ended", "def hostile():\n    pid = os.fork()\n    if pid:\n        note(pid)\n        reached()\n        time.sleep(0.1)\n    return pid\n"),
    # Memory
    "memory taken without end": ("ended", "def hostile():\n    kept = []\n    reached()\n    while True:\n        kept.append(bytearray(1 << 24))\n"),
    "memory taken in small pieces": ("ended", "def hostile():\n    kept = []\n    reached()\n    while True:\n        kept.append([{} for _ in range(100_000)])\n"),
    "memory asked for at once": ("failed", "def hostile():\n    reached()\n    return len(bytearray(1 << 40))\n"),
    # Values
    "a giant text returned": ("completed", "def hostile():\n    reached()\n    return 'x' * (60 << 20)\n"),
    "a giant list returned": ("ended", "def hostile():\n    reached()\n    return list(range(3_000_000))\n"),
    "a value in itself": ("failed", "def hostile():\n    found = []\n    found.append(found)\n    reached()\n    return found\n"),
    "nesting without end": ("ended", "def hostile():\n    found = []\n    for _ in range(100_000):\n        found = [found]\n    reached()\n    return found\n"),
}
