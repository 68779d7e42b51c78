"""Values that satisfy a JSON schema, made from random numbers: what a model bound to a schema would reply."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from typing import Any

from flowloom.nodes.services.demo_server.text import WORDS, sentence

_DEPTH = 12
_FORMATS = {
    "date": "2026-01-15",
    "time": "09:30:00Z",
    "date-time": "2026-01-15T09:30:00Z",
    "duration": "PT1H30M",
    "email": "ada@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.7",
    "ipv6": "2001:db8::7",
    "uri": "https://example.com/page",
    "uuid": "123e4567-e89b-42d3-a456-426614174000",
}


def example(schema: Any, rng: random.Random) -> Any:
    """A value that satisfies ``schema``. Raises ValueError where a keyword is beyond what is understood here
    (``not``, ``if``)."""
    return _value(schema, schema, rng, 0)


def _resolve(schema: Mapping[str, Any], root: Any) -> Mapping[str, Any]:
    seen = 0
    while isinstance(schema.get("$ref"), str):
        target = root
        for part in schema["$ref"].lstrip("#").strip("/").split("/"):
            if part:
                key = part.replace("~1", "/").replace("~0", "~")
                target = target[int(key)] if isinstance(target, list) else target[key]
        schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
        seen += 1
        if seen > _DEPTH:
            raise ValueError("references go in a circle")
    return schema


def _merged(schema: Mapping[str, Any], root: Any) -> Mapping[str, Any]:
    """``allOf`` folded into one schema."""
    schema = _resolve(schema, root)
    if "allOf" not in schema:
        return schema
    result: dict[str, Any] = {}
    for part in [*schema["allOf"], {key: value for key, value in schema.items() if key != "allOf"}]:
        for key, value in _merged(part, root).items():
            if key == "properties":
                result[key] = {**result.get(key, {}), **value}
            elif key == "required":
                result[key] = [*result.get(key, []), *[name for name in value if name not in result.get(key, [])]]
            else:
                result[key] = value
    return result


def _value(schema: Any, root: Any, rng: random.Random, depth: int) -> Any:
    if schema is True or schema == {}:
        return rng.choice(WORDS)
    if not isinstance(schema, Mapping):
        raise ValueError("this schema allows nothing")
    schema = _merged(schema, root)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return rng.choice(schema["enum"])
    for key in ("anyOf", "oneOf"):
        if key in schema:
            choices = [choice for choice in schema[key] if depth < _DEPTH or not _nests(choice, root)] or schema[key]
            rest = {name: value for name, value in schema.items() if name != key}
            return _value({**rest, **_merged(rng.choice(choices), root)}, root, rng, depth + 1)
    if depth > 4 * _DEPTH:
        raise ValueError("the schema asks for an endless value")
    kind = schema.get("type") or _guess(schema)
    if isinstance(kind, list):
        simple = [one for one in kind if one not in ("object", "array")]
        kind = rng.choice(simple if simple and depth >= _DEPTH else kind)
    if kind == "object":
        return _object(schema, root, rng, depth)
    if kind == "array":
        return _array(schema, root, rng, depth)
    if kind == "string":
        return _string(schema, rng)
    if kind in ("integer", "number"):
        return _number(schema, rng, whole=kind == "integer")
    if kind == "boolean":
        return rng.random() < 0.5
    return None


def _nests(schema: Any, root: Any) -> bool:
    resolved = _merged(schema, root) if isinstance(schema, Mapping) else {}
    return resolved.get("type") in ("object", "array") or "properties" in resolved


def _guess(schema: Mapping[str, Any]) -> str:
    if "properties" in schema or "required" in schema:
        return "object"
    if "items" in schema or "prefixItems" in schema:
        return "array"
    return "number" if "minimum" in schema or "maximum" in schema else "string"


def _object(schema: Mapping[str, Any], root: Any, rng: random.Random, depth: int) -> dict[str, Any]:
    required = schema.get("required", [])
    result: dict[str, Any] = {}
    for name, inner in schema.get("properties", {}).items():
        # Past some depth only what must be there is given, so that a schema that contains itself comes to an end.
        if name in required or (depth < _DEPTH // 2 and rng.random() < 0.7):
            result[name] = _value(inner, root, rng, depth + 1)
    for name in required:
        if name not in result:
            extra = schema.get("additionalProperties", True)
            result[name] = _value(extra if extra is not False else True, root, rng, depth + 1)
    while len(result) < schema.get("minProperties", 0):
        extra = schema.get("additionalProperties", True)
        result[f"{rng.choice(WORDS)}_{len(result)}"] = _value(extra, root, rng, depth + 1)
    return result


def _array(schema: Mapping[str, Any], root: Any, rng: random.Random, depth: int) -> list[Any]:
    fixed = [_value(inner, root, rng, depth + 1) for inner in schema.get("prefixItems", [])]
    least = max(int(schema.get("minItems", 0)), len(fixed))
    most = int(schema.get("maxItems", least + 3))
    inner = schema.get("items", True)
    wanted = (
        least
        if depth >= _DEPTH // 2 or inner is False
        else rng.randint(max(least, min(1, most)), max(least, min(most, least + 3)))
    )
    items = list(fixed)
    tries = 0
    while len(items) < wanted and tries < 200:
        tries += 1
        item = _value(inner, root, rng, depth + 1)
        if not (schema.get("uniqueItems") and item in items):
            items.append(item)
    return items


def _string(schema: Mapping[str, Any], rng: random.Random) -> str:
    if isinstance(schema.get("pattern"), str):
        from flowloom.nodes.services.demo_server.pattern import matching

        return matching(schema["pattern"], rng)
    if schema.get("format") in _FORMATS:
        return _FORMATS[schema["format"]]
    least, most = int(schema.get("minLength", 0)), schema.get("maxLength")
    text = sentence(rng, 2, 6)
    while len(text) < least:
        text += " " + sentence(rng, 2, 6)
    return text if most is None else text[: int(most)]


def _number(schema: Mapping[str, Any], rng: random.Random, *, whole: bool) -> int | float:
    step = schema.get("multipleOf")
    low, high = schema.get("minimum"), schema.get("maximum")
    for bound, key in ((1, "exclusiveMinimum"), (-1, "exclusiveMaximum")):
        edge = schema.get(key)
        if isinstance(edge, int | float) and not isinstance(edge, bool):
            inner = edge + bound * (step or (1 if whole else 1e-6 * max(1.0, abs(edge))))
            if bound > 0:
                low = inner if low is None else max(low, inner)
            else:
                high = inner if high is None else min(high, inner)
    if low is None:
        low = 0 if high is None or high >= 0 else high - 100
    if high is None:
        high = low + 100
    if step:
        first, last = math.ceil(low / step), math.floor(high / step)
        number = rng.randint(first, max(first, last)) * step
        return int(number) if whole else number
    if whole:
        first = math.ceil(low)
        return rng.randint(first, max(first, math.floor(high)))
    return min(high, max(low, round(rng.uniform(low, high), 3)))
