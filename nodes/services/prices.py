"""What a call costs: list prices as data, extended by the user, and never a guess.

The table is ``resources/prices.json``; over it go ``prices.json`` in the user's configuration folder and
``flow.prices.json`` beside the flow. Each maps a model to US dollars per million tokens: ``{"my-model": {"input":
1.0, "output": 3.0, "cached_input": 0.5}}``."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from flowloom.flows.engine.events import Usage

_DATED = re.compile(r"[-@](\d{4}-\d{2}-\d{2}|\d{8}|\d{4}|latest)$")
_MILLION = 1_000_000


def usage_of(reported: Any, model: str, *, root: str | None = None, free: bool = False) -> Usage:
    """The Usage of one call from what the service reported. Where it reported nothing that can be read, tokens are 0
    and the price is unknown. ``root`` is the flow's folder; ``free`` is a model that costs nothing, such as one on
    this computer."""
    prompt, completion = _count(reported, "prompt_tokens"), _count(reported, "completion_tokens")
    known = prompt is not None and (
        completion is not None or (isinstance(reported, Mapping) and "completion_tokens" not in reported)
    )
    details = reported.get("prompt_tokens_details") if isinstance(reported, Mapping) else None
    cached = _count(details, "cached_tokens") or 0
    prompt, completion = prompt or 0, completion or 0
    cost = 0.0 if free else price(model, prompt, completion, cached, root=root) if known else None
    total = _count(reported, "total_tokens")
    return Usage(prompt, completion, total if total is not None else prompt + completion, 1, cost, model)


def price(
    model: str, prompt_tokens: int, completion_tokens: int, cached_tokens: int = 0, *, root: str | None = None
) -> float | None:
    """US dollars by the list, or None where the model is not in it. A date at the end of the name does not matter."""
    entry = _entry(model, root)
    if entry is None:
        return None
    dearest = entry["input"]
    cached = min(cached_tokens, prompt_tokens)
    cost = (
        (prompt_tokens - cached) * dearest
        + cached * entry.get("cached_input", dearest)
        + completion_tokens * entry.get("output", 0.0)
    )
    return cost / _MILLION


def _entry(model: str, root: str | None) -> Mapping[str, float] | None:
    name = model.rpartition("/")[2] if "/" in model else model
    for table in _tables(root):
        for candidate in dict.fromkeys((model, name, _DATED.sub("", name))):
            if candidate in table:
                return table[candidate]
    return None


def _tables(root: str | None) -> tuple[Mapping[str, Mapping[str, float]], ...]:
    """The tables, the one that counts most first. Looked at again every second."""
    return _tables_now(root, os.environ.get("FLOWLOOM_CONFIG_DIR"), int(time.monotonic()))


@lru_cache(maxsize=64)
def _tables_now(root: str | None, chosen: str | None, second: int) -> tuple[Mapping[str, Mapping[str, float]], ...]:
    from flowloom.resources import path

    files = [Path(root, "flow.prices.json")] if root else []
    own = user_file()
    files += [*([own] if own else []), Path(path("prices.json"))]
    tables = []
    for file in files:
        try:
            stamp = file.stat()
        except OSError:
            continue
        tables.append(_read(str(file), stamp.st_mtime_ns, stamp.st_size))
    return tuple(tables)


def user_file() -> Path | None:
    """Where a user's own prices stand; None for a user without a home."""
    try:
        return _user_file()
    except RuntimeError:
        return None


def _user_file() -> Path:
    chosen = os.environ.get("FLOWLOOM_CONFIG_DIR")
    if chosen:
        return Path(chosen, "prices.json")
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", Path.home()), "flowloom", "prices.json")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "flowloom" / "prices.json"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config", "flowloom", "prices.json")


@lru_cache(maxsize=32)
def _read(file: str, modified: int, size: int) -> Mapping[str, Mapping[str, float]]:
    """The models of one table. An entry that cannot be read is left out: its model's price is then unknown."""
    try:
        values = json.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    models = values.get("models", values) if isinstance(values, dict) else {}
    return {name: entry for name, entry in models.items() if isinstance(entry, dict) and _is_entry(entry)}


def _is_entry(entry: Mapping[str, Any]) -> bool:
    numbers = [entry.get("input"), entry.get("output", 0.0), entry.get("cached_input", 0.0)]
    return all(isinstance(number, int | float) and not isinstance(number, bool) and number >= 0 for number in numbers)


def _count(source: Any, key: str) -> int | None:
    value = source.get(key) if isinstance(source, Mapping) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
