"""Values where they leave the process: JSON for people and other programs, tagged JSON for what must come back the same.

``to_json`` never fails: what has no JSON form is shown as its ``repr``, the whole value at once, as prompt flow shows it. Lone
surrogates and NUL, which neither UTF-8 nor SQLite can hold, are written as visible escapes here and nowhere else. NaN and the
infinities stay bare. ``encode`` and ``decode`` are for the cache: a value comes back equal and of the same types, or not at all.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Final

from flowloom.flows.engine.events import Event, Usage
from flowloom.flows.engine.result import RunResult
from flowloom.flows.errors import FlowloomError

Redact = Callable[[Any], Any]

_PLAIN: Final = frozenset({str, int, float, bool, type(None)})
_UNWRITABLE: Final = re.compile("[\x00\ud800-\udfff]")
_TAG: Final = "$flowloom"


def clean_text(text: str) -> str:
    """The text with NUL and lone surrogates written as ``\\u0000``."""
    if "\x00" not in text and text.isascii():
        return text
    return _UNWRITABLE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def shown(value: Any) -> str:
    """``repr`` that survives a class whose own ``__repr__`` fails."""
    try:
        return clean_text(repr(value))
    except Exception as error:
        return f"<{type(value).__name__} that cannot be shown: {type(error).__name__}>"


def _special(value: Any) -> Any:
    """JSON for the few classes that have a form of their own; TypeError for the rest, as ``json`` asks of a default."""
    if type(value).__name__ == "Image" or hasattr(value, "to_base64"):
        from flowloom.flows.model.images import Image, as_json

        if isinstance(value, Image):
            return as_json(value)
    if hasattr(type(value), "__flowloom_json__"):
        return value.__flowloom_json__()
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


# Made once: ``json.dumps`` with choices of its own makes an encoder at every call.
_write: Final = json.JSONEncoder(default=_special, ensure_ascii=False).encode


def has_json_form(value: Any) -> str | None:
    """None where ``value`` can leave a flow; else what stands in the way, in Python's words."""
    if type(value) in _PLAIN:
        return None
    try:
        json.dumps(value, default=_special)
    except (TypeError, ValueError, RecursionError) as error:
        return str(error) or type(error).__name__
    return None


def to_text(value: Any) -> str:
    """``value`` as one line of JSON that can be written as UTF-8 and stored in SQLite."""
    try:
        # For anything but text the encoder sets itself up first, which a number need not wait for.
        text = repr(value) if type(value) is int else _write(value)
    except (TypeError, ValueError, RecursionError):
        return json.dumps(shown(value), ensure_ascii=False)
    if text.isascii() and "\\u0000" not in text:
        return text
    if "\\u0000" in text or _UNWRITABLE.search(text):
        return json.dumps(_cleaned(json.loads(text)), ensure_ascii=False)
    return text


def to_json(value: Any) -> Any:
    """``value`` in JSON's own types, with every text writable; never raises, never shares lists or dicts with ``value``."""
    kind = type(value)
    if kind is str:
        return clean_text(value)
    if kind in _PLAIN:
        return value
    return json.loads(to_text(value))


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        return {clean_text(key): _cleaned(item) for key, item in value.items()}
    return value


def event_json(event: Event, redact: Redact | None = None) -> dict[str, Any]:
    """An event as one JSON object: its ``type`` first, then its fields."""
    found: dict[str, Any] = {"type": event.type}
    for name in _field_names(type(event)):
        value = getattr(event, name)
        if isinstance(value, FlowloomError):
            found[name] = to_json(value.as_json())
        elif isinstance(value, Usage):
            found[name] = value.as_json()
        elif isinstance(value, Mapping):
            found[name] = {to_json(key): to_json(item) for key, item in value.items()}
        else:
            found[name] = to_json(value)
    return redact(found) if redact is not None else found


_names: dict[type, tuple[str, ...]] = {}


def _field_names(kind: type) -> tuple[str, ...]:
    if kind not in _names:
        _names[kind] = tuple(field.name for field in fields(kind))
    return _names[kind]


def result_json(result: RunResult) -> dict[str, Any]:
    """The object of ``--json``: each output by itself, so that one that is not JSON leaves the others as they are."""
    found = result.as_json()
    found["outputs"] = {name: to_json(value) for name, value in result.outputs.items()}
    for node in found["nodes"].values():
        node["output"] = to_json(node["output"])
        node["error"] = to_json(node["error"])
    found["metrics"] = {to_json(name): to_json(value) for name, value in result.metrics.items()}
    found["error"] = to_json(found["error"])
    return found


class NotKept(TypeError):
    """A value has no form that would come back the same."""


def encode(value: Any) -> str:
    """JSON text from which ``decode`` gives an equal value of the same types. Raises NotKept, naming the class in the way."""
    try:
        return json.dumps(_tagged(value), ensure_ascii=True)
    except RecursionError:
        raise NotKept("it is nested too deeply") from None


def decode(text: str) -> Any:
    return _untagged(json.loads(text))


def to_tagged(value: Any) -> Any:
    """What ``encode`` writes, as JSON's own types, for a place inside other JSON. Raises NotKept."""
    try:
        return _tagged(value)
    except RecursionError:
        raise NotKept("it is nested too deeply") from None


def from_tagged(value: Any) -> Any:
    """The value that ``to_tagged`` was given."""
    return _untagged(value)


def _tagged(value: Any) -> Any:
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is list:
        return [_tagged(item) for item in value]
    if kind is dict:
        if all(type(key) is str for key in value) and _TAG not in value:
            return {key: _tagged(item) for key, item in value.items()}
        return {_TAG: "dict", "items": [[_tagged(key), _tagged(item)] for key, item in value.items()]}
    if kind is tuple:
        return {_TAG: "tuple", "items": [_tagged(item) for item in value]}
    if kind is bytes:
        return {_TAG: "bytes", "base64": b64encode(value).decode("ascii")}
    if kind.__name__ == "Image":
        from flowloom.flows.model.images import Image

        if kind is Image:
            data = b64encode(value).decode("ascii")
            return {_TAG: "image", "base64": data, "mime": value.mime_type, "url": value.source_url}
    if kind.__name__ == "PromptText":
        from flowloom.flows.model.messages import PromptText

        if kind is PromptText:
            return {_TAG: "prompt", "text": str(value), "escaped": value.escaped, "mark": value.mark}
    raise NotKept(f"it holds a {kind.__module__}.{kind.__qualname__}".replace("builtins.", ""))


def _untagged(value: Any) -> Any:
    if isinstance(value, list):
        return [_untagged(item) for item in value]
    if not isinstance(value, dict):
        return value
    tag = value.get(_TAG)
    if tag is None:
        return {key: _untagged(item) for key, item in value.items()}
    if tag == "dict":
        return {_untagged(key): _untagged(item) for key, item in value["items"]}
    if tag == "tuple":
        return tuple(_untagged(item) for item in value["items"])
    if tag == "bytes":
        return b64decode(value["base64"])
    if tag == "image":
        from flowloom.flows.model.images import Image

        return Image(b64decode(value["base64"]), value["mime"], value["url"])
    if tag == "prompt":
        from flowloom.flows.model.messages import PromptText

        return PromptText(value["text"], value["escaped"], value["mark"])
    raise NotKept(f"it was kept by a newer version, as {tag!r}")
