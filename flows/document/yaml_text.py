"""YAML 1.2 as text with the place of every value: one pass over libyaml's events gives values and spans together.

libyaml speaks YAML 1.1; what a word means is decided in ``yaml_scalars``. Refused, always with file, line, column and the next step:
what is not YAML, duplicate keys, tags other than YAML's own scalars, lists and mappings, several documents in one file, and documents
over the caps below.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any, Final

from flowloom.flows.document.yaml_faults import fault_from_libyaml, yaml_error
from flowloom.flows.document.yaml_scalars import YAML_TAG, NotReadable, plain_value, tagged_value
from flowloom.flows.document.yaml_tree import MERGE, YamlAlias, YamlCollection, YamlNode, YamlText

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_DEPTH: Final = 64
MAX_NODES: Final = 100_000
"""Values, not counting the keys of mappings, after aliases are expanded."""


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
    root = reader.read(source)
    return YamlText(text, file, root, start, reader.shares)


def load_yaml_once(text: str, file: str) -> YamlText:
    """The same for texts that come again: one that an edit leaves is shown, and is the one the next edit begins with."""
    for doc in tuple(_recent):
        if doc.file == file and doc.text == text:
            return doc
    doc = load_yaml(text, file)
    keep_yaml(doc)
    return doc


def keep_yaml(doc: YamlText) -> None:
    """Let ``load_yaml_once`` find what was read already."""
    _recent.appendleft(doc)


_recent: deque[YamlText] = deque(maxlen=4)


class _Frame:
    """A list or mapping that is being read."""

    __slots__ = ("before", "deepest", "key", "node")

    def __init__(self, node: YamlCollection, before: int) -> None:
        self.node = node
        self.before = before
        """Values counted before this one."""
        self.key: YamlNode | None = None
        """In a mapping, the key whose value comes next."""
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
        self.shares = False

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
        style, tag, anchor, value = event.style or "", event.tag, event.anchor, event.value
        start, end = self.base + event.start_mark.index, self.base + event.end_mark.index
        if start == end and self.text[start - 1 : start] != ":" and self.stack and self.stack[-1].key is not None:
            # libyaml places the missing value of a key without a colon ('? key') at whatever comes next.
            start = end = self.stack[-1].key.end
        if self.restore:
            value = value.translate(self.restore)
        if not style and tag is None:
            try:
                value = plain_value(value)
            except NotReadable as error:
                raise self.refuse(start, f"The value is not readable: {error}.", "Put it in quotes.") from error
        node = YamlNode(start, end, style, self.flow_depth > 0, anchor, tag, value)
        if tag is not None:
            node.value = self._tagged(node, value)
        self.count += 1
        if anchor is not None:
            self.anchors[anchor] = node
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
        node = YamlCollection(start, start, "flow" if flow else "block", self.flow_depth > 0, event.anchor, event.tag)
        if event.tag is not None and event.tag not in ("!", f"{YAML_TAG}{'map' if mapping else 'seq'}"):
            raise self._unknown_tag(node)
        if len(self.stack) >= MAX_DEPTH:
            raise self.refuse(
                start, f"The values are nested deeper than {MAX_DEPTH} levels.", "Simplify the nested value."
            )
        if mapping:
            node.pairs, node.items, node.index = [], None, {}
        else:
            node.pairs, node.items, node.index = None, [], None
        self.count += 1
        if flow:
            self.flow_depth += 1
        if node.anchor is not None:
            self.anchors[node.anchor] = node
            self.open_anchors.add(node.anchor)
        self.stack.append(_Frame(node, self.count - 1))

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
        node = YamlAlias(start, self.base + event.end_mark.index, "*", self.flow_depth > 0, None, None)
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
        self.shares = True
        node.target = target
        node.value = target.value
        node.size, node.height = target.size, target.height
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
        if parent.pairs is None:
            parent.items.append(node)  # pyright: ignore[reportOptionalMemberAccess]
        elif frame.key is None:
            self._key(frame, node)
        else:
            parent.pairs.append((frame.key, node))
            frame.key = None

    def _key(self, frame: _Frame, node: YamlNode) -> None:
        self.count -= node.size
        key = node.value
        if node.resolved.pairs is not None or node.resolved.items is not None:
            raise self.refuse(node.start, "A key must be a word or a number.", "Write a name before the colon.")
        index = frame.node.index if frame.node.index is not None else {}
        if key in index:
            first = (frame.node.pairs or [])[index[key]][0]
            line = YamlText(self.text, self.file, None).span(first.start, first.end).line
            raise self.refuse(
                node.start,
                f"The key {key!r} stands here twice; the first is on line {line}.",
                "Rename or delete one of the two.",
            )
        index[key] = len(index)
        frame.key = node

    def _mapping(self, node: YamlNode) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        merges: list[YamlNode] = []
        for key, value in node.pairs or ():
            if key.value == MERGE and key.is_merge_key:
                merges.append(value)
            else:
                result[key.value] = value.resolved.value
        self.shares = self.shares or bool(merges)
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
