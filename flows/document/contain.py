"""The one gate between a path written in a flow and the disk."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from flowloom.flows.errors import PathError

_DRIVE: Final = re.compile(r"[A-Za-z]:")
_LONGEST_PATH: Final = 1024
_LONGEST_NAME: Final = 255
"""Bytes of one name, the most that file systems take."""
_DEVICES: Final = frozenset(
    [
        "con",
        "prn",
        "aux",
        "nul",
        "conin$",
        "conout$",
        *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³"),
    ]
)


def contain(root: Path | str, path: str | os.PathLike[str]) -> Path:
    """The absolute place of ``path`` inside the folder ``root``; it need not exist.

    Refused with PathError: absolute paths, ``..`` and links that lead out of the folder, Windows drives, network and device names,
    backslashes, NUL and what is too long. A ``..`` that stays inside is fine.
    """
    text = os.fspath(path)
    reason, hint = _refusal(text)
    if reason:
        shown = text if len(text) <= 200 else f"{text[:200]}…"
        raise PathError(f"The path {shown!r} {reason}.", hint=hint)
    base = os.path.realpath(root)
    place = os.path.realpath(os.path.join(base, text))
    if place != base and not place.startswith(base.rstrip(os.sep) + os.sep):
        raise PathError(
            f"The path {text!r} leads out of the flow's folder.",
            hint="Copy the file into the folder and write its path relative to it.",
        )
    return Path(place)


def _refusal(text: str) -> tuple[str, str]:
    if not text.strip():
        return "is empty", "Write the path of a file in the flow's folder."
    if "\0" in text:
        return "holds a NUL character", "Write the path without it."
    if len(text) > _LONGEST_PATH or any(len(os.fsencode(part)) > _LONGEST_NAME for part in text.split("/")):
        return "is longer than a path can be", "Write the path of a file in the flow's folder."
    if text.startswith(("/", "\\", "~")) or _DRIVE.match(text):
        return "is not relative to the flow's folder", "Write it relative to the folder, such as prompts/answer.jinja2."
    if "\\" in text:
        return "is written the Windows way", "Write / instead of \\."
    for part in text.split("/"):
        if os.name == "nt" and (":" in part or part.split(".")[0].strip().lower() in _DEVICES):
            return "names a device of Windows", "Choose another file name."
    return "", ""
