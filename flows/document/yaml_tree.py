"""A YAML document as a tree of written values, each with its span: what reading gives and edits work on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

Path = tuple[str | int, ...]
"""Where a value stands: mapping keys and list positions from the root."""

MERGE: Final = "<<"


@dataclass(frozen=True, slots=True)
class Location:
    """A span of a text. ``line`` and ``column`` count from 1; ``start`` and ``end`` are character offsets into the whole text."""

    line: int
    column: int
    start: int
    end: int


class YamlNode:
    """One value as it is written.

    ``style`` is ``''`` (plain), ``'``, ``"``, ``|`` or ``>`` for scalars, ``block`` or ``flow`` for collections, ``*`` for an alias.
    ``start`` and ``end`` are offsets into the text; an anchor or tag belongs to the span. A block collection ends where its last
    value ends. ``in_flow`` says whether it stands inside brackets or braces.
    """

    __slots__ = ("anchor", "end", "in_flow", "start", "style", "tag", "value")

    # Most nodes are scalars: what only collections and aliases have is the class's, to keep them light.
    pairs: list[tuple[YamlNode, YamlNode]] | None = None
    items: list[YamlNode] | None = None
    index: dict[Any, int] | None = None
    """In a mapping, the position in ``pairs`` of each key."""
    target: YamlNode | None = None
    """Of an alias, what it stands for."""
    size: int = 1
    """Values in it, aliases expanded, keys not counted."""
    height: int = 0

    def __init__(
        self, start: int, end: int, style: str, in_flow: bool, anchor: str | None, tag: str | None, value: Any = None
    ) -> None:
        self.start = start
        self.end = end
        self.style = style
        self.in_flow = in_flow
        self.anchor = anchor
        self.tag = tag
        self.value = value

    @property
    def resolved(self) -> YamlNode:
        """The node itself, or what an alias stands for."""
        return self if self.target is None else self.target

    @property
    def is_merge_key(self) -> bool:
        return self.value == MERGE and not self.style and self.tag is None

    def own(self, part: str | int) -> tuple[YamlNode | None, YamlNode] | None:
        """The key (None in a list) and the value written at ``part`` in this very list or mapping."""
        if self.items is not None:
            if type(part) is int and 0 <= part < len(self.items):
                return None, self.items[part]
            return None
        position = self.index.get(part) if self.index is not None else None
        if position is None or self.pairs is None:
            return None
        pair = self.pairs[position]
        return pair if type(pair[0].value) is type(part) and not pair[0].is_merge_key else None

    def child(self, part: str | int) -> tuple[YamlNode | None, YamlNode] | None:
        """The same through aliases, and through merges where the mapping lacks the key."""
        node = self.resolved
        found = node.own(part)
        if found is not None or node.pairs is None:
            return found
        for source in node.merged():
            found = source.child(part)
            if found is not None:
                return found
        return None

    def merged(self) -> Iterator[YamlNode]:
        """The mappings that ``<<`` merges into this one, the first to win first."""
        for key, value in self.pairs or ():
            if key.is_merge_key:
                target = value.resolved
                yield from target.items if target.items is not None else (target,)

    def walk(self) -> Iterator[YamlNode]:
        """This node and everything written inside it, keys too; aliases are not followed."""
        yield self
        for key, value in self.pairs or ():
            yield key
            yield from value.walk()
        for item in self.items or ():
            yield from item.walk()


class YamlCollection(YamlNode):
    """A list (``items``) or a mapping (``pairs``)."""

    __slots__ = ("height", "index", "items", "pairs", "size")


class YamlAlias(YamlNode):
    __slots__ = ("height", "size", "target")


@dataclass(frozen=True)
class YamlText:
    """A YAML document and where everything in it stands. ``base`` is where the YAML begins in ``text``."""

    text: str
    file: str
    root: YamlNode | None
    """None where the document is empty."""
    base: int = 0
    shares: bool = False
    """Whether values are written once and used elsewhere: by an alias, or by a merge (``<<``)."""

    @property
    def value(self) -> Any:
        """Plain Python values: dict, list, str, int, float, bool, None, date, datetime. Aliased values are the same object."""
        return None if self.root is None else self.root.resolved.value

    @cached_property
    def line_starts(self) -> list[int]:
        return line_starts(self.text)

    def node(self, path: Path) -> YamlNode | None:
        """The value at a path, an alias as itself."""
        node = self.root
        for part in path:
            if node is None:
                return None
            found = node.child(part)
            node = found[1] if found else None
        return node

    def key_node(self, path: Path) -> YamlNode | None:
        """The key that introduces the value at a path; None in a list."""
        parent = self.node(path[:-1])
        found = parent.child(path[-1]) if parent is not None and path else None
        return found[0] if found else None

    def location(self, path: Path, key: bool = False) -> Location | None:
        """Where the value at a path stands, or with ``key`` the key before it. None where nothing stands there."""
        node = self.key_node(path) if key else self.node(path)
        return None if node is None else self.location_of(node)

    def location_of(self, node: YamlNode) -> Location:
        end = node.end
        if node.style in ("|", ">"):
            end = node.start + len(self.text[node.start : node.end].rstrip())
        return self.span(node.start, end)

    def span(self, start: int, end: int) -> Location:
        line = bisect_right(self.line_starts, start)
        column = start - self.line_starts[line - 1] + 1
        if line == 1 and self.text.startswith("\ufeff") and column > 1:
            column -= 1
        return Location(line, column, start, end)


def line_starts(text: str) -> list[int]:
    """Offsets at which lines begin; lines end in LF, CRLF or CR."""
    starts = [0]
    if "\r" not in text:
        position = text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = text.find("\n", position + 1)
        return starts
    for position, character in enumerate(text):
        if character == "\n" or (character == "\r" and text[position + 1 : position + 2] != "\n"):
            starts.append(position + 1)
    return starts
