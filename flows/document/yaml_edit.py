"""Edits of a YAML document as splices that change only the lines they must.

A path that runs through an alias or a merge reaches a value that other places share; ``unshare`` gives the splices that write it out,
to be applied (and the text read again) before the edit itself.
"""

from __future__ import annotations

from typing import Any

from flowloom.flows.document.splice import Splice
from flowloom.flows.document.yaml_blocks import (
    Manner,
    block_header,
    column,
    content_end,
    entry_lines,
    fits_one_line,
    indent,
    keeps_blank_lines,
    last_scalar,
    line_end,
    line_start,
    lines_of,
    manner_at,
    manner_of,
    next_line,
    one_line,
)
from flowloom.flows.document.yaml_tree import Path, YamlNode, YamlText
from flowloom.flows.document.yaml_words import scalar_text
from flowloom.flows.errors import DocumentError

__all__ = ["append_item", "rename_key", "replace_node", "set_value"]


def set_value(doc: YamlText, path: Path, value: Any, *, before: tuple[str, ...] = ()) -> list[Splice]:
    """Write ``value`` at a path. Mappings on the way that do not exist are made; the first key made goes before the first of the keys
    ``before`` that its mapping has, else to the end.

    Raises DocumentError where a value on the way is neither list nor mapping, or where the value cannot be written.
    """
    if doc.root is None:
        return _first_key(doc, path, value)
    node, key, parent = doc.root, None, None
    for depth, part in enumerate(path):
        found = node.own(part)
        if found is None:
            rest = value
            for name in reversed(path[depth + 1 :]):
                rest = {name: rest}
            return _add_key(doc, node, key, parent, path[: depth + 1], rest, before)
        parent = node
        key, node = found
    return replace_node(doc, key, node, value)


def append_item(doc: YamlText, path: Path, value: Any) -> list[Splice]:
    """Add an item to the end of the list at a path; the list is made where there is none."""
    return append_items(doc, path, [value])


def append_items(doc: YamlText, path: Path, values: list[Any]) -> list[Splice]:
    """Add one or more items at once, as ``append_item`` does one after another."""
    found = _find(doc, path)
    if found is None:
        return set_value(doc, path, values)
    key, node = found
    if node.style == "*" or node.items is None:
        if node.value is not None:
            raise _no_place(doc, node, "a list")
        return replace_node(doc, key, node, values)
    if node.style == "flow":
        if not node.items and not node.in_flow:
            return replace_node(doc, key, node, values)
        return [_into_flow(doc, node, ", ".join(one_line(value, in_flow=True) for value in values))]
    manner = manner_at(doc, content_end(doc, node))
    spaced = _spaced(doc, node.items)
    lines: list[str] = []
    for value in values:
        lines += [""] if spaced else []
        lines += indent(lines_of([value], manner), _dash_column(doc, node.items[0]))
    return _lines_after(doc, node, lines, values[-1], manner)


def rename_key(doc: YamlText, path: Path, new: str) -> list[Splice]:
    """Give the key at a path another name; its place, value and quotes stay."""
    found = _find(doc, path)
    if found is None or found[0] is None:
        raise DocumentError(f"{doc.file} has no {path[-1]!r} to rename.", file=doc.file, hint="Read the file again.")
    key = found[0]
    prefer = key.style if key.style in ("'", '"') else ""
    return [Splice(doc.file, key.start, key.end, scalar_text(new, in_flow=key.in_flow, prefer=prefer))]


def replace_node(doc: YamlText, key: YamlNode | None, node: YamlNode, value: Any) -> list[Splice]:
    """Write ``value`` in place of a value. ``key`` is the key before it, None for list items and the root."""
    manner = manner_at(doc, content_end(doc, node))
    prefer = node.style if node.style in ("'", '"') and isinstance(value, str) else ""
    in_block = not node.in_flow and key is not None and not key.is_merge_key
    literal = manner.literal(value) if in_block else None
    if key is not None and (node.style == "block" or (in_block and _at_margin(doc, key, node))):
        return _replace_block(doc, key, node, value, manner)
    start, end = _behind_anchor(doc, node), content_end(doc, node)
    if key is None or not in_block or (fits_one_line(value, manner) and not literal):
        text = one_line(value, in_flow=node.in_flow, prefer=prefer)
        splice = Splice(doc.file, start, end, _apart(doc, key, start, text))
        return [*_key_on_one_line(doc, key), splice] if key is not None else [splice]
    base = _key_column(doc, key)
    if literal:
        header, *body = literal
        lines = indent(body, base + manner.step)
        first = Splice(doc.file, start, end, _apart(doc, key, start, header))
    else:
        step = manner.step if isinstance(value, dict) else manner.list_step
        lines = indent(lines_of(value, manner), base + step)
        first = Splice(doc.file, _before_spaces(doc, start), end, "")
    return [first, _lines_at(doc, line_end(doc.text, end), lines, value, manner)]


