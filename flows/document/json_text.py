"""The JSON files beside a flow: read within caps, written so that git shows one line a change."""

from __future__ import annotations

import json
from typing import Any, Final

from flowloom.flows.errors import DocumentError

MAX_BYTES: Final = 64 * 1024 * 1024


def load_json(text: str, file: str) -> dict[str, Any]:
    """The object a JSON text holds; an empty text holds an empty one. Raises DocumentError with line and column."""
    text = text.removeprefix("\ufeff")
    if not text.strip():
        return {}
    if len(text) > MAX_BYTES:
        raise DocumentError(f"{file} is too large.", file=file, hint="Pin or lay out less in one flow.")
    try:
        data = json.loads(text, object_pairs_hook=lambda pairs: _object(pairs, file))
    except json.JSONDecodeError as error:
        raise DocumentError(
            f"{file}, line {error.lineno}, column {error.colno}: this is not JSON ({error.msg}).",
            file=file,
            line=error.lineno,
            column=error.colno,
            hint="Undo the last change to the file, or delete it.",
        ) from error
    except RecursionError as error:
        raise DocumentError(f"{file} is nested too deeply.", file=file, hint="Delete the file.") from error
    if not isinstance(data, dict):
        raise DocumentError(f"{file} must hold an object.", file=file, line=1, column=1, hint="Delete the file.")
    return data


def _object(pairs: list[tuple[str, Any]], file: str) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise DocumentError(
            f"{file} holds the key {twice!r} twice in one object.", file=file, hint="Delete one of the two."
        )
    return data


def dump_json(data: dict[str, Any], newline: str = "\n") -> str:
    """The object with every entry of its lists and objects on a line of its own, in the order they have."""
    lines = ["{"]
    for position, (key, value) in enumerate(data.items()):
        comma = "," if position + 1 < len(data) else ""
        entries = _entries(value)
        if not entries:
            lines.append(f"  {_compact(key)}: {_compact(value)}{comma}")
            continue
        opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
        lines.append(f"  {_compact(key)}: {opening}")
        lines += [f"    {entry}{',' if at + 1 < len(entries) else ''}" for at, entry in enumerate(entries)]
        lines.append(f"  {closing}{comma}")
    lines.append("}")
    return newline.join(lines) + newline if data else "{}" + newline


def _entries(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [f"{_compact(key)}: {_compact(item)}" for key, item in value.items()]
    if isinstance(value, list):
        return [_compact(item) for item in value]
    return []


def _compact(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    # A lone half of a pair has no UTF-8 form: JSON writes it as an escape.
    return text if text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text) else json.dumps(value)


def newline_of(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
