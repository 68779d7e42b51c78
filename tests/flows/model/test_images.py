"""The ways images are written, and what they load as."""

from __future__ import annotations

import base64
import pickle
from pathlib import Path
from typing import Any

import pytest

from flowloom.flows.errors import FlowloomError, InputError, PathError
from flowloom.flows.model.images import (
    Image,
    Text,
    as_json,
    guess_mime,
    holds_image,
    image_source,
    is_base64,
    is_image,
    load_image,
    load_images,
)

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8
ENCODED = base64.b64encode(PNG).decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "cat.png").write_bytes(PNG)
    return tmp_path


@pytest.mark.parametrize(
    ("value", "mime"),
    [
        ({"data:image/png;path": "in/cat.png"}, "image/png"),
        ({"data:image/jpeg;path": "in/cat.png"}, "image/jpeg"),
        ({"data:image/*;base64": ENCODED}, "image/*"),
        ({"data:image/png;base64": f"data:image/png;base64,{ENCODED}"}, "image/png"),
        ("in/cat.png", "image/png"),
        (ENCODED, "image/png"),
        (f"data:image/gif;base64,{ENCODED}", "image/png"),
        (Image(PNG, "image/webp"), "image/webp"),
    ],
)
def test_basic_forms_load(folder: Path, value: Any, mime: str) -> None:
    image = load_image(value, folder)
    assert image == PNG
    assert image.mime_type == mime
    assert image.source_url is None


@pytest.mark.parametrize(
    "value",
    [
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{ENCODED}"}},
        {"type": "image_file", "image_file": {"path": "in/cat.png"}},
    ],
)
def test_openai_vision_forms_load(folder: Path, value: Any) -> None:
    assert load_image(value, folder, message_format="openai-vision") == PNG
    with pytest.raises(InputError):
        load_image(value, folder)
    with pytest.raises(InputError):
        load_image({"data:image/png;path": "in/cat.png"}, folder, message_format="openai-vision")


@pytest.mark.parametrize(
    "value",
    [
        "", 5, None, [], {}, {"a": 1}, {"data:image/png;path": "in/cat.png", "b": 1}, {"data:image/png;file": "x"}, {"data:image/png;path": 5},
        {"data:image/png;path": ""}, {"data:image/png;path": "none.png"}, {"data:image/png;base64": "@@"}, {"data:image/png;base64": "ab"},
        {"data:image/png;url": "http://127.0.0.1/a.png"}, {"data:image/png;url": "file:///etc/passwd"}, "none.png", "in", "a\0b.png",
        {"data:image/png;path": "../x.png"}, {"data:image/png;path": "/etc/hostname"},
    ],
)  # fmt: skip
def test_what_is_no_image_is_refused_in_words(folder: Path, value: Any) -> None:
    with pytest.raises((InputError, PathError)) as caught:
        load_image(value, folder)
    assert caught.value.message.endswith(".")
    assert caught.value.hint


@pytest.mark.parametrize(
    "value",
    [
        {"type": "image_url", "image_url": {"url": "not an address"}},
        {"type": "image_url", "image_url": {"url": 5}},
        {"type": "image_file", "image_file": {"path": None}},
        {"type": "image_url", "image_file": {"path": "in/cat.png"}},
        {"type": "image_url", "image_url": {}},
    ],
)
def test_openai_vision_forms_are_refused_in_words(folder: Path, value: Any) -> None:
    with pytest.raises(FlowloomError):
        load_image(value, folder, message_format="openai-vision")


