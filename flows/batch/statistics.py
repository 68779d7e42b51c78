"""Comparing variants row by row: pure functions over scores, and the interval that says whether a difference could be chance.

A score is 1.0 for right, 0.0 for wrong, or anything between; None where a row has none. Rows are paired: the same row, run by each
variant. The interval is the paired percentile bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13).
"""

from __future__ import annotations

import ast
import random
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

Check = Literal["exact", "contains"]

RESAMPLES: Final = 2_000
CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """The mean of paired differences, second minus first, and where it lies with the given confidence."""

    mean: float
    low: float
    high: float

    @property
    def could_be_chance(self) -> bool:
        return self.low <= 0.0 <= self.high


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two variants over the rows that both have a score for. ``interval`` is None without such rows."""

    rows: int
    better: int
    """Rows on which the second scores higher."""
    worse: int
    same: int
    interval: Interval | None

    @property
    def verdict(self) -> Literal["better", "worse", "same", "chance", "nothing"]:
        """Of the second against the first; ``same`` where no row differs. ``chance`` where the interval holds 0, or where as uneven a split
        of the rows that differ is no rare thing (the exact sign test, for 0 and 1 McNemar's): of few rows a bootstrap alone is too sure.
        """
        if self.interval is None:
            return "nothing"
        if not self.better and not self.worse:
            return "same"
        if self.interval.could_be_chance or sign_test(self.better, self.worse) >= 1 - CONFIDENCE:
            return "chance"
        return "better" if self.interval.mean > 0 else "worse"


def compare(first: Sequence[float | None], second: Sequence[float | None], *, seed: int = 0) -> Comparison:
    """Compare two variants' scores, row by row. Raises ValueError for lists of different lengths."""
    if len(first) != len(second):
        raise ValueError("the variants have different numbers of rows")
    differences = [b - a for a, b in zip(first, second, strict=True) if a is not None and b is not None]
    better = sum(1 for difference in differences if difference > 0)
    worse = sum(1 for difference in differences if difference < 0)
    return Comparison(len(differences), better, worse, len(differences) - better - worse, bootstrap(differences, seed=seed))


def bootstrap(differences: Sequence[float], *, resamples: int = RESAMPLES, confidence: float = CONFIDENCE, seed: int = 0) -> Interval | None:
    """The percentile interval of the mean of paired differences; None for none. The same seed gives the same interval.

    One row alone says nothing of chance: its interval reaches from -1 to 1 around 0.
    """
    count = len(differences)
    if not count:
        return None
    mean = sum(differences) / count
    if count == 1:
        return Interval(mean, min(-1.0, mean), max(1.0, mean))
    generator = random.Random(seed)
    means = sorted(sum(generator.choices(differences, k=count)) / count for _ in range(resamples))
    tail = (1.0 - confidence) / 2
    low, high = means[int(tail * resamples)], means[min(resamples - 1, int((1.0 - tail) * resamples))]
    return Interval(mean, low, high)


def sign_test(better: int, worse: int) -> float:
    """The two-sided probability of a split at least as uneven as this, if either outcome were as likely (the exact sign test)."""
    from math import comb

    count = better + worse
    if not count:
        return 1.0
    tail = sum(comb(count, k) for k in range(min(better, worse) + 1)) / 2**count
    return min(1.0, 2 * tail)


def score(output: Any, expected: Any, check: Check) -> float | None:
    """1.0 where the output is what was expected (``exact``) or holds it (``contains``), else 0.0; None where nothing was expected.

    Letters' case, accents' encoding, and space around and within do not count; numbers and their texts are the same.
    """
    if expected is None or expected == "":
        return None
    given, wanted = plain(output), plain(expected)
    return float(given == wanted if check == "exact" else wanted in given)


def plain(value: Any) -> str:
    """A value as a text to be compared: NFKC, case folded, runs of space as one blank; objects as their sorted JSON."""
    if isinstance(value, bool) or value is None:
        text = str(value)
    elif isinstance(value, float) and value.is_integer():
        text = str(int(value))
    elif isinstance(value, dict | list):
        import json

        text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    else:
        text = str(value)
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()


class CheckFault(ValueError):
    """A Python check cannot be read or worked out; the message says why in words."""


_ALLOWED: Final = (
    ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Mod,
    ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Is, ast.IsNot, ast.IfExp, ast.Constant,
    ast.Name, ast.Load, ast.Subscript, ast.Slice, ast.Call, ast.Attribute, ast.List, ast.Tuple, ast.keyword,
)  # fmt: skip
_FUNCTIONS: Final[Mapping[str, Any]] = {
    "len": len, "abs": abs, "min": min, "max": max, "round": round, "float": float, "int": int, "str": str, "bool": bool, "plain": plain,
}  # fmt: skip
_METHODS: Final = frozenset({"lower", "upper", "strip", "startswith", "endswith", "split", "count", "get", "casefold", "splitlines"})
_MOST_TEXT: Final = 2_000
_MOST_SIZE: Final = 1_000_000


def read_check(text: str) -> ast.Expression:
    """A check written as one Python expression of ``output``, ``expected`` and ``row``, such as ``output == expected`` or
    ``len(output) < 200``. Only comparisons, arithmetic and a few functions: it is looked at, part by part, never run as Python.

    Raises CheckFault.
    """
    if len(text) > _MOST_TEXT:
        raise CheckFault("the check is too long")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError) as error:
        raise CheckFault(f"this is not Python: {getattr(error, 'msg', None) or error}") from None
    for part in ast.walk(tree):
        if not isinstance(part, _ALLOWED):
            raise CheckFault(f"{type(part).__name__} has no place in a check")
        if isinstance(part, ast.Attribute) and part.attr not in _METHODS:
            raise CheckFault(f".{part.attr} has no place in a check")
        if isinstance(part, ast.Name) and part.id not in {"output", "expected", "row", *_FUNCTIONS}:
            raise CheckFault(f"{part.id} is not known here: use output, expected and row")
    return tree


