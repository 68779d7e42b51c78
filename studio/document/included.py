"""Files that a flow takes from outside its folder (``additional_includes``), for looking at; a run copies them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from flowloom.flows.document.flow_file import decode, read_regular_file
from flowloom.flows.document.trust import fence_of
from flowloom.flows.errors import DocumentError
from flowloom.flows.model.flow import Flow

if TYPE_CHECKING:
    from flowloom.flows.document.flow_file import FlowFile


def included_texts(flow: Flow, file: FlowFile) -> Mapping[str, str]:
    """The texts of files that nodes name and includes bring, by the path that the nodes name; what a run would refuse is left out."""
    found: dict[str, str] = {}
    if not flow.additional_includes:
        return found
    root = os.path.realpath(flow.root)
    fence = fence_of(root)
    sources = {os.path.basename(os.path.normpath(written)): written for written in flow.additional_includes}
    for path in {os.path.normpath(node.source.path) for node in flow.nodes.values() if node.source.path}:
        top, _, rest = path.replace(os.sep, "/").partition("/")
        written = sources.get(top)
        if written is None or os.path.isabs(written) or file.exists(path):
            continue
        place = os.path.realpath(os.path.join(root, written, rest) if rest else os.path.join(root, written))
        if place == fence or place.startswith(fence.rstrip(os.sep) + os.sep):
            try:
                found[path.replace(os.sep, "/")] = decode(read_regular_file(Path(place), path), path)
            except DocumentError:
                # The checker tells of includes that are missing.
                continue
    return found
