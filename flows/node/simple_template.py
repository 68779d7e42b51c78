"""Templates that need no template engine: plain text and ``{{ name }}``. Most prompts are such, and importing Jinja2 takes longer than
a small flow may take to start."""

from __future__ import annotations

import re
from typing import Final

_NAME = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")
_BRACKETS = re.compile(r"\{[{%]|[}%]\}")
_OTHER: Final = ("{{", "{%", "{#")

MAX_TAGS: Final = 5_000
"""``{{ }}`` and ``{% %}`` in a template."""
MAX_CODE: Final = 200_000
"""Characters within them, which take far longer to read than text."""

RESERVED: Final = frozenset(
    ["true", "false", "none", "True", "False", "None", "not", "and", "or", "in", "is", "if", "else", "loop", "self", "super", "caller", "varargs", "kwargs", "range", "dict", "lipsum", "cycler", "joiner", "namespace", "context", "environment", "import", "include"]
)
"""Names that mean something to the engine, or might."""


def split(source: str) -> tuple[list[str], list[str]] | None:
    """The texts around the names and the names between them (one fewer), or None where the template needs the engine.

    Line breaks become LF, as the engine does it.
    """
    parts = _NAME.split(source)
    texts, names = parts[::2], parts[1::2]
    for position, text in enumerate(texts):
        if any(mark in text for mark in _OTHER) or (text.endswith("{") and position < len(names)):
            return None
    if not RESERVED.isdisjoint(names) or any(name.startswith("__") for name in names):
        return None
    if "\r" in source:
        texts = [text.replace("\r\n", "\n").replace("\r", "\n") for text in texts]
    return texts, names


def too_much_code(source: str) -> bool:
    """Whether reading the template would take longer than anybody's prompt does."""
    tags = code = begun = 0
    for found in _BRACKETS.finditer(source):
        if found.group().startswith("{"):
            tags += 1
            begun = found.end()
        elif begun:
            code += found.start() - begun
            begun = 0
    return tags > MAX_TAGS or code > MAX_CODE
