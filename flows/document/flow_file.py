"""A flow's folder as it is written: text, values, and the place of every value. Reading executes nothing."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from flowloom.flows.document.contain import contain
from flowloom.flows.document.yaml_text import load_yaml, load_yaml_once
from flowloom.flows.document.yaml_tree import Location, YamlText
from flowloom.flows.errors import DocumentError, PathError, UsageError
from flowloom.flows.model.flow import EMPTY, FlowKind

DAG_NAMES: Final = ("flow.dag.yaml", "flow.dag.yml")
FLEX_NAMES: Final = ("flow.flex.yaml", "flow.flex.yml")
MAX_FILE_BYTES: Final = 64 * 1024 * 1024
"""No file of a flow's folder is read beyond this."""

_FENCE: Final = re.compile(r"^-{3,}[ \t]*\r?$", re.MULTILINE)


@dataclass(frozen=True)
class FlowFile:
    """A flow file with the folder around it. ``overlay`` is unsaved text by path relative to ``root``, seen instead of the disk's."""

    root: Path
    """The folder, absolute."""
    name: str
    """The flow file's name in it."""
    kind: FlowKind
    text: str
    """The flow file as it is on disk: byte order mark and line endings included."""
    data: dict[str, Any]
    """Plain YAML 1.2 values. Not to be changed: values written once and used twice are the same object."""
    body: str = ""
    """Of a prompty: the prompt after the front matter, lines ending in LF."""
    overlay: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    yaml: YamlText = field(repr=False, compare=False, default=YamlText("", "", None))

    @property
    def path(self) -> Path:
        return self.root / self.name

    def location(self, path: tuple[str | int, ...], key: bool = False) -> Location | None:
        """Where the value at a path such as ``("nodes", 2, "inputs", "question")`` stands, or its key. None where nothing does."""
        return self.yaml.location(path, key)

    def exists(self, relative: str) -> bool:
        """Whether a file of the folder exists, on disk or unsaved. A path that leads out of the folder does not."""
        try:
            place = contain(self.root, relative)
        except PathError:
            return False
        return self._unsaved(place) is not None or place.is_file()

    def read_text(self, relative: str, *, exact: bool = False) -> str:
        """The text of a file of the folder, lines ending in LF and without byte order mark, or with ``exact`` as it is on disk.

        Raises PathError, and DocumentError where the file is missing, too large or not UTF-8.
        """
        place = contain(self.root, relative)
        text = self._unsaved(place)
        if text is None:
            text = decode(read_regular_file(place, relative), relative)
        if exact:
            return text
        return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")

    def read_bytes(self, relative: str) -> bytes:
        """The bytes of a file of the folder. Raises PathError or DocumentError."""
        place = contain(self.root, relative)
        text = self._unsaved(place)
        return read_regular_file(place, relative) if text is None else text.encode("utf-8", "surrogatepass")

    def _unsaved(self, place: Path) -> str | None:
        if not self.overlay:
            return None
        try:
            return self.overlay.get(place.relative_to(os.path.realpath(self.root)).as_posix())
        except ValueError:
            return None


def read_regular_file(place: Path, shown: str, limit: int | None = MAX_FILE_BYTES) -> bytes:
    """The bytes of a regular file: a pipe or device, which may never end, is refused. Raises DocumentError."""
    try:
        if not stat.S_ISREG(os.stat(place).st_mode):
            kind = "a folder" if place.is_dir() else "not an ordinary file"
            raise DocumentError(f"{shown} is {kind}.", file=shown, hint="Name a file of the flow's folder.")
        with open(place, "rb") as stream:
            data = stream.read() if limit is None else stream.read(limit + 1)
    except FileNotFoundError as error:
        raise DocumentError(
            f"The file {shown} does not exist.", file=shown, hint="Create it in the flow's folder, or correct its name."
        ) from error
    except OSError as error:
        raise DocumentError(
            f"The file {shown} cannot be read: {error.strerror or error}.", file=shown, hint="Check its permissions."
        ) from error
    if limit is not None and len(data) > limit:
        raise DocumentError(
            f"The file {shown} is larger than {limit // 1024 // 1024} MiB.", file=shown, hint="Use a smaller file."
        )
    return data


