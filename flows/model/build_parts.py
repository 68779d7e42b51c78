"""Reading single parts of a flow file: each returns what can be used and notes what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flowloom.flows.document.flow_file import FlowFile
from flowloom.flows.model import keys
from flowloom.flows.model.flow import EMPTY, MISSING, Binding, Constant, FlowInput, FlowOutput
from flowloom.flows.model.problem import Problem
from flowloom.flows.model.references import ReferenceSyntax, parse_binding

Path = tuple[str | int, ...]


_MOST_SLIPS: Final = 100
"""Unknown keys of one mapping that are compared with the known ones: data that strayed into a flow may have any number."""


class Notes:
    """Collects the problems of one flow file, each with its place."""

    def __init__(self, file: FlowFile) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def error(self, code: str, message: str, fix: str, path: Path, **where: Any) -> None:
        self._add("error", code, message, fix, path, **where)

    def warning(self, code: str, message: str, fix: str, path: Path, **where: Any) -> None:
        self._add("warning", code, message, fix, path, **where)

    def _add(
        self,
        severity: Any,
        code: str,
        message: str,
        fix: str,
        path: Path,
        node: str | None = None,
        field: str | None = None,
        key: bool = False,
    ) -> None:
        location = self.file.location(path, key)
        shown = path
        # Where the value itself is missing, the place is the nearest thing around it.
        while location is None and shown:
            shown = shown[:-1]
            location = self.file.location(shown)
        line, column = (location.line, location.column) if location else (1, 1)
        self.problems.append(Problem(code, severity, message, fix, node, field, self.file.name, line, column))

    def mapping(self, value: Any, path: Path, what: str, node: str | None = None) -> Mapping[Any, Any]:
        """``value`` where it is a mapping; nothing written counts as an empty one."""
        if isinstance(value, dict):
            return value
        if value is not None:
            field = str(path[-1]) if path else None
            self.error(
                "structure.mapping",
                f"{what} must be a mapping of names to values.",
                "Write one 'name: value' a line below it.",
                path,
                node=node,
                field=field,
            )
        return EMPTY

    def text(self, data: Mapping[Any, Any], key: str, path: Path, node: str | None = None) -> str | None:
        """The text at a key; a number or truth value becomes its text, as prompt flow's own use of it would make it."""
        value = data.get(key)
        if value is None:
            return None
        if isinstance(value, (dict, list)):
            self.error(
                "structure.text",
                f"'{key}' must be a text.",
                "Write a text after the colon.",
                (*path, key),
                node=node,
                field=key,
            )
            return None
        return value if isinstance(value, str) else str(value)

    def flag(
        self, data: Mapping[Any, Any], key: str, path: Path, default: bool = False, node: str | None = None
    ) -> bool:
        """The truth value at a key. Words such as yes are text in YAML 1.2, which prompt flow reads as true: so do we, and say so."""
        value = data.get(key)
        if value is None:
            return default
        if isinstance(value, bool):
            return value
        self.warning(
            "structure.flag",
            f"'{key}' should be true or false, not {value!r}.",
            "Write true or false, without quotes.",
            (*path, key),
            node=node,
            field=key,
        )
        return bool(value)

    def number(
        self, data: Mapping[Any, Any], key: str, path: Path, minimum: float, node: str | None = None
    ) -> float | None:
        value = data.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not minimum <= value < float("inf"):
            self.error(
                "structure.number",
                f"'{key}' must be a number of at least {minimum:g}.",
                "Write a number after the colon.",
                (*path, key),
                node=node,
                field=key,
            )
            return None
        return value

    def word(
        self, data: Mapping[Any, Any], key: str, path: Path, known: tuple[str, ...], node: str | None = None
    ) -> str | None:
        """The word at a key, noted as an error where it is not among the known ones."""
        word = self.text(data, key, path, node)
        if word is None or word in known:
            return word
        guess = keys.near(word, known)
        fix = f"Write {guess}." if guess else f"Write one of {', '.join(known)}."
        self.error(
            f"{key}.unknown", f"'{key}' is {word!r}, which does not exist.", fix, (*path, key), node=node, field=key
        )
        return None

    def slips(self, data: Mapping[Any, Any], known: frozenset[str], path: Path, node: str | None = None) -> None:
        """Warn of keys that are a slip of a known one; other unknown keys are somebody's own."""
        unknown = [key for key in data if key not in known]
        for key in unknown[:_MOST_SLIPS]:
            guess = keys.near(key, known)
            if guess and guess not in data:
                self.warning(
                    "key.slip",
                    f"The key {key!r} means nothing here.",
                    f"Did you mean '{guess}'?",
                    (*path, key),
                    node=node,
                    field=str(key),
                    key=True,
                )

    def binding(self, value: Any, path: Path, node: str | None = None, field: str | None = None) -> Binding:
        """A reference or a constant. A reference that cannot work is an error, or a warning where only its own value fails."""
        try:
            return parse_binding(value)
        except ReferenceSyntax as error:
            if error.reference is None:
                self.error("reference.syntax", error.message, error.hint, path, node=node, field=field)
                return Constant(value)
            self.warning("reference.syntax", error.message, error.hint, path, node=node, field=field)
            return error.reference


