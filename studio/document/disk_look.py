"""Looks at an open flow's folder on the disk, away from the window: what stirred since, and what would run. Knows nothing of Qt."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from flowloom.flows.document import FlowFile, read
from flowloom.flows.document.contain import contain
from flowloom.flows.document.flow_file import decode, read_regular_file
from flowloom.flows.document.runnable import walk
from flowloom.flows.document.trust import WhatRuns, what_runs
from flowloom.flows.errors import DocumentError, FlowloomError
from flowloom.flows.model.edits.folder import text_paths
from flowloom.flows.model.flow import EMPTY

Stamp = tuple[int, int, int]
"""Time of change, size and number of a file: where they are the same, so is what it holds."""


@dataclass(frozen=True)
class Known:
    """What is known of the disk. ``stamps`` are of the files in ``paths`` when they were read last."""

    root: Path
    name: str
    paths: frozenset[str]
    stamps: Mapping[str, Stamp]
    list_folder: bool
    """Whether to look for new files too."""
    code_stamp: str = ""
    """What ``Seen.code_stamp`` was when what runs was read last; empty to read it in any case."""


@dataclass(frozen=True)
class Seen:
    """``texts`` are those that stirred, None for a file that is gone or holds no text."""

    texts: Mapping[str, str | None]
    stamps: Mapping[str, Stamp]
    code_stamp: str
    code: WhatRuns | FlowloomError | None
    """What would run as the disk holds it, or why that cannot be told; None where nothing stirred."""


def look(known: Known) -> Seen:
    """Look at the disk. Never raises for what is there."""
    texts: dict[str, str | None] = {}
    stamps = dict(known.stamps)
    fresh: Iterable[str] = text_paths(known.root) if known.list_folder else ()
    for path in sorted({*known.paths, *fresh}):
        stamp = stamp_of(known.root, path)
        if stamp is not None and stamp == known.stamps.get(path):
            continue
        texts[path] = _text(known.root, path) if stamp is not None else None
        if stamp is not None:
            stamps[path] = stamp
        else:
            stamps.pop(path, None)
    code_stamp = _code_stamp(known.root)
    if code_stamp and code_stamp == known.code_stamp:
        return Seen(texts, stamps, code_stamp, None)
    return Seen(texts, stamps, code_stamp, code_of(known.root, known.name))


def stamp_of(root: Path, path: str) -> Stamp | None:
    try:
        status = os.stat(root / path)
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def disk_flow(root: Path, name: str) -> FlowFile:
    """The flow file as the disk holds it; one whose text was read before is not read again. Raises as reading does."""
    if name.endswith((".yaml", ".yml")):
        text = decode(read_regular_file(contain(root, name), name), name)
        return replace(read(root / name, overlay={name: text}), overlay=EMPTY)
    return read(root / name)


def code_of(root: Path, name: str) -> WhatRuns | FlowloomError:
    """What would run of the flow as the disk holds it, or why that cannot be told."""
    try:
        return what_runs(disk_flow(root, name))
    except FlowloomError as error:
        return error


def _text(root: Path, path: str) -> str | None:
    try:
        return decode(read_regular_file(contain(root, path), path), path)
    except DocumentError:
        return None


def _code_stamp(root: Path) -> str:
    """Equal where no file of the folder came, went or changed; empty where there are too many to say so."""
    digest = hashlib.sha256()
    try:
        for path, place, _ in walk(os.path.realpath(root)):
            try:
                status = os.stat(place)
            except OSError:
                continue
            digest.update(f"{path}\0{status.st_mtime_ns}\0{status.st_ctime_ns}\0{status.st_size}\0{status.st_ino}\n".encode("utf-8", "surrogatepass"))
    except DocumentError:
        return ""
    return digest.hexdigest()
