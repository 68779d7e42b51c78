"""Open flow folders in this process and report everything that opening one has no business doing.

Started as a program with JSON on standard input: ``{"do": "open" | "run", "traps": [[name, path], ...], "warm": [path, ...]}``.
It answers with a JSON line before each trap (``{"at": name}``) and one after it (``{"done": name, "faults": [...], "seconds": ...}``),
so that whoever started it knows the trap that killed it. ``run`` is the control: it runs the flows, which must be noticed.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import signal
import sys
import sysconfig
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

SECONDS_OF_WORK = 8.0
"""Processor time that opening one folder may take, all commands together."""
SECONDS_TO_WAIT = 30
MEGABYTES = 500
ADDRESS_SPACE = 4 * 1024**3

ROOT = Path(__file__).resolve().parents[3]
RUNTIME = tuple(
    dict.fromkeys(
        os.path.realpath(path) + os.sep
        for path in [ROOT, sys.prefix, sys.base_prefix, *sysconfig.get_paths().values(), *(p for p in sys.path if p)]
    )
)
FORBIDDEN = (
    "subprocess.", "socket.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.startfile", "os.kill", "os.remove", "os.rename",
    "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown", "os.chflags", "os.utime", "os.setxattr", "os.removexattr",
    "os.putenv", "os.unsetenv", "os.chdir", "os.fchdir", "shutil.", "tempfile.", "ctypes.", "urllib.", "http.client.", "ftplib.", "smtplib.",
    "webbrowser.", "pty.", "signal.", "pickle.", "shelve.", "sys.settrace", "sys.setprofile", "cpython.run_", "syslog.", "builtins.input",
)  # fmt: skip
MAKERS = (
    "/dataclasses.py",
    "/collections/__init__.py",
    "/typing.py",
    "/inspect.py",
    "/enum.py",
    "/jinja2/debug.py",
    "/networkx/utils/decorators.py",
)
"""Modules that execute text of their own making: classes and wrappers put together, tracebacks rewritten."""


class Watch:
    """An audit hook that takes notes while it is told to. It cannot be removed from the process."""

    def __init__(self) -> None:
        self.folder = ""
        self.faults: list[str] = []
        sys.addaudithook(self.hook)

    @contextlib.contextmanager
    def over(self, folder: Path) -> Iterator[list[str]]:
        self.faults = []
        self.folder = os.path.realpath(folder) + os.sep
        try:
            yield self.faults
        finally:
            self.folder = ""

    def hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.folder:
            return
        folder, self.folder = self.folder, ""  # what the hook does itself is no fault
        try:
            fault = self.judge(event, arguments, folder)
            if fault:
                self.faults.append(fault)
        finally:
            self.folder = folder

    def judge(self, event: str, arguments: tuple[Any, ...], folder: str) -> str | None:
        if event.startswith(FORBIDDEN):
            return f"{event} {arguments!r:.200}"
        if event == "exec":
            return self.judge_code(arguments[0])
        if event == "open":
            return self.judge_open(*arguments, folder=folder)
        if event in ("os.listdir", "os.scandir"):
            path = os.getcwd() if arguments[0] is None else arguments[0]
            if isinstance(path, str | bytes) and not inside(path, (folder, *RUNTIME)):
                return f"{event} {path!r}"
        return None

    def judge_code(self, code: Any) -> str | None:
        """Code may be executed if it was written to a file of the runtime, or by the standard library itself."""
        name = code.co_filename
        if name.startswith("<frozen") or inside(name, RUNTIME):
            return None
        frame = sys._getframe(1)
        while frame is not None and frame.f_code.co_filename == __file__:
            frame = frame.f_back
        maker = frame.f_code.co_filename if frame is not None else ""
        return None if name.startswith("<") and maker.endswith(MAKERS) and inside(maker, RUNTIME) else f"exec of {name} by {maker}"

    def judge_open(self, path: Any, mode: Any, flags: Any, *, folder: str) -> str | None:
        if isinstance(path, int):
            return None
        writes = any(letter in (mode or "") for letter in "wax+")
        if isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND):
            writes = True
        if writes:
            return f"open for writing: {path!r}"
        return None if inside(path, (folder, *RUNTIME)) else f"open outside the folder: {path!r}"


def inside(path: str | bytes, roots: tuple[str, ...]) -> bool:
    """Whether a path, with all its links followed, is in one of the folders."""
    place = os.path.realpath(os.fsdecode(path))
    return any(place.startswith(root) or place + os.sep == root for root in roots)


def open_folder(path: Path) -> None:
    """All that the studio and the command line do with a flow that nobody trusts yet."""
    from flowloom.flows.cli.main import main
    from flowloom.flows.document import read
    from flowloom.flows.errors import FlowloomError
    from flowloom.flows.model.build import build

    with contextlib.suppress(FlowloomError):
        build(read(path))
    answers = {}
    for arguments in (["validate", "--json"], ["show"], ["show", "--format", "json"], ["show", "--format", "svg"], ["show", "--format", "mermaid"]):
        said, complained = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained):
            code = main([arguments[0], str(path), *arguments[1:]])
        answers[" ".join(arguments)] = code
        if code not in (0, 1, 2) or "itself failed" in said.getvalue() + complained.getvalue():
            raise AssertionError(f"{arguments} gave {code}: {(said.getvalue() + complained.getvalue())[-600:]}")
    if answers["validate --json"] not in (0, 2):
        raise AssertionError(f"validate gave {answers['validate --json']}")


def run_folder(path: Path) -> None:
    from flowloom.flows import load_flow

    with contextlib.suppress(BaseException):
        load_flow(path).run_result({})


def state(folder: Path) -> dict[str, Any]:
    """What must be the same afterwards."""
    return {
        "files": sorted((str(path), path.lstat().st_mtime_ns, path.lstat().st_size) for path in walk(folder)),
        "sys.path": list(sys.path),
        "environment": dict(os.environ),
        "current directory": os.getcwd(),
        "finders": [repr(finder) for finder in sys.meta_path],
    }


def walk(folder: Path) -> Iterator[Path]:
    yield folder
    for root, folders, names in os.walk(folder):
        yield from (Path(root) / name for name in [*folders, *names])


def foreign_modules(folder: Path) -> list[str]:
    """Modules that came out of the folder."""
    root = (os.path.realpath(folder) + os.sep,)
    return [name for name, module in list(sys.modules.items()) if isinstance(getattr(module, "__file__", None), str) and inside(module.__file__ or "", root)]


def too_slow(number: int, frame: FrameType | None) -> None:
    raise TimeoutError(f"still at it after {SECONDS_TO_WAIT} seconds, in {''.join(traceback.format_stack(frame)[-3:])}")


def examine(watch: Watch, path: Path, do: Callable[[Path], None]) -> tuple[list[str], float]:
    """Do it to one folder, with the folder as the current directory. Returns what was wrong, and the processor seconds it took."""
    folder = path.parent if path.suffix == ".prompty" else path
    os.chdir(folder)
    before, memory = state(folder), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    signal.alarm(SECONDS_TO_WAIT)
    with watch.over(folder) as faults:
        try:
            do(path)
        except BaseException as error:
            faults.append(f"{type(error).__name__}: {str(error)[-900:]}")
    signal.alarm(0)
    seconds = time.process_time() - started
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024
    if seconds > SECONDS_OF_WORK:
        faults.append(f"{seconds:.1f} seconds of work")
    if grown > MEGABYTES:
        faults.append(f"{grown:.0f} MB more memory")
    after = state(folder)
    faults += [f"changed: {what}" for what in before if before[what] != after[what]]
    faults += [f"imported: {name}" for name in foreign_modules(folder)]
    return list(dict.fromkeys(faults)), seconds


def main() -> int:
    asked = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    signal.signal(signal.SIGALRM, too_slow)
    for path in asked["warm"]:  # what is imported when first needed is imported now
        open_folder(Path(path))
    watch = Watch()
    for name, path in asked["traps"]:
        print(json.dumps({"at": name}), flush=True)
        faults, seconds = examine(watch, Path(path), open_folder if asked["do"] == "open" else run_folder)
        print(json.dumps({"done": name, "faults": faults, "seconds": round(seconds, 3)}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
