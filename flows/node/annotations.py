"""What the annotation and default of a tool's parameter mean for its port."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from flowloom.flows.model.flow import EMPTY, MISSING
from flowloom.flows.model.types import type_of
from flowloom.flows.node.python_names import Names
from flowloom.flows.node.spec import Port

CONNECTION_KINDS: Final = {
    "AzureOpenAIConnection": "azure_open_ai",
    "OpenAIConnection": "open_ai",
    "ServerlessConnection": "serverless",
    "CognitiveSearchConnection": "cognitive_search",
    "AzureAIServicesConnection": "azure_ai_services",
    "AzureContentSafetyConnection": "azure_content_safety",
    "FormRecognizerConnection": "form_recognizer",
    "QdrantConnection": "qdrant",
    "WeaviateConnection": "weaviate",
    "SerpConnection": "serp",
    "LocalConnection": "local",
    "CustomConnection": "custom",
    "CustomStrongTypeConnection": "custom",
}
"""Class names of connections and the kind each stands for."""

_EXACT: Final = {"int": "int", "float": "double", "bool": "bool", "str": "string", "list": "list"}
_SPECIAL: Final = {
    "Secret": "secret",
    "PromptTemplate": "prompt_template",
    "FilePath": "file_path",
    "Image": "image",
    "AssistantDefinition": "assistant_definition",
}
_ENUMS: Final = frozenset({"enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag"})
_STREAMS: Final = frozenset({"Iterator", "Iterable", "Generator", "AsyncIterator", "AsyncIterable", "AsyncGenerator"})


@dataclass(frozen=True, slots=True)
class Annotation:
    """A parameter's meaning. ``default`` is MISSING where there is none, or none that is a plain value."""

    type: str = "object"
    required: bool = True
    default: Any = MISSING
    choices: tuple[str, ...] = ()
    connections: tuple[str, ...] = ()
    custom: tuple[str, ...] = ()
    is_context: bool = False

    def port(self, name: str) -> Port:
        kinds = tuple(dict.fromkeys(CONNECTION_KINDS.get(found, "custom") for found in self.connections))
        return Port(
            name=name,
            type=self.type,
            required=self.required,
            default=self.default,
            choices=self.choices,
            connection_kinds=kinds,
        )


def parameter_type(annotation: ast.expr | None, default: ast.expr | None, names: Names) -> Annotation:
    """The meaning of ``name: annotation = default``."""
    meaning = _annotation(annotation, names) if annotation is not None else _from_default(default, names)
    if default is None:
        return meaning
    value = _enum_value(default, names)
    if value is MISSING:
        value = names.literal(default)
    return replace(meaning, required=False, default=value)


def result_type(returns: ast.expr | None, names: Names, is_generator: bool) -> Port:
    """The output port of a function that returns this. A generator's pieces are joined to text where they leave the flow."""
    if returns is None or is_generator:
        return Port("output", "string" if is_generator else "any", required=False)
    base = returns.value if isinstance(returns, ast.Subscript) else returns
    origin = names.origin(base)
    short = origin.rpartition(".")[2]
    if origin in _EXACT:
        kind = _EXACT[origin]
    elif short in ("List", "list"):
        kind = "list"
    elif short in ("Dict", "dict", "Mapping", "TypedDict"):
        kind = "object"
    elif short == "Image" and origin.startswith(("promptflow", "flowloom")):
        kind = "image"
    elif short in _STREAMS:
        kind = "any"
    else:
        kind = "object" if names.find_class(origin) and _fields(origin, names) else "any"
    fields = _fields(origin, names)
    schema = {"type": "object", "properties": {name: {} for name in fields}} if fields else EMPTY
    return Port("output", kind, required=False, schema=schema)


def _annotation(annotation: ast.expr, names: Names) -> Annotation:
    if names.texts_only or (isinstance(annotation, ast.Constant) and isinstance(annotation.value, str)):
        # Nothing looks behind an annotation that is only text, so it counts as none of the known types. Our own Context is found
        # by its name, so that it works there too.
        return Annotation(is_context=_is_context(annotation, names))
    members = list(_members(annotation, names))
    if len(members) == 1:
        return _single(members[0], names)
    single = [_single(member, names) for member in members]
    if single and all(found.connections for found in single):
        return Annotation(
            "connection",
            connections=tuple(name for found in single for name in found.connections),
            custom=tuple(name for found in single for name in found.custom),
        )
    return Annotation()


