"""What the conditions of commands look at."""

from __future__ import annotations

from flowloom.flows.node.registry import Registry
from flowloom.studio.commands.command import always, can_edit, has_document, has_selection
from flowloom.studio.workspace import Workspace


def test_without_a_flow_only_what_needs_none_can_be_done(registry: Registry) -> None:
    workspace = Workspace(registry, settings=None)  # pyright: ignore[reportArgumentType]
    assert always(workspace)
    assert not any(condition(workspace) for condition in (has_document, can_edit, has_selection))
