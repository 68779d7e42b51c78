"""Images as values: bytes that know their kind, and the ways prompt flow writes them in YAML and JSON.

Basic form ``{"data:image/png;path": "cat.png"}`` (or ``;base64``, ``;url``); openai-vision form ``{"type": "image_url", "image_url":
{"url": ...}}`` or ``{"type": "image_file", "image_file": {"path": ...}}``; for an input of type image also a bare text: base64, an
address or a path. Source of the forms: promptflow ``_utils/multimedia_utils.py``.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from flowloom.flows.errors import InputError

MAX_BYTES: Final = 50 * 1024 * 1024
MAX_DEPTH: Final = 100

_KEY = re.compile(r"^data:image/(.*);(path|base64|url)$")
_ALPHABET = re.compile(r"[A-Za-z0-9+/]*")
_PREFIX = re.compile(r"^data:image/(.*);base64")
_ADDRESS = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://[^/?#\s]")


class Image(bytes):
    """The bytes of an image, with its media type and, where it came from the web, its address."""

    def __new__(cls, value: bytes, *args: Any, **named: Any) -> Image:
        return super().__new__(cls, value)

    def __init__(self, value: bytes, mime_type: str | None = None, source_url: str | None = None) -> None:
        super().__init__()
        self._mime_type = (mime_type or guess_mime(value) or "image/*").lower()
        self._source_url = source_url

    @property
    def mime_type(self) -> str:
        return self._mime_type

    @property
    def source_url(self) -> str | None:
        return self._source_url

    @cached_property
    def _hash(self) -> str:
        import hashlib

        return hashlib.sha1(self, usedforsecurity=False).hexdigest()[:8]

    def to_base64(self, with_type: bool = False) -> str:
        """The bytes as base64 text; ``with_type`` makes it a data address."""
        text = base64.b64encode(self).decode("ascii")
        return f"data:{self._mime_type};base64,{text}" if with_type else text

    def serialize(self, encoder: Callable[[Image], Any] | None = None) -> Any:
        return str(self) if encoder is None else encoder(self)

    def __str__(self) -> str:
        return f"Image({self._hash})"

    __repr__ = __str__

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (bytes(self), self._mime_type, self._source_url)


class Text(str):
    """A text part of an openai-vision message, with the annotations it came with."""

    annotations: list[Any] | None

    def __new__(cls, value: str, annotations: list[Any] | None = None) -> Text:
        made = super().__new__(cls, value)
        made.annotations = annotations
        return made

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> Text:
        text = data.get("text", "")
        if isinstance(text, dict):
            return cls(text.get("value", ""), text.get("annotations", []))
        return cls(text)

    def serialize(self) -> dict[str, Any]:
        if self.annotations is None:
            return {"type": "text", "text": str(self)}
        return {"type": "text", "text": {"value": str(self), "annotations": self.annotations}}


def load_image(
    value: Any, root: Path | None = None, *, message_format: str = "basic", anywhere: bool = False
) -> Image:
    """The image that a value of an image input means.

    ``root`` is where relative paths start; with ``anywhere`` a path may lead out of it. Raises InputError or PathError.
    """
    if isinstance(value, Image):
        return value
    if isinstance(value, dict):
        if not is_image(value, message_format):
            raise InputError(
                "An image is written as an object such as "
                + (
                    '{"type": "image_url", "image_url": {"url": "https://..."}}.'
                    if message_format == "openai-vision"
                    else '{"data:image/png;path": "cat.png"}.'
                ),
                hint="Give a path, an address or base64 text.",
            )
        return _from_object(value, root, anywhere)
    if not isinstance(value, str):
        raise InputError("An image is a text or an object.", hint="Give a path, an address or base64 text.")
    if not value:
        raise InputError("No image was given: the text is empty.", hint="Give a path, an address or base64 text.")
    if is_base64(value):
        return _from_base64(value)
    if is_address(value):
        return _from_address(value)
    return _from_file(value, root, anywhere)


def load_images(
    value: Any, root: Path | None = None, *, message_format: str = "basic", anywhere: bool = False
) -> Any:
    """The same value with every image object inside it loaded; with openai-vision, text objects become Text."""
    return _load_images(value, root, message_format, anywhere, 0)


def is_image(value: Any, message_format: str = "basic") -> bool:
    """Whether an object is one of the written forms of an image in the flow's message format."""
    if not isinstance(value, dict):
        return False
    if message_format != "openai-vision":
        key = next(iter(value), None)
        return len(value) == 1 and isinstance(key, str) and _KEY.match(key) is not None
    kind = value.get("type")
    inner = value.get(kind) if isinstance(kind, str) else None
    if len(value) != 2 or not isinstance(inner, dict):
        return False
    return (kind == "image_url" and "url" in inner) or (kind == "image_file" and "path" in inner)


