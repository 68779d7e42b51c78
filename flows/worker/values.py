"""Values between the process that runs a flow and the one that shows it.

JSON, tuples, bytes, images and prompts come across as they are. A value that is too big comes as a ``Blob``: its beginning, and a file
with the whole. One that has no form to travel in, or that holds a secret, comes as ``Shown``: how it looks. What is only shown cannot
be given to a run again.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from flowloom.flows.engine.codec import NotKept, clean_text, from_tagged, to_json, to_tagged
from flowloom.flows.errors import DocumentError

MOST_KEPT: Final = 256 * 1024 * 1024
"""Bytes of JSON beyond which a value is not kept whole."""
MOST_SPOOLED: Final = 1024 * 1024 * 1024
"""Bytes of such values that are kept at a time: the oldest make room."""
_MOST_ITEMS: Final = 4_000_000
_TAG: Final = "$flowloom"
_PLAIN: Final = frozenset({int, float, bool, type(None)})


@dataclass(frozen=True, slots=True)
class Blob:
    """A value over the limit. ``preview`` is the beginning of the text, or of the JSON where it is no text; ``size`` is in bytes of JSON;
    ``file`` holds the whole as tagged JSON, for as long as its supervisor is open, or is empty where it was too big to keep."""

    preview: str
    size: int
    kind: str
    """The class of the value: ``str``, ``list``, ``dict``, ``bytes``, ``Image``."""
    file: str = ""

    def read(self) -> Any:
        """The whole value. Raises DocumentError where it was not kept, or is no longer there."""
        return from_tagged(json.loads(self.read_text()))

    def read_text(self) -> str:
        """The whole value as tagged JSON. Raises DocumentError."""
        if not self.file:
            raise DocumentError("This value was too big to be kept.", hint="Let the node return less, or write it to a file.")
        try:
            # Neither a link nor a pipe that lies there under the file's name is followed or waited for.
            descriptor = os.open(self.file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
            with open(descriptor, encoding="utf-8") as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise OSError("not an ordinary file")
                return file.read(MOST_KEPT + 1)
        except (OSError, UnicodeDecodeError) as error:
            raise DocumentError("This value is no longer there.", hint="Run the flow again.", detail=str(error)) from error

    def __flowloom_json__(self) -> Any:
        """What stands for it where values become JSON: its beginning."""
        return self.preview


@dataclass(frozen=True, slots=True)
class Shown:
    """A value that stayed behind. ``value`` is how it looks, as JSON; ``type`` its class; ``why`` what kept it."""

    value: Any
    type: str
    why: str

    def __flowloom_json__(self) -> Any:
        return self.value


@dataclass(slots=True)
class ValueWriter:
    """Turns values into JSON text for the other process. ``spool`` is the folder for values over ``most`` bytes; their first ``preview``
    characters go along."""

    spool: Path
    most: int = 1024 * 1024
    preview: int = 64 * 1024
    redact: Callable[[Any], Any] | None = None

    def write(self, value: Any, room: int) -> str:
        """``value`` as JSON text of at most about ``room`` bytes. Never raises for a value's sake."""
        kind = type(value)
        if kind in _PLAIN:
            return repr(value) if kind is int and -(2**63) < value < 2**63 else _dump(to_json(value))
        try:
            if self._is_vast(value):
                return self._blob(value, "", min(self.preview, room))
            form = value if kind is str else to_tagged(value)
            text = _dump(form)
            if "\\u0000" in text:
                return self._shown(value, "it holds characters that cannot be written", room)
            size = len(text.encode())
        except UnicodeEncodeError:
            return self._shown(value, "it holds characters that cannot be written", room)
        except (NotKept, ValueError, TypeError, RecursionError) as error:
            return self._shown(value, str(error), room)
        except MemoryError:
            return _tagged("shown", value=f"<{kind.__name__} too big to be shown>", type=kind.__name__, why="it is too big")
        if self.redact is not None and self.redact(form) != form:
            return self._shown(value, "it holds a secret, which is masked", room)
        if size <= min(self.most, room):
            return text
        return self._blob(value, text, min(self.preview, room))

    def plain(self, value: Any, most: int) -> str:
        """``value`` as plain JSON text for people: no tags, secrets masked, cut to about ``most`` bytes."""
        form = to_json(value)
        if self.redact is not None:
            form = self.redact(form)
        text = _dump(form)
        if len(text) > most:
            text = _dump((form if isinstance(form, str) else text)[:most])
        return text

    def _is_vast(self, value: Any) -> bool:
        """Whether the value is so big that turning it into JSON alone would hold everything up."""
        if isinstance(value, str | bytes | bytearray):
            return len(value) > MOST_KEPT // 2
        return isinstance(value, list | tuple | dict) and len(value) > _MOST_ITEMS

    def _shown(self, value: Any, why: str, room: int) -> str:
        text = self.plain(value, min(self.preview, room))
        return _tagged("shown", value=json.loads(text), type=type(value).__name__, why=why)

    def _blob(self, value: Any, text: str, preview: int) -> str:
        seen = value[:preview] if isinstance(value, str) else text[:preview] or f"<{type(value).__name__}, {len(value):,} long>"
        if self.redact is not None:
            seen = self.redact(seen)
        data = text.encode()
        kept = self._keep(data) if 0 < len(data) <= MOST_KEPT else ""
        return _tagged("blob", preview=clean_text(seen), size=len(data) or len(value), kind=type(value).__name__, file=kept)

    def _keep(self, data: bytes) -> str:
        name = hashlib.sha256(data).hexdigest() + ".json"
        place = self.spool / name
        try:
            if not place.exists():
                unfinished = place.with_suffix(f".{os.getpid()}")
                unfinished.write_bytes(data)
                unfinished.replace(place)
                make_room(self.spool, MOST_SPOOLED)
            else:
                os.utime(place)
        except OSError:
            return ""  # a full disk costs the whole of the value, not the run
        return name


