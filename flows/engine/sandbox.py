"""The Jinja2 environment that prompts are rendered in.

Jinja2's own sandbox keeps templates away from Python's inner workings and from other nodes' values; on top of it, every loop, call,
operator, filter and output is counted against a budget (``flowloom.flows.engine.budget``), and whatever would become too large is
refused before it is made. Importing this module imports Jinja2.
"""

from __future__ import annotations

import functools
import re
import types
from collections.abc import Callable, Iterator
from copy import copy
from typing import Any, Final

from jinja2 import StrictUndefined, Undefined, nodes, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import (
    ImmutableSandboxedEnvironment,
    SandboxedEnvironment,
    SandboxedEscapeFormatter,
    SandboxedFormatter,
    modifies_known_mutable,
)
from jinja2.utils import generate_lorem_ipsum
from jinja2.visitor import NodeTransformer

from flowloom.flows.engine.budget import current, weigh
from flowloom.flows.engine.sandbox_sizes import (
    BINARY,
    CHEAP_FILTERS,
    CONTAINER_METHODS,
    FILTERS,
    NUMBER_METHODS,
    TEXT_METHODS,
    check_format_spec,
    width,
)
from flowloom.flows.errors import TemplateError

_MUTATORS: Final = re.compile(
    r"\b(?:append|extend|insert|pop|popitem|remove|clear|sort|reverse|update|setdefault|add|discard|\w+_update)\b"
)
_FRAMES: Final = frozenset({"gi_frame", "gi_code", "gi_yieldfrom", "cr_frame", "cr_code", "cr_await", "ag_frame", "ag_code"})
_COMPARISONS: Final = frozenset(
    ("eq", "equalto", "==", "ne", "!=", "lt", "lessthan", "<", "le", "<=", "gt", "greaterthan", ">", "ge", ">=", "in")
)
_CONTAINERS: Final = (list, tuple, dict, set, frozenset)


def changes_values(source: str) -> bool:
    """Whether a template names a method that changes a list or object."""
    return _MUTATORS.search(source) is not None


def private(value: Any) -> Any:
    """A copy that a template may change without anybody noticing: its lists, objects and sets are new, what they hold is not."""
    if isinstance(value, list):
        made = copy(value)
        made[:] = [private(item) for item in value]
        return made
    if isinstance(value, dict):
        made = copy(value)
        for key, item in value.items():
            made[key] = private(item)
        return made
    return copy(value) if isinstance(value, set) else value


# Functions that the transformed template calls through the environment


def _turn(size: int) -> bool:
    """One turn of a loop or one call of a macro, which writes ``size`` characters of the template's own text."""
    budget = current.get()
    budget.step()
    budget.write(size)
    return True


def _made(value: Any) -> Any:
    """A list, tuple or object that the template wrote."""
    current.get().charge(weigh(value))
    return value


def _compared(value: Any) -> Any:
    if isinstance(value, _CONTAINERS):
        current.get().charge(weigh(value))
    return value


def _part(value: Any) -> Any:
    """An operand of ``~``."""
    current.get().charge(weigh(value))
    return value


_INTERNAL: Final = frozenset({_turn, _made, _compared, _part})


