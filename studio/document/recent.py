"""The flows that were open last, kept in the state directory."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from time import time
from typing import Final

from flowloom.flows.document.save import write_file
from flowloom.flows.engine.places import state_directory
from flowloom.flows.errors import DocumentError

MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Recent:
    """``path`` is what to open again: the flow's folder, or its file where the folder holds several."""

    path: str
    title: str
    when: float
    """Seconds since 1970."""

    @property
    def exists(self) -> bool:
        return os.path.exists(self.path)


def recent() -> list[Recent]:
    """The flows that were open, the last one first; those that are gone too."""
    try:
        entries = json.loads(_place().read_bytes())
        return [Recent(str(entry["path"]), str(entry["title"]), float(entry["when"])) for entry in entries][:MOST]
    except (OSError, ValueError, KeyError, TypeError):
        # Convenience alone: a list that cannot be read begins anew.
        return []


def remember(path: str | os.PathLike[str], title: str) -> None:
    """Put a flow at the top of the list."""
    place = os.path.abspath(path)
    _keep([Recent(place, title, time()), *(entry for entry in recent() if entry.path != place)][:MOST])


def forget(path: str | os.PathLike[str]) -> None:
    place = os.path.abspath(path)
    _keep([entry for entry in recent() if entry.path != place])


def _keep(entries: list[Recent]) -> None:
    text = json.dumps([asdict(entry) for entry in entries], indent=1)
    try:
        write_file(_place(), text.encode("utf-8", "surrogatepass"))
    except DocumentError:
        # A state directory that cannot be written costs the list, never the work at hand.
        return


def _place() -> Path:
    return state_directory() / "recent.json"
