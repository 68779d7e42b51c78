"""Which files of a folder can run when its flow does: code, prompts, flows, programs, and data that runs as it is read.

Rather one file too many than one too few. Tables, pictures and other plain data are left out: a run may write them.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from flowloom.flows.errors import DocumentError

Kind = Literal["flow", "python", "prompt", "program", "settings", "data", "other"]
"""``data`` runs code as it is read (a pickle); ``other`` counts only because the flow names it."""

SKIPPED_FOLDERS: Final = frozenset({".git", ".flowloom", ".promptflow", "__pycache__"})
"""Never searched: byte code is neither read nor written, and the others hold records."""
_BY_STATUS: Final = frozenset({"node_modules", "site-packages"})
"""Folders of thousands of installed files: their sizes and times stand for their bytes. So for one that holds ``pyvenv.cfg``."""
MOST_ENTRIES: Final = 50_000
_LARGE: Final = 64 * 1024 * 1024
"""Beyond this a file's size, times, beginning and end stand for its bytes."""
_EDGE: Final = 1024 * 1024

_SUFFIXES: Final[Mapping[str, Kind]] = {
    **dict.fromkeys((".py", ".pyw", ".pyc", ".pyi", ".ipynb"), "python"),
    **dict.fromkeys((".jinja2", ".jinja", ".j2", ".prompty"), "prompt"),
    **dict.fromkeys((".yaml", ".yml", ".toml", ".ini", ".cfg", ".env"), "settings"),
    **dict.fromkeys((".so", ".pyd", ".dll", ".dylib", ".exe", ".egg", ".whl", ".jar", ".pth", ".zip"), "program"),
    **dict.fromkeys((".sh", ".bash", ".zsh", ".bat", ".cmd", ".ps1", ".js", ".mjs", ".cjs", ".ts", ".rb", ".pl", ".r", ".lua"), "program"),
    **dict.fromkeys((".pkl", ".pickle", ".joblib", ".dill", ".pt", ".pth", ".ckpt", ".npy", ".npz", ".h5", ".keras"), "data"),
}  # fmt: skip
_FLOW_NAMES: Final = ("flow.dag.yaml", "flow.dag.yml", "flow.flex.yaml", "flow.flex.yml")
_OFFICE: Final = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".epub")
"""Archives that are documents."""


@dataclass(frozen=True, slots=True)
class RunFile:
    """One file that can run. ``path`` is relative to the flow's folder; of an included file it leads out of it."""

    path: str
    kind: Kind
    digest: str
    target: str
    """Its path in the folder a run works in: another one where it is included."""
    text: str | None = None
    """What was read, where it is text of moderate size that was read whole."""


def kind_of(name: str) -> Kind | None:
    """By the file's name alone; None where only its first bytes could tell."""
    base = name.rpartition("/")[2].lower()
    if base in _FLOW_NAMES:
        return "flow"
    return _SUFFIXES.get(os.path.splitext(base)[1])


def walk(root: str, *, within: str = "") -> Iterator[tuple[str, str, bool]]:
    """Every file below ``root``: its path relative to it, its place, and whether its status stands for its bytes.

    Links are followed, as imports follow them; with ``within`` only those that stay inside that folder. Raises DocumentError where there
    are more entries than can be looked through.
    """
    seen: set[str] = set()
    count = 0
    waiting = [("", os.path.abspath(root), False)]
    while waiting:
        inside, folder, by_status = waiting.pop()
        real = os.path.realpath(folder)
        if real in seen:
            continue
        seen.add(real)
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError:
            continue
        by_status = by_status or any(entry.name == "pyvenv.cfg" for entry in entries)
        for entry in entries:
            count += 1
            if count > MOST_ENTRIES:
                raise DocumentError(
                    f"The folder holds more than {MOST_ENTRIES:,} files: what would run cannot be checked.",
                    hint="Keep a flow's data and environments outside of its folder.",
                )
            path = f"{inside}{entry.name}"
            if within and not _inside(os.path.realpath(entry.path), within):
                continue
            if entry.is_dir():
                if entry.name not in SKIPPED_FOLDERS:
                    waiting.append((f"{path}/", entry.path, by_status or entry.name in _BY_STATUS))
            else:
                yield path, entry.path, by_status


def _inside(place: str, folder: str) -> bool:
    return place == folder or place.startswith(folder.rstrip(os.sep) + os.sep)


def read_run_file(path: str, place: str, target: str, *, by_status: bool = False, named: bool = False) -> RunFile | None:
    """The file at ``place`` where it can run, or is ``named`` by the flow. None for plain data, and for what cannot be read."""
    try:
        status = os.stat(place)
        kind = kind_of(path)
        if not stat.S_ISREG(status.st_mode):
            return None
        if by_status:
            return None if kind is None else RunFile(path, kind, _status_digest(status), target)
        with open(place, "rb") as stream:
            start = stream.read(8)
            kind = kind or _kind_of_bytes(start, path) or ("other" if named else None)
            if kind is None:
                return None
            if status.st_size > _LARGE:
                start += stream.read(_EDGE)
                stream.seek(-_EDGE, os.SEEK_END)
                return RunFile(path, kind, hashlib.sha256(_status_digest(status).encode() + start + stream.read()).hexdigest(), target)
            data = start + stream.read(_LARGE)
    except OSError:
        # What cannot be read cannot run either; once it can, the digest is another.
        return None
    text = _text(data) if kind != "program" else None
    return RunFile(path, kind, hashlib.sha256(data).hexdigest(), target, text)


def unsaved_run_file(path: str, text: str, *, named: bool = False) -> RunFile | None:
    """The same for text that is not on the disk yet."""
    data = text.encode("utf-8", "surrogatepass")
    kind = kind_of(path) or _kind_of_bytes(data[:8], path) or ("other" if named else None)
    return None if kind is None else RunFile(path, kind, hashlib.sha256(data).hexdigest(), path, text)


def _text(data: bytes) -> str | None:
    if len(data) > 4 * _EDGE:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _status_digest(status: os.stat_result) -> str:
    return f"{status.st_size}-{status.st_mtime_ns}-{status.st_ctime_ns}"


def _kind_of_bytes(start: bytes, path: str) -> Kind | None:
    """Scripts, programs, archives of code and pickles, whatever they are called."""
    if start.startswith((b"#!", b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa\xcf", b"\xca\xfe\xba\xbe")):
        return "program"
    if start.startswith(b"PK\x03\x04"):
        return None if path.lower().endswith(_OFFICE) else "program"
    if len(start) > 1 and start[0] == 0x80 and 2 <= start[1] <= 5:
        return "data"
    return None
