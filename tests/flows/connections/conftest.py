from __future__ import annotations

from pathlib import Path

import keyring
import pytest
from keyring.core import load_keyring


@pytest.fixture
def file_keyring(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A working keyring, empty, kept in the file that is returned."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent / "keyrings"))
    path = tmp_path / "keyring.json"
    monkeypatch.setenv("FILE_KEYRING", str(path))
    before = keyring.get_keyring()
    keyring.set_keyring(load_keyring("file_keyring.Keyring"))
    yield path
    keyring.set_keyring(before)


@pytest.fixture
def no_keyring() -> None:
    """A computer on which no keyring works."""
    from keyring.backends.fail import Keyring

    before = keyring.get_keyring()
    keyring.set_keyring(Keyring())
    yield
    keyring.set_keyring(before)
