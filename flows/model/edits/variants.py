"""Edits of a node's variants."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flowloom.flows.document.yaml_tree import Path
from flowloom.flows.errors import UsageError
from flowloom.flows.model.edits.draft import Draft
from flowloom.flows.model.edits.names import check_name
from flowloom.flows.model.edits.nodes import is_used, source_path
from flowloom.flows.model.edits.variant_text import lift_body, lower_body
from flowloom.flows.model.edits.wires import binding_value

FIRST_VARIANT = "variant_0"


@dataclass(frozen=True, slots=True)
class UseVariants:
    """Turn a node into its first variant: its body moves, comments and all, below ``node_variants``."""

    node: str
    id: str = FIRST_VARIANT

    @property
    def title(self) -> str:
        return f"Use variants of {self.node}"

    def perform(self, draft: Draft) -> None:
        item = draft.item(self.node)
        if draft.value((*item, "use_variants")):
            raise UsageError(f"The node '{self.node}' uses variants already.", hint="Add a variant.", node=self.node)
        if draft.variants_entry(self.node) is not None:
            # Variants written earlier and switched off: the node's body would be lost among them.
            raise UsageError(
                f"Variants of '{self.node}' are written already, but not used.",
                hint="Write 'use_variants: true' on the node, or delete them.",
                node=self.node,
            )
        check_name(self.id, (), "variant")
        lower_body(draft, self.node, self.id)


@dataclass(frozen=True, slots=True)
class DropVariants:
    """Turn the chosen, else default, variant back into the node's body. Files of the others are trash where nothing uses them."""

    node: str
    keep: str | None = None

    @property
    def title(self) -> str:
        return f"Stop using variants of {self.node}"

    def perform(self, draft: Draft) -> None:
        _variants(draft, self.node)
        files = {path for body in draft.bodies(self.node) if (path := source_path(draft, body))}
        lift_body(draft, self.node, draft.body(self.node, self.keep))
        draft.trash += sorted(path for path in files if not is_used(draft, path) and path not in draft.trash)


@dataclass(frozen=True, slots=True)
class AddVariant:
    """A further variant: ``body``, or a copy of the variant ``like``, else of the default. A node without variants gets its first."""

    node: str
    id: str
    body: Mapping[str, Any] | None = None
    like: str | None = None
    description: str = ""

    @property
    def title(self) -> str:
        return f"Add variant {self.id} of {self.node}"

    def perform(self, draft: Draft) -> None:
        if draft.variants(self.node) is None:
            UseVariants(self.node).perform(draft)
        entry = _variants(draft, self.node)
        check_name(self.id, draft.variant_ids(self.node), "variant")
        body = self.body if self.body is not None else draft.value(draft.body(self.node, self.like))
        body = copy.deepcopy(dict(body))
        body.pop("name", None)
        if isinstance(body.get("inputs"), Mapping):
            body["inputs"] = {name: binding_value(value) for name, value in body["inputs"].items()}
        described = {"description": self.description} if self.description else {}
        draft.yaml.set((*entry, "variants", self.id), {**described, "node": body})


@dataclass(frozen=True, slots=True)
class DeleteVariant:
    """One variant that is not the default. Its file is trash where nothing else uses it."""

    node: str
    id: str

    @property
    def title(self) -> str:
        return f"Delete variant {self.id} of {self.node}"

    def perform(self, draft: Draft) -> None:
        entry = _variants(draft, self.node)
        place = _place(draft, self.node, self.id)
        if str(draft.value((*entry, "default_variant_id"))) == self.id:
            raise UsageError(
                f"'{self.id}' is the default of '{self.node}'.", hint="Make another variant the default first."
            )
        path = source_path(draft, (*place, "node"))
        draft.yaml.delete(place)
        if path and not is_used(draft, path) and path not in draft.trash:
            draft.trash.append(path)


@dataclass(frozen=True, slots=True)
class RenameVariant:
    node: str
    old: str
    new: str

    @property
    def title(self) -> str:
        return f"Rename variant {self.old} of {self.node} to {self.new}"

    def perform(self, draft: Draft) -> None:
        if self.old == self.new:
            return
        entry = _variants(draft, self.node)
        place = _place(draft, self.node, self.old)
        check_name(self.new, draft.variant_ids(self.node), "variant")
        is_default = str(draft.value((*entry, "default_variant_id"))) == self.old
        draft.yaml.rename(place, self.new)
        if is_default:
            draft.yaml.set((*entry, "default_variant_id"), self.new)


@dataclass(frozen=True, slots=True)
class SetDefaultVariant:
    """Which variant runs unless another is chosen."""

    node: str
    id: str

    @property
    def title(self) -> str:
        return f"Make {self.id} the default of {self.node}"

    def perform(self, draft: Draft) -> None:
        entry = _variants(draft, self.node)
        # The id as it is written: a number stays one, as prompt flow compares the two.
        key = _place(draft, self.node, self.id)[-1]
        draft.yaml.set((*entry, "default_variant_id"), key, before=("variants",))


@dataclass(frozen=True, slots=True)
class SetVariantDescription:
    node: str
    id: str
    description: str

    @property
    def title(self) -> str:
        return f"Describe {self.id} of {self.node}"

    def perform(self, draft: Draft) -> None:
        _variants(draft, self.node)
        draft.yaml.set((*_place(draft, self.node, self.id), "description"), self.description, before=("node",))


def _variants(draft: Draft, node: str) -> Path:
    entry = draft.variants(node)
    if entry is None:
        raise UsageError(f"The node '{node}' has no variants.", hint="Add a variant first.", node=node)
    return entry


def _place(draft: Draft, node: str, variant: str) -> Path:
    place = draft.variant_ids(node).get(variant)
    if place is None:
        raise UsageError(
            f"The node '{node}' has no variant '{variant}'.", hint="Choose one of its variants.", node=node
        )
    return place
