"""Nodes as text: what copy puts on the clipboard, and what paste makes of any text that holds nodes.

    nodes:
    - name: answer
      type: llm
      source: {type: code, path: answer.jinja2}
      inputs: {question: "${inputs.question}"}
    files:
      answer.jinja2: |
        user:
        {{question}}
    layout:
      nodes: {answer: {x: 0, y: 0, title: Answer}}

``nodes`` and ``node_variants`` are written as in a flow file, so that a person may paste them into one, or paste a piece of one here.
"""

from __future__ import annotations

import json
import posixpath
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from flowloom.flows.document.layout import Layout, Place
from flowloom.flows.document.yaml_blocks import Manner, lines_of
from flowloom.flows.errors import FlowloomError, UsageError
from flowloom.flows.model.keys import NODE_TYPE_WORDS, SOURCE_TYPE_WORDS
from flowloom.studio.document.positions import frame, note, rounded
from flowloom.studio.language import tr

if TYPE_CHECKING:
    from flowloom.studio.document.flow_document import FlowDocument

_LONGEST: Final = 5_000_000
_FILE_ENDINGS: Final = (".py", ".jinja2", ".j2", ".jinja", ".md", ".txt", ".prompty")
_START: Final = re.compile(r"(?m)^[ \t]*(?:nodes:|-[ \t]+name:)")
_FENCED: Final = re.compile(r"```[^\n]*\n(.*?)(?:```|\Z)", re.DOTALL)


@dataclass(frozen=True)
class Clip:
    """Nodes with what belongs to them, read from a text. ``nodes`` are entries as in a flow file."""

    nodes: tuple[Mapping[str, Any], ...] = ()
    variants: Mapping[str, Mapping[str, Any]] | None = None
    files: Mapping[str, str] | None = None
    layout: Layout | None = None

    def bodies(self) -> Iterator[Mapping[str, Any]]:
        """Every body: the nodes', then those of their variants."""
        yield from self.nodes
        for entry in (self.variants or {}).values():
            for variant in entry.get("variants", {}).values():
                if isinstance(variant, Mapping) and isinstance(variant.get("node"), Mapping):
                    yield variant["node"]


def copied(document: FlowDocument, ids: Iterable[str], effective: Mapping[str, Place]) -> str:
    """The text of nodes, frames and notes; empty where ``ids`` holds none of them."""
    wanted = set(ids)
    data = document.file.data
    entries = [entry for entry in data.get("nodes") or () if isinstance(entry, dict) and str(entry.get("name")) in wanted]
    names = [str(entry["name"]) for entry in entries]
    written = data.get("node_variants")
    variants = {str(key): value for key, value in written.items() if str(key) in names} if isinstance(written, dict) else {}
    clip = Clip(tuple(entries), variants)
    found: dict[str, Any] = {"nodes": entries} if entries else {}
    if variants:
        found["node_variants"] = variants
    paths = [path for body in clip.bodies() if (path := source_path(body)) in document.files]
    if paths:
        found["files"] = {path: document.text(path) for path in dict.fromkeys(paths)}
    places = {name: rounded(effective[name]) for name in names if name in effective}
    layout = Layout({}).with_places(places) if places else Layout({})
    for id in wanted:
        if (box := frame(document, id)) is not None:
            layout = layout.with_frame(box)
        elif (text := note(document, id)) is not None:
            layout = layout.with_note(text)
    lines = lines_of(found, Manner())
    if layout.data:
        # YAML 1.1 took a bare y for yes; nobody reads this part but us.
        lines += [line.replace("'y':", "y:") for line in lines_of({"layout": dict(layout.data)}, Manner())]
    return "\n".join(lines) + "\n" if lines else ""


def source_path(body: Mapping[str, Any]) -> str:
    """The file a node's entry names, in one spelling; empty where it names none."""
    source = body.get("source")
    path = source.get("path") if isinstance(source, Mapping) else None
    return posixpath.normpath(path) if isinstance(path, str) and path.strip() else ""


