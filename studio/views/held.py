"""What of a value is here to be shown. Values of a run under way are not all JSON: large ones stayed in a file, some are only described."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flowloom.flows.engine.codec import to_json
from flowloom.flows.worker.values import Blob, Shown
from flowloom.studio.language import tr

_PLAIN: Final = frozenset({str, int, float, bool, type(None)})
_MOST_LOOKED_AT: Final = 20_000


@dataclass(frozen=True, slots=True)
class Held:
    """``value`` is JSON. ``words`` say what is missing of it; ``load`` reads the whole, where it can be had, and raises DocumentError."""

    value: Any
    words: str = ""
    load: Callable[[], Any] | None = None


def held(value: Any) -> Held:
    """A value of a run as it can be shown."""
    if isinstance(value, Blob):
        words = tr("The beginning of {size}", size=megabytes(value.size))
        return Held(value.preview, words, (lambda: as_json(value.read())) if value.file else None)
    if isinstance(value, Shown):
        return Held(value.value, tr("Only how it looks: {type}", type=value.type))
    return Held(as_json(value))


def as_json(value: Any) -> Any:
    """A value in JSON's own types; one that is so already comes back as it is."""
    return value if _is_json(value) else to_json(value)


def top(value: Any) -> Any:
    """The same for a line about the value, whatever is inside it."""
    if isinstance(value, Blob | Shown):
        return value.preview if isinstance(value, Blob) else value.value
    return value if type(value) in _PLAIN or isinstance(value, dict | list | tuple) else to_json(value)


def megabytes(size: int) -> str:
    """``1.2 MB``, ``64 KB``."""
    return f"{size / 2**20:,.1f} MB" if size >= 2**20 else f"{size / 1024:,.0f} KB"


def _is_json(value: Any) -> bool:
    """Whether nothing but JSON is found within as much of a value as is worth looking at."""
    waiting, seen = [value], 0
    while waiting and seen < _MOST_LOOKED_AT:
        item = waiting.pop()
        seen += 1
        kind = type(item)
        if kind in _PLAIN:
            continue
        if kind is list:
            waiting += item[:_MOST_LOOKED_AT]
        elif isinstance(item, Mapping) and kind is dict:
            if not all(type(key) is str for key in list(item)[:1000]):
                return False
            waiting += list(item.values())[:_MOST_LOOKED_AT]
        else:
            return False
    return True
