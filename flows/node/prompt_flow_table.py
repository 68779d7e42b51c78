"""Our node types for prompt flow: what its entry point group ``package_tools`` asks of a package."""

from __future__ import annotations

from typing import Any


def package_tools() -> dict[str, dict[str, Any]]:
    """``{id: {name, type, module, function, inputs}}`` for every node type of ours that prompt flow does not have as a kind of its own."""
    return {}