def _key_on_one_line(doc: YamlText, key: YamlNode) -> list[Splice]:
    """Within brackets a key may go over lines only as long as it has no value."""
    written = doc.text[key.start : key.end]
    explicit = doc.text[: key.start].rstrip().endswith("?")
    if not key.in_flow or explicit or len(written.splitlines()) < 2:
        return []
    return [Splice(doc.file, key.start, key.end, scalar_text(str(key.value), in_flow=True))]


def _replace_block(doc: YamlText, key: YamlNode, node: YamlNode, value: Any, manner: Manner) -> list[Splice]:
    """The value's own lines go; an anchor and a comment behind the key stay."""
    colon = colon_end(doc, key)
    stop = line_end(doc.text, colon)
    if node.start < stop and node.anchor is None and node.tag is None:
        # Behind the colon of an explicit key ('? key') a block begins on the same line.
        return [Splice(doc.file, node.start, content_end(doc, node), one_line(value))]
    head: list[Splice] = []
    if node.start < stop:
        # Only an anchor or tag of the block stands on the key's line.
        anchor = _behind_anchor(doc, node)
        head.append(Splice(doc.file, anchor, stop, "") if node.tag else Splice(doc.file, anchor, anchor, ""))
        colon = anchor if node.tag is None else _before_spaces(doc, anchor)
    if fits_one_line(value, manner) or isinstance(value, str):
        lines = entry_lines("", value, manner)
        lines = lines[:1] + indent(lines[1:], _key_column(doc, key))
        head = [Splice(doc.file, colon, head[0].end if head else colon, lines[0])]
        lines = lines[1:]
    else:
        step = manner.step if isinstance(value, dict) else manner.list_step
        lines = indent(lines_of(value, manner), _key_column(doc, key) + step)
    end = line_end(doc.text, content_end(doc, node))
    return [*head, _lines_at(doc, stop, lines, value, manner, end)]


def _at_margin(doc: YamlText, key: YamlNode, node: YamlNode) -> bool:
    """Whether a block scalar stands below its key and no deeper, where no other kind of value can."""
    return node.start > line_end(doc.text, key.end) and column(doc, node.start) <= _key_column(doc, key)


def _behind_anchor(doc: YamlText, node: YamlNode) -> int:
    """Where a value itself begins: an anchor before it may stay, a tag may not fit the next value."""
    if node.anchor is None or node.tag is not None:
        return node.start
    place = node.start + 1 + len(node.anchor)
    if node.style != "block":
        while place < node.end and doc.text[place] == " ":
            place += 1
    return place


def _add_key(
    doc: YamlText,
    node: YamlNode,
    key: YamlNode | None,
    parent: YamlNode | None,
    path: Path,
    value: Any,
    before: tuple[str, ...],
) -> list[Splice]:
    """Add the key ``path[-1]`` to the mapping ``node`` stands for: one with keys, an empty one, or nothing written yet."""
    name = path[-1]
    if node.style == "*" or (node.pairs is None and node.value is not None) or not isinstance(name, (str, int)):
        raise _no_place(doc, node, "a mapping")
    manner = manner_at(doc, content_end(doc, node))
    if node.pairs and node.style == "flow":
        return [_into_flow(doc, node, f"{scalar_text(name, in_flow=True)}: {one_line(value, in_flow=True)}")]
    lines = entry_lines(scalar_text(name) + ":", value, manner)
    if node.pairs:
        lines = indent(lines, _key_column(doc, node.pairs[0][0]))
        for key, _ in node.pairs:
            start = max(line_start(doc.text, key.start), doc.base)
            if key.value in before and not doc.text[start : key.start].strip():
                return [Splice(doc.file, start, start, "".join(line + manner.newline for line in lines))]
        return _lines_after(doc, node.pairs[-1][1], lines, value, manner)
    if parent is None and node.style == "":
        stop = line_end(doc.text, node.end)
        first = Splice(doc.file, node.start, node.end, "")
        return [first, _lines_at(doc, stop, lines, value, manner)]
    return replace_node(doc, key, node, {name: value})


def _first_key(doc: YamlText, path: Path, value: Any) -> list[Splice]:
    for name in reversed(path):
        value = {name: value}
    manner = manner_of(doc)
    end = len(doc.text)
    text = "".join(line + manner.newline for line in lines_of(value, manner))
    if doc.text and line_start(doc.text, end) != end and doc.text != "\ufeff":
        text = manner.newline + text
    return [Splice(doc.file, end, end, text)]