def read_clip(text: str) -> Clip:
    """The nodes in a text: one that was copied here, a piece of a flow file, or a message that holds either. Raises UsageError."""
    for piece in _pieces(text[:_LONGEST]):
        try:
            value = _values(piece)
        except FlowloomError:
            continue
        clip = _clip(value)
        if clip is not None:
            return clip
    raise UsageError(
        tr("The clipboard holds no nodes."), hint=tr("Copy nodes here, or the part of a flow file that begins with '- name:'.")
    )


def holds_nodes(text: str) -> bool:
    """Whether a text looks as if it held nodes, frames or notes; quick, for menus."""
    return _START.search(text) is not None or "layout:" in text


def _values(text: str) -> Any:
    from flowloom.flows.document.yaml_text import load_values

    return load_values(text, "clipboard")


def _pieces(text: str) -> Iterator[str]:
    """The parts of a message that may be YAML, most likely first."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    yield text
    for match in _FENCED.finditer(text):
        yield textwrap.dedent(match.group(1))
    start = _START.search(text)
    if start is None:
        return
    rest = textwrap.dedent(text[start.start() :])
    lines = rest.split("\n")
    yield rest
    # A signature or a remark may follow: end before the first paragraph that is neither indented nor an item.
    for number, line in enumerate(lines[1:], 1):
        if line.strip() and not line.startswith((" ", "-", "#")) and not re.match(r"[\w@]+:(\s|$)", line):
            yield "\n".join(lines[:number])
            return


def _clip(value: Any) -> Clip | None:
    if isinstance(value, dict) and "name" in value and _is_body(value):
        value = [value]
    if isinstance(value, list):
        value = {"nodes": value}
    if not isinstance(value, dict):
        return None
    written, variants, files, layout = (value.get(key) for key in ("nodes", "node_variants", "files", "layout"))
    choices = {str(key): entry for key, entry in variants.items() if _is_variants(entry)} if isinstance(variants, dict) else {}
    nodes = tuple(entry for entry in written if _is_node(entry, choices)) if isinstance(written, list) else ()
    names = {str(entry["name"]) for entry in nodes}
    found = Clip(
        nodes,
        {name: entry for name, entry in choices.items() if name in names},
        {posixpath.normpath(str(k)): v for k, v in files.items() if isinstance(v, str)} if isinstance(files, dict) else {},
        Layout(layout) if isinstance(layout, dict) else Layout(),
    )
    has_more = found.layout is not None and (found.layout.frames or found.layout.notes)
    return found if nodes or has_more else None


def _is_node(entry: Any, choices: Mapping[str, Any]) -> bool:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), (str, int)):
        return False
    return _is_body(entry) or (bool(entry.get("use_variants")) and str(entry["name"]) in choices)


def _is_body(body: Any) -> bool:
    """Whether a node can be read from it at all: it says what it is and where its work is written."""
    source = body.get("source") if isinstance(body, dict) else None
    known = isinstance(source, dict) and source.get("type", "code") in SOURCE_TYPE_WORDS
    return known and body.get("type") in NODE_TYPE_WORDS


def _is_variants(entry: Any) -> bool:
    """Whether an entry of ``node_variants`` has a variant whose body can be read."""
    written = entry.get("variants") if isinstance(entry, dict) else None
    return isinstance(written, dict) and any(is_variant(variant) for variant in written.values())


def is_variant(entry: Any) -> bool:
    """Whether the body of a variant can be read."""
    return isinstance(entry, dict) and _is_body(entry.get("node"))


def safe_file(path: str) -> bool:
    """Whether a pasted text may name this file for its contents: a prompt or code inside the folder, in no hidden place."""
    parts = path.split("/")
    inside = not path.startswith("/") and "\\" not in path and ":" not in path
    return inside and path.endswith(_FILE_ENDINGS) and not any(part.startswith(".") for part in parts)


def as_plain(value: Any) -> Any:
    """A copy that shares nothing with what was read."""
    return json.loads(json.dumps(value)) if isinstance(value, (dict, list)) else value


def shifted(place: Place, dx: float, dy: float) -> Place:
    return replace(place, x=place.x + dx, y=place.y + dy)
