from __future__ import annotations

import struct
from pathlib import Path

import pytest

from flowloom.flows.errors import BadRequest
from flowloom.nodes.services.local_model.gguf import read_header


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()


def entry(key: str, kind: int, value: bytes) -> bytes:
    return text(key) + struct.pack("<I", kind) + value


def header(*entries: bytes) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(entries)) + b"".join(entries)


def test_the_header_says_name_and_context(tmp_path: Path) -> None:
    languages = struct.pack("<IQ", 8, 2) + text("en") + text("de")
    path = tmp_path / "a.gguf"
    path.write_bytes(
        header(
            entry("general.architecture", 8, text("llama")),
            entry("general.name", 8, text("Little One")),
            entry("general.languages", 9, languages),
            entry("llama.context_length", 4, struct.pack("<I", 4096)),
            entry("tokenizer.ggml.tokens", 9, b"never read"),
        )
    )
    found = read_header(path)
    assert (found.name, found.architecture, found.context) == ("Little One", "llama", 4096)


def test_a_file_that_says_little_takes_its_own_name(tmp_path: Path) -> None:
    path = tmp_path / "mine.gguf"
    path.write_bytes(header(entry("general.architecture", 8, text("qwen"))))
    assert (read_header(path).name, read_header(path).context) == ("mine", None)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a model file"),
        (b"PK\x03\x04 a wheel", "not a model file"),
        (b"GGUF", "damaged"),
        (header(entry("general.name", 8, struct.pack("<Q", 2**60))), "damaged"),
        (header(entry("general.name", 77, b"")), "damaged"),
        (header(entry("x", 9, struct.pack("<IQ", 4, 2**50))), "damaged"),
        (header(entry("x", 8, struct.pack("<Q", 2) + b"\xff\xff")), "damaged"),
    ],
)
def test_what_is_no_model_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "bad.gguf"
    path.write_bytes(content)
    with pytest.raises(BadRequest, match=words) as caught:
        read_header(path)
    assert "bad.gguf" in caught.value.message
    assert caught.value.hint


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="cannot be read"):
        read_header(tmp_path / "absent.gguf")
