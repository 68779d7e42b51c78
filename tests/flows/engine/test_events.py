from __future__ import annotations

import inspect
from dataclasses import MISSING, FrozenInstanceError, fields, is_dataclass
from typing import get_args

import pytest

from flowloom.flows.engine import events
from flowloom.flows.engine.events import Event, NodeFinished, NodeStarted, Usage


@pytest.mark.parametrize("kind", get_args(Event), ids=lambda kind: kind.type)
def test_events_are_frozen_data_with_a_name(kind: type) -> None:
    assert is_dataclass(kind)
    values = {field.name: f"value of {field.name}" for field in fields(kind)}
    event = kind(**values)
    assert {field.name: getattr(event, field.name) for field in fields(kind)} == values
    assert event == kind(**values)
    assert all(f"value of {name}" in repr(event) for name in values)
    with pytest.raises(FrozenInstanceError):
        setattr(event, fields(kind)[0].name, "another")
    with pytest.raises((AttributeError, TypeError)):
        event.more = 1  # type: ignore[attr-defined]
    words = kind.__name__
    assert event.type == "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in words).lstrip("_")


@pytest.mark.parametrize("kind", [NodeStarted, NodeFinished])
def test_constructors_written_out_agree_with_the_fields(kind: type) -> None:
    parameters = list(inspect.signature(kind).parameters.values())
    assert [parameter.name for parameter in parameters] == [field.name for field in fields(kind)]
    defaults = {parameter.name: parameter.default for parameter in parameters if parameter.default is not parameter.empty}
    assert defaults == {field.name: field.default for field in fields(kind) if field.default is not MISSING}


def test_every_event_is_listed() -> None:
    found = {kind for kind in vars(events).values() if inspect.isclass(kind) and isinstance(vars(kind).get("type"), str)}
    assert found == set(get_args(Event))


def test_usage_adds_up() -> None:
    one = Usage(10, 5, 15, 1, 0.25, "m")
    assert one + one == Usage(20, 10, 30, 2, 0.5, "m")
    assert one + Usage() == Usage() + one == one
    assert (one + Usage(1, 1, 2, 1, None, "m")).price is None
    assert (one + Usage(1, 1, 2, 1, 0.5, "other")).model is None
    assert one.as_json() == {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15, "calls": 1, "price": 0.25, "model": "m"}
