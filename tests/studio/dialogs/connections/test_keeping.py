"""Connections are kept in the keyring, and their secrets never come back out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from flowloom.flows.errors import ConnectionFault, UsageError
from flowloom.studio.dialogs.connections import keeping

VALUES = {"type": "open_ai", "api_key": "sk-secret-1234", "base_url": "https://api.example.com/v1"}


def test_what_is_looked_up_holds_no_secret(memory: Any) -> None:
    keeping.keep("mine", VALUES, ())
    found = keeping.everything()
    known = next(one for one in found.known if one.entry.name == "mine")
    assert found.keyring
    assert (known.entry.kind, known.entry.host, known.secrets, known.editable) == ("open_ai", "api.example.com", ("api_key",), True)
    assert "sk-secret" not in repr(found)


def test_a_secret_left_empty_is_kept_and_a_rename_moves_it(memory: Any) -> None:
    keeping.keep("mine", VALUES, ())
    keeping.keep("yours", {"type": "open_ai", "base_url": "https://other.example.com"}, ("api_key",), before="mine")
    stored = json.loads(memory.kept["flowloom", "yours"])
    assert (stored["api_key"], stored["base_url"]) == ("sk-secret-1234", "https://other.example.com")
    assert ("flowloom", "mine") not in memory.kept
    keeping.forget("yours")
    assert [one.entry.name for one in keeping.everything().known] == ["local"]


def test_secrets_of_a_custom_connection_are_kept_too(memory: Any) -> None:
    keeping.keep("c", {"type": "custom", "configs": {"url": "x"}, "secrets": {"token": "t0p"}}, ())
    keeping.keep("c", {"type": "custom", "configs": {"url": "y"}, "secrets": {}}, ("token",), before="c")
    assert json.loads(memory.kept["flowloom", "c"]) == {"type": "custom", "configs": {"url": "y"}, "secrets": {"token": "t0p"}}


@pytest.mark.parametrize("name", ["", "  ", "@names", "local"])
def test_names_that_cannot_be_are_refused(memory: Any, name: str) -> None:
    with pytest.raises(UsageError):
        keeping.keep(name, VALUES, ())


def test_what_could_not_be_used_is_not_stored(memory: Any) -> None:
    with pytest.raises(ConnectionFault):
        keeping.keep("mine", {"type": "open_ai"}, ())
    assert memory.kept == {}


@pytest.mark.usefixtures("no_keyring")
def test_without_a_keyring_nothing_is_stored_and_that_is_said() -> None:
    assert not keeping.everything().keyring
    with pytest.raises(ConnectionFault, match="no working keyring"):
        keeping.keep("mine", VALUES, ())


def test_trying_out_asks_the_service_and_lists_its_models(memory: Any, openai_server: Any) -> None:
    values = {"type": "open_ai", "api_key": "demo-key-0123456789", "base_url": openai_server.base_url}
    host, names, what = keeping.try_out("", values)
    assert (host, what) == ("127.0.0.1", "models")
    assert names
    keeping.keep("mine", values, ())
    assert keeping.try_out("mine", None)[1] == names
    assert keeping.try_out("mine", {"type": "open_ai", "base_url": openai_server.base_url}, ("api_key",))[1] == names


def test_every_kind_can_be_offered() -> None:
    names = [name for name, _title in keeping.kinds()]
    assert names[0] == "open_ai"
    assert "local" not in names
    assert {"azure_open_ai", "custom", "qdrant"} <= set(names)