def make_room(spool: Path, most: int) -> None:
    """Remove the oldest values until the others take at most ``most`` bytes. Raises OSError."""
    found = sorted((entry.stat().st_mtime_ns, entry.stat().st_size, entry.path) for entry in os.scandir(spool) if entry.name.endswith(".json"))
    total = sum(size for _, size, _ in found)
    for _, size, path in found[:-1]:
        if total <= most:
            break
        os.remove(path)
        total -= size


def read_value(data: Any, spool: Path) -> Any:
    """The value that ``ValueWriter.write`` wrote, from its parsed JSON. Raises NotKept for what this version does not know."""
    if isinstance(data, dict) and _TAG in data:
        if data[_TAG] == "shown":
            return Shown(data["value"], str(data["type"]), str(data["why"]))
        if data[_TAG] == "blob":
            name = str(data["file"])
            # Only a name comes across: a path would let the other process choose what this one opens.
            file = str(spool / name) if name and os.path.basename(name) == name and name.endswith(".json") else ""
            return Blob(str(data["preview"]), int(data["size"]), str(data["kind"]), file)
    return from_tagged(data)


def send_values(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Values for a run, as JSON's own types, and the names of those that cannot be given: they are only shown here."""
    sent: dict[str, Any] = {}
    lost: list[str] = []
    for name, value in values.items():
        try:
            if isinstance(value, Shown):
                lost.append(name)
            elif isinstance(value, Blob):
                sent[name] = {_TAG: "blob", "file": os.path.basename(value.file)} if value.file else None
                if not value.file:
                    del sent[name]
                    lost.append(name)
            else:
                sent[name] = to_tagged(value)
        except NotKept:
            lost.append(name)
    return sent, lost


def receive_values(data: Mapping[str, Any], spool: Path) -> dict[str, Any]:
    """What ``send_values`` sent, blobs read. Raises DocumentError, NotKept."""
    found: dict[str, Any] = {}
    for name, value in data.items():
        if isinstance(value, dict) and value.get(_TAG) == "blob":
            found[name] = Blob("", 0, "", str(spool / os.path.basename(str(value["file"])))).read()
        else:
            found[name] = from_tagged(value)
    return found


def _tagged(tag: str, **fields: Any) -> str:
    return _dump({_TAG: tag, **fields})


_encoder: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _dump(value: Any) -> str:
    return _encoder.encode(value)
