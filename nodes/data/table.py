"""Rows in files of the flow's folder: what the nodes that read and write them share."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from flowloom.flows.document.contain import contain
from flowloom.flows.errors import LimitExceeded, NodeError

MAX_FILE = 512 * 1024 * 1024
"""Bytes of one file that a node reads into memory."""


def readable(root: str, path: str) -> Path:
    """The file's place inside the flow's folder. Raises PathError, NodeError or LimitExceeded."""
    place = contain(root, path)
    if not place.is_file():
        raise NodeError(f"There is no file {path} in the flow's folder.", field="path", hint="Copy it there, or mend the path.")
    if place.stat().st_size > MAX_FILE:
        raise LimitExceeded(
            f"The file {path} is larger than {MAX_FILE // 2**20} MiB.", field="path", hint="Run it row by row with flowloom batch."
        )
    return place


def write_text(root: str, path: str, pieces: Iterable[str], *, append: bool, encoding: str) -> int:
    """Write or extend a file inside the flow's folder; the bytes written. A replaced file is never seen half-written."""
    place = contain(root, path)
    place.parent.mkdir(parents=True, exist_ok=True)
    data = "".join(pieces).encode(encoding, errors="surrogateescape")
    if append:
        with open(place, "ab") as file:
            file.write(data)
        return len(data)
    temporary = place.with_name(f".{place.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(data)
        os.replace(temporary, place)
    finally:
        temporary.unlink(missing_ok=True)
    return len(data)
