"""What a value is, for people: which ways of showing it make sense, the first being the best. Pure questions about JSON values."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

Kind = Literal["text", "markdown", "tree", "table", "image", "audio", "messages", "raw"]

MOST_LOOKED_AT: Final = 200_000
"""Characters of a value that are written out to be shown."""
_MOST_JUDGED: Final = 20_000
"""Characters of a text that are looked at to tell what it is."""
MOST_PARSED: Final = 5_000_000
MOST_COLUMNS: Final = 200

_DATA_KEY: Final = re.compile(r"data:(image|audio)/([\w.+*-]*);base64")
_DATA_TEXT: Final = re.compile(r"data:(image|audio)/([\w.+*-]*);base64,")
_MARKDOWN: Final = re.compile(
    r"^(?:#{1,6} \S|[-*+] \S|\d{1,9}[.)] \S|> \S|```|\|[^\n]{1,400}\|[ \t]{0,9}$)"
    r"|\*\*[^\s*][^*\n]{0,200}\*\*|`[^`\n]{1,200}`|\[[^\[\]\n]{1,200}\]\([^()\s]{1,400}\)",
    re.MULTILINE,
)
_AUDIO_FORMATS: Final = frozenset({"wav", "mp3", "flac", "opus", "aac", "pcm16", "ogg", "m4a"})


@dataclass(frozen=True, slots=True)
class Media:
    """An image or a sound that a value holds. ``subtype`` is the second half of its media type."""

    kind: Literal["image", "audio"]
    subtype: str
    encoded: str

    @property
    def data(self) -> bytes:
        """The bytes; empty where they are no base64."""
        try:
            return base64.b64decode(self.encoded)
        except (binascii.Error, ValueError):
            return b""

    @property
    def size(self) -> int:
        """About how many bytes they are."""
        return len(self.encoded) * 3 // 4


def media_of(value: Any) -> Media | None:
    """The image or sound that a value is. One that is only named, by path or address, is none: it is not held here."""
    if isinstance(value, str):
        found = _DATA_TEXT.match(value)
        return Media(found[1], found[2], value[found.end() :]) if found else None  # pyright: ignore[reportArgumentType]
    if not isinstance(value, Mapping):
        return None
    if len(value) == 1:
        key, data = next(iter(value.items()))
        found = _DATA_KEY.fullmatch(str(key))
        if found and isinstance(data, str):
            return Media(found[1], found[2], data)  # pyright: ignore[reportArgumentType]
    address = value.get("image_url")
    if isinstance(address, Mapping) and isinstance(address.get("url"), str):
        return media_of(address["url"])
    sound = value.get("input_audio") or value.get("audio")
    if isinstance(sound, Mapping):
        value = sound
    data, form = value.get("data"), value.get("format", "wav" if "transcript" in value else None)
    if isinstance(data, str) and form in _AUDIO_FORMATS:
        return Media("audio", str(form), data)
    return None


def kinds_of(value: Any, hint: str = "") -> tuple[Kind, ...]:
    """Ways to show a value, the best first. ``hint`` is a kind to begin with, where it makes sense at all."""
    found = _kinds(value)
    wanted: list[Kind] = [kind for kind in found if kind == hint]
    return tuple(dict.fromkeys([*wanted, *found]))


def _kinds(value: Any) -> list[Kind]:
    media = media_of(value)
    if media is not None:
        return [media.kind, "text" if isinstance(value, str) else "tree"]
    if isinstance(value, str):
        return _of_text(value)
    if isinstance(value, Mapping | list | tuple):
        table: list[Kind] = ["table"] if rows_of(value) is not None else []
        return [*table, "tree", "text"]
    return ["text"]


def _of_text(text: str) -> list[Kind]:
    start = text[:_MOST_JUDGED]
    if parsed(text) is not None:
        return ["tree", "text"]
    return ["markdown", "text"] if _MARKDOWN.search(start) else ["text", "markdown"]


def parsed(text: str) -> Any:
    """The list or object that a text writes as JSON; None where it is none."""
    bare = text.strip() if len(text) <= MOST_PARSED else ""
    if not bare or bare[0] not in "[{" or bare[-1] not in "]}":
        return None
    try:
        found = json.loads(bare)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list | dict) and found else None


def rows_of(value: Any) -> tuple[list[str], Sequence[Any]] | None:
    """Columns and rows, where a value is a table: a list of objects with the same few keys, or of lists of one length. None otherwise."""
    if not isinstance(value, list) or not value:
        return None
    first = value[:200]
    if all(isinstance(row, Mapping) and row for row in first):
        columns = list(dict.fromkeys(str(key) for row in first for key in row))
        shared = sum(len(row) for row in first) / (len(first) * len(columns))
        return (columns, value) if len(columns) <= MOST_COLUMNS and shared >= 0.5 else None
    if len(value) > 1 and all(isinstance(row, list) and row for row in first):
        width = len(first[0])
        same = all(len(row) == width for row in first)
        return ([str(number) for number in range(width)], value) if same and 1 < width <= MOST_COLUMNS else None
    return None


def as_text(value: Any) -> str:
    """The value as it is copied: text as it is, all else as JSON."""
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False, indent=2, default=str)
    except RecursionError:
        return in_short(value, MOST_LOOKED_AT)


def beginning(value: Any, most: int = MOST_LOOKED_AT) -> tuple[str, bool]:
    """The value as text, or the first characters of it and false; a value of any size takes no longer than what is returned of it."""
    if isinstance(value, str):
        return value, True
    pieces: list[str] = []
    length = 0
    try:
        for piece in json.JSONEncoder(ensure_ascii=False, indent=2, default=str).iterencode(value):
            pieces.append(piece)
            length += len(piece)
            if length > most:
                return "".join(pieces)[:most], False
    except RecursionError:
        return in_short(value, most), False
    return "".join(pieces), True


def in_short(value: Any, most: int = 120) -> str:
    """One line that tells a value from others."""
    media = media_of(value)
    if media is not None:
        return f"{media.kind}/{media.subtype}"
    text = value[:4 * most] if isinstance(value, str) else json.dumps(_shallow(value), ensure_ascii=False, default=str)
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _shallow(value: Any, depth: int = 0) -> Any:
    """The beginning of a value, so that a line about it costs nothing."""
    if isinstance(value, str):
        return value[:200]
    if isinstance(value, Mapping):
        return {str(key)[:100]: _shallow(value[key], depth + 1) for key in list(value)[:12]} if depth < 3 else {"…": "…"}
    if isinstance(value, list | tuple):
        return [_shallow(item, depth + 1) for item in value[:12]] if depth < 3 else ["…"]
    return value


def plain_words(value: Any) -> tuple[str, int]:
    """What a value is and how large: ``("characters", 412)``, ``("items", 3)``, ``("fields", 2)``, ``("bytes", 18200)`` or ``("", 0)``."""
    media = media_of(value)
    if media is not None:
        return "bytes", media.size
    if isinstance(value, str):
        return "characters", len(value)
    if isinstance(value, Mapping):
        return "fields", len(value)
    return ("items", len(value)) if isinstance(value, list | tuple) else ("", 0)
