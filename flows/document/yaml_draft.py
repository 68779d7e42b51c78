"""A YAML text under edit: each edit is one or more steps of splices, after which the text is read again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flowloom.flows.document import yaml_edit, yaml_share
from flowloom.flows.document.splice import Splice, apply_splices
from flowloom.flows.document.yaml_remove import delete_groups
from flowloom.flows.document.yaml_text import load_yaml_once
from flowloom.flows.document.yaml_tree import Path


class YamlDraft:
    """Edits a text by paths. ``on_step`` is told of every step: splices that count in the text as it was before the step.

    All methods raise DocumentError where the edit cannot be made; the text is then as the last step left it.
    """

    def __init__(self, text: str, file: str, on_step: Callable[[tuple[Splice, ...]], None] | None = None) -> None:
        self.doc = load_yaml_once(text, file)
        self._on_step = on_step

    @property
    def text(self) -> str:
        return self.doc.text

    @property
    def value(self) -> Any:
        return self.doc.value

    def step(self, splices: list[Splice]) -> None:
        """Apply splices at once and read the text again."""
        if not splices:
            return
        text, _ = apply_splices(self.doc.text, splices)
        doc = load_yaml_once(text, self.doc.file)
        if self._on_step is not None:
            self._on_step(tuple(splices))
        self.doc = doc

    def set(self, path: Path, value: Any, *, before: tuple[str, ...] = ()) -> None:
        """Write a value at a path; mappings on the way are made where they are missing, ``before`` certain keys."""
        self._free(path)
        self.step(yaml_edit.set_value(self.doc, path, value, before=before))

    def append(self, path: Path, value: Any) -> None:
        """Add an item to the list at a path; the list is made where it is missing."""
        self._free((*path, -1))
        self.step(yaml_edit.append_item(self.doc, path, value))

    def extend(self, path: Path, values: list[Any]) -> None:
        """Add several items to the list at a path in one step."""
        self._free((*path, -1))
        self.step(yaml_edit.append_items(self.doc, path, values))

    def delete(self, *paths: Path) -> None:
        """Take out keys or items that share one parent."""
        self._free((*paths[0][:-1], -1))
        self.step(yaml_share.write_out_merges(self.doc, paths[0][:-1]))
        nodes = [node for node in (self.doc.node(path) for path in paths) if node is not None]
        self.step(yaml_share.release_span(self.doc, nodes))
        self.step(delete_groups(self.doc, [list(paths)]))

    def delete_all(self, paths: Iterable[Path]) -> None:
        """Take out keys and items anywhere in the document; what lies inside another of them goes with it."""
        wanted = set(paths)
        groups: dict[Path, list[Path]] = {}
        for path in wanted:
            if not any(path[:length] in wanted for length in range(1, len(path))):
                groups.setdefault(path[:-1], []).append(path)
        ordered = [groups[parent] for parent in sorted(groups, key=len, reverse=True)]
        if self.doc.shares:
            for group in ordered:
                self.delete(*group)
            return
        self.step(delete_groups(self.doc, ordered))

    def rename(self, path: Path, new: str) -> None:
        """Give a key another name in its place."""
        self._free((*path[:-1], -1))
        self.step(yaml_share.write_out_merges(self.doc, path[:-1]))
        self.step(yaml_edit.rename_key(self.doc, path, new))

    def _free(self, path: Path) -> None:
        while splices := yaml_share.unshare(self.doc, path):
            self.step(splices)
