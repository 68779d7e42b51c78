"""Entry points of the installed distributions, read without ``importlib.metadata``, whose import alone costs a tenth of a cold start.

Source of the format: https://packaging.python.org/specifications/entry-points/
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any

OWN_DISTRIBUTION = "flowloom"
_VERSIONED = re.compile(r"(.+?)-(\d[^-]*)(?:-.*)?$")


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """``name = module:attribute`` in ``group``, as ``distribution`` registered it. ``metadata`` is the folder it was read from."""

    group: str
    name: str
    value: str
    distribution: str
    metadata: str = ""

    def load(self) -> Any:
        """Import the module and return the object. Raises whatever the module raises."""
        from importlib import import_module

        module, _, attributes = self.value.partition("[")[0].strip().partition(":")
        found = import_module(module.strip())
        return reduce(getattr, attributes.strip().split("."), found) if attributes.strip() else found

    @property
    def version(self) -> str:
        """The distribution's version, from its folder's name; empty where the name holds none."""
        return _split(os.path.basename(self.metadata))[1]


def parse(text: str, distribution: str, metadata: str = "") -> Iterator[EntryPoint]:
    """The entry points in the text of an ``entry_points.txt``."""
    group = ""
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line.startswith(("#", ";")):
            continue
        if line.startswith("[") and line.endswith("]"):
            group = line[1:-1].strip()
            continue
        name, separator, value = line.partition("=")
        if separator and group:
            yield EntryPoint(group, name.strip(), value.strip(), distribution, metadata)


def _split(folder: str) -> tuple[str, str]:
    """Name and version in the name of a metadata folder: ``my_tools-1.2.dist-info``, ``my-tools-1.2-py3.11.egg-info``, ``my_tools.egg-info``."""
    stem = folder.rpartition(".")[0]
    match = _VERSIONED.match(stem)
    return (match[1], match[2]) if match else (stem, "")


def _folders(search_path: list[str] | None) -> Iterator[str]:
    """Folders that may hold distributions. The current folder is left out, however it came onto the path: a flow folder must not be
    able to register code by lying there."""
    here = os.path.realpath(os.curdir)
    seen: set[str] = set()
    for entry in sys.path if search_path is None else search_path:
        if not entry or entry in seen:
            continue
        seen.add(entry)
        if search_path is None and os.path.realpath(entry) == here:
            continue
        yield entry


def metadata_folders(search_path: list[str] | None = None) -> dict[str, str]:
    """``{distribution: folder of its metadata}``; the first on the path wins, as in an import. Names are normalised."""
    found: dict[str, str] = {}
    for folder in _folders(search_path):
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        for name in sorted(names):
            if name.endswith((".dist-info", ".egg-info")):
                distribution = _split(name)[0].replace("_", "-").lower()
                found.setdefault(distribution, os.path.join(folder, name))
    return found


def entry_points(folder: str, distribution: str) -> list[EntryPoint]:
    """All entry points of one distribution; none where it has no such file."""
    try:
        with open(os.path.join(folder, "entry_points.txt"), encoding="utf-8") as file:
            return list(parse(file.read(), distribution, folder))
    except (OSError, UnicodeDecodeError):
        return []
