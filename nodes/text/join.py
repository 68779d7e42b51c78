"""Join texts."""

from __future__ import annotations

from typing import Annotated, Any

from flowloom.flows.node.declare import node
from flowloom.nodes.services.values import as_text


@node(id="loom.text.join", title="Join texts", category="Text", icon="text-align-left", quick=True)
def join(
    *,
    separator: Annotated[str, "What stands between the parts"] = "\n",
    **parts: Annotated[Any, "The texts, in the order of the inputs; a list counts as its items"],
) -> Annotated[str, "One text"]:
    """Join texts with a separator. Parts that have no value are left out; what is no text is written as JSON."""
    texts: list[str] = []
    for part in parts.values():
        items = part if isinstance(part, list | tuple) else [part]
        texts.extend(as_text(item) for item in items if item is not None)
    return separator.join(texts)