def holds_image(value: Any, message_format: str = "basic", depth: int = 0) -> bool:
    """Whether a list or object has an image somewhere in it."""
    if depth > MAX_DEPTH:
        return False
    if isinstance(value, dict):
        return is_image(value, message_format) or any(
            holds_image(item, message_format, depth + 1) for item in value.values()
        )
    return isinstance(value, list) and any(holds_image(item, message_format, depth + 1) for item in value)


def image_source(value: Any, message_format: str = "basic") -> tuple[str, str]:
    """Where the image of a value would come from, ``path``, ``base64`` or ``url``, and the text that says it. Loads nothing.

    Raises InputError as ``load_image`` does for what is no image.
    """
    if isinstance(value, dict) and is_image(value, message_format):
        kind = value.get("type")
        if kind == "image_file":
            return "path", str(value["image_file"]["path"])
        if kind == "image_url":
            return "url", str(value["image_url"]["url"])
        ((key, content),) = value.items()
        return key.rpartition(";")[2], str(content)
    if isinstance(value, str) and value:
        return ("base64" if is_base64(value) else "url" if is_address(value) else "path"), value
    load_image(value, message_format=message_format)
    raise AssertionError("load_image refuses what is no image")


def as_json(image: Image, message_format: str = "basic") -> dict[str, Any]:
    """The written form of an image, whole: base64, or its address where it has one."""
    if message_format == "openai-vision":
        return {"type": "image_url", "image_url": {"url": image.source_url or image.to_base64(with_type=True)}}
    if image.source_url:
        return {f"data:{image.mime_type};url": image.source_url}
    return {f"data:{image.mime_type};base64": image.to_base64()}


def is_base64(value: str) -> bool:
    """Whether a text is base64, bare or as a data address of an image."""
    parts = value.split(",")
    if len(parts) == 2:
        return _PREFIX.match(parts[0]) is not None and _is_bare_base64(parts[1])
    return len(parts) == 1 and _is_bare_base64(value)


def is_address(value: str) -> bool:
    return _ADDRESS.match(value) is not None


def _is_bare_base64(text: str) -> bool:
    body = text.removesuffix("\n")
    found = _ALPHABET.match(body)
    letters = found.end() if found else 0
    rest = body[letters:]
    if rest == "=":
        return letters % 2 == 1
    return rest in ("", "==") and letters % 2 == 0


