"""YAML 1.2 as text with the place of every value: one pass over libyaml's events gives values and spans together.

libyaml speaks YAML 1.1; what a word means is decided in ``yaml_scalars``. Refused, always with file, line, column and the next step:
what is not YAML, duplicate keys, tags other than YAML's own scalars, lists and mappings, several documents in one file, and documents
over the caps below.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from flowloom.flows.document.yaml_faults import fault_from_libyaml, yaml_error
from flowloom.flows.document.yaml_scalars import YAML_TAG, NotReadable, plain_value, tagged_value

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_DEPTH: Final = 64
MAX_NODES: Final = 100_000
"""Values, not counting the keys of mappings, after aliases are expanded."""

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

    __slots__ = (
        "anchor",
        "end",
        "height",
        "in_flow",
        "items",
        "pairs",
        "size",
        "start",
        "style",
        "tag",
        "target",
        "value",
    )

    def __init__(self, start: int, end: int, style: str, in_flow: bool, anchor: str | None, tag: str | None) -> None:
        self.start = start
        self.end = end
        self.style = style
        self.in_flow = in_flow
        self.anchor = anchor
        self.tag = tag
        self.value: Any = None
        self.pairs: list[tuple[YamlNode, YamlNode]] | None = None
        self.items: list[YamlNode] | None = None
        self.target: YamlNode | None = None
        self.size = 1
        self.height = 0

    @property
    def resolved(self) -> YamlNode:
        """The node itself, or what an alias stands for."""
        return self if self.target is None else self.target

    @property
    def is_merge_key(self) -> bool:
        return self.value == MERGE and not self.style and self.tag is None

    def child(self, part: str | int) -> tuple[YamlNode | None, YamlNode] | None:
        """The key (None in a list) and the value at ``part``; through aliases, and through merges where the mapping lacks the key."""
        node = self.resolved
        if node.items is not None:
            if isinstance(part, int) and -len(node.items) <= part < len(node.items):
                return None, node.items[part]
            return None
        found: tuple[YamlNode, YamlNode] | None = None
        for pair in node.pairs or ():
            key = pair[0].value
            if key == part and type(key) is type(part) and not pair[0].is_merge_key:
                return pair
        for pair in node.pairs or ():
            if pair[0].is_merge_key:
                merged = pair[1].resolved
                for source in merged.items if merged.items is not None else (merged,):
                    found = found or source.child(part)  # pyright: ignore[reportAssignmentType]
        return found


@dataclass(frozen=True)
class YamlText:
    """A YAML document and where everything in it stands. ``base`` is where the YAML begins in ``text``."""

    text: str
    file: str
    root: YamlNode | None
    """None where the document is empty."""
    base: int = 0

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


def load_values(text: str, file: str) -> Any:
    """The plain values of a YAML text; None where it is empty. Raises YamlError."""
    return load_yaml(text, file).value


def load_yaml(text: str, file: str, *, start: int = 0, end: int | None = None) -> YamlText:
    """Read ``text[start:end]``; places count in the whole text. ``file`` is the name that errors show. Raises YamlError."""
    if text.startswith("\ufeff") and start == 0:
        start = 1
    source = text[start : len(text) if end is None else end]
    if len(source) > MAX_BYTES or len(source.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise yaml_error(
            text,
            file,
            0,
            f"The file is larger than {MAX_BYTES // 1024 // 1024} MiB.",
            "Move large data into a file of its own.",
        )
    reader = _Reader(text, file, start)
    return YamlText(text, file, reader.read(source), start)


class _Frame:
    """A list or mapping that is being read."""

    __slots__ = ("before", "deepest", "is_key", "key", "keys", "node")

    def __init__(self, node: YamlNode, before: int, is_key: bool) -> None:
        self.node = node
        self.before = before
        self.is_key = is_key
        self.key: YamlNode | None = None
        self.keys: dict[Any, YamlNode] | None = {} if node.pairs is not None else None
        self.deepest = 0


class _Reader:
    """Builds one document. Counts values as it goes, so that a bomb is refused before it is built."""

    def __init__(self, text: str, file: str, base: int) -> None:
        self.text = text
        self.file = file
        self.base = base
        self.count = 0
        self.stack: list[_Frame] = []
        self.anchors: dict[str, YamlNode] = {}
        self.open_anchors: set[str] = set()
        self.flow_depth = 0
        self.root: YamlNode | None = None
        self.restore: dict[int, str] = {}

    def refuse(self, offset: int, message: str, hint: str) -> Exception:
        return yaml_error(self.text, self.file, offset, message, hint)

    def read(self, source: str) -> YamlNode | None:
        from yaml import YAMLError
        from yaml.events import (
            AliasEvent,
            DocumentStartEvent,
            MappingEndEvent,
            MappingStartEvent,
            ScalarEvent,
            SequenceEndEvent,
            SequenceStartEvent,
        )

        documents = 0
        try:
            for event in _events(self._without_odd_breaks(source)):
                kind = type(event)
                if kind is ScalarEvent:
                    self._scalar(event)
                elif kind is MappingStartEvent or kind is SequenceStartEvent:
                    self._open(event, kind is MappingStartEvent)
                elif kind is AliasEvent:
                    self._alias(event)
                elif kind is MappingEndEvent or kind is SequenceEndEvent:
                    self._close(event)
                elif kind is DocumentStartEvent:
                    documents += 1
                    self._document(event, documents)
        except YAMLError as error:
            raise fault_from_libyaml(error, self.text, self.file, self.base) from error
        except UnicodeEncodeError as error:
            raise self.refuse(
                self.base + error.start, "The file holds a broken character (half of a pair).", "Delete the character."
            ) from error
        return self.root

    def _without_odd_breaks(self, source: str) -> str:
        """libyaml breaks lines at three characters that YAML 1.2 reads as ordinary ones: hide them behind stand-ins of equal length."""
        for character in ("\x85", "\u2028", "\u2029"):
            if character in source:
                stand_in = next(code for code in range(0xE000, 0xF8FF) if chr(code) not in source)
                self.restore[stand_in] = character
                source = source.replace(character, chr(stand_in))
        return source

    def _document(self, event: Any, number: int) -> None:
        offset = self.base + event.start_mark.index
        if number > 1:
            raise self.refuse(
                offset, "The file holds more than one YAML document.", "Delete the line '---' and what follows it."
            )
        if event.version is not None and tuple(event.version) != (1, 2):
            raise self.refuse(
                offset, "The file asks for an old version of YAML.", "Delete the line that begins with '%YAML'."
            )

    def _scalar(self, event: Any) -> None:
        style = event.style or ""
        node = YamlNode(
            self.base + event.start_mark.index,
            self.base + event.end_mark.index,
            style,
            self.flow_depth > 0,
            event.anchor,
            event.tag,
        )
        value = event.value
        if self.restore:
            value = value.translate(self.restore)
        if event.tag is not None:
            value = self._tagged(node, value)
        elif not style:
            try:
                value = plain_value(value)
            except NotReadable as error:
                raise self.refuse(node.start, f"The value is not readable: {error}.", "Put it in quotes.") from error
        node.value = value
        self.count += 1
        if node.anchor is not None:
            self.anchors[node.anchor] = node
        self._add(node)

    def _tagged(self, node: YamlNode, word: str) -> Any:
        tag = node.tag or ""
        try:
            if tag == "!" and not node.style:
                return plain_value(word)
            return tagged_value(tag, word)
        except NotReadable as error:
            raise self.refuse(
                node.start, f"The value is not readable: {error}.", "Correct it, or put it in quotes."
            ) from error
        except KeyError:
            raise self._unknown_tag(node) from None

    def _unknown_tag(self, node: YamlNode) -> Exception:
        shown = (node.tag or "").replace(YAML_TAG, "!!")
        return self.refuse(
            node.start,
            f"The tag {shown!r} is not allowed: a flow holds plain data only.",
            "Delete the tag before the value.",
        )

    def _open(self, event: Any, mapping: bool) -> None:
        flow = bool(event.flow_style)
        start = self.base + event.start_mark.index
        node = YamlNode(start, start, "flow" if flow else "block", self.flow_depth > 0, event.anchor, event.tag)
        if event.tag is not None and event.tag not in ("!", f"{YAML_TAG}{'map' if mapping else 'seq'}"):
            raise self._unknown_tag(node)
        if len(self.stack) >= MAX_DEPTH:
            raise self.refuse(
                start, f"The values are nested deeper than {MAX_DEPTH} levels.", "Simplify the nested value."
            )
        if mapping:
            node.pairs = []
        else:
            node.items = []
        self.count += 1
        if flow:
            self.flow_depth += 1
        if node.anchor is not None:
            self.anchors[node.anchor] = node
            self.open_anchors.add(node.anchor)
        self.stack.append(_Frame(node, self.count - 1, False))

    def _close(self, event: Any) -> None:
        frame = self.stack.pop()
        node = frame.node
        if node.style == "flow":
            self.flow_depth -= 1
            node.end = self.base + event.end_mark.index
        if node.pairs is not None:
            node.value = self._mapping(node)
            if node.pairs and node.style == "block":
                node.end = node.pairs[-1][1].end
        else:
            items = node.items or []
            node.value = [item.resolved.value for item in items]
            if items and node.style == "block":
                node.end = items[-1].end
        node.size = self.count - frame.before
        node.height = frame.deepest
        if node.anchor is not None:
            self.open_anchors.discard(node.anchor)
        self._add(node)

    def _alias(self, event: Any) -> None:
        start = self.base + event.start_mark.index
        node = YamlNode(start, self.base + event.end_mark.index, "*", self.flow_depth > 0, None, None)
        name = event.anchor
        target = self.anchors.get(name)
        if target is None:
            raise self.refuse(
                start,
                f"Nothing is named '&{name}' before this place.",
                f"Add '&{name}' before a value above, or write it out.",
            )
        if name in self.open_anchors:
            raise self.refuse(
                start, f"The value '&{name}' contains itself.", "Write the value out instead of '*" + name + "'."
            )
        node.target = target
        node.value = target.value
        node.height = target.height
        self.count += target.size
        if len(self.stack) + target.height > MAX_DEPTH:
            raise self.refuse(
                start, f"The values are nested deeper than {MAX_DEPTH} levels.", "Simplify the nested value."
            )
        self._add(node)

    def _add(self, node: YamlNode) -> None:
        """Put a finished value where it belongs: into the list or mapping that is open, or at the root."""
        if self.count > MAX_NODES:
            raise self.refuse(
                node.start, f"The file holds more than {MAX_NODES:,} values.", "Move large data into a file of its own."
            )
        if not self.stack:
            self.root = node
            return
        frame = self.stack[-1]
        if node.height >= frame.deepest:
            frame.deepest = node.height + 1
        parent = frame.node
        if parent.items is not None:
            parent.items.append(node)
            return
        if frame.key is None:
            self._key(frame, node)
            return
        parent.pairs.append((frame.key, node))  # pyright: ignore[reportOptionalMemberAccess]
        frame.key = None

    def _key(self, frame: _Frame, node: YamlNode) -> None:
        self.count -= node.size
        key = node.value
        if node.resolved.pairs is not None or node.resolved.items is not None:
            raise self.refuse(node.start, "A key must be a word or a number.", "Write a name before the colon.")
        keys = frame.keys if frame.keys is not None else {}
        if key in keys:
            first = keys[key]
            line = YamlText(self.text, self.file, None).span(first.start, first.end).line
            raise self.refuse(
                node.start,
                f"The key {key!r} stands here twice; the first is on line {line}.",
                "Rename or delete one of the two.",
            )
        keys[key] = node
        frame.key = node

    def _mapping(self, node: YamlNode) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        merges: list[YamlNode] = []
        for key, value in node.pairs or ():
            if key.value == MERGE and key.is_merge_key:
                merges.append(value)
            else:
                result[key.value] = value.resolved.value
        for merge in merges:
            target = merge.resolved
            for source in target.items if target.items is not None else (target,):
                source = source.resolved
                if source.pairs is None:
                    raise self.refuse(
                        merge.start,
                        "After '<<:' must stand a mapping or a list of mappings.",
                        "Write '<<: *name', where '&name' marks a mapping.",
                    )
                for key, value in source.value.items():
                    result.setdefault(key, value)
        return result


def _events(source: str) -> Iterator[Any]:
    try:
        from yaml._yaml import CParser
    except ImportError as error:
        from flowloom.flows.errors import DocumentError

        raise DocumentError(
            "PyYAML is installed without its C library, which reads flows.",
            hint="Install it again from a wheel: pip install --force-reinstall --only-binary :all: PyYAML",
        ) from error
    parser = CParser(source)
    while parser.check_event():
        yield parser.get_event()
