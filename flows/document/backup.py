"""Unsaved work of an open flow, kept beside it so that a crash loses none: one file a process, gone once the work is saved or discarded.

A backup bears the mark of this computer's user, made with a key in the state directory: a folder from elsewhere cannot bring 'unsaved
work' along that would be taken for the person's own.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import time
from typing import Any, Final

from flowloom.flows.document.contain import contain
from flowloom.flows.document.private_folder import private_folder
from flowloom.flows.document.save import write_file
from flowloom.flows.errors import FlowloomError
from flowloom.flows.model.flow import EMPTY

_VERSION: Final = 1
_FOLDER: Final = "backup"


@dataclass(frozen=True)
class Backup:
    """``files`` are the texts that saving would write, by path; None for files it would move to the trash."""

    flow: str
    """The flow file's name."""
    files: Mapping[str, str | None]
    base: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    """Digests of what the disk held when they were edited, by path; a file that did not exist is not among them."""
    when: float = 0.0
    """Seconds since 1970."""
    place: Path | None = None
    """Where it is kept."""


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def backup_place(root: str | os.PathLike[str], flow: str) -> Path:
    """Where this process keeps its backup of a flow. Creates nothing."""
    return _folder(root) / f"{flow}.{os.getpid()}.json"


def keep_backup(root: str | os.PathLike[str], backup: Backup) -> Path:
    """Write a backup in place of the one before, and return where: it survives the end of this process, and once ``sync_file`` was called
    on it a power cut too. Raises DocumentError, PathError."""
    place = backup_place(root, backup.flow)
    if place.parent == Path(os.path.realpath(root)) / ".flowloom" / _FOLDER:
        private_folder(os.fspath(root), _FOLDER)
    process = {"id": os.getpid(), "started": _started(os.getpid())}
    data = {
        "version": _VERSION,
        "flow": backup.flow,
        "process": process,
        "when": backup.when or time(),
        "base": dict(backup.base),
        "files": dict(backup.files),
    }
    # Lone surrogates, which no file can hold but an edit may, travel as escapes.
    body = json.dumps(data).encode("ascii")
    write_file(place, _mark(body, _key()) + b"\n" + body, shown="the backup of unsaved work", sync=False)
    return place


def drop_backup(root: str | os.PathLike[str], flow: str) -> None:
    """Forget this process's backup of a flow. Raises DocumentError."""
    forget(Backup(flow, {}, place=backup_place(root, flow)))


def forget(backup: Backup) -> None:
    """Delete a backup, after it was recovered or refused. Raises DocumentError."""
    if backup.place is None:
        return
    try:
        backup.place.unlink(missing_ok=True)
    except OSError as error:
        from flowloom.flows.errors import DocumentError

        raise DocumentError(
            f"The backup of unsaved work cannot be deleted: {error.strerror or error}.",
            file=backup.place.name,
            hint="Check that you may write to the folder, or delete the file by hand.",
        ) from error


def left_behind(root: str | os.PathLike[str], flow: str) -> list[Backup]:
    """Backups of a flow by processes that are no more, the newest first. What cannot be read is passed over."""
    found: list[Backup] = []
    for place in _places(root, flow):
        try:
            mark, _, body = place.read_bytes().partition(b"\n")
            if not hmac.compare_digest(mark, _mark(body, _key(make=False))):
                continue
            data = json.loads(body)
            if data["version"] == _VERSION and data["flow"] == flow and not _lives(data["process"]):
                found.append(Backup(flow, _texts(root, data["files"]), _digests(data["base"]), float(data["when"]), place))
        except (OSError, ValueError, KeyError, TypeError, FlowloomError):
            continue
    return sorted(found, key=lambda backup: -backup.when)


def _mark(body: bytes, key: bytes) -> bytes:
    return hmac.new(key, body, hashlib.sha256).hexdigest().encode("ascii")


def _key(*, make: bool = True) -> bytes:
    """The key of this user's marks. Raises DocumentError where it cannot be made, OSError where there is none and none is made."""
    from flowloom.flows.engine.places import state_directory

    place = state_directory() / "backup.key"
    if make and not place.exists():
        made = place.with_name(f"backup.key.{secrets.token_hex(8)}")
        write_file(made, secrets.token_bytes(32), shown="the key of backups", private=True)
        # The first to come gives the name: two windows agree on one key.
        with suppress(FileExistsError):
            os.link(made, place)
        made.unlink()
    return place.read_bytes()


def _texts(root: str | os.PathLike[str], written: Any) -> dict[str, str | None]:
    texts: dict[str, str | None] = {}
    for path, text in dict(written).items():
        contain(os.fspath(root), path)  # a backup with a path that leads elsewhere is not ours
        texts[str(path)] = None if text is None else str(text)
    return texts


def _digests(written: Any) -> dict[str, str]:
    return {str(path): str(value) for path, value in dict(written).items()}


def _places(root: str | os.PathLike[str], flow: str) -> Iterator[Path]:
    folder = _folder(root)
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return
    for name in names:
        stem = name.removeprefix(f"{flow}.").removesuffix(".json")
        if name == f"{flow}.{stem}.json" and stem.isdigit():
            yield folder / name


def _folder(root: str | os.PathLike[str]) -> Path:
    from flowloom.flows.engine.places import private_place

    return private_place(root) / _FOLDER


def _started(process: int) -> str:
    """When a process began, as its system tells it: numbers of processes come again. Empty where the system does not say."""
    try:
        with open(f"/proc/{process}/stat", "rb") as status:
            return status.read().rpartition(b")")[2].split()[19].decode("ascii")
    except (OSError, IndexError):
        return ""


def _lives(process: Any) -> bool:
    number = int(process["id"])
    if number == os.getpid():
        return process["started"] == _started(number)
    if os.name != "nt":
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return False
        except (PermissionError, OverflowError):
            pass
    return process["started"] == _started(number)