def flow_input(notes: Notes, name: str, data: Any, path: Path, untyped: str | None = None) -> FlowInput | None:
    """One input of the flow. ``untyped`` is the type of inputs that declare none; None where a type is required."""
    if not isinstance(data, dict):
        if untyped is not None and data is None:
            return FlowInput(name, untyped)
        notes.error(
            "input.structure",
            f"The input '{name}' must say its type.",
            f"Write '{name}:' and below it '  type: string'.",
            path,
            field=name,
        )
        return None
    notes.slips(data, keys.INPUT_KEYS, path)
    kind = value_type(notes, f"The input '{name}'", "input", data, path, name, untyped)
    choices = data.get("enum")
    if choices is not None and not isinstance(choices, list):
        notes.error(
            "input.enum",
            f"'enum' of the input '{name}' must be a list.",
            "Write the choices in brackets: [a, b].",
            (*path, "enum"),
            field=name,
        )
        choices = None
    return FlowInput(
        name,
        kind,
        data.get("default", MISSING),
        notes.text(data, "description", path) or "",
        tuple(choices or ()),
        notes.flag(data, "is_chat_input", path),
        notes.flag(data, "is_chat_history", path),
    )


def flow_output(notes: Notes, name: str, data: Any, path: Path) -> FlowOutput | None:
    if not isinstance(data, dict):
        notes.error(
            "output.structure",
            f"The output '{name}' must say its type and reference.",
            f"Write '{name}:' and below it 'type' and 'reference'.",
            path,
            field=name,
        )
        return None
    notes.slips(data, keys.OUTPUT_KEYS, path)
    kind = value_type(notes, f"The output '{name}'", "output", data, path, name, None)
    reference = data.get("reference", "")
    if reference == "":
        notes.error(
            "output.reference_empty",
            f"The output '{name}' does not say which value it gives.",
            "Write 'reference: ${node.output}' with the name of a node.",
            (*path, "reference"),
            field=name,
        )
    return FlowOutput(
        name,
        kind,
        notes.binding(reference, (*path, "reference"), field=name),
        notes.text(data, "description", path) or "",
        notes.flag(data, "evaluation_only", path),
        notes.flag(data, "is_chat_output", path),
    )


def value_type(
    notes: Notes, what: str, code: str, data: Mapping[Any, Any], path: Path, name: str, untyped: str | None
) -> str:
    word = data.get("type")
    if word is None and untyped is not None:
        return untyped
    if word is None:
        notes.error(
            f"{code}.type_missing",
            f"{what} lacks its type.",
            "Write 'type: string' or another type below it.",
            path,
            field=name,
            key=True,
        )
        return "string"
    if not isinstance(word, str) or (word not in keys.VALUE_TYPE_WORDS and untyped is None):
        guess = keys.near(word, keys.VALUE_TYPE_WORDS) or {
            "str": "string",
            "text": "string",
            "float": "double",
            "number": "double",
            "integer": "int",
            "boolean": "bool",
            "dict": "object",
            "array": "list",
        }.get(str(word).lower(), "")
        fix = f"Write 'type: {guess}'." if guess else f"Write one of {', '.join(keys.VALUE_TYPE_WORDS)}."
        notes.error(
            f"{code}.type_unknown",
            f"{what} has the type {word!r}, which does not exist.",
            fix,
            (*path, "type"),
            field=name,
        )
        return "string"
    return word
