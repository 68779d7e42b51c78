from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from flowloom.flows.node.spec import Effect, NodeSpec, Port


@pytest.mark.parametrize(
    ("effect", "cacheable", "may"),
    [
        (Effect.NONE, True, True),
        (Effect.READ, True, True),
        (Effect.WRITE, True, False),
        (Effect.EXTERNAL, True, False),
        (Effect.NONE, False, False),
        (Effect.READ, False, False),
    ],
)
def test_what_acts_on_the_world_is_never_cached(effect: Effect, cacheable: bool, may: bool) -> None:
    assert NodeSpec("a.b", "B", "Text", effect=effect, cacheable=cacheable).may_cache is may


def test_a_spec_says_nothing_by_default_and_cannot_be_changed() -> None:
    spec = NodeSpec("a.b", "B", "Text")
    assert (spec.version, spec.effect, spec.hosts, spec.secrets, spec.ports.inputs) == (1, Effect.NONE, (), (), {})
    with pytest.raises(FrozenInstanceError):
        spec.version = 2  # type: ignore[misc]
    with pytest.raises(TypeError):
        spec.ports.inputs["x"] = Port("x")  # type: ignore[index]
    assert replace(spec, version=2) != spec