def _into_flow(doc: YamlText, node: YamlNode, text: str) -> Splice:
    """Add an entry behind the last one of a list or mapping in brackets."""
    last = node.pairs[-1] if node.pairs else None
    if last is not None:
        place = max(last[0].end, last[1].end)
    elif node.items:
        place = node.items[-1].end
    else:
        place = node.end - 1
        return Splice(doc.file, place, place, text)
    return Splice(doc.file, place, place, ", " + text)


def _lines_after(doc: YamlText, node: YamlNode, lines: list[str], value: Any, manner: Manner) -> list[Splice]:
    """Whole lines below the line on which ``node`` ends. ``value`` is what the lines hold."""
    last = last_scalar(node)
    stop = line_end(doc.text, content_end(doc, node))
    splices: list[Splice] = []
    if last.style in ("|", ">"):
        if keeps_blank_lines(doc, last) and not lines[0]:
            del lines[0]
        header = block_header(doc, last)
        if stop == len(doc.text) and "-" not in doc.text[header : line_end(doc.text, header)].split("#")[0]:
            # The text ends where the file does, without a line ending, which the new lines would add to it.
            place = header + 1
            digits = len(doc.text[place:]) - len(doc.text[place:].lstrip("123456789"))
            splices.append(
                Splice(
                    doc.file,
                    place,
                    place + digits + (doc.text[place + digits] == "+"),
                    "-" + doc.text[place : place + digits],
                )
            )
    splices.append(_lines_at(doc, stop, lines, value, manner))
    return splices


def _lines_at(doc: YamlText, stop: int, lines: list[str], value: Any, manner: Manner, end: int | None = None) -> Splice:
    """Lines put behind the line ending at ``stop``, in place of the text up to ``end``."""
    end = stop if end is None else end
    text = "".join(manner.newline + line for line in lines)
    if end == len(doc.text) and _ends_in_newline(value):
        text += manner.newline
    return Splice(doc.file, stop, end, text)


def _ends_in_newline(value: Any) -> bool:
    while isinstance(value, (dict, list)) and value:
        value = list(value.values())[-1] if isinstance(value, dict) else value[-1]
    return isinstance(value, str) and value.endswith("\n")


def _apart(doc: YamlText, key: YamlNode | None, start: int, text: str) -> str:
    """The text with the space and colon that must stand before it where nothing was written."""
    before = doc.text[start - 1 : start]
    if before in " \t\n[{,":
        return text
    if key is not None and ":" not in doc.text[key.end : start]:
        margin = _key_column(doc, key)
        explicit = margin < column(doc, key.start)
        return f"{manner_of(doc).newline}{' ' * margin}: {text}" if explicit else ": " + text
    return " " + text


def colon_end(doc: YamlText, key: YamlNode) -> int:
    """Just behind the colon of a key."""
    place = key.end
    while place < len(doc.text) and doc.text[place] != ":":
        place = next_line(doc.text, place) if doc.text[place] == "#" else place + 1
    return place + 1


def _before_spaces(doc: YamlText, place: int) -> int:
    while place > 0 and doc.text[place - 1] == " ":
        place -= 1
    return place


def _key_column(doc: YamlText, key: YamlNode) -> int:
    """The column of a mapping's keys; an explicit key begins at its question mark."""
    start = line_start(doc.text, key.start)
    before = doc.text[start : key.start].removeprefix("\ufeff")
    mark = before.rstrip(" ")
    if mark.endswith("?"):
        return len(mark) - 1
    return column(doc, key.start)


def _dash_column(doc: YamlText, item: YamlNode) -> int:
    """The column of the dash before a list item, which may stand on an earlier line."""
    place = item.start
    while True:
        start = line_start(doc.text, place)
        before = doc.text[start:place].removeprefix("\ufeff")
        bare = before.split(" #")[0].rstrip()
        if bare.endswith("-"):
            return len(bare) - 1
        place = max(start - 1, 0)
        if start == 0:
            return 0


def _spaced(doc: YamlText, items: list[YamlNode]) -> bool:
    """Whether blank lines separate the items of a list."""
    if len(items) < 2:
        return False
    gap = doc.text[content_end(doc, items[-2]) : items[-1].start]
    return any(not line.strip() for line in gap.splitlines()[1:-1])


def _find(doc: YamlText, path: Path) -> tuple[YamlNode | None, YamlNode] | None:
    """The key and value written at a path, without passing aliases or merges."""
    if doc.root is None:
        return None
    found: tuple[YamlNode | None, YamlNode] | None = (None, doc.root)
    for part in path:
        found = found[1].own(part) if found is not None else None
    return found


def _no_place(doc: YamlText, node: YamlNode, wanted: str) -> DocumentError:
    place = doc.location_of(node)
    return DocumentError(
        f"{doc.file}, line {place.line}: here stands a value where {wanted} is needed.",
        file=doc.file,
        line=place.line,
        column=place.column,
        hint="Correct the line in a text editor, then try again.",
    )
