"""The values a flow was run with last, kept beside its run records, so that the form shows them again."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from flowloom.flows.engine.places import private_place

FILE: Final = "inputs.json"
_MOST_BYTES: Final = 4 * 1024 * 1024


def remembered(root: Path, flow: str) -> dict[str, Any]:
    """The values by input name; empty where there are none, or none that can be read."""
    found = _read(private_place(root) / FILE).get(flow, {})
    return found if isinstance(found, dict) else {}


def remember(root: Path, flow: str, values: Mapping[str, Any]) -> None:
    """Keep the values for next time. A folder that cannot be written to keeps nothing: this is a convenience, not a record."""
    file = private_place(root) / FILE
    text = json.dumps({**_read(file), flow: dict(values)}, ensure_ascii=False)
    if len(text) > _MOST_BYTES:
        return
    unfinished = file.with_name(f"{FILE}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        ignore = file.parent / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
        unfinished.write_text(text, encoding="utf-8", errors="surrogatepass")
        os.replace(unfinished, file)
    except OSError:
        unfinished.unlink(missing_ok=True)


def _read(file: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > _MOST_BYTES:
            return {}
        found = json.loads(file.read_text(encoding="utf-8", errors="surrogatepass"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
