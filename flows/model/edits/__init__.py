"""Edits of a flow: pure, invertible, as splices that change only the lines they must.

    applied = apply(files, RenameNode("search", "find"))
    applied.files                                # the texts after it
    apply(applied.files, applied.inverse).files  # the texts before it, byte for byte

``files`` are the texts of the flow's folder by path: the flow file, ``flow.layout.json``, ``flow.pins.json``, prompts and code
(``folder_texts`` reads them). An edit acts on a node's chosen variant, which its ``variant`` names; renaming and deleting act on all.
"""

from flowloom.flows.model.edits.canvas import (
    ClearPin,
    DeleteCanvasItem,
    SetFlowText,
    SetFrame,
    SetNote,
    SetPin,
    SetPlaces,
    SetText,
)
from flowloom.flows.model.edits.change import Applied, Change, Edit, Group, Step, apply
from flowloom.flows.model.edits.folder import folder_texts
from flowloom.flows.model.edits.interface import (
    AddFlowInput,
    AddFlowOutput,
    ClearFlowKey,
    DeleteFlowInput,
    DeleteFlowOutput,
    RenameFlowInput,
    RenameFlowOutput,
    SetFlowKey,
)
from flowloom.flows.model.edits.names import check_name, free_name
from flowloom.flows.model.edits.nodes import (
    AddNode,
    AddNodes,
    ClearInput,
    ClearNodeKey,
    DeleteNodes,
    RenameNode,
    SetInput,
    SetNodeKey,
)
from flowloom.flows.model.edits.variants import (
    AddVariant,
    DeleteVariant,
    DropVariants,
    RenameVariant,
    SetDefaultVariant,
    SetVariantDescription,
    UseVariants,
)

__all__ = [
    "AddFlowInput",
    "AddFlowOutput",
    "AddNode",
    "AddNodes",
    "AddVariant",
    "Applied",
    "Change",
    "ClearFlowKey",
    "ClearInput",
    "ClearNodeKey",
    "ClearPin",
    "DeleteCanvasItem",
    "DeleteFlowInput",
    "DeleteFlowOutput",
    "DeleteNodes",
    "DeleteVariant",
    "DropVariants",
    "Edit",
    "Group",
    "RenameFlowInput",
    "RenameFlowOutput",
    "RenameNode",
    "RenameVariant",
    "SetDefaultVariant",
    "SetFlowKey",
    "SetFlowText",
    "SetFrame",
    "SetInput",
    "SetNodeKey",
    "SetNote",
    "SetPin",
    "SetPlaces",
    "SetText",
    "SetVariantDescription",
    "Step",
    "UseVariants",
    "apply",
    "check_name",
    "folder_texts",
    "free_name",
]
