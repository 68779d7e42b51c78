"""Fingerprints: equal for equal values of the same types, in any process. What decides a node's output, as one key."""

from __future__ import annotations

import hashlib
import json
import marshal
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from flowloom.flows.engine.prepare import PreparedFlow, Step

# Version 2 of the format knows no sharing between objects, so that equal values give equal bytes.
_MARSHAL: Final = 2


class NoFingerprint(TypeError):
    """A value, or a node's code, cannot be told from another. The words say why."""


def fingerprint(value: Any) -> str:
    """64 hexadecimal digits for plain values, lists, tuples, dicts (whose order counts), bytes, images, prompts and connections.

    Raises NoFingerprint, naming the class, for anything else.
    """
    try:
        data = b"p" + marshal.dumps(value, _MARSHAL)
    except ValueError:
        data = b"w" + json.dumps(_plain(value, 0)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()


def _plain(value: Any, depth: int) -> Any:
    if depth > 100:
        raise NoFingerprint("it is nested too deeply")
    kind = type(value)
    if kind in (list, tuple):
        return [kind.__name__, *(_plain(item, depth + 1) for item in value)]
    if kind is dict:
        return ["dict", *([_plain(key, depth + 1), _plain(item, depth + 1)] for key, item in value.items())]
    try:
        return ["p", marshal.dumps(value, _MARSHAL).hex()]
    except ValueError:
        pass
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
        return ["connection", kind.__qualname__, getattr(value, "name", None), _plain(dict(configs), depth + 1)]
    raise NoFingerprint(f"it holds a {kind.__module__}.{kind.__qualname__}".replace("builtins.", ""))


def key_parts(step: Step, arguments: Mapping[str, Any], prepared: PreparedFlow) -> dict[str, str]:
    """What decides the output of a node, each part by name: ``code``, ``input question``... Raises NoFingerprint, in words for people."""
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
            parts[f"input {name}"] = fingerprint(value)
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
