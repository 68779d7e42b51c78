"""Writing lists and mappings in the manner of the document they go into."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flowloom.flows.document.yaml_tree import YamlNode, YamlText
from flowloom.flows.document.yaml_words import literal_lines, scalar_text

_SHORT = 72
"""A list of plain values up to this many characters goes on one line."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a document is written: its line ending, the step of its indentation, and how far lists are indented under their key."""

    newline: str = "\n"
    step: int = 2
    list_step: int = 0
    literals: bool = True
    """Whether texts of several lines may be written as such. A comment that follows deeper than them would become part of the last."""

    def literal(self, value: Any) -> list[str] | None:
        """The header and lines of a text of several lines; None where it is written on one."""
        return literal_lines(value) if self.literals and isinstance(value, str) else None


def manner_at(doc: YamlText, place: int) -> Manner:
    """The manner for lines that go below the line of ``place``."""
    manner = manner_of(doc)
    return replace(manner, literals=comments_end(doc, line_end(doc.text, place), 0) == line_end(doc.text, place))


def comments_end(doc: YamlText, end: int, deeper: int) -> int:
    """The end of the last comment line, below the line that ends at ``end``, that is indented deeper than a column."""
    place = end
    while (following := next_line(doc.text, place)) < len(doc.text) and following > place:
        place = line_end(doc.text, following)
        line = doc.text[following:place]
        bare = line.lstrip(" \t")
        if not bare:
            continue
        if not bare.startswith("#") or len(line) - len(bare) <= deeper:
            break
        end = place
    return end


def manner_of(doc: YamlText) -> Manner:
    """Read from the first places that show it; prompt flow's own manner where nothing does."""
    first = min((at for at in (doc.text.find("\n"), doc.text.find("\r")) if at >= 0), default=-1)
    newline = "\n"
    if first >= 0 and doc.text[first] == "\r":
        newline = "\r\n" if doc.text[first : first + 2] == "\r\n" else "\r"
    step, list_step = None, None
    pending = [doc.root] if doc.root is not None else []
    while pending and (step is None or list_step is None):
        node = pending.pop(0)
        for key, value in (node.pairs or ()) if node.style == "block" else ():
            if value.style != "block" or value.anchor or value.tag:
                continue
            offset = column(doc, value.start) - column(doc, key.start)
            if value.pairs is not None and step is None and 1 <= offset <= 8:
                step = offset
            if value.items is not None and list_step is None and 0 <= offset <= 8:
                list_step = offset
        pending.extend(value for _, value in node.pairs or ())
        pending.extend((node.items or ())[:3])
    return Manner(newline, step or 2, list_step or 0)


def column(doc: YamlText, offset: int) -> int:
    """How many characters stand before a place on its line. The byte order mark is none."""
    start = line_start(doc.text, offset)
    return offset - start - (1 if start == 0 and doc.text.startswith("\ufeff") else 0)


def line_start(text: str, offset: int) -> int:
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def line_end(text: str, offset: int) -> int:
    """Where the line's text ends, before its line ending."""
    ends = [at for at in (text.find("\n", offset), text.find("\r", offset)) if at >= 0]
    return min(ends, default=len(text))


def next_line(text: str, offset: int) -> int:
    """Where the next line begins; the text's end where there is none."""
    end = line_end(text, offset)
    if text[end : end + 2] == "\r\n":
        return end + 2
    return min(end + 1, len(text))


def content_end(doc: YamlText, node: YamlNode) -> int:
    """Where the last character of a value stands: without the blank lines that libyaml counts to a block scalar."""
    if node.style == "block":
        last = node.pairs[-1][1] if node.pairs else (node.items or [node])[-1]
        return node.end if last is node else content_end(doc, last)
    if node.style in ("|", ">"):
        written = doc.text[node.start : node.end]
        if not keeps_blank_lines(doc, node):
            return node.start + len(written.rstrip(" \r\n"))
        if written.endswith(("\n", "\r")):
            return node.end - (2 if written.endswith("\r\n") else 1)
    return node.end


def last_scalar(node: YamlNode) -> YamlNode:
    """The value that ends where a value ends."""
    while node.style == "block" and (node.pairs or node.items):
        node = node.pairs[-1][1] if node.pairs else (node.items or [node])[-1]
    return node


def block_header(doc: YamlText, node: YamlNode) -> int:
    """Where the ``|`` or ``>`` of a block scalar stands, behind its anchor or tag."""
    return doc.text.index(node.style, node.start)


def keeps_blank_lines(doc: YamlText, node: YamlNode) -> bool:
    """Whether blank lines behind a block scalar belong to it (``|+``)."""
    start = block_header(doc, node)
    return "+" in doc.text[start : line_end(doc.text, start)].split("#")[0]


def one_line(value: Any, *, in_flow: bool = False, prefer: str = "") -> str:
    """A value on one line: scalars as they are, collections in brackets and braces."""
    if isinstance(value, dict):
        pairs = (f"{scalar_text(key, in_flow=True)}: {one_line(item, in_flow=True)}" for key, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(one_line(item, in_flow=True) for item in value) + "]"
    return scalar_text(value, in_flow=in_flow, prefer=prefer)


def fits_one_line(value: Any, manner: Manner) -> bool:
    """Whether a value is written after its key or dash, rather than on lines of its own."""
    if isinstance(value, dict):
        return not value
    if isinstance(value, (list, tuple)):
        if any(isinstance(item, (dict, list, tuple)) for item in value):
            return False
        return not value or len(one_line(value)) <= _SHORT
    return manner.literal(value) is None


def lines_of(value: Any, manner: Manner) -> list[str]:
    """A mapping or list on lines of its own, beginning at column 0."""
    lines: list[str] = []
    if isinstance(value, dict):
        for key, item in value.items():
            first, *rest = entry_lines(scalar_text(key) + ":", item, manner)
            lines += (first, *rest)
        return lines
    for item in value:
        if isinstance(item, dict) and item:
            inner = lines_of(item, manner)
            lines += ("- " + inner[0], *(_indented(line, 2) for line in inner[1:]))
        else:
            lines.extend(_item_lines(item, manner))
    return lines


def _item_lines(item: Any, manner: Manner) -> list[str]:
    literal = manner.literal(item)
    if literal:
        return ["- " + literal[0], *(_indented(line, 2) for line in literal[1:])]
    return ["- " + one_line(item)]


def entry_lines(key: str, value: Any, manner: Manner) -> list[str]:
    """``key`` (with its colon) and its value, beginning at column 0."""
    if fits_one_line(value, manner):
        return [f"{key} {one_line(value)}"]
    if isinstance(value, str):
        header, *body = manner.literal(value) or []
        return [f"{key} {header}", *(_indented(line, manner.step) for line in body)]
    step = manner.step if isinstance(value, dict) else manner.list_step
    return [key, *(_indented(line, step) for line in lines_of(value, manner))]


def _indented(line: str, step: int) -> str:
    return " " * step + line if line else line


def indent(lines: list[str], step: int) -> list[str]:
    return [_indented(line, step) for line in lines]
