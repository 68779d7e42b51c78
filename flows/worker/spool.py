"""The folder between a supervisor and its workers: big values, and an empty place for workers to be in."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Final

_PREFIX: Final = "flowloom-worker-"
_OWNER: Final = "owner"
_OLD: Final = 600.0


def make_spool() -> Path:
    """A fresh folder that only this user may enter. Those of processes that ended without a word are removed."""
    with contextlib.suppress(OSError):
        _sweep(Path(tempfile.gettempdir()))
    place = Path(tempfile.mkdtemp(prefix=_PREFIX))
    (place / _OWNER).write_text(str(os.getpid()), encoding="ascii")
    return place


def remove_spool(place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)


def _sweep(folder: Path) -> None:
    for place in folder.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError, ValueError):
            state = place.stat(follow_symlinks=False)
            is_ours = not hasattr(os, "getuid") or state.st_uid == os.getuid()
            if is_ours and time.time() - state.st_mtime > _OLD and not _is_running(int((place / _OWNER).read_text())):
                remove_spool(place)


def _is_running(pid: int) -> bool:
    if os.name != "posix":
        return True  # asking could end it
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
