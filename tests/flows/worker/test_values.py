"""Values cross whole, as a blob, or as how they look; never in a way that fails the run."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.flows.connections.redact import Redactor
from flowloom.flows.engine.codec import to_text
from flowloom.flows.errors import DocumentError
from flowloom.flows.model.images import Image
from flowloom.flows.worker.values import Blob, Shown, ValueWriter, make_room, read_value, receive_values, send_values

ROOM = 10 << 20
SIMPLE = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(SIMPLE | st.binary(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner), max_leaves=12)


def crossed(value: Any, spool: Path, room: int = ROOM, **options: Any) -> Any:
    return read_value(json.loads(ValueWriter(spool, **options).write(value, room)), spool)


@given(value=VALUES)
def test_a_value_comes_back_the_same_or_is_shown(value: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    found = crossed(value, tmp_path_factory.getbasetemp())
    if isinstance(found, Shown):
        assert "cannot be written" in found.why
        assert to_text(found)
    else:
        assert found == value
        assert type(found) is type(value)


def test_images_cross(tmp_path: Path) -> None:
    found = crossed([Image(b"\x89PNG", "image/png")], tmp_path)
    assert (bytes(found[0]), found[0].mime_type) == (b"\x89PNG", "image/png")


def test_big_values_are_blobs_with_a_beginning(tmp_path: Path) -> None:
    text = "äb" * (1 << 20)
    blob = crossed(text, tmp_path)
    assert isinstance(blob, Blob)
    assert blob.preview == text[: 64 * 1024]
    assert (blob.kind, blob.read() == text) == ("str", True)
    assert to_text(blob) == json.dumps(blob.preview, ensure_ascii=False)
    rows = [{"number": number, "pair": (number, b"x")} for number in range(60_000)]
    listed = crossed(rows, tmp_path)
    assert listed.read() == rows
    assert listed.kind == "list"
    small = crossed(["x" * 100] * 50, tmp_path, room=1024)
    assert len(small.preview) <= 1024
    assert small.read() == ["x" * 100] * 50


def test_a_vast_value_is_not_kept(tmp_path: Path) -> None:
    blob = crossed(bytes(130 << 20), tmp_path)
    assert blob.file == ""
    with pytest.raises(DocumentError):
        blob.read()
    assert not list(tmp_path.iterdir())


class Odd:
    def __repr__(self) -> str:
        return "an odd thing"


def test_what_has_no_form_is_shown_with_its_reason(tmp_path: Path) -> None:
    found = crossed({"odd": Odd()}, tmp_path)
    assert found.value == "{'odd': an odd thing}"
    assert (found.type, "Odd" in found.why) == ("dict", True)
    loop: list[Any] = []
    loop.append(loop)
    assert isinstance(crossed(loop, tmp_path), Shown)
    assert crossed("a\x00b\ud800", tmp_path).value == "a\\u0000b\\ud800"
    assert len(crossed([Odd()] * 100_000, tmp_path).value) == 64 * 1024


def test_a_value_with_a_secret_is_masked_and_only_shown(tmp_path: Path) -> None:
    redact = Redactor("s3cret-value-1").redact
    found = crossed({"header": "Bearer s3cret-value-1"}, tmp_path, redact=redact)
    assert found.value == {"header": "Bearer ***"}
    assert "secret" in found.why
    huge = crossed("s3cret-value-1" + "x" * (2 << 20), tmp_path, redact=redact)
    assert "s3cret" not in json.dumps(huge.value)
    assert not list(tmp_path.iterdir())


def test_given_values_come_back_and_shown_ones_are_named(tmp_path: Path) -> None:
    blob = crossed("x" * (2 << 20), tmp_path)
    sent, lost = send_values({"a": (1, b"2"), "big": blob, "odd": Shown("x", "Odd", ""), "worse": Odd(), "gone": Blob("", 5, "str")})
    found = receive_values(json.loads(json.dumps(sent)), tmp_path)
    assert found == {"a": (1, b"2"), "big": "x" * (2 << 20)}
    assert lost == ["odd", "worse", "gone"]


@pytest.mark.skipif(os.name != "posix", reason="pipes in the file system")
def test_a_blob_opens_nothing_but_an_ordinary_file_of_the_spool(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    (tmp_path / "outside.json").write_text('"outside"')
    os.mkfifo(spool / "pipe.json")
    (spool / "link.json").symlink_to(tmp_path / "outside.json")
    for name in ("../outside.json", str(tmp_path / "outside.json"), "pipe.json", "link.json", "/dev/zero", "missing.json"):
        blob = read_value({"$flowloom": "blob", "preview": "", "size": 1, "kind": "str", "file": name}, spool)
        with pytest.raises(DocumentError):
            blob.read()


def test_the_oldest_values_make_room(tmp_path: Path) -> None:
    blobs = [crossed(letter * (2 << 20), tmp_path) for letter in "abc"]
    for age, blob in enumerate(blobs):
        os.utime(blob.file, (1000 - age, 1000 - age))
    make_room(tmp_path, 5 << 20)
    assert [Path(blob.file).exists() for blob in blobs] == [True, True, False]
    make_room(tmp_path, 0)
    assert [Path(blob.file).exists() for blob in blobs] == [True, False, False], "the newest stays"
