"""Taking keys and list items out of a YAML document: whole lines where they stand on lines of their own."""

from __future__ import annotations

from flowloom.flows.document.splice import Splice, joined_deletions
from flowloom.flows.document.yaml_blocks import (
    column,
    comments_end,
    content_end,
    keeps_blank_lines,
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
    return delete_groups(doc, [paths])


def delete_groups(doc: YamlText, groups: list[list[Path]]) -> list[Splice]:
    """The same for several parents at once, none of which lies inside what another one loses."""
    splices: list[Splice] = []
    for paths in groups:
        key, parent = _own(doc, paths[0][:-1])
        splices += _removed(doc, key, parent, {_position(doc, parent, path) for path in paths})
    return _finished(doc, splices)


def remove_entry(doc: YamlText, key: YamlNode | None, parent: YamlNode, position: int) -> list[Splice]:
    """Take out one entry of a list or mapping; ``key`` is the key before it."""
    return _finished(doc, _removed(doc, key, parent, {position}))


def _removed(doc: YamlText, key: YamlNode | None, parent: YamlNode, gone: set[int]) -> list[Splice]:
    entries = _entries(parent)
    if len(gone) == len(entries):
        return _empty(doc, key, parent)
    if parent.style == "flow":
        return _from_flow(doc, entries, sorted(gone))
    splices: list[Splice] = []
    for position in sorted(gone):
        following = next((at for at in range(position + 1, len(entries)) if at not in gone), None)
        splices.append(Splice(doc.file, *_block_span(doc, parent, entries, position, following), ""))
    return splices


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
        end = comments_end(doc, end, len(text[first:start].removeprefix("\ufeff").rstrip(" ?")) or column(doc, start))
        return first + (1 if text[first] == "\ufeff" else 0), next_line(text, end)
    # The entry shares its line with the dash of the list around it: the next entry moves up to it.
    if following is None:
        return start, end
    begin = entries[following][0]
    return start, begin if parent.items is None else _dash(doc, begin)


def _finished(doc: YamlText, splices: list[Splice]) -> list[Splice]:
    """Whole lines that go must not change the text of the block scalar they leave behind."""
    splices = joined_deletions(splices)
    gone = [(splice.start, splice.end) for splice in splices if not splice.text]
    return [_after_block_scalar(doc, splice, gone) for splice in splices]


def _after_block_scalar(doc: YamlText, splice: Splice, gone: list[tuple[int, int]]) -> Splice:
    text, start, stop = doc.text, splice.start, splice.end
    if splice.text or start == stop or start != line_start(text, start):
        return splice
    ends_text = stop == len(text) and not text.endswith(("\n", "\r"))
    if not ends_text and "+" not in text:
        return splice
    above = _scalar_above(doc, start, gone)
    in_block = above is not None and above.style in ("|", ">")
    if above is not None and in_block and keeps_blank_lines(doc, above):
        # Blank lines left here would become part of the text above.
        while stop < len(text) and not text[stop : line_end(text, stop)].strip():
            stop = next_line(text, stop)
    elif ends_text and start > 0 and not in_block:
        # The last line of a file without a final line ending: the one before loses its own instead.
        start -= 2 if text[start - 2 : start] == "\r\n" else 1
    return Splice(splice.file, start, stop, "")


def _scalar_above(doc: YamlText, place: int, gone: list[tuple[int, int]]) -> YamlNode | None:
    """The last value above a place that is not about to go."""
    found: YamlNode | None = None
    for node in doc.root.walk() if doc.root is not None else ():
        if node.style in ("block", "flow") or node.start >= place:
            continue
        if not any(start <= node.start < stop for start, stop in gone) and (found is None or node.start > found.start):
            found = node
    return found


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
