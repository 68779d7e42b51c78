"""What bounds a worker is told as it is; a folder that is not trusted reaches none; the window is not held up."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from flowloom.flows.worker.protocol import Confinement, Limits, RunRequest
from flowloom.flows.worker.supervisor import Supervisor

FLOW = """\
outputs:
  out: {type: string, reference: '${tool.output}'}
nodes:
- {name: tool, type: python, source: {type: code, path: tool.py}, inputs: {}}
"""
TRAPS = ("sitecustomize.py", "usercustomize.py", "flowloom.py", "json.py", "asyncio.py", "promptflow.py", "conftest.py", "__init__.py", "tool.py")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux what bounds a process")


def write(root: Path, source: str) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    (root / "tool.py").write_text("from promptflow.core import tool\nimport os, time\n" + source)
    (root / "flow.dag.yaml").write_text(FLOW)
    return root


def ready(supervisor: Supervisor) -> Confinement:
    supervisor.request("ping").result(20)
    assert supervisor.confinement is not None
    return supervisor.confinement


def test_the_memory_that_is_told_is_the_memory_there_is(tmp_path: Path) -> None:
    root = write(tmp_path / "flow", "@tool\ndef tool_():\n    return len(bytearray(300 << 20))\n")
    for limit, status in ((200 << 20, "failed"), (0, "completed")):
        supervisor = Supervisor(root, limits=Limits(memory=limit))
        try:
            told = ready(supervisor)
            assert told.memory in (limit, 0)
            finished = supervisor.run(RunRequest(root=str(root)), lambda batch: None).done.result(20)
            if told.memory == limit:
                assert finished.status == status
        finally:
            supervisor.close()


def test_a_fork_bomb_is_held_where_a_bound_is_told(tmp_path: Path) -> None:
    source = (
        "@tool\ndef bomb():\n    open(os.path.join(os.path.dirname(__file__), 'marker'), 'w').close()\n"
        "    while True:\n        try:\n            os.fork()\n        except OSError:\n            time.sleep(0.01)\n"
    )
    root = write(tmp_path / "flow", source)
    supervisor = Supervisor(root, limits=Limits(processes=60))
    try:
        told = ready(supervisor)
        if not told.processes:
            pytest.skip("not confined: no control group bounds the processes of a worker here")
        before = len(processes())
        handle = supervisor.run(RunRequest(root=str(root)), lambda batch: None)
        until((root / "marker").exists)
        until(lambda: len(processes()) > before + 20)
        assert len(processes()) <= before + told.processes + 5
        asked = time.monotonic()
        handle.cancel()
        assert handle.done.result(10).status in ("cancelled", "failed")
        assert time.monotonic() - asked < 4
        write(root, "@tool\ndef fine():\n    return 'fine'\n")
        assert supervisor.run(RunRequest(root=str(root)), lambda batch: None).done.result(10).status == "completed"
        until(lambda: len(processes()) <= before + 5)
    finally:
        supervisor.close()


def test_nothing_of_a_folder_that_is_not_trusted_reaches_a_worker(tmp_path: Path) -> None:
    root = write(tmp_path / "flow", "open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'executed'), 'w').close()\n")
    for name in TRAPS:
        (root / name).write_text(f"import os\nopen(os.path.join({str(root)!r}, 'executed'), 'w').close()\n")
    before = Path.cwd()
    os.chdir(root)
    supervisor = Supervisor(root, trusted=False)
    try:
        ready(supervisor)
        run = supervisor.run(RunRequest(root=str(root)), lambda batch: None).done.result(10)
        assert run.error is not None
        assert run.error.kind == "untrusted"
        for kind in ("plan", "preview", "warm"):
            error = supervisor.request(kind, RunRequest(root=str(root), node="tool")).exception(10)
            assert getattr(error, "kind", "") == "untrusted"
        assert supervisor.request("specs").result(30)["specs"]
        assert not (root / "executed").exists()
        assert not [line for pid in processes() for line in open_files(pid) if line.startswith(str(root))]
    finally:
        supervisor.close()
        os.chdir(before)


def test_a_run_whose_bytes_are_not_those_that_were_trusted_is_refused(tmp_path: Path) -> None:
    from flowloom.flows.document import read
    from flowloom.flows.document.trust import run_hash

    root = write(tmp_path / "flow", "@tool\ndef fine():\n    return 'fine'\n")
    trust = run_hash(read(root))
    supervisor = Supervisor(root)
    try:
        request = RunRequest(root=str(root), trust=trust)
        assert supervisor.run(request, lambda batch: None).done.result(20).status == "completed"
        write(root, "open('executed', 'w').close()\n@tool\ndef other():\n    return 'other'\n")
        refused = supervisor.run(request, lambda batch: None).done.result(20)
        assert refused.error is not None
        assert refused.error.kind == "untrusted"
        assert not (root / "executed").exists()
    finally:
        supervisor.close()


def test_a_worker_does_not_outlive_whoever_started_it(tmp_path: Path) -> None:
    root = write(tmp_path / "flow", "@tool\ndef loop():\n    open(os.path.join(os.path.dirname(__file__), 'pid'), 'w').write(str(os.getpid()))\n    while True:\n        pass\n")
    script = (
        "import sys, time\nfrom flowloom.flows.worker.supervisor import Supervisor\nfrom flowloom.flows.worker.protocol import RunRequest\n"
        f"supervisor = Supervisor({str(root)!r})\nsupervisor.run(RunRequest(root={str(root)!r}), lambda batch: None)\ntime.sleep(600)\n"
    )
    studio = subprocess.Popen([sys.executable, "-c", script])
    try:
        until(lambda: (root / "pid").exists() and (root / "pid").read_text())
    finally:
        studio.kill()
        studio.wait()
    pid = int((root / "pid").read_text())
    until(lambda: not is_alive(pid))


@pytest.mark.parametrize(
    "source",
    [
        "@tool\ndef flood():\n    for _ in range(200):\n        os.write(1, b'x' * (1 << 20))\n    return 1\n",
        "@tool\ndef lines():\n    for number in range(60000):\n        print('line', number)\n    return 1\n",
        "@tool\ndef words():\n    for number in range(60000):\n        yield f'{number} '\n",
        "@tool\ndef big():\n    return [{'number': number, 'text': 'x' * 50} for number in range(12000)]\n",
    ],
    ids=["flood", "lines", "words", "big value"],
)
def test_whoever_shows_a_run_is_not_held_up_by_it(source: str, tmp_path: Path) -> None:
    """The longest time this process's other threads went without their turn, while a run poured out all it could."""
    root = write(tmp_path / "flow", source)
    gaps: list[float] = []
    over = threading.Event()

    def beat() -> None:
        last = time.monotonic()
        while not over.is_set():
            time.sleep(0.005)
            gaps.append(time.monotonic() - last)
            last = time.monotonic()

    supervisor = Supervisor(root)
    try:
        ready(supervisor)
        heart = threading.Thread(target=beat)
        heart.start()
        supervisor.run(RunRequest(root=str(root)), lambda batch: None).done.result(60)
        over.set()
        heart.join()
    finally:
        supervisor.close()
    # Other programs on this computer may hold up one beat: they do not hold up two.
    assert sorted(gaps)[-2] < 0.1, sorted(gaps)[-5:]


def processes() -> list[int]:
    """Of everybody, those that have not ended."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and is_alive(int(name))]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def open_files(pid: int) -> list[str]:
    """Files that another process than this one has open or mapped."""
    found: list[str] = []
    if pid == os.getpid():
        return found
    try:
        found += [os.readlink(f"/proc/{pid}/fd/{name}") for name in os.listdir(f"/proc/{pid}/fd")]
        found += [line.split()[-1] for line in Path(f"/proc/{pid}/maps").read_text().splitlines()]
        found.append(os.readlink(f"/proc/{pid}/cwd"))
    except OSError:
        pass
    return found


def until(condition: object, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.005)
