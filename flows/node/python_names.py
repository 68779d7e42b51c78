"""What the names of a Python file mean, found in its syntax tree and those of its neighbours. Nothing is imported or executed."""

from __future__ import annotations

import ast
import operator
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from flowloom.flows.model.flow import MISSING

MAX_SOURCE: Final = 2 * 1024 * 1024
_FOLLOW: Final = 8
"""How many names or modules may lead to one another before we stop following."""

Sources = Callable[[str], str | None]
"""Gives the text of a module of the flow folder by its dotted name, or None where the folder has none of that name."""


def no_sources(module: str) -> str | None:
    return None


@lru_cache(maxsize=64)
def parse(source: str) -> ast.Module:
    """The syntax tree, shared and not to be changed. Raises SyntaxError (with line and column) for whatever Python could not read, too large a file included."""
    if len(source) > MAX_SOURCE:
        raise SyntaxError("the file is larger than 2 MiB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source.removeprefix("\ufeff"))
    except (ValueError, MemoryError, RecursionError) as error:
        raise SyntaxError(str(error) or "the file is nested too deeply") from error


@dataclass
class Names:
    """The names at a module's top level: where imported ones come from, what others were assigned or defined as."""

    tree: ast.Module
    sources: Sources = no_sources
    imports: dict[str, str] = field(default_factory=dict)
    """Local name -> dotted origin: ``{"np": "numpy", "Optional": "typing.Optional"}``."""
    stars: list[str] = field(default_factory=list)
    """Modules all of whose names were imported."""
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = field(default_factory=dict)
    values: dict[str, ast.expr] = field(default_factory=dict)
    texts_only: bool = False
    """``from __future__ import annotations``: every annotation is only text when the program runs."""

    def __post_init__(self) -> None:
        for statement in statements(self.tree.body):
            self._take(statement)

    def _take(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                local = alias.asname or alias.name.split(".")[0]
                self._bind(local, self.imports, alias.name if alias.asname else local)
        elif isinstance(statement, ast.ImportFrom):
            module = "." * statement.level + (statement.module or "")
            if module == "__future__":
                self.texts_only |= any(alias.name == "annotations" for alias in statement.names)
            for alias in statement.names:
                if alias.name == "*":
                    self.stars.append(module)
                else:
                    self._bind(alias.asname or alias.name, self.imports, f"{module}.{alias.name}".lstrip("."))
        elif isinstance(statement, ast.ClassDef):
            self._bind(statement.name, self.classes, statement)
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            self._bind(statement.name, self.functions, statement)
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    self._bind(target.id, self.values, statement.value)
        elif isinstance(statement, ast.AnnAssign) and statement.value and isinstance(statement.target, ast.Name):
            self._bind(statement.target.id, self.values, statement.value)

    def _bind(self, name: str, kind: dict[str, Any], meaning: Any) -> None:
        """The last binding of a name wins, whatever kind it is of."""
        for other in (self.imports, self.classes, self.functions, self.values):
            other.pop(name, None)
        kind[name] = meaning

    def origin(self, expression: ast.expr | None, depth: int = 0) -> str:
        """The dotted origin of a name: ``typing.Optional``, ``int`` for a built-in, ``.Colour`` for a class of this file, and an
        empty text where it cannot be told."""
        if depth > _FOLLOW:
            return ""
        if isinstance(expression, ast.Attribute):
            base = self.origin(expression.value, depth + 1)
            return f"{base}.{expression.attr}" if base else ""
        if not isinstance(expression, ast.Name):
            return ""
        name = expression.id
        if name in self.imports:
            return self.imports[name]
        if name in self.classes or name in self.functions:
            return f".{name}"
        if name in self.values:
            return self.origin(self.values[name], depth + 1)
        return self._star_origin(name) or name

    def _star_origin(self, name: str) -> str:
        for module in self.stars:
            neighbour = self.module(module)
            if neighbour is not None:
                found = neighbour.has(name)
            else:
                ours = module.startswith(("promptflow", "flowloom"))
                found = name not in _BUILT_IN and (ours or name in _STANDARD.get(module, ()))
            if found:
                return f"{module}.{name}"
        return ""

    def has(self, name: str) -> bool:
        return any(name in kind for kind in (self.imports, self.classes, self.functions, self.values))

    def module(self, name: str) -> Names | None:
        """The names of another module of the folder; None where there is none, or none that can be read."""
        text = self.sources(name)
        if text is None:
            return None
        try:
            return Names(parse(text), self.sources)
        except SyntaxError:
            return None

    def find_class(self, origin: str, depth: int = 0) -> tuple[ast.ClassDef, Names] | None:
        """The definition of a class of this file or of a module of the folder, with the names it was written among."""
        if depth > _FOLLOW:
            return None
        module, _, name = origin.rpartition(".")
        if not module:
            found = self.classes.get(name)
            return (found, self) if found else None
        neighbour = self.module(module)
        if neighbour is None:
            return None
        if name in neighbour.classes:
            return neighbour.classes[name], neighbour
        return neighbour.find_class(neighbour.imports[name], depth + 1) if name in neighbour.imports else None

    def bases(self, origin: str, depth: int = 0) -> Iterator[str]:
        """Origins of all classes a class of the folder derives from, as far as they can be told."""
        found = self.find_class(origin)
        if found is None or depth > _FOLLOW:
            return
        definition, names = found
        for base in definition.bases:
            base_origin = names.origin(base)
            if base_origin:
                yield base_origin
                yield from names.bases(base_origin, depth + 1)

    def literal(self, expression: ast.expr | None, depth: int = 0) -> Any:
        """The value of an expression that is a plain value or a name for one; MISSING where it is not."""
        if expression is None or depth > _FOLLOW:
            return MISSING
        if isinstance(expression, ast.Name) and expression.id in self.values:
            return self.literal(self.values[expression.id], depth + 1)
        if isinstance(expression, ast.BinOp) and type(expression.op) in _SUMS:
            left, right = self.literal(expression.left, depth + 1), self.literal(expression.right, depth + 1)
            return _computed(type(expression.op), left, right)
        try:
            return ast.literal_eval(expression)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return MISSING


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run at a module's top level, those within ``if``, ``try`` and ``with`` too. What only runs after a failure
    comes before what was tried, so that the names of the usual case win."""
    for statement in body:
        yield statement
        for handler in getattr(statement, "handlers", ()):
            yield from statements(handler.body)
        if not isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            for name in ("body", "orelse", "finalbody"):
                yield from statements(getattr(statement, name, []) or [])


def _computed(operation: type[ast.operator], left: Any, right: Any) -> Any:
    """``60 * 60`` and the like: numbers of everyday size only."""
    for number in (left, right):
        if type(number) not in (int, float) or not abs(number) < 10**12:
            return MISSING
    return _SUMS[operation](left, right)


_SUMS: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
_STANDARD: Final = {
    "typing": frozenset(("Optional", "Union", "List", "Dict", "Any", "Mapping", "Iterator", "Generator", "TypedDict")),
    "enum": frozenset(("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "auto")),
    "dataclasses": frozenset(("dataclass",)),
}
"""What a star import of these brings that matters here."""
_BUILT_IN: Final = frozenset(
    ("int", "float", "bool", "str", "list", "dict", "object", "tuple", "set", "bytes", "type", "print", "range", "len")
)
