"""Prints a flow's outputs so that people can read them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, TextIO

from flowloom.flows.cli import sink

_MOST_LINES: Final = 400
_MOST_CHARACTERS: Final = 40_000


def write_outputs(outputs: Mapping[str, Any], stream: TextIO) -> None:
    """One text alone stands as it is, so that it can be piped on; several outputs stand under their names.

    ``outputs`` are in their JSON forms. On a terminal secrets are masked, control characters made harmless, and what
    would scroll for pages is cut; in a file or pipe nothing is."""
    watched = sink.is_terminal(stream)
    after_block = False
    for number, (name, value) in enumerate(outputs.items()):
        text = as_text(value)
        if watched:
            text = _wrapped(_cut(sink.clean(sink.redact(text))), sink.size(stream)[0] if isinstance(value, str) else 0)
        if len(outputs) > 1 or watched:
            heading = sink.style(sink.clean(name) if watched else name, "bold", stream=stream)
            block = "\n" in text or len(text) > 60
            text = f"{heading}\n{text}" if block else f"{heading}  {text}" if watched else f"{heading}: {text}"
            if number and (block or after_block):
                text = f"\n{text}"
            after_block = block
        sink.write(stream, text if text.endswith("\n") else f"{text}\n")


def as_text(value: Any) -> str:
    """A value as people read it: text as it is, lists and objects as indented JSON, an image as a few words."""
    if isinstance(value, str):
        return value
    short = _image(value)
    if short:
        return short
    try:
        return json.dumps(value, indent=2, ensure_ascii=False)
    except (TypeError, ValueError):
        return repr(value)


def _image(value: Any) -> str:
    if not isinstance(value, dict) or len(value) != 1:
        return ""
    key, data = next(iter(value.items()))
    if not str(key).startswith("data:image/") or not isinstance(data, str):
        return ""
    kind, _, form = str(key).removeprefix("data:").partition(";")
    if form == "base64":
        return f"[{kind}, {len(data) * 3 // 4 / 1024:,.0f} KB; --json gives it whole]"
    return f"[{kind}: {data}]"


def _wrapped(text: str, width: int) -> str:
    """Prose broken between words rather than at the window's edge. JSON (``width`` 0) stays as it is, to be copied."""
    from flowloom.flows.cli.draw_text import cells

    if not width or all(cells(line) <= width for line in text.split("\n")):
        return text
    from rich.console import Console
    from rich.text import Text

    console = Console(width=width)
    return "\n".join(str(part).rstrip() for line in text.split("\n") for part in Text(line).wrap(console, width))


def _cut(text: str) -> str:
    """What a terminal can show without losing the rest of the run."""
    if len(text) <= _MOST_CHARACTERS and text.count("\n") <= _MOST_LINES:
        return text
    lines = text[:_MOST_CHARACTERS].split("\n")[:_MOST_LINES]
    shown = "\n".join(lines)
    return f"{shown}\n... and {len(text) - len(shown):,} characters more. To see all, write it to a file: flowloom run ... > FILE"
