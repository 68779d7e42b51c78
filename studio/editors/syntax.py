"""What is what in a line of a prompt, of Python or of JSON. Pure: text and state in, spans and state out."""

from __future__ import annotations

import keyword
import re
from typing import Final, NamedTuple

from flowloom.flows.model.messages import ROLES


class Span(NamedTuple):
    """``kind`` is ``role tag name keyword string number comment function decorator key``."""

    start: int
    length: int
    kind: str


Lexed = tuple[list[Span], int]
"""The spans of a line, and the state the next line begins in; 0 is the state of a first line."""

_ROLE: Final = re.compile(rf"(?i)^\s*#?\s*(?:{'|'.join(ROLES)})\s*:\s*$")
_OPEN: Final = re.compile(r"\{\{|\{%|\{#")
_CLOSE: Final = {"{{": "}}", "{%": "%}", "{#": "#}"}
_STATES: Final = ("", "{{", "{%", "{#")
_STRING: Final = r"\"(?:\\.|[^\"\\])*\"?|'(?:\\.|[^'\\])*'?"
_EXPRESSION: Final = re.compile(rf"(?P<string>{_STRING})|(?P<number>\b\d[\d.]*\b)|(?P<attribute>\.\s*[^\W\d]\w*)|(?P<filter>\|\s*[^\W\d]\w*)|(?P<word>[^\W\d]\w*)")
_JINJA_WORDS: Final = frozenset(
    ["if", "elif", "else", "endif", "for", "endfor", "in", "not", "and", "or", "is", "set", "endset", "block", "endblock", "macro", "endmacro", "filter", "endfilter", "raw", "endraw", "call", "endcall", "include", "import", "from", "extends", "with", "endwith", "true", "false", "none", "True", "False", "None", "recursive", "loop", "do"]
)


def prompt_line(line: str, state: int) -> Lexed:
    """A line of a Jinja2 prompt. Names within tags are ``name``: what they mean depends on the whole prompt."""
    spans: list[Span] = []
    if state == 0 and _ROLE.match(line):
        begin = len(line) - len(line.lstrip())
        return [Span(begin, len(line.rstrip()) - begin, "role")], 0
    position, inside = 0, _STATES[state] if 0 <= state < len(_STATES) else ""
    while position < len(line):
        if not inside:
            found = _OPEN.search(line, position)
            if found is None:
                break
            inside, start, position = found.group(), found.start(), found.end()
        else:
            start = position
        end = line.find(_CLOSE[inside], position)
        stop = len(line) if end < 0 else end + 2
        _inside(spans, line, inside, start, position, len(line) if end < 0 else end, stop)
        position, inside = stop, inside if end < 0 else ""
    return spans, _STATES.index(inside)


def _inside(spans: list[Span], line: str, opened: str, start: int, begin: int, end: int, stop: int) -> None:
    """What stands from ``start`` (the braces) to ``stop`` (after them), its expression from ``begin`` to ``end``."""
    if opened == "{#":
        spans.append(Span(start, stop - start, "comment"))
        return
    spans.append(Span(start, stop - start, "tag" if opened == "{%" else "braces"))
    for match in _EXPRESSION.finditer(line, begin, end):
        kind, word = match.lastgroup, match.group()
        if kind == "word":
            called = line[match.end() : end].lstrip().startswith("=")
            kind = "keyword" if word in _JINJA_WORDS else "" if called and "==" not in line[match.end() : match.end() + 4] else "name"
        elif kind == "filter":
            kind = "function"
        elif kind == "attribute":
            kind = "plain"
        if kind:
            spans.append(Span(match.start(), len(word), kind))


_PYTHON: Final = re.compile(
    r"(?P<comment>#.*)"
    r"|(?P<triple>[rRbBuUfF]{0,2}(?:\"\"\"|'''))"
    rf"|(?P<string>[rRbBuUfF]{{0,2}}(?:{_STRING}))"
    r"|(?P<decorator>(?<![\w)\]])@\s*[\w.]+)"
    r"|(?P<number>\b(?:0[xXoObB][\da-fA-F_]+|\d[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?\d+)?j?)\b)"
    r"|(?P<word>[^\W\d]\w*)"
)
_SOFT: Final = frozenset(("match", "case", "type", "_"))
_KEYWORDS: Final = frozenset(keyword.kwlist)


def python_line(line: str, state: int) -> Lexed:
    """A line of Python; state 1 and 2 are inside a text of three quotation marks."""
    spans: list[Span] = []
    position = 0
    if state in (1, 2):
        quotes = '"""' if state == 1 else "'''"
        end = line.find(quotes)
        if end < 0:
            return [Span(0, len(line), "string")], state
        spans.append(Span(0, end + 3, "string"))
        position = end + 3
    before = ""
    while (match := _PYTHON.search(line, position)) is not None:
        kind, word = match.lastgroup or "", match.group()
        position = match.end()
        if kind == "triple":
            quotes = word[-3:]
            end = line.find(quotes, position)
            if end < 0:
                spans.append(Span(match.start(), len(line) - match.start(), "string"))
                return spans, 1 if quotes == '"""' else 2
            spans.append(Span(match.start(), end + 3 - match.start(), "string"))
            position = end + 3
        elif kind == "decorator" and line[: match.start()].strip():
            position = match.start() + 1
        elif kind == "word":
            if word in _KEYWORDS:
                spans.append(Span(match.start(), len(word), "keyword"))
            elif before in ("def", "class"):
                spans.append(Span(match.start(), len(word), "function"))
            before = word
        else:
            spans.append(Span(match.start(), len(word), kind))
    return spans, 0


_JSON: Final = re.compile(
    r"(?P<string>\"(?:\\.|[^\"\\])*\"?)|(?P<number>-?\b\d[\d.eE+-]*)|(?P<keyword>\b(?:true|false|null|NaN|Infinity)\b)"
)


def json_line(line: str, state: int) -> Lexed:
    """A line of JSON; a text that is a key is ``key``."""
    spans: list[Span] = []
    for match in _JSON.finditer(line):
        kind = match.lastgroup or ""
        if kind == "string" and line[match.end() :].lstrip().startswith(":"):
            kind = "key"
        spans.append(Span(match.start(), match.end() - match.start(), kind))
    return spans, 0