def decode(data: bytes, shown: str) -> str:
    """UTF-8 bytes as text, byte order mark and line endings kept. Raises DocumentError with the place of the first bad byte."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = len(data[data.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8", "replace")) + 1
        raise DocumentError(
            f"{shown}, line {line}, column {column}: the file is not UTF-8 text.",
            file=shown,
            line=line,
            column=column,
            hint="Open it in an editor and save it with the encoding UTF-8.",
        ) from error


def read(path: str | os.PathLike[str], *, overlay: Mapping[str, str] | None = None) -> FlowFile:
    """Read a flow: ``path`` is its folder, or a flow file (``flow.dag.yaml``, ``flow.flex.yaml``, another YAML file, ``*.prompty``).

    Raises UsageError where the path names no flow, DocumentError, YamlError or PathError where the flow file cannot be read.
    """
    given = Path(os.path.abspath(path))
    unsaved: Mapping[str, str] = dict(overlay) if overlay else EMPTY
    if given.is_dir():
        root, name = given, _flow_in(given, unsaved)
    else:
        root, name = given.parent, given.name
        if name not in unsaved and not os.path.lexists(given):
            raise UsageError(
                f"There is no flow at {os.fspath(path)}.", hint="Give the folder of a flow, or its flow file."
            )
    text = unsaved.get(name)
    if text is None:
        text = decode(read_regular_file(contain(root, name), name), name)
    if name.endswith(".prompty"):
        return _read_prompty(root, name, text, unsaved)
    if not name.endswith((".yaml", ".yml")):
        raise UsageError(f"{name} is not a flow.", hint="Give a folder, a .yaml file or a .prompty file.")
    yaml = load_yaml_once(text, name) if name in unsaved else load_yaml(text, name)
    data = _mapping(yaml, "The flow file")
    kind: FlowKind = "flex" if "entry" in data else "dag"
    return FlowFile(root, name, kind, text, data, "", unsaved, yaml)


def _flow_in(folder: Path, unsaved: Mapping[str, str]) -> str:
    found = [name for name in DAG_NAMES + FLEX_NAMES if name in unsaved or os.path.lexists(folder / name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            f"The folder {folder.name} holds several flows: {', '.join(found)}.",
            hint=f"Name the one you mean, such as {folder.name}/{found[0]}.",
        )
    prompties = sorted(entry for entry in os.listdir(folder) if entry.endswith(".prompty"))
    hint = (
        f"Name the prompty, such as {folder.name}/{prompties[0]}."
        if prompties
        else "A flow's folder holds a flow.dag.yaml."
    )
    raise UsageError(f"The folder {folder.name} holds no flow.", hint=hint)


def _read_prompty(root: Path, name: str, text: str, unsaved: Mapping[str, str]) -> FlowFile:
    first = _FENCE.search(text)
    second = _FENCE.search(text, first.end()) if first else None
    if first is None or second is None:
        raise DocumentError(
            f"{name}, line 1: the file lacks its settings.",
            file=name,
            line=1,
            column=1,
            hint="Begin it with a line '---', the settings as YAML, and another line '---'; the prompt follows.",
        )
    start = min(first.end() + 1, len(text))
    yaml = load_yaml(text, name, start=start, end=second.start())
    body = text[second.end() + 1 :].replace("\r\n", "\n").replace("\r", "\n")
    return FlowFile(root, name, "prompty", text, _mapping(yaml, "The settings"), body, unsaved, yaml)


def _mapping(yaml: YamlText, what: str) -> dict[str, Any]:
    if yaml.value is None:
        return {}
    if isinstance(yaml.value, dict):
        return yaml.value
    from flowloom.flows.document.yaml_faults import yaml_error

    start = yaml.root.start if yaml.root else 0
    raise yaml_error(
        yaml.text,
        yaml.file,
        start,
        f"{what} must be a mapping of keys such as inputs, nodes and outputs.",
        "Write 'inputs:' on a line of its own.",
    )
