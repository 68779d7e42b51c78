from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flowloom.flows.document.save import save, sync_file, write_file
from flowloom.flows.errors import DocumentError, PathError, SaveConflict


def test_bytes_arrive_as_given(tmp_path: Path) -> None:
    text = "\ufeffa: größe\r\nb: 😀"
    assert save(tmp_path, {"flow.dag.yaml": text, "sub/deep/a.py": b"x = 1\n"}) == ("sub/deep/a.py", "flow.dag.yaml")
    assert (tmp_path / "flow.dag.yaml").read_bytes() == text.encode()
    assert (tmp_path / "sub/deep/a.py").read_bytes() == b"x = 1\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["flow.dag.yaml", "sub"]


def test_what_has_not_changed_is_not_written(tmp_path: Path) -> None:
    save(tmp_path, {"a": "1", "b": "2"})
    stamp = (tmp_path / "a").stat().st_mtime_ns
    assert save(tmp_path, {"a": "1", "b": "3"}) == ("b",)
    assert (tmp_path / "a").stat().st_mtime_ns == stamp


def test_a_change_from_outside_is_not_overwritten(tmp_path: Path) -> None:
    save(tmp_path, {"a": "old", "b": "old"})
    (tmp_path / "b").write_text("by someone else")
    with pytest.raises(SaveConflict, match="b") as caught:
        save(tmp_path, {"a": "new", "b": "new"}, base={"a": "old", "b": "old"})
    assert "save anyway" in caught.value.hint
    assert (tmp_path / "a").read_text() == "old"
    assert save(tmp_path, {"a": "new", "b": "new"}, base={"a": "old", "b": "old"}, force=True) == ("a", "b")
    assert (tmp_path / "b").read_text() == "new"


def test_files_that_appear_or_vanish_meanwhile_are_conflicts(tmp_path: Path) -> None:
    (tmp_path / "new").write_text("theirs")
    with pytest.raises(SaveConflict):
        save(tmp_path, {"new": "mine"}, base={"new": None})
    with pytest.raises(SaveConflict):
        save(tmp_path, {"gone": "mine"}, base={"gone": "old"})
    # The same change made by both is none.
    assert save(tmp_path, {"new": "theirs"}, base={"new": None}) == ()


def test_nothing_is_written_outside_the_folder(tmp_path: Path) -> None:
    root = tmp_path / "flow"
    root.mkdir()
    with pytest.raises(PathError):
        save(root, {"ok": "1", "../evil": "2"})
    assert list(root.iterdir()) == []
    (root / "link").symlink_to("../evil")
    with pytest.raises(PathError):
        save(root, {"link": "2"})
    assert not (tmp_path / "evil").exists()


def test_permissions_stay(tmp_path: Path) -> None:
    save(tmp_path, {"run.py": "1"})
    os.chmod(tmp_path / "run.py", 0o750)
    save(tmp_path, {"run.py": "2"})
    assert stat.S_IMODE((tmp_path / "run.py").stat().st_mode) == 0o750


def test_a_link_inside_the_folder_stays_a_link(tmp_path: Path) -> None:
    save(tmp_path, {"real": "1"})
    (tmp_path / "link").symlink_to("real")
    save(tmp_path, {"link": "2"})
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "2"


def test_broken_characters_are_refused_with_their_line(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="line 2"):
        save(tmp_path, {"a": "one\n\ud800"})
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_leaves_the_old_file(tmp_path: Path) -> None:
    """A limit on file size stands for a full disk: the write fails half-way."""
    save(tmp_path, {"a": "old"})
    code = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from flowloom.flows.document.save import save\n"
        "from flowloom.flows.errors import DocumentError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "try:\n    save(sys.argv[1], {'a': 'x' * 5000})\n"
        "except DocumentError as error:\n    print(error.message, '|', error.hint)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("a cannot be saved: ")
    assert "room" in done.stdout
    assert (tmp_path / "a").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


WRITER = """
import sys
from pathlib import Path
from flowloom.flows.document.save import write_file
place = Path(sys.argv[1])
print("ready", flush=True)
number = 0
while True:
    number += 1
    write_file(place, (str(number % 10) * 60_000).encode())
"""


def test_a_killed_save_leaves_a_whole_file(tmp_path: Path, samples: int) -> None:
    place = tmp_path / "flow.dag.yaml"
    place.write_bytes(b"0" * 60_000)
    leftovers = 0
    for number in range(12 * samples):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(place)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        # Kills land at different moments of the endless saving.
        deadline = time.perf_counter() + 0.001 + 0.0013 * (number % 17)
        while time.perf_counter() < deadline:
            pass
        process.kill()
        process.wait()
        process.stdout.close()
        data = place.read_bytes()
        assert len(data) == 60_000
        assert len(set(data)) == 1
        leftovers += len(list(tmp_path.glob(".flow.dag.yaml.*")))
    assert leftovers > 0, "no kill struck while a file was being written"
    write_file(place, b"after")
    assert [path.name for path in tmp_path.iterdir()] == ["flow.dag.yaml"]


def test_writing_may_be_made_durable_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forced: list[int] = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (forced.append(handle), fsync(handle)))
    write_file(tmp_path / "a", b"data", sync=False)
    assert (tmp_path / "a").read_bytes() == b"data"
    assert forced == []
    sync_file(tmp_path / "a")
    assert len(forced) == 2, "the file and its folder"
    sync_file(tmp_path / "gone")
