"""Saving: each file is written whole beside its old self, forced to disk, and moved into its place. A crash leaves the old or the new.

Files that changed on disk since they were read are not overwritten unless the caller insists.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from flowloom.flows.document.contain import contain
from flowloom.flows.errors import DocumentError, SaveConflict

Content = str | bytes

_SUFFIX: Final = ".saving"


def save(
    root: Path | str,
    files: Mapping[str, Content],
    *,
    base: Mapping[str, Content | None] | None = None,
    force: bool = False,
) -> tuple[str, ...]:
    """Write ``files`` (by path relative to ``root``; text as UTF-8, line endings as given) and return those that changed on disk.

    ``base`` is what each file held when it was read, None where it did not exist; files not in it are not checked. Nothing is written
    where one of them changed since (SaveConflict), unless ``force``. Prompts and code are written before the flow that names them.
    Raises DocumentError where the disk refuses; every file is then whole, the old or the new.
    """
    places = {name: contain(root, name) for name in files}
    contents = {name: _encode(name, content) for name, content in files.items()}
    known = {name: None if held is None else _encode(name, held) for name, held in (base or {}).items()}
    current = {name: _current(name, place) for name, place in places.items()}
    if not force:
        changed = sorted(name for name in files if name in known and current[name] not in (known[name], contents[name]))
        if changed:
            raise SaveConflict(
                f"Changed on disk since it was read: {', '.join(changed)}.",
                file=changed[0],
                hint="Reload to see the other change, or save anyway to overwrite it.",
            )
    written = [name for name in sorted(files, key=_order) if current[name] != contents[name]]
    for name in written:
        write_file(places[name], contents[name], shown=name)
    return tuple(written)


def _order(name: str) -> tuple[bool, str]:
    return name.rpartition("/")[2].startswith("flow.") or name.endswith(".prompty"), name


def _encode(name: str, content: Content) -> bytes:
    if isinstance(content, bytes):
        return content
    try:
        return content.encode("utf-8")
    except UnicodeEncodeError as error:
        line = content.count("\n", 0, error.start) + 1
        raise DocumentError(
            f"{name}, line {line}: a character is broken (half of a pair) and cannot be saved.",
            file=name,
            line=line,
            hint="Delete the character.",
        ) from error


def _current(name: str, place: Path) -> bytes | None:
    from flowloom.flows.document.flow_file import read_regular_file

    return read_regular_file(place, name, limit=None) if os.path.lexists(place) else None


def write_file(place: Path, data: bytes, *, shown: str = "", sync: bool = True, private: bool = False) -> None:
    """Put ``data`` at ``place`` in one step that survives a crash and a power cut. Folders on the way are made.

    Permissions of a file that exists are kept; a new one is for this user alone where it is ``private``. Without ``sync`` it is quicker, and survives the end of this process, not yet a power
    cut: ``sync_file`` makes up for it. Raises DocumentError; the old file is then untouched.
    """
    shown = shown or place.name
    with _words_for(shown):
        _make_folders(place.parent)
        _sweep(place)
        temporary = place.with_name(f".{place.name}.{os.getpid()}-{secrets.token_hex(4)}{_SUFFIX}")
        try:
            handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600 if private else 0o666)
            with os.fdopen(handle, "wb") as stream:
                if place.exists() and hasattr(os, "fchmod"):
                    os.fchmod(stream.fileno(), stat.S_IMODE(place.stat().st_mode))
                stream.write(data)
                stream.flush()
                if sync:
                    os.fsync(stream.fileno())
            os.replace(temporary, place)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        if sync:
            sync_folder(place.parent)


def sync_file(place: Path) -> None:
    """Force a file that was written without to disk, so that it survives a power cut too; one that is gone by now is passed over."""
    try:
        handle = os.open(place, os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        sync_folder(place.parent)
    except OSError:
        # The file is whole without it; a disk that fails is told of by the next save.
        return


@contextmanager
def _words_for(shown: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DocumentError(
            f"{shown} cannot be saved: {error.strerror or error}.",
            file=shown,
            hint="Check that the disk has room and that you may write to the folder, then save again.",
        ) from error


def _make_folders(folder: Path) -> None:
    missing: list[Path] = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Force the names in a folder to disk. Where folders cannot be opened (Windows), the system does so itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(place: Path) -> None:
    """Remove what a killed process left of an earlier save of this file."""
    prefix = f".{place.name}."
    for entry in place.parent.iterdir():
        if not (entry.name.startswith(prefix) and entry.name.endswith(_SUFFIX)):
            continue
        process = entry.name[len(prefix) :].partition("-")[0]
        if process.isdigit() and not _alive(int(process)):
            entry.unlink(missing_ok=True)


def _alive(process: int) -> bool:
    if os.name == "nt" or process == os.getpid():
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
