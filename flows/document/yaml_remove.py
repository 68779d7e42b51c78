"""Taking keys and list items out of a YAML document: whole lines where they stand on lines of their own."""

from __future__ import annotations

from flowloom.flows.document.splice import Splice
from flowloom.flows.document.yaml_blocks import (
    content_end,
    keeps_blank_lines,
    last_scalar,
    line_end,
    line_start,
    next_line,
)
from flowloom.flows.document.yaml_tree import Path, YamlNode, YamlText
from flowloom.flows.errors import DocumentError


def delete(doc: YamlText, paths: list[Path]) -> list[Splice]:
    """Take out the keys and list items at the paths, which share one parent. A parent left empty is written ``{}`` or ``[]``.

    Raises DocumentError where one of them is not written in the file itself.
    """
    key, parent = _own(doc, paths[0][:-1])
    return remove_entries(doc, key, parent, {_position(doc, parent, path) for path in paths})


def remove_entries(doc: YamlText, key: YamlNode | None, parent: YamlNode, gone: set[int]) -> list[Splice]:
    """Take out the entries of a list or mapping that stand at these positions; ``key`` is the key before it."""
    entries = _entries(parent)
    if len(gone) == len(entries):
        return _empty(doc, key, parent)
    if parent.style == "flow":
        return _from_flow(doc, entries, sorted(gone))
    spans: list[tuple[int, int]] = []
    for position in sorted(gone):
        following = next((at for at in range(position + 1, len(entries)) if at not in gone), None)
        start, stop = _block_span(doc, parent, entries, position, following)
        if spans and start <= spans[-1][1]:
            start, stop = spans[-1][0], max(stop, spans.pop()[1])
        spans.append((start, stop))
    return [Splice(doc.file, start, stop, "") for start, stop in spans]


Entry = tuple[int, YamlNode, YamlNode]
"""Where an entry begins (its key, or the value of an item), the first node of it and the last."""


def _entries(parent: YamlNode) -> list[Entry]:
    if parent.pairs is not None:
        return [(key.start, key, value) for key, value in parent.pairs]
    return [(item.start, item, item) for item in parent.items or ()]


def _own(doc: YamlText, path: Path) -> tuple[YamlNode | None, YamlNode]:
    found: tuple[YamlNode | None, YamlNode] | None = (None, doc.root) if doc.root is not None else None
    for part in path:
        found = found[1].own(part) if found is not None else None
    if found is None:
        raise _missing(doc, path)
    return found


def _position(doc: YamlText, parent: YamlNode, path: Path) -> int:
    part = path[-1]
    if parent.own(part) is None:
        raise _missing(doc, path)
    if parent.items is not None:
        return int(part)
    return (parent.index or {})[part]


def _missing(doc: YamlText, path: Path) -> DocumentError:
    shown = ".".join(str(part) for part in path) if path else "value"
    return DocumentError(f"{doc.file} has no {shown!r} to delete.", file=doc.file, hint="Read the file again.")


def _empty(doc: YamlText, key: YamlNode | None, parent: YamlNode) -> list[Splice]:
    from flowloom.flows.document.yaml_edit import replace_node

    value = {} if parent.pairs is not None else []
    if key is None and parent.style == "block":
        start, stop = line_start(doc.text, parent.start), content_end(doc, parent)
        if doc.text[start : parent.start].strip(" \ufeff"):
            return [Splice(doc.file, parent.start, stop, "{}" if parent.pairs is not None else "[]")]
        start = parent.start
        return [Splice(doc.file, start, line_end(doc.text, stop), "{}" if parent.pairs is not None else "[]")]
    return replace_node(doc, key, parent, value)


def _block_span(
    doc: YamlText, parent: YamlNode, entries: list[Entry], position: int, following: int | None
) -> tuple[int, int]:
    text = doc.text
    start = entries[position][0]
    if parent.items is not None:
        start = _dash(doc, start)
    first = line_start(text, start)
    end = line_end(text, content_end(doc, entries[position][2]))
    if not text[first:start].strip(" ?\ufeff"):
        stop = next_line(text, end)
        before = last_scalar(entries[position - 1][2]) if position else None
        block_above = before is not None and before.style in ("|", ">")
        if before is not None and block_above and keeps_blank_lines(doc, before):
            # Blank lines left here would become part of the text above.
            while stop < len(text) and not text[stop : line_end(text, stop)].strip():
                stop = next_line(text, stop)
        if stop == end and first > 0 and not block_above:
            # The last line of a file without a final line ending: the one before loses its own instead.
            return first - (2 if text[first - 2 : first] == "\r\n" else 1), end
        return first + (1 if text[first] == "\ufeff" else 0), stop
    # The entry shares its line with the dash of the list around it: the next entry moves up to it.
    if following is None:
        return start, end
    begin = entries[following][0]
    return start, begin if parent.items is None else _dash(doc, begin)


def _dash(doc: YamlText, place: int) -> int:
    """Where the dash before a list item stands."""
    while place > 0:
        start = line_start(doc.text, place)
        bare = doc.text[start:place].split(" #")[0].rstrip()
        if bare.endswith("-"):
            return start + len(bare) - 1
        place = start - 1
    return 0


def _from_flow(doc: YamlText, entries: list[Entry], gone: list[int]) -> list[Splice]:
    """In brackets each entry goes with the comma behind it; the last ones with the comma before them."""
    text = doc.text
    splices: list[Splice] = []
    kept = [position for position in range(len(entries)) if position not in gone]
    last_kept = kept[-1]
    for position in gone:
        start = entries[position][0]
        end = _end(entries[position])
        if position < last_kept:
            comma = _comma(text, end)
            stop = comma + 1
            while text[stop : stop + 1] == " " and position + 1 < len(entries):
                stop += 1
            splices.append(_whole_line(doc, start, stop))
        else:
            comma = _comma(text, _end(entries[position - 1]))
            splices.append(Splice(doc.file, comma, comma + 1, ""))
            place = start
            while text[place - 1] == " " and place > comma + 1:
                place -= 1
            splices.append(_whole_line(doc, place, end))
    return splices


def _whole_line(doc: YamlText, start: int, stop: int) -> Splice:
    """The span, or the line it fills alone."""
    first, last = line_start(doc.text, start), line_end(doc.text, stop)
    if first > 0 and last < len(doc.text) and not doc.text[first:start].strip() and not doc.text[stop:last].strip():
        return Splice(doc.file, first, next_line(doc.text, last), "")
    return Splice(doc.file, start, stop, "")


def _end(entry: Entry) -> int:
    return max(entry[1].end, entry[2].end)


def _comma(text: str, place: int) -> int:
    while text[place] != ",":
        place = next_line(text, place) if text[place] == "#" else place + 1
    return place
