"""Names for nodes, inputs and outputs: which are fit for references, and which are free."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from flowloom.flows.errors import UsageError

_FIT: Final = re.compile(r"\w(?:[\w -]*\w)?")
# ``${inputs.x}`` and ``${flow.x}`` mean the flow's inputs.
_TAKEN: Final = frozenset(["inputs", "flow"])


def check_name(name: str, taken: Collection[str], what: str = "node") -> str:
    """The name, where something new may bear it. Raises UsageError."""
    if not _FIT.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot name {_article(what)}.",
            hint="Use letters, digits, underscores, hyphens and single spaces inside.",
        )
    if what == "node" and name in _TAKEN:
        raise UsageError(f"{name!r} means the flow's own inputs.", hint="Choose another name.")
    if name in taken:
        raise UsageError(f"There is {_article(what)} named '{name}' already.", hint="Choose another name.")
    return name


def free_name(base: str, taken: Collection[str]) -> str:
    """``base`` made fit for a name, with the lowest number that sets it apart."""
    word = re.sub(r"\W+", "_", base).strip("_").lower() or "node"
    if word in _TAKEN:
        word += "_1"
    name, number = word, 1
    while name in taken:
        number += 1
        name = f"{word}_{number}"
    return name


def _article(what: str) -> str:
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"
