from __future__ import annotations

import dataclasses

import pytest

from flowloom.flows.model.flow import MISSING
from flowloom.flows.node.spec import Effect, NodeSpec, Port, Ports


@pytest.mark.parametrize(
    ("effect", "cacheable", "may_cache"),
    [
        (Effect.NONE, True, True),
        (Effect.READ, True, True),
        (Effect.WRITE, True, False),
        (Effect.EXTERNAL, True, False),
        (Effect.READ, False, False),
    ],
)
def test_what_changes_something_is_never_cached(effect, cacheable, may_cache):
    spec = NodeSpec(id="a", title="A", category="Text", effect=effect, cacheable=cacheable)
    assert spec.may_cache is may_cache


def test_specs_are_values():
    port = Port("a")
    assert (port, port.default, port.required) == (Port("a"), MISSING, True)
    with pytest.raises(dataclasses.FrozenInstanceError):
        port.name = "b"  # type: ignore[misc]
    assert Ports() == Ports()
