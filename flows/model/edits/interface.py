"""Edits of what the flow takes and gives, and of its own keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from flowloom.flows.document.yaml_edit import rename_key
from flowloom.flows.document.yaml_tree import Path
from flowloom.flows.errors import UsageError
from flowloom.flows.model.edits.draft import Draft
from flowloom.flows.model.edits.names import check_name
from flowloom.flows.model.edits.wires import binding_value, rewrite, wires_from
from flowloom.flows.model.flow import EMPTY, MISSING

_AFTER_INPUTS: Final = ("outputs", "nodes", "node_variants")
_AFTER_OUTPUTS: Final = ("nodes", "node_variants")
_OWN_EDITS: Final = ("nodes", "node_variants")


def _section(draft: Draft, name: Literal["inputs", "outputs"]) -> dict[str, Path]:
    """The inputs or outputs written in the flow: their names and where they stand."""
    written = draft.data.get(name)
    return {str(key): (name, key) for key in written} if isinstance(written, dict) else {}


def _entry(draft: Draft, section: Literal["inputs", "outputs"], name: str) -> Path:
    path = _section(draft, section).get(name)
    if path is None:
        raise UsageError(f"The flow has no {section[:-1]} '{name}'.", hint=f"Choose one of its {section}.")
    return path


@dataclass(frozen=True, slots=True)
class AddFlowInput:
    """A new input of the flow. ``more`` holds further keys such as ``description`` or ``is_chat_input``."""

    name: str
    type: str = "string"
    default: Any = MISSING
    more: Mapping[str, Any] = field(default_factory=lambda: EMPTY)

    @property
    def title(self) -> str:
        return f"Add input {self.name}"

    def perform(self, draft: Draft) -> None:
        check_name(self.name, _section(draft, "inputs"), "input")
        default = {} if self.default is MISSING else {"default": self.default}
        draft.yaml.set(("inputs", self.name), {"type": self.type, **default, **self.more}, before=_AFTER_INPUTS)


@dataclass(frozen=True, slots=True)
class AddFlowOutput:
    """A new output of the flow; ``reference`` is a plain value, a Constant or a Reference."""

    name: str
    reference: Any
    type: str = "string"
    more: Mapping[str, Any] = field(default_factory=lambda: EMPTY)

    @property
    def title(self) -> str:
        return f"Add output {self.name}"

    def perform(self, draft: Draft) -> None:
        check_name(self.name, _section(draft, "outputs"), "output")
        value = {"type": self.type, "reference": binding_value(self.reference), **self.more}
        draft.yaml.set(("outputs", self.name), value, before=_AFTER_OUTPUTS)


@dataclass(frozen=True, slots=True)
class RenameFlowInput:
    """Another name for an input of the flow, also in every reference to it."""

    old: str
    new: str

    @property
    def title(self) -> str:
        return f"Rename input {self.old} to {self.new}"

    def perform(self, draft: Draft) -> None:
        if self.old == self.new:
            return
        path = _entry(draft, "inputs", self.old)
        check_name(self.new, _section(draft, "inputs"), "input")
        yaml = draft.yaml
        if yaml.doc.shares:
            yaml.rename(path, self.new)
            yaml.step(rewrite(draft, "input", self.old, self.new))
        else:
            yaml.step(rename_key(yaml.doc, path, self.new) + rewrite(draft, "input", self.old, self.new))


@dataclass(frozen=True, slots=True)
class RenameFlowOutput:
    old: str
    new: str

    @property
    def title(self) -> str:
        return f"Rename output {self.old} to {self.new}"

    def perform(self, draft: Draft) -> None:
        if self.old == self.new:
            return
        path = _entry(draft, "outputs", self.old)
        check_name(self.new, _section(draft, "outputs"), "output")
        draft.yaml.rename(path, self.new)


@dataclass(frozen=True, slots=True)
class DeleteFlowInput:
    """An input of the flow and the wires from it; flow outputs that name it stay, for the person to decide."""

    name: str

    @property
    def title(self) -> str:
        return f"Delete input {self.name}"

    def perform(self, draft: Draft) -> None:
        draft.yaml.delete_all([_entry(draft, "inputs", self.name), *wires_from(draft, "input", {self.name})])


@dataclass(frozen=True, slots=True)
class DeleteFlowOutput:
    name: str

    @property
    def title(self) -> str:
        return f"Delete output {self.name}"

    def perform(self, draft: Draft) -> None:
        draft.yaml.delete(_entry(draft, "outputs", self.name))


@dataclass(frozen=True, slots=True)
class SetFlowKey:
    """Write any key of the flow outside its nodes, such as ``("inputs", "question", "default")`` or ``("description",)``."""

    path: tuple[str | int, ...]
    value: Any

    @property
    def title(self) -> str:
        return f"Set {'.'.join(str(part) for part in self.path)}"

    def perform(self, draft: Draft) -> None:
        _check_key(self.path)
        if self.path[0] in ("inputs", "outputs") and len(self.path) > 1:
            section: Literal["inputs", "outputs"] = "inputs" if self.path[0] == "inputs" else "outputs"
            _entry(draft, section, str(self.path[1]))
        draft.yaml.set(self.path, binding_value(self.value), before=("inputs", *_AFTER_INPUTS))


@dataclass(frozen=True, slots=True)
class ClearFlowKey:
    path: tuple[str | int, ...]

    @property
    def title(self) -> str:
        return f"Clear {'.'.join(str(part) for part in self.path)}"

    def perform(self, draft: Draft) -> None:
        _check_key(self.path)
        if not draft.has(self.path):
            raise UsageError(f"The flow has no {self.path[-1]!r} there.", hint="There is nothing to clear.")
        draft.yaml.delete(self.path)


def _check_key(path: tuple[str | int, ...]) -> None:
    if not path or path[0] in _OWN_EDITS:
        raise UsageError("This part of a flow has edits of its own.", hint="Use the edits of nodes and variants.")
