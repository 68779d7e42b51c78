"""How large the result of an operation in a template will be, told before it is done.

Each function here takes what the operation takes and gives an upper bound in characters, or raises LimitExceeded. Operations that
cannot make more out of what they are given have none: their results are accounted for afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from flowloom.flows.engine.budget import ITEM, MAX_BITS, MAX_TEXT, MAX_WIDTH, depth_of, too_large, weigh
from flowloom.flows.errors import LimitExceeded

_PERCENT = re.compile(r"%(?:\([^)]*\))?[#0\- +]*(\*|\d+)?(?:\.(\*|\d+)?)?")
_NUMBER = re.compile(r"\d+")
_ENCODINGS: Final = frozenset({"utf8", "utf16", "utf32", "utf16le", "utf16be", "utf32le", "utf32be", "ascii", "latin1"})
_SLOW_SEARCH: Final = 200_000_000
"""Letters a search from the right may compare: it is not linear as one from the left is."""


def refused(what: str) -> LimitExceeded:
    return LimitExceeded(f"The prompt {what}.", hint="Use a smaller number, or prepare the text in a Python tool.")


def width(number: Any, limit: int = MAX_WIDTH) -> int:
    """A number that asks for that many characters; numbers that mean nothing are left for the operation to refuse."""
    if isinstance(number, int) and number > limit:
        raise refused(f"asks for {number:,} characters in one place" if number < 10**30 else "asks for too many characters")
    return number if isinstance(number, int) and number > 0 else 0


# Operators


def times(left: Any, right: Any) -> int:
    if isinstance(left, int) and isinstance(right, int):
        if left.bit_length() + right.bit_length() > MAX_BITS:
            raise refused("computes a number with too many digits")
        return 0
    for sequence, count in ((left, right), (right, left)):
        if isinstance(sequence, str | bytes | list | tuple) and isinstance(count, int):
            size = max(weigh(sequence), 1) * max(count, 0)
            if size > MAX_TEXT:
                raise too_large()
            return size
    return 0


def power(left: Any, right: Any) -> int:
    if isinstance(right, int) and not isinstance(left, float) and right > 0:
        bits = left.bit_length() if isinstance(left, int) else 64
        if bits * right > MAX_BITS:
            raise refused("computes a number with too many digits")
    return 0


def plus(left: Any, right: Any) -> int:
    if isinstance(left, str | bytes | list | tuple):
        return weigh(left) + weigh(right)
    return 0


def percent(left: Any, right: Any) -> int:
    """``'%5s' % value``; of numbers, the remainder."""
    if not isinstance(left, str | bytes):
        return 0
    text = left if isinstance(left, str) else left.decode("latin-1")
    widest = fields = 0
    for found in _PERCENT.finditer(text):
        fields += 1
        for part in found.groups():
            if part == "*":
                numbers = right if isinstance(right, tuple) else (right,)
                widest = max([widest, *(width(number) for number in numbers if isinstance(number, int))])
            elif part:
                widest = max(widest, width(int(part[:9])))
    repeats = 1 if isinstance(right, tuple) else fields
    return bounded(len(text) + fields * widest + weigh(right) * max(repeats, 1))


def bounded(size: int) -> int:
    if size > MAX_TEXT:
        raise too_large()
    return size


BINARY: Final[Mapping[str, Callable[[Any, Any], int]]] = {"*": times, "**": power, "+": plus, "%": percent}


def check_format_spec(spec: str) -> None:
    """The part after the colon in ``'{:>20}'``."""
    for number in _NUMBER.findall(spec):
        width(int(number[:9]))


# Methods of texts, numbers, lists and objects


def _padding(text: Any, size: Any = 0, *rest: Any) -> int:
    return len(text) + width(size, MAX_TEXT)


def _expandtabs(text: Any, tabsize: Any = 8) -> int:
    return bounded(len(text) + text.count("\t" if isinstance(text, str) else b"\t") * width(tabsize))


def _join(separator: Any, items: Any = ()) -> int:
    return bounded(weigh(items) + len(separator) * len(items)) if hasattr(items, "__len__") else len(separator)


def _replace(text: Any, old: Any = "", new: Any = "", *rest: Any) -> int:
    if not isinstance(old, str | bytes) or not isinstance(new, str | bytes) or type(old) is not type(text[:0]):
        return len(text)
    return bounded(len(text) + text.count(old) * len(new))


def _translate(text: Any, table: Any = None, *rest: Any) -> int:
    if isinstance(table, Mapping):
        longest = max((len(value) for value in table.values() if isinstance(value, str)), default=1)
        return bounded(len(text) * max(longest, 1))
    return bounded(len(text) * (weigh(table) if isinstance(table, list | tuple) else 1))


def _encode(text: Any, encoding: Any = "utf-8", *rest: Any) -> int:
    plain = re.sub(r"[^a-z0-9]", "", str(encoding)[:20].lower())
    if plain not in _ENCODINGS:
        raise refused(f"uses the encoding {str(encoding)[:20]!r}, which prompts cannot")
    return len(text) * 4


def _search_from_right(text: Any, part: Any = None, *rest: Any) -> int:
    if part is not None and hasattr(part, "__len__") and len(text) * len(part) > _SLOW_SEARCH:
        raise too_large()
    return len(text)


def _bytes_of(number: Any, length: Any = 1, *rest: Any) -> int:
    return width(length, MAX_TEXT)


def _weighed(owner: Any, *arguments: Any) -> int:
    return bounded(weigh(owner) + sum(weigh(argument) for argument in arguments))


def _added(owner: Any, *arguments: Any) -> int:
    return bounded(sum(weigh(argument) for argument in arguments))


def _inserted(owner: Any, *arguments: Any) -> int:
    return bounded(len(owner) // 100 + sum(weigh(argument) for argument in arguments))


TEXT_METHODS: Final[Mapping[str, Callable[..., int]]] = {
    **dict.fromkeys(("center", "ljust", "rjust", "zfill"), _padding),
    **dict.fromkeys(("rfind", "rindex", "rsplit", "rpartition"), _search_from_right),
    **dict.fromkeys(("encode", "decode"), _encode),
    "expandtabs": _expandtabs,
    "join": _join,
    "replace": _replace,
    "translate": _translate,
}
NUMBER_METHODS: Final[Mapping[str, Callable[..., int]]] = {"to_bytes": _bytes_of}
CONTAINER_METHODS: Final[Mapping[str, Callable[..., int]]] = {
    **dict.fromkeys(("append", "add", "extend", "update", "setdefault", "fromkeys"), _added),
    "insert": _inserted,
    **dict.fromkeys(("index", "count", "remove", "sort", "copy"), _weighed),
    **dict.fromkeys(("union", "intersection", "difference", "symmetric_difference", "issubset", "issuperset"), _weighed),
}


# Filters


def _filter_center(value: Any, width: Any = 80) -> int:
    return _padding(str(value) if not isinstance(value, str) else value, width)


def _filter_indent(s: Any, width: Any = 4, first: Any = False, blank: Any = False) -> int:
    text = str(s)
    pad = len(width) if isinstance(width, str) else _width(width)
    return bounded(len(text) + pad * (len(text.splitlines()) + 1))


def _filter_format(value: Any, *args: Any, **kwargs: Any) -> int:
    return percent(str(value), kwargs or args)


def _filter_join(value: Any, d: Any = "", attribute: Any = None) -> int:
    count = len(value) if hasattr(value, "__len__") else 0
    return bounded(weigh(value) + count * weigh(d))


def _filter_replace(s: Any, old: Any, new: Any, count: Any = None) -> int:
    text, old = str(s), str(old)
    return bounded(len(text) + text.count(old) * weigh(new))


def _filter_wordwrap(
    s: Any, width: Any = 79, break_long_words: Any = True, wrapstring: Any = None, break_on_hyphens: Any = True
) -> int:
    text = str(s)
    if len(text) > 200_000:
        raise too_large()
    lines = len(text) // max(_width(width, MAX_TEXT), 1) + len(text.split()) + text.count("\n") + 1
    return bounded(len(text) + lines * (len(wrapstring) if isinstance(wrapstring, str) else 1))


def _filter_batch(value: Any, linecount: Any, fill_with: Any = None) -> int:
    return _width(linecount, 100_000) * ITEM


def _filter_slice(value: Any, slices: Any, fill_with: Any = None) -> int:
    return _width(slices, 100_000) * ITEM


def _filter_round(value: Any, precision: Any = 0, method: Any = "common") -> int:
    return _width(abs(precision) if isinstance(precision, int) else 0, 400)


def _filter_tojson(value: Any, indent: Any = None) -> int:
    pad = len(indent) if isinstance(indent, str) else _width(indent, 100)
    weight = weigh(value)
    return bounded(weight * 2 + (weight // 8 * pad * depth_of(value) if pad else 0))


def _filter_pprint(value: Any) -> int:
    return weigh(value, 500_000)


def _filter_urlize(value: Any, *args: Any, **kwargs: Any) -> int:
    text = str(value)
    if len(text) > 200_000:
        raise too_large()
    extra = sum(weigh(part) for part in (*args, *kwargs.values()))
    return bounded(len(text) * 3 + (extra + 40) * (len(text.split()) + 1))


def _filter_sum(iterable: Any, attribute: Any = None, start: Any = 0) -> int:
    weight = weigh(iterable)
    if not isinstance(start, int | float) and hasattr(iterable, "__len__") and weight * len(iterable) > _SLOW_SEARCH:
        raise too_large()
    return bounded(weight + weigh(start))


_width = width

FILTERS: Final[Mapping[str, Callable[..., int]]] = {
    "batch": _filter_batch,
    "center": _filter_center,
    "format": _filter_format,
    "indent": _filter_indent,
    "join": _filter_join,
    "pprint": _filter_pprint,
    "replace": _filter_replace,
    "round": _filter_round,
    "slice": _filter_slice,
    "sum": _filter_sum,
    "tojson": _filter_tojson,
    "urlize": _filter_urlize,
    "wordwrap": _filter_wordwrap,
}

CHEAP_FILTERS: Final = frozenset(
    ("abs", "attr", "count", "d", "default", "first", "float", "int", "items", "last", "length", "random", "safe")
)
"""Filters that do not look at the whole of what they are given."""