def _load_images(value: Any, root: Path | None, message_format: str, anywhere: bool, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise InputError(f"The value is nested more than {MAX_DEPTH} levels deep.", hint="Give a flatter value.")
    if isinstance(value, list):
        return [_load_images(item, root, message_format, anywhere, depth + 1) for item in value]
    if not isinstance(value, dict):
        return value
    if is_image(value, message_format):
        return _from_object(value, root, anywhere)
    if message_format == "openai-vision" and _is_text(value):
        return Text.deserialize(value)
    return {key: _load_images(item, root, message_format, anywhere, depth + 1) for key, item in value.items()}


def _is_text(value: dict[str, Any]) -> bool:
    text = value.get("text")
    if len(value) != 2 or value.get("type") != "text":
        return False
    return isinstance(text, str) or (isinstance(text, dict) and isinstance(text.get("value"), str))


def _from_object(value: dict[str, Any], root: Path | None, anywhere: bool) -> Image:
    kind = value.get("type")
    if kind == "image_file":
        return _from_file(value["image_file"]["path"], root, anywhere)
    if kind == "image_url":
        address = value["image_url"]["url"]
        if isinstance(address, str) and is_base64(address):
            return _from_base64(address)
        if isinstance(address, str) and is_address(address):
            return _from_address(address)
        raise InputError("The address of an image is neither an address nor base64 text.", hint="Begin it with https://.")
    ((key, content),) = value.items()
    found = _KEY.match(key)
    subtype, form = (found.group(1), found.group(2)) if found else ("*", "base64")
    mime_type = f"image/{subtype}"
    if not isinstance(content, str):
        raise InputError(f"The image's {form} is not text.", hint="Write it in quotes.")
    if form == "path":
        return _from_file(content, root, anywhere, mime_type)
    if form == "url":
        return _from_address(content, mime_type)
    if not is_base64(content):
        raise InputError("The image's base64 text is not base64.", hint="Encode the image's bytes as base64.")
    return _from_base64(content, mime_type)


def _from_base64(text: str, mime_type: str | None = None) -> Image:
    try:
        data = base64.b64decode(text.split(",")[-1])
    except (binascii.Error, ValueError) as error:
        raise InputError("The image's base64 text is cut off.", hint="Encode the image's bytes as base64.") from error
    return Image(data, mime_type)


def _from_file(text: Any, root: Path | None, anywhere: bool, mime_type: str | None = None) -> Image:
    if not isinstance(text, str) or not text or "\0" in text:
        raise InputError("The path of an image is not a path.", hint="Give a path inside the flow folder.")
    base = root or Path.cwd()
    if anywhere:
        path = base / text
    else:
        from flowloom.flows.document.contain import contain

        path = contain(base, text)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"The image '{text}' is larger than 50 MiB.", hint="Give a smaller image.")
        return Image(path.read_bytes(), mime_type)
    except OSError as error:
        raise InputError(
            f"The image '{text}' cannot be read: {error.strerror or 'there is no such file'}.",
            hint="Check the path; it starts from the flow folder.",
        ) from error


def _from_address(address: str, mime_type: str | None = None) -> Image:
    from flowloom.flows.model.fetch import fetch

    return Image(fetch(address, limit=MAX_BYTES), mime_type, source_url=address)


_SIGNATURES: Final = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", 0, "image/jp2"),
    (b"GIF", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"BM", 0, "image/bmp"),
    (b"II\xbc", 0, "image/vnd.ms-photo"),
    (b"II*\x00", 0, "image/tiff"),
    (b"MM\x00*", 0, "image/tiff"),
    (b"8BPS", 0, "image/vnd.adobe.photoshop"),
    (b"\x00\x00\x01\x00", 0, "image/x-icon"),
    (b"gimp xcf v", 0, "image/x-xcf"),
)


def guess_mime(data: bytes) -> str | None:
    """The media type of an image, from its first bytes; None where they are no image's that models and browsers know."""
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        animated = data[: 8 * 1024].find(b"acTL")
        return "image/apng" if 0 <= animated < max(data.find(b"IDAT"), 0) else "image/png"
    if data[4:8] == b"ftyp":
        brand = data[8:12]
        if brand in (b"avif", b"avis"):
            return "image/avif"
        return "image/heic" if brand in (b"heic", b"heix", b"mif1", b"msf1", b"hevc", b"hevx") else None
    for signature, offset, mime_type in _SIGNATURES:
        if data[offset : offset + len(signature)] == signature:
            return mime_type
    return None
