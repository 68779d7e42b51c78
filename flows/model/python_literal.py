"""Python literals read as data: text such as ``[{'id': 'call_1', 'type': 'function'}]``. Nothing is evaluated."""

from __future__ import annotations

import ast
import io
import tokenize
from typing import Any, Final

MAX_LENGTH: Final = 1024 * 1024
MAX_DEPTH: Final = 60
MAX_DIGITS: Final = 4300


class NotALiteral(ValueError):
    """The text is not a Python literal, or is larger or deeper than one that people write."""


def parse_literal(text: str) -> Any:
    """Strings, bytes, numbers, lists, tuples, sets, dicts, True, False and None, nested up to 60 deep in up to 1 MiB of text.

    Raises NotALiteral for everything else: names, calls, f-strings, operators other than a sign.
    """
    if len(text) > MAX_LENGTH:
        raise NotALiteral(f"it is longer than {MAX_LENGTH} characters")
    source = text.strip()
    _check_depth(source)
    try:
        return ast.literal_eval(source)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise NotALiteral("it is not a list, text, number or other plain value as Python writes it") from error


def _check_depth(source: str) -> None:
    """Refuse nesting, and chains of signs, that would make the parser recurse deeply."""
    depth = 0
    signs = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type != tokenize.OP:
                signs = 0
            elif token.string in "([{":
                depth += 1
            elif token.string in ")]}":
                depth -= 1
            elif token.string in "+-~":
                signs += 1
            if depth > MAX_DEPTH or signs > 2:
                raise NotALiteral("it is nested too deeply")
    except (tokenize.TokenError, SyntaxError, IndentationError) as error:
        raise NotALiteral("it ends before all brackets and quotes are closed") from error
