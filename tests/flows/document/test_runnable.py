"""Which files can run."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowloom.flows.document import runnable
from flowloom.flows.document.runnable import kind_of, read_run_file, unsaved_run_file, walk
from flowloom.flows.errors import DocumentError


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.py", "python"),
        ("A.PY", "python"),
        ("x/flow.dag.yaml", "flow"),
        ("other.yaml", "settings"),
        ("p.jinja2", "prompt"),
        ("p.prompty", "prompt"),
        ("m.pkl", "data"),
        ("run.sh", "program"),
        ("rows.jsonl", None),
        ("picture.png", None),
        ("README", None),
    ],
)
def test_names_tell_what_runs(name: str, kind: str | None) -> None:
    assert kind_of(name) == kind


def test_bytes_tell_what_a_name_hides(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x80\x05pickled")
    (tmp_path / "table.xlsx").write_bytes(b"PK\x03\x04...")
    hidden = read_run_file("picture.png", str(tmp_path / "picture.png"), "picture.png")
    assert hidden is not None
    assert hidden.kind == "data"
    assert read_run_file("table.xlsx", str(tmp_path / "table.xlsx"), "table.xlsx") is None


def test_what_the_flow_names_counts_whatever_it_is(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("hi")
    assert read_run_file("words.txt", str(tmp_path / "words.txt"), "words.txt") is None
    named = read_run_file("words.txt", str(tmp_path / "words.txt"), "words.txt", named=True)
    assert named == unsaved_run_file("words.txt", "hi", named=True)


def test_a_large_file_counts_by_its_size_times_and_edges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runnable, "_LARGE", 100)
    monkeypatch.setattr(runnable, "_EDGE", 10)
    place = tmp_path / "model.pt"
    place.write_bytes(b"a" * 200)
    first = read_run_file("model.pt", str(place), "model.pt")
    place.write_bytes(b"a" * 199 + b"b")
    second = read_run_file("model.pt", str(place), "model.pt")
    assert first is not None
    assert second is not None
    assert first.digest != second.digest


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "back").symlink_to(tmp_path)
    (tmp_path / "inner" / "a.py").write_text("")
    assert [path for path, _, _ in walk(str(tmp_path))] == ["inner/a.py"]


def test_installed_files_count_by_their_status(tmp_path: Path) -> None:
    (tmp_path / ".venv" / "lib").mkdir(parents=True)
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("")
    (tmp_path / ".venv" / "lib" / "x.py").write_text("1")
    assert {path: by_status for path, _, by_status in walk(str(tmp_path))}[".venv/lib/x.py"] is True


def test_a_folder_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runnable, "MOST_ENTRIES", 3)
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text("")
    with pytest.raises(DocumentError, match="cannot be checked"):
        list(walk(str(tmp_path)))
