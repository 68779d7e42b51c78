"""Moving a node's body, as it is written, to its variants and back: comments and quotes go along."""

from __future__ import annotations

from typing import Any, Final

from flowloom.flows.document.splice import Splice, apply_splices
from flowloom.flows.document.yaml_blocks import column, content_end, line_end, line_start, next_line
from flowloom.flows.document.yaml_text import load_yaml
from flowloom.flows.document.yaml_tree import Path, YamlNode, YamlText
from flowloom.flows.errors import YamlError
from flowloom.flows.model.edits.draft import Draft

_HOLD: Final = {"held": "here"}
"""Stands for the body until its text is put in its place."""


def lower_body(draft: Draft, name: str, variant: str) -> None:
    """Move the node's body to ``node_variants``, as its default variant."""
    item = draft.item(name)
    body = {key: value for key, value in draft.value(item).items() if key not in ("name", "use_variants")}
    place: Path = ("node_variants", name, "variants", variant, "node")
    entry = {"default_variant_id": variant, "variants": {variant: {"node": _HOLD}}}
    text = _lines_behind_name(draft.yaml.doc, draft.yaml.doc.node(item))
    draft.yaml.set(("node_variants", name), entry)
    if text is None or not _swap(draft, item, place, body, text):
        draft.yaml.set(place, body)
        if body:
            draft.yaml.delete(*[(*item, key) for key in body])
        draft.yaml.set((*item, "use_variants"), True)


def _swap(draft: Draft, item: Path, place: Path, body: dict[str, Any], span: tuple[int, int]) -> bool:
    """Put the body's own lines in place of the held one, and ``use_variants: true`` in theirs; False where that would change a value."""
    doc = draft.yaml.doc
    held, node = doc.node(place), doc.node(item)
    if held is None or node is None or node.pairs is None or held.pairs is None or held.style != "block":
        return False
    # The held body was written below: the node's own lines have not moved, unless node_variants stands above it.
    moved = _lines_behind_name(doc, node)
    if moved is None:
        return False
    start, end = moved
    base = column(doc, node.pairs[0][0].start)
    target = column(doc, held.start)
    lines = _shifted(doc.text[start:end], target - base)
    splices = [
        Splice(doc.file, start, end, " " * base + "use_variants: true"),
        Splice(doc.file, line_start(doc.text, held.start), content_end(doc, held), lines),
    ]
    wanted = {"name": doc.value["nodes"][item[1]]["name"], "use_variants": True}
    return _try(draft, doc, splices, [(item, wanted), (place, body)])


def lift_body(draft: Draft, name: str, place: Path) -> None:
    """Move the body at ``place`` back to the node and take the variants away."""
    item = draft.item(name)
    body = dict(draft.value(place))
    written = draft.value(item)
    extra = [(*item, key) for key in written if key not in ("name", "use_variants")]
    if extra:
        draft.yaml.delete(*extra)
    if not _lift_text(draft, item, place, body):
        for key, value in body.items():
            draft.yaml.set((*item, key), value)
        draft.yaml.delete((*item, "use_variants"))
    entry = draft.variants_entry(name)
    if entry is not None:
        only = len(draft.data.get("node_variants") or {}) == 1
        draft.yaml.delete(entry[:1] if only else entry)


def _lift_text(draft: Draft, item: Path, place: Path, body: dict[str, Any]) -> bool:
    doc = draft.yaml.doc
    node, source = doc.node(item), doc.node(place)
    switch = doc.key_node((*item, "use_variants"))
    value = doc.node((*item, "use_variants"))
    if node is None or source is None or switch is None or value is None or node.pairs is None or not source.pairs:
        return False
    if (
        node.style != "block"
        or source.style != "block"
        or doc.text[line_start(doc.text, switch.start) : switch.start].strip()
    ):
        return False
    start = line_start(doc.text, source.pairs[0][0].start)
    if doc.text[start : source.pairs[0][0].start].strip():
        return False
    base, target = column(doc, source.pairs[0][0].start), column(doc, switch.start)
    lines = _shifted(doc.text[start : content_end(doc, source)], target - base)
    splices = [Splice(doc.file, line_start(doc.text, switch.start), line_end(doc.text, value.end), lines)]
    wanted = {"name": doc.value["nodes"][item[1]]["name"], **body}
    return _try(draft, doc, splices, [(item, wanted)])


def _try(draft: Draft, doc: YamlText, splices: list[Splice], wanted: list[tuple[Path, Any]]) -> bool:
    """Apply the splices where the values then are as wanted."""
    if doc.shares:
        return False
    try:
        changed = load_yaml(apply_splices(doc.text, splices)[0], doc.file)
    except YamlError:
        return False
    for path, value in wanted:
        node = changed.node(path)
        if node is None or node.value != value:
            return False
    draft.yaml.step(splices)
    return True


def _lines_behind_name(doc: YamlText, node: YamlNode | None) -> tuple[int, int] | None:
    """The whole lines of a node below its name; None where the name does not come first on a line of its own."""
    if (
        node is None
        or node.style != "block"
        or not node.pairs
        or len(node.pairs) < 2
        or node.pairs[0][0].value != "name"
    ):
        return None
    start = next_line(doc.text, node.pairs[0][1].end)
    second = node.pairs[1][0].start
    if line_start(doc.text, second) < start or node.own("use_variants") is not None:
        return None
    return start, line_end(doc.text, content_end(doc, node))


def _shifted(text: str, by: int) -> str:
    """Lines moved right, or left where they have room; blank ones stay as they are."""
    lines = text.splitlines(keepends=True)
    return "".join(_shift(line, by) for line in lines)


def _shift(line: str, by: int) -> str:
    if not line.strip():
        return line
    if by >= 0:
        return " " * by + line
    room = len(line) - len(line.lstrip(" "))
    return line[min(-by, room) :]
