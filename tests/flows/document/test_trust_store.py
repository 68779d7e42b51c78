"""Which flows are trusted is kept outside of their folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowloom.flows.document.trust_store import Signed, drop_trust, keep_trust, read_trust


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWLOOM_STATE", str(tmp_path / "state"))


def test_trust_is_kept_by_folder_and_flow(tmp_path: Path) -> None:
    signed = Signed("abc", {"a.py": "1", "half\ud83d.py": "2"})
    keep_trust(tmp_path / "one", "flow.dag.yaml", signed)
    assert read_trust(tmp_path / "one", "flow.dag.yaml") == signed
    assert read_trust(tmp_path / "two", "flow.dag.yaml") is None
    assert read_trust(tmp_path / "one", "other.yaml") is None
    drop_trust(tmp_path / "one", "flow.dag.yaml")
    drop_trust(tmp_path / "one", "flow.dag.yaml")
    assert read_trust(tmp_path / "one", "flow.dag.yaml") is None


def test_a_link_is_the_folder_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    keep_trust(tmp_path / "link", "f.yaml", Signed("abc", {}))
    assert read_trust(tmp_path / "real", "f.yaml") is not None


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"version": 1, "digests": []}'])
def test_a_damaged_record_trusts_nothing(tmp_path: Path, text: str) -> None:
    keep_trust(tmp_path, "f.yaml", Signed("abc", {}))
    (record,) = (tmp_path / "state" / "trust").iterdir()
    record.write_text(text)
    assert read_trust(tmp_path, "f.yaml") is None


def test_a_record_of_another_folder_is_not_taken(tmp_path: Path) -> None:
    keep_trust(tmp_path / "one", "f.yaml", Signed("abc", {}))
    (record,) = (tmp_path / "state" / "trust").iterdir()
    keep_trust(tmp_path / "two", "f.yaml", Signed("xyz", {}))
    (other,) = [path for path in (tmp_path / "state" / "trust").iterdir() if path != record]
    other.write_bytes(record.read_bytes())
    assert read_trust(tmp_path / "two", "f.yaml") is None