def test_a_link_does_not_lead_out_of_the_folder(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("other") / "secret.png"
    secret.write_bytes(PNG)
    (folder / "link.png").symlink_to(secret)
    with pytest.raises(PathError):
        load_image("link.png", folder)
    assert load_image("link.png", folder, anywhere=True) == PNG


def test_images_within_values_load_and_the_rest_stays(folder: Path) -> None:
    value = {"a": [{"data:image/png;path": "in/cat.png"}, "text", {"type": "text", "text": "t"}], "n": 1}
    found = load_images(value, folder)
    assert isinstance(found["a"][0], Image)
    assert found["a"][1:] == ["text", {"type": "text", "text": "t"}]
    assert value["a"][0] == {"data:image/png;path": "in/cat.png"}


def test_text_parts_of_openai_vision_become_texts(folder: Path) -> None:
    value = [
        {"type": "text", "text": "Hi"},
        {"type": "text", "text": {"value": "Ho", "annotations": [1]}},
        {"type": "text", "text": 5},
    ]
    first, second, third = load_images(value, folder, message_format="openai-vision")
    assert (first, second, third) == ("Hi", "Ho", {"type": "text", "text": 5})
    assert first.serialize() == {"type": "text", "text": "Hi"}
    assert second.serialize() == {"type": "text", "text": {"value": "Ho", "annotations": [1]}}
    assert Text.deserialize({}) == ""


def test_deep_values_are_refused() -> None:
    value: Any = []
    for _ in range(500):
        value = [value]
    with pytest.raises(InputError, match="deep"):
        load_images(value)
    assert not holds_image(value)


def test_an_image_is_written_back_whole() -> None:
    image = Image(PNG)
    assert as_json(image) == {"data:image/png;base64": ENCODED}
    assert as_json(image, "openai-vision") == {
        "type": "image_url",
        "image_url": {"url": f"data:image/png;base64,{ENCODED}"},
    }
    linked = Image(PNG, source_url="https://example.com/a.png")
    assert as_json(linked) == {"data:image/png;url": "https://example.com/a.png"}
    assert as_json(linked, "openai-vision")["image_url"]["url"] == "https://example.com/a.png"
    assert load_image(as_json(image)) == image


def test_an_image_is_bytes_with_a_name() -> None:
    image = Image(PNG)
    assert str(image) == repr(image) == f"Image({image._hash})"
    assert image.serialize() == str(image)
    assert image.serialize(len) == len(PNG)
    copy = pickle.loads(pickle.dumps(Image(PNG, "image/x", "https://a.b/c")))  # noqa: S301
    assert (copy, copy.mime_type, copy.source_url) == (PNG, "image/x", "https://a.b/c")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("", True),
        ("abcd", True),
        ("ab", True),
        ("abc", False),
        ("abc=", True),
        ("ab==", True),
        ("ab=", False),
        ("a.png", False),
        ("ab\n", True),
        ("abcd,ef", False),
    ],
)
def test_base64_is_what_prompt_flow_takes_for_it(text: str, answer: bool) -> None:
    assert is_base64(text) is answer


def test_long_texts_are_told_apart_quickly() -> None:
    assert not is_base64("ab" * 1_000_000 + "!")


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (PNG, "image/png"),
        (b"\x89PNG\r\n\x1a\n....acTL....IDAT", "image/apng"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF....WEBPVP8 ", "image/webp"),
        (b"BM....", "image/bmp"),
        (b"II*\0", "image/tiff"),
        (b"\0\0\0\x20ftypavif", "image/avif"),
        (b"\0\0\0\x20ftypheic", "image/heic"),
        (b"\0\0\0\x20ftypisom", None),
        (b"hello", None),
        (b"", None),
    ],
)
def test_the_kind_is_told_from_the_bytes(data: bytes, mime: str | None) -> None:
    assert guess_mime(data) == mime
    assert Image(data).mime_type == (mime or "image/*")


@pytest.mark.parametrize(
    ("value", "source"),
    [
        ("a/b.png", ("path", "a/b.png")),
        ("https://e.com/a.png", ("url", "https://e.com/a.png")),
        (ENCODED, ("base64", ENCODED)),
        ({"data:image/png;url": "https://e.com"}, ("url", "https://e.com")),
    ],
)
def test_where_an_image_comes_from_is_told_without_loading_it(value: Any, source: tuple[str, str]) -> None:
    assert image_source(value) == source
    assert is_image(value) is isinstance(value, dict)
    assert image_source({"type": "image_file", "image_file": {"path": "p"}}, "openai-vision") == ("path", "p")
    with pytest.raises(InputError):
        image_source({})