class _Counting(NodeTransformer):
    """Puts a count into every loop and macro, and around every list, object and comparison."""

    def __init__(self, compares: bool) -> None:
        self.compares = compares

    def visit_For(self, node: nodes.For) -> nodes.For:
        self.generic_visit(node)
        _count_turn(node)
        if node.test is not None:
            turn = _call("turn", nodes.Const(0, lineno=node.lineno), node.lineno)
            node.test = nodes.And(turn, node.test, lineno=node.lineno)
        return node

    def visit_Macro(self, node: nodes.Macro) -> nodes.Macro:
        self.generic_visit(node)
        _count_turn(node)
        return node

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.CallBlock:
        self.generic_visit(node)
        _count_turn(node)
        return node

    def visit_Block(self, node: nodes.Block) -> nodes.Block:
        self.generic_visit(node)
        _count_turn(node)
        return node

    def visit_List(self, node: nodes.List) -> nodes.Expr:
        self.generic_visit(node)
        return _call("made", node, node.lineno)

    def visit_Dict(self, node: nodes.Dict) -> nodes.Expr:
        self.generic_visit(node)
        return _call("made", node, node.lineno)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Expr:
        self.generic_visit(node)
        return _call("made", node, node.lineno) if node.ctx == "load" else node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Expr:
        self.generic_visit(node)
        node.nodes = [_call("part", part, part.lineno) for part in node.nodes]
        return node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Compare:
        self.generic_visit(node)
        if self.compares:
            node.expr = _call("compared", node.expr, node.lineno)
            for operand in node.ops:
                operand.expr = _call("compared", operand.expr, node.lineno)
        return node


def _text_size(body: list[nodes.Node]) -> int:
    """Characters of the template's own text in a body, those of inner loops and macros left out: they count themselves."""
    total = 0
    for node in body:
        if isinstance(node, nodes.TemplateData):
            total += len(node.data)
        elif not isinstance(node, nodes.For | nodes.Macro | nodes.CallBlock | nodes.Block):
            total += _text_size(list(node.iter_child_nodes()))
    return total


def _call(name: str, argument: nodes.Expr, line: int) -> nodes.Call:
    function = nodes.EnvironmentAttribute(f"_{name}", lineno=line)
    return nodes.Call(function, [argument], [], None, None, lineno=line)


def _count_turn(node: Any) -> None:
    """Count each run through the body of a loop, macro or block, with the text it writes."""
    size = nodes.Const(_text_size(node.body), lineno=node.lineno)
    node.body.insert(0, nodes.ExprStmt(_call("turn", size, node.lineno), lineno=node.lineno))


