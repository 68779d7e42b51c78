"""The open flow: the only thing that changes it, and what everything on the screen reads.

The texts of the folder are the truth. Applying an Edit gives new texts; Flow, layout, ports and problems follow from them. Undo replays
the edit's inverse, so that it leads back byte for byte. Nothing here reads or runs code of the flow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from flowloom.flows.document import read
from flowloom.flows.document.layout import LAYOUT_FILE, Layout, parse_layout
from flowloom.flows.document.pins import PINS_FILE, Pins, parse_pins
from flowloom.flows.document.yaml_text import keep_yaml
from flowloom.flows.errors import DocumentError, FlowloomError
from flowloom.flows.model.build import Built, build
from flowloom.flows.model.edits import Edit, apply, folder_texts
from flowloom.flows.model.edits.draft import Draft
from flowloom.flows.model.edits.nodes import is_used
from flowloom.flows.model.flow import Flow, Node
from flowloom.flows.node.registry import Registry
from flowloom.flows.node.spec import NodeSpec, Ports
from flowloom.studio.document.checker import Checker
from flowloom.studio.document.delta import Delta, compare
from flowloom.studio.document.node_ports import NodePorts
from flowloom.studio.document.undo import EditCommand

if TYPE_CHECKING:
    from flowloom.flows.document.flow_file import FlowFile
    from flowloom.flows.model.problem import Problem


_Json = TypeVar("_Json", Layout, Pins)


class FlowDocument(QObject):
    """``files`` are the folder's texts by path as the screen shows them, ``disk`` as they were read or last saved."""

    changed = Signal(object)
    """A Delta, after every edit, undo and redo."""
    problems_changed = Signal()
    refused = Signal(object)
    """The FlowloomError of an edit that does not fit."""
    modified_changed = Signal(bool)

    def __init__(self, path: str | Path, registry: Registry, parent: QObject | None = None) -> None:
        """Read the flow at ``path``, its folder or flow file. Raises UsageError, DocumentError, YamlError, PathError."""
        super().__init__(parent)
        self.registry = registry
        self.chosen: dict[str, str] = {}
        """Variants a person looks at in place of the default, by node: what the cards show, and what a run takes."""
        self.undo_stack = QUndoStack(self)
        self.trash: list[str] = []
        """Files of deleted nodes; ``unused`` are those that still nothing uses."""
        self.touched: set[str] = set()
        """Files that steps of undo speak of."""
        self._ahead: tuple[Mapping[str, str], FlowFile] | None = None
        """Texts that are about to be shown, with the flow file made of them."""
        self.checker = Checker(self)
        self.checker.found.connect(self.problems_changed)
        self._load(read(path))
        self.undo_stack.cleanChanged.connect(self._clean_changed)

    def _clean_changed(self, clean: bool) -> None:
        self.modified_changed.emit(not clean)

    def _load(self, file: FlowFile) -> None:
        self.root = file.root
        self.name = file.name
        self.kind = file.kind
        keep_yaml(file.yaml)
        self.files = folder_texts(file)
        self.disk = dict(self.files)
        self.file = replace(file, overlay=self.files)
        self.built: Built = self._build()
        self.faults: dict[str, DocumentError] = {}
        """Why the layout or the pins cannot be read, by file: the flow is shown without them, and they are not overwritten."""
        self.layout: Layout = self._parsed(LAYOUT_FILE, parse_layout, Layout())
        self.pins: Pins = self._parsed(PINS_FILE, parse_pins, Pins())
        self._ports = NodePorts(self.registry)
        self._ports.update(self.flow, self.file)
        self.checker.look()

    def _parsed(self, name: str, parse: Callable[[str], _Json], nothing: _Json) -> _Json:
        self.faults.pop(name, None)
        try:
            return parse(self.files.get(name, ""))
        except DocumentError as error:
            self.faults[name] = error
            return nothing

    def _prepared(self, files: dict[str, str]) -> FlowFile:
        """The flow file of other texts. Raises what cannot be shown: DocumentError and its kind."""
        if files.get(self.name) == self.files.get(self.name):
            file = replace(self.file, overlay=files)
        else:
            file = read(self.root / self.name, overlay=files)
        return file

    def _build(self) -> Built:
        """The flow with the chosen variants; a choice that is gone, or is the default by now, is forgotten."""
        if not self.chosen:
            return build(self.file)
        found = build(self.file).flow.variants
        known = {
            node: id
            for node, id in self.chosen.items()
            if node in found and id in found[node].choices and id != found[node].default  # pyright: ignore[reportArgumentType]
        }
        self.chosen.clear()
        self.chosen.update(known)
        return build(self.file, chosen=known)

    # What it holds

    @property
    def flow(self) -> Flow:
        return self.built.flow

    @property
    def title(self) -> str:
        """What the flow is called on its tab."""
        return self.flow.display_name or self.root.name

    @property
    def editable(self) -> bool:
        """Whether the graph can be edited: a flex flow or a prompty is one opaque node."""
        return self.kind == "dag"

    def ports(self, node: str) -> Ports | None:
        """The ports of a node as it stands; None where they cannot be known, and ``fault`` says why."""
        return self._ports.ports(node)

    def fault(self, node: str) -> FlowloomError | None:
        return self._ports.fault(node)

    def spec(self, node: str) -> NodeSpec | None:
        """The spec of a node's type; None for a node type that is not installed."""
        return self._ports.spec(node)

    def node(self, name: str) -> Node | None:
        return self.flow.nodes.get(name)  # pyright: ignore[reportArgumentType, reportCallIssue]

    def text(self, path: str) -> str:
        """The text of a file of the folder as the screen shows it; empty where there is none."""
        return self.files.get(path, "")

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What the checker found last; it looks again a moment after each edit."""
        return self.checker.problems

    @property
    def modified(self) -> bool:
        return not self.undo_stack.isClean()

    @property
    def changed_files(self) -> dict[str, str]:
        """Texts that differ from the disk's."""
        return {name: text for name, text in self.files.items() if self.disk.get(name) != text}

    @property
    def unused(self) -> frozenset[str]:
        """Files that no node and no other file uses since their nodes were deleted: saving moves them to the trash."""
        if not self.trash:
            return frozenset()
        draft = Draft(self.files, self.name)
        return frozenset(path for path in self.trash if path in self.files and not is_used(draft, path))

    @property
    def unsaved(self) -> dict[str, str | None]:
        """What saving does, by path: the text to write, or None for a file to move to the trash."""
        unused = self.unused
        found: dict[str, str | None] = {name: text for name, text in self.changed_files.items() if name not in unused}
        found.update({name: None for name in self.disk if name in unused or name not in self.files})
        return found

    # Changing it

    def apply(self, edit: Edit, *, merge: str = "") -> bool:
        """Carry out an edit as one named step of undo. Edits with the same non-empty ``merge``, one right after the other, are one step.

        False where the edit does not fit; ``refused`` says why, and nothing changed.
        """
        try:
            applied = apply(self.files, edit, flow=self.name, chosen=self.chosen)
            self._ahead = (applied.files, self._prepared(applied.files))
        except FlowloomError as error:
            self.refused.emit(error)
            return False
        if applied.files == self.files and not applied.trash:
            return True
        self.touched.update(step.file for step in applied.change.steps)
        self.undo_stack.push(EditCommand(self, applied, merge))
        return True

    def set_files(self, files: Mapping[str, str]) -> None:
        """Take over other texts: for undo, recovery and reloading. Everything else goes through ``apply``."""
        touched = {name for name in files.keys() | self.files.keys() if files.get(name) != self.files.get(name)}
        if not touched:
            return
        before, layout_before = self.flow, self.layout
        ahead, self._ahead = self._ahead, None
        texts = dict(files)
        self.file = ahead[1] if ahead is not None and ahead[0] is files else self._prepared(texts)
        self.files = texts
        if self.name in touched:
            self.built = self._build()
        if LAYOUT_FILE in touched:
            self.layout = self._parsed(LAYOUT_FILE, parse_layout, Layout())
        if PINS_FILE in touched:
            self.pins = self._parsed(PINS_FILE, parse_pins, Pins())
        delta = compare(before, self.flow, layout_before, self.layout, touched)
        if touched - {LAYOUT_FILE, PINS_FILE}:
            other_ports = self._ports.update(self.flow, self.file, delta.files)
            delta = replace(delta, changed=delta.changed | other_ports)
            self.checker.look()
        self.changed.emit(delta)

    def choose_variant(self, node: str, variant: str) -> None:
        """Look at another variant of a node; nothing in the folder changes. Edits act on the node's ``variant``."""
        before = self.flow
        self.chosen[node] = variant
        self.built = self._build()
        delta = compare(before, self.flow, self.layout, self.layout, ())
        other_ports = self._ports.update(self.flow, self.file)
        self.changed.emit(replace(delta, changed=delta.changed | other_ports))

    def absorb(self, texts: Mapping[str, str | None]) -> None:
        """Take over what the disk holds of files that no step of undo speaks of; None for one that is gone."""
        files = {**self.files, **{name: text for name, text in texts.items() if text is not None}}
        for name, text in texts.items():
            if text is None:
                files.pop(name, None)
                self.disk.pop(name, None)
            else:
                self.disk[name] = text
        self.set_files(files)

    def look_again(self) -> None:
        """Node types became known that were not: cards, ports and problems anew. Texts and undo stay."""
        self._ports = NodePorts(self.registry)
        self._ports.update(self.flow, self.file)
        self.checker.look()
        self.changed.emit(Delta(everything=True))

    def reload(self) -> None:
        """Read the folder again and forget what was not saved, undo steps too. Raises as opening does; nothing has changed then."""
        file = read(self.root / self.name)
        self.undo_stack.clear()
        self.trash.clear()
        self.touched.clear()
        self._load(file)
        self.changed.emit(Delta(everything=True))

    def mark_saved(self, root: Path | None = None) -> None:
        """The texts are now those of the disk; ``root`` is another folder they were saved to."""
        if root is not None:
            self.root = root
            self.file = replace(self.file, root=root)
            self.built = self._build()
        unused = self.unused
        self.disk = {name: text for name, text in self.files.items() if name not in unused}
        self.undo_stack.setClean()
        self.modified_changed.emit(self.modified)

    def mark_different(self, disk: Mapping[str, str | None]) -> None:
        """The disk holds other texts, None for a file that is gone, and the document's are kept: they wait to be saved."""
        for name, text in disk.items():
            if text is None:
                self.disk.pop(name, None)
            else:
                self.disk[name] = text
        self.undo_stack.resetClean()
        self.modified_changed.emit(self.modified)
