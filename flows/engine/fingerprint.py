"""Fingerprints: equal for equal values of the same types, in any process. What decides a node's output, as one key."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from flowloom.flows.engine.streams import AsyncReader, OneChunk, Reader

if TYPE_CHECKING:
    from flowloom.flows.engine.prepare import PreparedFlow, Step

_SIMPLE: Final = frozenset({str, int, float, bool, type(None)})
_DEEPEST: Final = 100
# Made once: ``json.dumps`` with choices of its own makes an encoder at every call.
_write: Final = json.JSONEncoder(ensure_ascii=False).encode


class NoFingerprint(TypeError):
    """A value, or a node's code, cannot be told from another. The words say why."""


def fingerprint(value: Any) -> str:
    """64 hexadecimal digits for plain values, lists, tuples, sets, dicts (whose order counts), bytes, images, prompts and connections.

    Raises NoFingerprint, naming the class, for anything else.
    """
    data = _as_json(value)
    if data is None:
        data = b"t" + _write(_tagged(value, 0)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()


def _as_json(value: Any) -> bytes | None:
    """The bytes of most values, made at the speed of C; None where JSON would not tell the value from another."""
    kind = type(value)
    if kind is str:
        return b"s" + value.encode("utf-8", "surrogatepass")
    if not _is_json(kind, value, 0):
        return None
    try:
        # As in the codec: for anything but text the encoder sets itself up first.
        text = repr(value) if kind is int else _write(value)
        return b"j" + text.encode("utf-8", "surrogatepass")
    except ValueError:
        return None  # a number of more digits than Python writes in base ten


def _is_json(kind: type, value: Any, depth: int) -> bool:
    if kind in _SIMPLE:
        return True
    items: Iterable[Any]
    if kind is list:
        items = value
    elif kind is dict and set(map(type, value)) <= {str}:
        items = value.values()
    else:
        return False
    kinds = set(map(type, items))
    if kinds <= _SIMPLE:
        return True
    return depth < _DEEPEST and all(_is_json(type(item), item, depth + 1) for item in items)


def _tagged(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        raise NoFingerprint("it is nested too deeply")
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if kind is int:
        return ["int", hex(value)]
    if kind is float:
        return ["float", repr(value)]
    if kind is bytes:
        return ["bytes", hashlib.sha256(value).hexdigest()]
    if kind in (list, tuple):
        return [kind.__name__, *(_tagged(item, depth + 1) for item in value)]
    if kind in (set, frozenset):
        return [kind.__name__, *sorted(json.dumps(_tagged(item, depth + 1)) for item in value)]
    if kind is dict:
        return ["dict", *([_tagged(key, depth + 1), _tagged(item, depth + 1)] for key, item in value.items())]
    if kind.__name__ == "Image" and isinstance(value, bytes):
        return ["image", hashlib.sha256(value).hexdigest(), getattr(value, "mime_type", "")]
    if kind.__name__ == "PromptText" and isinstance(value, str):
        # The mark is drawn anew for each prompt and means nothing by itself.
        mark = getattr(value, "mark", "")
        escaped = getattr(value, "escaped", "")
        return ["prompt", str(value), escaped.replace(mark, "\x00") if mark else escaped]
    configs = getattr(value, "configs", None)
    if isinstance(configs, Mapping) and hasattr(value, "secret_values"):
        # Not the keys: a new key for the same service gives the same replies.
        return ["connection", kind.__qualname__, getattr(value, "name", None), _tagged(dict(configs), depth + 1)]
    raise NoFingerprint(f"it holds a {kind.__module__}.{kind.__qualname__}".replace("builtins.", ""))


class StreamUnderWay(NoFingerprint):
    """An input is a stream that has not ended: what it is, only its end will tell."""


def _of_input(value: Any) -> str:
    if isinstance(value, OneChunk):
        return fingerprint(("stream", value.text))
    if isinstance(value, Reader | AsyncReader):
        if not value.stream.exhausted:
            raise StreamUnderWay("it is a stream")
        return fingerprint(("stream", value.stream.joined()))
    return fingerprint(value)


def key_parts(step: Step, arguments: Mapping[str, Any], prepared: PreparedFlow) -> dict[str, str]:
    """What decides the output of a node, each part by name: ``code``, ``input question``... Raises NoFingerprint, in words for people;
    StreamUnderWay where it can be told once the node has ended."""
    bound, node = step.bound, step.node
    spec = bound.spec
    if not node.cache:
        raise NoFingerprint("its 'cache: false' forbids it.")
    if not spec.may_cache:
        why = "its node type says that its results must not be kept." if not spec.cacheable else "it acts on the world outside the flow."
        raise NoFingerprint(why)
    if bound.fingerprint is None:
        raise NoFingerprint(bound.uncacheable_because or "its code cannot be told from another.")
    parts = {
        "node type": f"{spec.id} {spec.version}",
        "code": bound.fingerprint,
        "python": f"{sys.version_info[0]}.{sys.version_info[1]}",
        "message format": prepared.flow.message_format,
    }
    if node.connection:
        parts["connection"] = fingerprint(prepared.connections.get(node.connection))
    if node.api:
        parts["api"] = node.api
    for name, value in arguments.items():
        if name == bound.context_parameter:
            continue
        try:
            parts[f"input {name}"] = _of_input(value)
        except StreamUnderWay:
            raise
        except NoFingerprint as error:
            raise NoFingerprint(f"its input '{name}' cannot be told from another: {error}.") from None
    return parts


def key_of(parts: Mapping[str, str]) -> str:
    """The key of a record: sha256 over all parts."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def difference(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """Which parts changed, in words."""
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    if not names:
        return "nothing changed, but its record is gone"
    words = [f"its {'input ' + repr(name[6:]) if name.startswith('input ') else name} changed" for name in names[:3]]
    return " and ".join(words) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
