"""What a GGUF file says about itself in its header: the model's name and how much it can read.

Layout: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Only the header is read, and of it only as much as is asked for;
the weights stay where they are.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from flowloom.flows.errors import BadRequest

MAGIC: Final = b"GGUF"

_SCALARS: Final = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
_STRING: Final = 8
_ARRAY: Final = 9
_LONGEST_TEXT: Final = 1 << 20
_MOST_ENTRIES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Header:
    """``context`` is the number of tokens the model was trained to read, None where the file does not say."""

    name: str
    architecture: str
    context: int | None


def read_header(path: Path) -> Header:
    """The header of the file at ``path``. Raises BadRequest where it is no model file, or a damaged one."""
    values: dict[str, Any] = {}
    try:
        with path.open("rb") as file:
            if file.read(4) != MAGIC:
                raise BadRequest(
                    f"{path.name} is not a model file that this computer can run.",
                    hint="Choose a file in the GGUF format; its name usually ends with .gguf.",
                )
            _version, _tensors, entries = struct.unpack("<IQQ", _exactly(file, 20))
            for _ in range(min(entries, _MOST_ENTRIES)):
                key = _text(file)
                if key.startswith("tokenizer."):
                    break  # the vocabulary: long, and everything asked for stands before it
                values[key] = _value(file, _number(file, "<I"))
    except (struct.error, KeyError, UnicodeDecodeError, OverflowError) as error:
        raise BadRequest(
            f"The model file {path.name} is damaged.", hint="Download it again.", detail=repr(error)
        ) from error
    except OSError as error:
        raise BadRequest(
            f"The model file {path} cannot be read: {error.strerror}.",
            hint="Check the path and that you may read the file.",
        ) from error
    architecture = str(values.get("general.architecture", ""))
    context = values.get(f"{architecture}.context_length")
    return Header(
        name=str(values.get("general.name") or path.stem),
        architecture=architecture,
        context=context if isinstance(context, int) and context > 0 else None,
    )


def _exactly(file: BinaryIO, size: int) -> bytes:
    data = file.read(size)
    if len(data) != size:
        raise struct.error("the file ends within its header")
    return data


def _number(file: BinaryIO, form: str) -> Any:
    return struct.unpack(form, _exactly(file, struct.calcsize(form)))[0]


def _value(file: BinaryIO, kind: int) -> Any:
    if kind == _STRING:
        return _text(file)
    if kind != _ARRAY:
        return _number(file, _SCALARS[kind])
    inner, length = _number(file, "<I"), _number(file, "<Q")
    if length > _MOST_ENTRIES or inner == _ARRAY:
        raise struct.error("a list of the header is too long to be true")
    return [_value(file, inner) for _ in range(length)]


def _text(file: BinaryIO) -> str:
    length = _number(file, "<Q")
    if length > _LONGEST_TEXT:
        raise struct.error("a text of the header is too long to be true")
    return _exactly(file, length).decode("utf-8")
