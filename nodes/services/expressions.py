"""Conditions that people write in nodes: Google's Common Expression Language (CEL), which cannot loop for ever or reach anything.

``category == 'refund' and len(items) > 2``, ``text.contains('late')``, ``score in [4, 5]``. Beside CEL's own ``&& || !`` the words
``and or not`` are understood, and ``len lower upper trim`` beside CEL's functions. The language: https://cel.dev.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flowloom.flows.errors import LimitExceeded, NodeError

MAX_EXPRESSION = 2_000
"""Characters of one expression."""
MAX_ITEMS = 100_000
"""Values within one variable that an expression may look through: CEL's macros visit each of them."""

_TOKEN = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[A-Za-z_][A-Za-z0-9_]*|.""", re.DOTALL)
_WORDS = {"and": "&&", "or": "||", "not": "!", "True": "true", "False": "false", "None": "null"}
_MACRO = re.compile(r"\.\s*(?:all|exists|exists_one|map|filter)\s*\(")


def evaluate(expression: str, variables: Mapping[str, Any]) -> Any:
    """The expression's value. Names that are not variables are errors; a missing key of an object is one too (use ``has(x.key)``).

    Raises NodeError with the reason in words, or LimitExceeded for what is too long or would take too many steps.
    """
    program = _compile(expression)
    if len(_MACRO.findall(expression)) > 2:
        raise LimitExceeded(
            f"The condition {_short(expression)} goes through lists more than twice.",
            hint="Split it over two nodes, or use a Python tool.",
        )
    from cel.cel import Context

    context = Context()
    for name, function in _FUNCTIONS.items():
        context.add_function(name, function)
    for name, value in variables.items():
        context.add_variable(name, _plain(value, name, [MAX_ITEMS]))
    try:
        return program.execute(context)
    except (RuntimeError, TypeError, ValueError, LookupError, ArithmeticError) as error:
        raise NodeError(f"The condition {_short(expression)} cannot be decided: {_words(error)}", hint=_HINT) from error


def holds(expression: str, variables: Mapping[str, Any]) -> bool:
    """Whether the condition is met. Anything but true or false is an error, so that a slip never picks a branch."""
    value = evaluate(expression, variables)
    if isinstance(value, bool):
        return value
    raise NodeError(
        f"The condition {_short(expression)} gives {value!r}, which is neither true nor false.",
        hint="Compare it with something, for example: len(items) > 0.",
    )


def check(expression: str) -> str | None:
    """What is wrong with how the expression is written, in words; None where nothing is."""
    try:
        _compile(expression)
    except NodeError as error:
        return error.message
    return None


_HINT = "Look at the values that come in, in the node's last run, and mend the condition."


@lru_cache(maxsize=512)
def _compile(expression: str) -> Any:
    if not expression.strip():
        raise NodeError("The condition is empty.", hint="Write one, for example: value == 'refund'.")
    if len(expression) > MAX_EXPRESSION:
        raise LimitExceeded(f"The condition is longer than {MAX_EXPRESSION} characters.", hint="Use a Python tool instead.")
    from cel.cel import compile as compile_cel

    tokens: list[str] = _TOKEN.findall(expression)
    text = "".join(_WORDS.get(token, token) for token in tokens)
    try:
        return compile_cel(text)
    except ValueError as error:
        raise NodeError(
            f"The condition {_short(expression)} is not written as one: {_syntax(error)}",
            hint="An example: value == 'refund' and len(items) > 2.",
        ) from error


def _text_function(name: str, function: Any) -> Any:
    def apply(value: Any) -> Any:
        if not isinstance(value, str):
            raise TypeError(f"{name} takes a text, not {type(value).__name__}")
        return function(value)

    return apply


def _length(value: Any) -> int:
    if isinstance(value, str | list | dict | bytes):
        return len(value)
    raise TypeError(f"len takes a text, list or object, not {type(value).__name__}")


_FUNCTIONS = {
    "len": _length,
    "lower": _text_function("lower", str.lower),
    "upper": _text_function("upper", str.upper),
    "trim": _text_function("trim", str.strip),
}


def _plain(value: Any, name: str, budget: list[int]) -> Any:
    """The value in the types CEL knows. Objects of other types become their text."""
    budget[0] -= 1
    if budget[0] < 0:
        raise LimitExceeded(f"The value of {name} holds more than {MAX_ITEMS:,} items.", hint="Take less of it in a Python tool first.")
    if value is None or isinstance(value, bool | str | bytes | float):
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**63 else float(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item, name, budget) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item, name, budget) for item in value]
    return str(value)


def _short(expression: str) -> str:
    one_line = " ".join(expression.split())
    return f"“{one_line[:80]}…”" if len(one_line) > 80 else f"“{one_line}”"


def _words(error: Exception) -> str:
    text = str(error).strip()
    if unknown := re.match(r"Undefined variable or function: '([^']+)'", text):
        return f"there is no value or function named {unknown[1]}."
    if isinstance(error, LookupError):
        return f"an object has no {text}."
    if text.startswith("No such overload"):
        return "it compares values of different kinds, such as a number with a text or with nothing."
    if failed := re.search(r"(?:TypeError|ValueError): ([^.]+)", text):
        return f"{failed[1]}."
    return text.splitlines()[0]


def _syntax(error: Exception) -> str:
    text = str(error)
    found = re.search(r"ERROR: <input>:(\d+):(\d+): (.*)", text)
    if found is None:
        return text.splitlines()[0][:200]
    return f"something is wrong at character {found[2]}."