@pass_context
def _write(context: Context, value: Any) -> Any:
    """Every value that goes into the text passes here."""
    budget = current.get()
    budget.step()
    if not isinstance(value, str):
        if isinstance(value, (*_CONTAINERS, int)):
            budget.result(value)
        elif not isinstance(value, Undefined):
            budget.charge(weigh(value))
        value = str(value)
    budget.write(len(value))
    return value


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2 as prompts use it: ``trim_blocks``, the last line break kept, undefined renders empty unless ``strict``."""

    intercepted_binops = frozenset(BINARY)

    def __init__(self, strict: bool) -> None:
        super().__init__(
            trim_blocks=True,
            keep_trailing_newline=True,
            optimized=False,  # nothing is computed before there is a budget
            undefined=StrictUndefined if strict else Undefined,
            finalize=_write,
        )
        self.filters = {name: _filter(name, function) for name, function in self.filters.items()}
        self.tests = {name: _test(name, function) for name, function in self.tests.items()}
        self.globals["lipsum"] = _lipsum
        self._turn, self._made, self._compared, self._part = _turn, _made, _compared, _part

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _Counting(changes_values(source)).visit(tree)
        return tree

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if attr in _FRAMES or not SandboxedEnvironment.is_safe_attribute(self, obj, attr, value):
            return False
        return current.get().mutable or not modifies_known_mutable(obj, attr)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        budget = current.get()
        budget.step()
        budget.charge(BINARY[operator](left, right))
        return self.binop_table[operator](left, right)

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(__obj, types.FunctionType) and __obj in _INTERNAL:
            return __obj(*args)
        budget = current.get()
        budget.step()
        owner = getattr(__obj, "__self__", None) if isinstance(__obj, types.BuiltinMethodType) else None
        if owner is None or isinstance(owner, types.ModuleType):
            result = super().call(__context, __obj, *args, **kwargs)
            if isinstance(result, str) or isinstance(__obj, type):
                budget.result(result)
            return result
        name = __obj.__name__
        made = isinstance(owner, str | bytes | int | float)
        if isinstance(owner, str | bytes):
            sizes = TEXT_METHODS
            budget.charge(len(owner))
            if name == "join" and args and not hasattr(args[0], "__len__"):
                args = (list(budget.counted(iter(args[0]))), *args[1:])
        else:
            sizes = NUMBER_METHODS if made else CONTAINER_METHODS
        if name in sizes:
            plain = {key: value for key, value in kwargs.items() if key not in ("_loop_vars", "_block_vars")}
            budget.charge(sizes[name](owner, *args, *plain.values()))
        result = super().call(__context, __obj, *args, **kwargs)
        if made:
            budget.result(result)
        return result

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        wrapped = super().wrap_str_format(value)
        if wrapped is None:
            return None
        text: str = value.__self__
        escape = getattr(text, "escape", None)
        formatter: Any = _MarkupFormatter(self, escape=escape) if hasattr(text, "__html__") else _Formatter(self)

        def format_text(*args: Any, **kwargs: Any) -> str:
            if value.__name__ == "format_map":
                if kwargs or len(args) != 1:
                    raise TypeError("format_map() takes exactly one argument")
                return type(text)(formatter.vformat(text, (), args[0]))
            named = {key: item for key, item in kwargs.items() if key not in ("_loop_vars", "_block_vars")}
            return type(text)(formatter.vformat(text, args, named))

        return functools.update_wrapper(format_text, value)

    def get_template(self, name: Any, parent: Any = None, globals: Any = None) -> Any:
        raise TemplateError(
            "The prompt includes another file, which prompts cannot do.",
            hint="Put the text into this prompt, or make it a prompt node and wire its output in.",
        )

    def select_template(self, names: Any, parent: Any = None, globals: Any = None) -> Any:
        return self.get_template(names)

    def get_or_select_template(self, template_name_or_list: Any, parent: Any = None, globals: Any = None) -> Any:
        return self.get_template(template_name_or_list)


class _Sized:
    """Formatting with ``{}`` fields, each of them counted."""

    def format_field(self, value: Any, format_spec: str) -> Any:
        budget = current.get()
        budget.step()
        check_format_spec(format_spec)
        budget.charge(weigh(value))
        result = super().format_field(value, format_spec)  # pyright: ignore[reportAttributeAccessIssue]
        budget.charge(len(result))
        return result

    def convert_field(self, value: Any, conversion: Any) -> Any:
        current.get().charge(weigh(value))
        return super().convert_field(value, conversion)  # pyright: ignore[reportAttributeAccessIssue]


class _Formatter(_Sized, SandboxedFormatter):
    pass


class _MarkupFormatter(_Sized, SandboxedEscapeFormatter):
    pass


def _filter(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that is counted, and asked for the size of its result first."""
    skipped = 1 if getattr(function, "jinja_pass_arg", None) is not None else 0
    size = FILTERS.get(name)

    @functools.wraps(function)
    def counted(*args: Any, **kwargs: Any) -> Any:
        budget = current.get()
        budget.step()
        value = args[skipped]
        if name not in CHEAP_FILTERS:
            if isinstance(value, Iterator):
                value = budget.counted(value)
                if size is not None:
                    value = list(value)
                args = (*args[:skipped], value, *args[skipped + 1 :])
            elif not isinstance(value, Undefined):
                budget.charge(weigh(value))
        if size is not None:
            budget.charge(size(*args[skipped:], **kwargs))
        result = function(*args, **kwargs)
        if isinstance(result, Iterator):
            return budget.counted(result)
        if name not in CHEAP_FILTERS or isinstance(result, int):
            budget.result(result)
        return result

    return counted


def _test(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    if name not in _COMPARISONS:
        return function

    @functools.wraps(function)
    def counted(*args: Any) -> Any:
        current.get().step()
        for value in args:
            _compared(value)
        return function(*args)

    return counted


def _lipsum(n: Any = 5, html: Any = True, min: Any = 20, max: Any = 100) -> str:
    for number in (n, min, max):
        width(number, 1000)
    return generate_lorem_ipsum(n, html, min, max)
