from __future__ import annotations

import dataclasses

import pytest

from flowloom.flows.connections.entry import Entry


def test_an_entry_has_no_place_for_a_secret() -> None:
    assert [field.name for field in dataclasses.fields(Entry)] == ["name", "kind", "where", "host", "problem"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        Entry("a", "open_ai", "keyring").name = "b"  # type: ignore[misc]
