"""Reads ``--variant '${node.variant}'``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from flowloom.flows.errors import UsageError

_WRITTEN: Final = re.compile(r"\$?\{?\s*(?P<node>[^.{}$\s][^.{}$]*?)\s*\.\s*(?P<variant>[^.{}$\s][^.{}$]*?)\s*\}?")


def read_variants(written: Iterable[str]) -> dict[str, str]:
    """Variant ids by node. ``${answer.short}`` and ``answer.short`` are the same, as shells eat ``${...}`` in double
    quotes.

    Raises UsageError where a text names no node and variant.
    """
    chosen: dict[str, str] = {}
    for text in written:
        match = _WRITTEN.fullmatch(text.strip())
        if match is None:
            empty = not text.strip()
            raise UsageError(
                f"--variant {text!r} does not name a node and its variant.",
                hint="Write it in single quotes: --variant '${answer.short}'"
                + (" (in double quotes the shell takes ${...} for its own and leaves nothing)." if empty else ""),
                field="variant",
            )
        chosen[match["node"]] = match["variant"]
    return chosen
