"""JSON schemas that the model's grammar can hold a reply to.

A grammar that cannot be built would be left out without a word by the runtime, so everything it does not know is refused here.
Keywords: https://github.com/guidance-ai/llguidance/blob/main/docs/json_schema.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flowloom.flows.errors import BadRequest

_ANNOTATIONS: Final = frozenset(
    {"title", "description", "default", "examples", "example", "deprecated", "readOnly", "writeOnly"}
    | {"$schema", "$id", "$comment", "$anchor", "strict", "contentEncoding", "contentMediaType"}
)
_PLAIN: Final = frozenset(
    {"type", "enum", "const", "required", "minLength", "maxLength", "pattern", "format", "$ref"}
    | {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
    | {"minItems", "maxItems", "minProperties", "maxProperties"}
)
_ONE: Final = frozenset({"items", "additionalProperties", "additionalItems"})
_MANY: Final = frozenset({"anyOf", "oneOf", "allOf", "prefixItems"})
_NAMED: Final = frozenset({"properties", "patternProperties", "$defs", "definitions"})
_TYPES: Final = frozenset({"string", "number", "integer", "boolean", "object", "array", "null"})
_SAYS_WHAT: Final = frozenset({"type", "enum", "const", "$ref", *_MANY} - {"prefixItems"})
_SIGNS: Final = {"properties": "object", "required": "object", "items": "array", "prefixItems": "array"}
"""A schema that speaks of properties means an object, though by the letter it allows a number too."""
_FORMATS: Final = frozenset(
    {"date-time", "date", "time", "duration", "email", "hostname", "ipv4", "ipv6", "uuid", "uri"}
)
_DEEPEST: Final = 64

_STYLE: Final = {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": ", "coerce_one_of": True}
"""On one line: half the tokens, and the model cannot lose itself in blanks."""


def constrain(schema: Any, *, field: str = "response_format") -> dict[str, Any]:
    """The schema as the grammar builder takes it. A reply that keeps it keeps ``schema``: only objects that list their properties and say
    nothing of others are closed, which a weak model needs.

    Raises BadRequest for what is no JSON schema, and for keywords that no grammar can hold a reply to.
    """
    if not isinstance(schema, Mapping):
        raise BadRequest(
            "The JSON schema of the reply is not an object.",
            hint='Give a schema such as {"type": "object", ...}.',
            field=field,
        )
    return {"x-guidance": _STYLE, **_schema(schema, "", field, 0, close=True)}


ANY_OBJECT: Final[Mapping[str, Any]] = {"type": "object"}
"""What ``{"type": "json_object"}`` asks for."""


def _schema(schema: Any, where: str, field: str, depth: int, *, close: bool) -> Any:
    if isinstance(schema, bool):
        return schema
    if not isinstance(schema, Mapping) or depth > _DEEPEST:
        fault = "is nested too deeply" if isinstance(schema, Mapping) else "is not a schema"
        raise BadRequest(f"The JSON schema of the reply {fault}{_at(where)}.", hint="Correct the schema.", field=field)
    out: dict[str, Any] = {}
    for key, value in schema.items():
        inner = f"{where}/{key}"
        if key in _ANNOTATIONS:
            continue
        if key == "format" and value not in _FORMATS:
            continue  # by the standard a format nobody knows says nothing
        if key == "type":
            _check_type(value, where, field)
        if key in _PLAIN:
            out[key] = value
        elif key in _ONE:
            out[key] = _schema(value, inner, field, depth + 1, close=close)
        elif key in _MANY and isinstance(value, list):
            closing = close and key != "allOf"
            out[key] = [_schema(item, f"{inner}/{n}", field, depth + 1, close=closing) for n, item in enumerate(value)]
        elif key in _NAMED and isinstance(value, Mapping):
            out[key] = {
                name: _schema(item, f"{inner}/{name}", field, depth + 1, close=close) for name, item in value.items()
            }
        else:
            raise BadRequest(
                f"The model on this computer cannot hold its reply to {key!r} in a JSON schema{_at(where)}.",
                hint=f"Take {key!r} out of the schema and check the reply in a Python node instead.",
                field=field,
            )
    if not out.keys() & _SAYS_WHAT:
        for sign, kind in _SIGNS.items():
            if sign in out:
                out["type"] = kind
                break
    if (
        close
        and "properties" in out
        and not out.keys() & {"additionalProperties", "patternProperties", "allOf", "anyOf", "oneOf", "$ref"}
    ):
        out["additionalProperties"] = False
    return out


def _check_type(value: Any, where: str, field: str) -> None:
    for name in value if isinstance(value, list) else [value]:
        if name not in _TYPES:
            raise BadRequest(
                f"The JSON schema of the reply has an unknown type {name!r}{_at(where)}.",
                hint=f"Use one of {', '.join(sorted(_TYPES))}.",
                field=field,
            )


def _at(where: str) -> str:
    return f" (at {where})" if where else ""
