from __future__ import annotations

import json
from pathlib import Path

import pytest

from flowloom.flows.connections import keyring_store
from flowloom.flows.errors import ConnectionFault


def test_what_is_written_is_read_and_listed_and_deleted(file_keyring: Path) -> None:
    keyring_store.write("b", {"type": "open_ai", "api_key": "one"})
    keyring_store.write("a", {"type": "local"})
    keyring_store.write("b", {"type": "open_ai", "api_key": "two"})
    assert keyring_store.names() == ["a", "b"]
    assert keyring_store.read("b") == {"type": "open_ai", "api_key": "two"}
    assert keyring_store.delete("b")
    assert not keyring_store.delete("b")
    assert (keyring_store.names(), keyring_store.read("b")) == (["a"], None)


def test_entries_are_the_service_flowloom(file_keyring: Path) -> None:
    keyring_store.write("a", {"type": "local"})
    assert json.loads(json.loads(file_keyring.read_text())["flowloom/a"]) == {"type": "local"}


def test_without_a_keyring_nothing_is_stored_and_it_says_so(no_keyring: None) -> None:
    assert not keyring_store.available()
    with pytest.raises(ConnectionFault, match="no working keyring, so nothing is stored") as caught:
        keyring_store.write("a", {"type": "local"})
    assert "--connections FILE.yaml" in caught.value.hint
    assert (keyring_store.names(), keyring_store.read("a"), keyring_store.delete("a")) == ([], None, False)


def test_a_locked_keyring_says_what_it_says(file_keyring: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILE_KEYRING_LOCKED", "1")
    with pytest.raises(ConnectionFault, match="refuses: the keyring is locked"):
        keyring_store.read("a")


def test_a_damaged_entry_can_be_removed(file_keyring: Path) -> None:
    keyring_store.write("a", {"type": "local"})
    held = json.loads(file_keyring.read_text())
    file_keyring.write_text(json.dumps({**held, "flowloom/a": "{broken"}))
    with pytest.raises(ConnectionFault, match="cannot be read") as caught:
        keyring_store.read("a")
    assert caught.value.hint.endswith("flowloom connection delete a")
    assert keyring_store.delete("a")
