"""A Python tool's ports, read from its syntax tree. Nothing is imported or executed.

What an annotation means for coercion is prompt flow's rule (``_utils/tool_utils.py: function_to_interface``): exactly ``int``,
``float``, ``bool``, ``str``, ``list``, an Enum and prompt flow's special types count, everything else is an object.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flowloom.flows.errors import ToolLoadError
from flowloom.flows.model.flow import EMPTY, MISSING
from flowloom.flows.node.annotations import Annotation, parameter_type, result_type
from flowloom.flows.node.python_names import Names, Sources, no_sources, parse
from flowloom.flows.node.spec import Port, Ports

_Function = ast.FunctionDef | ast.AsyncFunctionDef


_LARGEST: Final = 500_000
"""Characters of a file whose syntax tree is read: a tree takes some hundred bytes for each."""


class ToolFault(ToolLoadError):
    """A file is no tool, or its signature cannot be seen. ``code`` is ``syntax``, ``none``, ``several`` or ``unseen``.

    ``unseen`` means that the tool may well exist when the file runs: it is made in a way that only running shows.
    """

    def __init__(self, message: str, *, code: str, **where: Any) -> None:
        super().__init__(message, **where)
        self.code = code


@dataclass(frozen=True, slots=True)
class ToolSignature:
    """What can be known of a tool without running it. ``line`` is where its function begins.

    ``parameters`` are in the order of the signature, a class's ``__init__`` first (``init_parameters`` names those); ``defaults``
    has the defaults that are plain values. ``connection_classes`` gives the class names an input's annotation allows, and
    ``custom_connections`` those of them that are the flow's own classes. ``prompt_parameter`` is annotated PromptTemplate.
    """

    function: str
    ports: Ports
    class_name: str | None = None
    is_async: bool = False
    is_generator: bool = False
    doc: str = ""
    title: str = ""
    parameters: tuple[str, ...] = ()
    init_parameters: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    connection_classes: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    custom_connections: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    takes_kwargs: bool = False
    context_parameter: str | None = None
    prompt_parameter: str | None = None
    line: int = 1

    @property
    def wants_context(self) -> bool:
        return self.context_parameter is not None


@dataclass(frozen=True, slots=True)
class _Found:
    function: _Function
    names: Names
    class_origin: str = ""
    decorator: ast.expr | None = None


def read_tool(
    source: str, *, filename: str, function: str | None = None, sources: Sources = no_sources
) -> ToolSignature:
    """The signature of the one tool in a file, or of the ``function`` named.

    ``sources`` gives the text of other modules of the folder, to follow imports of enums, connection classes and base classes.
    Raises ToolFault.
    """
    if len(source) > _LARGEST:
        raise ToolFault(
            f"The tool in {filename} cannot be seen: the file is longer than {_LARGEST:,} characters.",
            code="unseen",
            hint="Move data and helpers to files of their own.",
            file=filename,
            line=1,
        )
    try:
        names = Names(parse(source), sources)
    except SyntaxError as error:
        raise ToolFault(
            f"{filename} is not Python: {error.msg}.",
            code="syntax",
            hint="Mend the line, then save the file.",
            file=filename,
            line=error.lineno,
            column=error.offset,
        ) from error
    tools = [*_named(names, function)] if function else [*_tool_functions(names), *_tool_methods(names)]
    if len(tools) == 1:
        return _signature(tools[0])
    if len(tools) > 1:
        found = ", ".join(tool.function.name for tool in tools)
        raise ToolFault(
            f"{filename} has {len(tools)} tools ({found}); a node runs exactly one.",
            code="several",
            hint="Keep @tool on one function and move the others to files of their own.",
            file=filename,
            line=tools[1].function.lineno,
        )
    if not function and _may_have_tool(names):
        raise ToolFault(
            f"The tool in {filename} cannot be seen without running it.",
            code="unseen",
            hint="Write @tool above the function, with 'from promptflow.core import tool'.",
            file=filename,
            line=1,
        )
    raise ToolFault(
        f"{filename} has no function called '{function}'." if function else f"{filename} has no tool.",
        code="none",
        hint="Check the name." if function else "Write @tool above the function the node shall run.",
        file=filename,
        line=1,
    )


def _named(names: Names, function: str) -> Iterator[_Found]:
    class_name, _, name = function.rpartition(".")
    if not class_name:
        if name in names.functions:
            yield _Found(names.functions[name], names)
    elif (found := names.find_class(f".{class_name}")) is not None:
        for statement in found[0].body:
            if isinstance(statement, _Function) and statement.name == name:
                yield _Found(statement, found[1], f".{class_name}")


def _tool_functions(names: Names) -> Iterator[_Found]:
    for function in names.functions.values():
        decorator = _tool_decorator(function, names)
        if decorator is not None:
            yield _Found(function, names, decorator=decorator)
    for value in names.values.values():  # made = tool(function)
        if isinstance(value, ast.Call) and _is_tool_name(value.func, names) and len(value.args) == 1:
            origin = names.origin(value.args[0])
            function = names.functions.get(origin.removeprefix("."))
            if function is not None:
                yield _Found(function, names, decorator=value)


def _tool_methods(names: Names) -> Iterator[_Found]:
    for name in names.classes:
        origin = f".{name}"
        if not any(_is_provider(base) for base in names.bases(origin)):
            continue
        seen: set[str] = set()
        for definition, where in _with_bases(names, origin):
            for statement in definition.body:
                if isinstance(statement, _Function) and statement.name not in seen:
                    seen.add(statement.name)
                    decorator = _tool_decorator(statement, where)
                    if decorator is not None:
                        yield _Found(statement, where, origin, decorator)


def _with_bases(names: Names, origin: str, depth: int = 0) -> Iterator[tuple[ast.ClassDef, Names]]:
    found = names.find_class(origin)
    if found is None or depth > 8:
        return
    yield found
    for base in found[0].bases:
        yield from _with_bases(found[1], found[1].origin(base), depth + 1)


def _tool_decorator(function: _Function, names: Names) -> ast.expr | None:
    for decorator in function.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if _is_tool_name(called, names):
            return decorator
    return None


def _is_tool_name(expression: ast.expr, names: Names, depth: int = 0) -> bool:
    origin = names.origin(expression)
    module, _, name = origin.rpartition(".")
    if name == "tool" and module.startswith(("promptflow", "flowloom.flows")):
        return True
    neighbour = names.module(module) if module and depth < 4 else None
    if neighbour is not None and neighbour.has(name):
        return _is_tool_name(ast.Name(name), neighbour, depth + 1)
    return neighbour is None and bool(module) and name == "tool"


def _is_provider(origin: str) -> bool:
    return origin.rpartition(".")[2] == "ToolProvider"


def _may_have_tool(names: Names) -> bool:
    """Whether running the file could still make a tool: an unknown decorator, a star import, a call that makes functions."""
    if any(names.sources(module) is None for module in names.stars):
        return True
    decorated = any(function.decorator_list for function in names.functions.values())
    dynamic = any(
        isinstance(node, ast.Name) and node.id in ("exec", "globals", "setattr", "tool") for node in ast.walk(names.tree)
    )
    foreign = any(
        isinstance(value, ast.Call) and not _is_plain_call(value, names) for value in names.values.values()
    )
    return decorated or dynamic or foreign or any(definition.bases for definition in names.classes.values())


def _is_plain_call(call: ast.Call, names: Names) -> bool:
    """``re.compile(...)`` and the like, where no function of this file goes in."""
    return not any(isinstance(part, ast.Name) and part.id in names.functions for part in ast.walk(call))


def _signature(found: _Found) -> ToolSignature:
    function, names = found.function, found.names
    init = _parameters_of_init(names, found.class_origin) if found.class_origin else []
    own = list(_parameters(function, names))
    inputs: dict[str, Port] = {}
    connections: dict[str, tuple[str, ...]] = {}
    custom: dict[str, tuple[str, ...]] = {}
    defaults: dict[str, Any] = {}
    context = prompt = None
    for name, annotation in [*init, *own]:
        if annotation.is_context:
            context = name
            continue
        inputs[name] = annotation.port(name)
        if annotation.default is not MISSING:
            defaults[name] = annotation.default
        if annotation.connections:
            connections[name] = annotation.connections
        if annotation.custom:
            custom[name] = annotation.custom
        if annotation.type == "prompt_template":
            prompt = prompt or name
    takes_kwargs = function.args.kwarg is not None
    generator = _is_generator(function)
    return ToolSignature(
        function=function.name,
        class_name=found.class_origin.removeprefix(".") or None,
        ports=Ports(inputs, {"output": result_type(function.returns, names, generator)}, takes_kwargs),
        is_async=isinstance(function, ast.AsyncFunctionDef),
        is_generator=generator,
        doc=_description(found) or ast.get_docstring(function) or "",
        title=_keyword(found.decorator, "name", names),
        parameters=tuple(dict.fromkeys([name for name, _ in [*init, *own]])),
        init_parameters=tuple(name for name, _ in init),
        defaults=defaults,
        connection_classes=connections,
        custom_connections=custom,
        takes_kwargs=takes_kwargs,
        context_parameter=context,
        prompt_parameter=prompt,
        line=function.lineno,
    )


def _parameters(function: _Function, names: Names) -> Iterator[tuple[str, Annotation]]:
    """Name and meaning of each parameter that a flow can give by name, ``self`` left out."""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)
    pairs = [*zip(positional, defaults, strict=True), *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
    for argument, default in pairs:
        if argument.arg != "self":
            yield argument.arg, parameter_type(argument.annotation, default, names)


def _parameters_of_init(names: Names, class_origin: str) -> list[tuple[str, Annotation]]:
    for definition, where in _with_bases(names, class_origin):
        for statement in definition.body:
            if isinstance(statement, _Function) and statement.name == "__init__":
                return list(_parameters(statement, where))
    return []


def _is_generator(function: _Function) -> bool:
    """Whether the function itself yields (not one defined within it)."""
    pending: list[ast.AST] = list(function.body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            pending.extend(ast.iter_child_nodes(node))
    return False


def _description(found: _Found) -> str:
    return _keyword(found.decorator, "description", found.names)


def _keyword(decorator: ast.expr | None, name: str, names: Names) -> str:
    if isinstance(decorator, ast.Call):
        for keyword in decorator.keywords:
            if keyword.arg == name:
                value = names.literal(keyword.value)
                return value if isinstance(value, str) else ""
    return ""