def run_check(tree: ast.Expression, output: Any, expected: Any, row: Mapping[str, Any]) -> float:
    """The score of a row by a check: a number between 0 and 1 as it is, anything else 1.0 where it is true. Raises CheckFault."""
    names = {"output": output, "expected": expected, "row": row}
    try:
        value = _value(tree.body, names)
    except CheckFault:
        raise
    except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise CheckFault(f"{type(error).__name__}: {error}") from None
    if isinstance(value, float | int) and not isinstance(value, bool):
        return min(1.0, max(0.0, float(value)))
    return float(bool(value))


def _value(part: ast.expr, names: Mapping[str, Any]) -> Any:
    found = _VALUES[type(part)](part, names)
    if isinstance(found, str | list | tuple) and len(found) > _MOST_SIZE:
        raise CheckFault("a value grew too big")
    return found


def _call(part: ast.Call, names: Mapping[str, Any]) -> Any:
    arguments = [_value(argument, names) for argument in part.args]
    if part.keywords:
        raise CheckFault("named arguments have no place in a check")
    if isinstance(part.func, ast.Name) and part.func.id in _FUNCTIONS:
        return _FUNCTIONS[part.func.id](*arguments)
    if isinstance(part.func, ast.Attribute):
        owner = _value(part.func.value, names)
        if not isinstance(owner, str | dict | list):
            raise CheckFault(f".{part.func.attr} is for texts, lists and objects")
        return getattr(owner, part.func.attr)(*arguments)
    raise CheckFault("this cannot be called")


def _binary(part: ast.BinOp, names: Mapping[str, Any]) -> Any:
    left, right = _value(part.left, names), _value(part.right, names)
    if isinstance(part.op, ast.Add):
        return left + right
    if not all(isinstance(side, int | float) for side in (left, right)):
        raise CheckFault("only numbers can be reckoned with")
    operator = {ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Mod: "%"}[type(part.op)]
    return {"-": lambda: left - right, "*": lambda: left * right, "/": lambda: left / right, "%": lambda: left % right}[operator]()


_COMPARE: Final[Mapping[type, Any]] = {
    ast.Eq: lambda a, b: a == b, ast.NotEq: lambda a, b: a != b, ast.Lt: lambda a, b: a < b, ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b, ast.GtE: lambda a, b: a >= b, ast.In: lambda a, b: a in b, ast.NotIn: lambda a, b: a not in b,
    ast.Is: lambda a, b: a is b, ast.IsNot: lambda a, b: a is not b,
}  # fmt: skip


def _comparison(part: ast.Compare, names: Mapping[str, Any]) -> bool:
    left = _value(part.left, names)
    for operator, right_part in zip(part.ops, part.comparators, strict=True):
        right = _value(right_part, names)
        if not _COMPARE[type(operator)](left, right):
            return False
        left = right
    return True


def _logic(part: ast.BoolOp, names: Mapping[str, Any]) -> Any:
    value: Any = None
    for item in part.values:
        value = _value(item, names)
        if bool(value) is isinstance(part.op, ast.Or):
            return value
    return value


def _unary(part: ast.UnaryOp, names: Mapping[str, Any]) -> Any:
    value = _value(part.operand, names)
    return (not value) if isinstance(part.op, ast.Not) else -value


def _subscript(part: ast.Subscript, names: Mapping[str, Any]) -> Any:
    owner = _value(part.value, names)
    if isinstance(part.slice, ast.Slice):
        bounds = [None if bound is None else _value(bound, names) for bound in (part.slice.lower, part.slice.upper, part.slice.step)]
        return owner[slice(*bounds)]
    return owner[_value(part.slice, names)]


def _name(part: ast.Name, names: Mapping[str, Any]) -> Any:
    if part.id not in names:
        raise CheckFault(f"{part.id} is a function: call it")
    return names[part.id]


def _misplaced(part: ast.expr, names: Mapping[str, Any]) -> Any:
    raise CheckFault(f"{type(part).__name__} has no place here")


_VALUES: Final[Mapping[type, Any]] = {
    ast.Constant: lambda part, names: part.value,
    ast.Name: _name,
    ast.Call: _call,
    ast.BinOp: _binary,
    ast.Compare: _comparison,
    ast.BoolOp: _logic,
    ast.UnaryOp: _unary,
    ast.Subscript: _subscript,
    ast.IfExp: lambda part, names: _value(part.body if _value(part.test, names) else part.orelse, names),
    ast.List: lambda part, names: [_value(item, names) for item in part.elts],
    ast.Tuple: lambda part, names: tuple(_value(item, names) for item in part.elts),
    ast.Attribute: _misplaced,
    ast.Slice: _misplaced,
}