def _members(annotation: ast.expr, names: Names) -> Iterator[ast.expr]:
    """The types a ``Union`` or ``Optional`` is made of, ``None`` left out; any other annotation is its own one member."""
    if isinstance(annotation, ast.Subscript):
        origin = names.origin(annotation.value)
        if origin in ("typing.Union", "typing.Optional", "typing_extensions.Union", "typing_extensions.Optional"):
            inner = annotation.slice
            for part in inner.elts if isinstance(inner, ast.Tuple) else [inner]:
                if not (isinstance(part, ast.Constant) and part.value is None):
                    yield from _members(part, names)
            return
    yield annotation


def _single(annotation: ast.expr, names: Names) -> Annotation:
    origin = names.origin(annotation)
    if _is_context(annotation, names):
        return Annotation(is_context=True)
    if origin in _EXACT:
        return Annotation(_EXACT[origin])
    short = origin.rpartition(".")[2]
    ours = origin.startswith(("promptflow", "flowloom"))
    if ours and short in _SPECIAL:
        return Annotation(_SPECIAL[short])
    if ours and short in CONNECTION_KINDS:
        custom = (short,) if short == "CustomStrongTypeConnection" else ()
        return Annotation("connection", connections=(short,), custom=custom)
    bases = list(names.bases(origin))
    if any(base in _ENUMS for base in bases):
        return Annotation("string", choices=_enum_choices(origin, names))
    if any(base.rpartition(".")[2] == "CustomStrongTypeConnection" for base in bases):
        return Annotation("connection", connections=(short,), custom=(short,))
    return Annotation()


def _is_context(annotation: ast.expr, names: Names) -> bool:
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value, mode="eval").body
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            return False
    origin = names.origin(annotation)
    return origin.startswith("flowloom.flows") and origin.endswith(".Context")


def _from_default(default: ast.expr | None, names: Names) -> Annotation:
    """Without an annotation the default's own type counts."""
    if default is None:
        return Annotation()
    if isinstance(default, ast.Attribute):
        owner = names.origin(default.value)
        if any(base in _ENUMS for base in names.bases(owner)):
            return Annotation("string", choices=_enum_choices(owner, names))
    if isinstance(default, ast.Call):
        return _single(default.func, names)
    value = names.literal(default)
    return Annotation() if value is MISSING or value is None else Annotation(type_of(value))


def _enum_choices(origin: str, names: Names) -> tuple[str, ...]:
    """The values of an enum, as text, as far as they are plain values."""
    found = names.find_class(origin)
    if found is None:
        return ()
    definition, where = found
    choices: list[str] = []
    numbered = 0
    for statement in definition.body:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
            continue
        name = statement.targets[0].id
        value = where.literal(statement.value)
        if isinstance(statement.value, ast.Call) and where.origin(statement.value.func) == "enum.auto":
            numbered += 1
            textual = any(base == "enum.StrEnum" for base in where.bases(f".{definition.name}"))
            value = name.lower() if textual else numbered
        if value is not MISSING and not name.startswith("_"):
            numbered = value if isinstance(value, int) else numbered
            choices.append(str(value))
    return tuple(dict.fromkeys(choices))


def _enum_value(default: ast.expr, names: Names) -> Any:
    """The value behind ``Colour.RED``; MISSING for everything else."""
    if not isinstance(default, ast.Attribute):
        return MISSING
    found = names.find_class(names.origin(default.value))
    if found is None:
        return MISSING
    for statement in found[0].body:
        if isinstance(statement, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == default.attr for target in statement.targets
        ):
            return found[1].literal(statement.value)
    return MISSING


def _fields(origin: str, names: Names) -> tuple[str, ...]:
    """The fields of a TypedDict or dataclass of the folder."""
    found = names.find_class(origin)
    if found is None:
        return ()
    definition, where = found
    decorators = [item.func if isinstance(item, ast.Call) else item for item in definition.decorator_list]
    plain = any(where.origin(item) == "dataclasses.dataclass" for item in decorators)
    typed = any(base.rpartition(".")[2] in ("TypedDict", "dict") for base in where.bases(origin))
    if not plain and not typed:
        return ()
    return tuple(
        statement.target.id
        for statement in definition.body
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
    )
