"""What a Jinja2 template takes, read from its syntax tree. Nothing is rendered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from flowloom.flows.node.simple_template import MAX_CODE, MAX_TAGS, split, too_much_code

_IMAGE = re.compile(r"!\[\s*image\s*\]\(\{\{\s*([^{}]+)\s*\}\}\)")
_GIVEN: Final = frozenset(("range", "dict", "lipsum", "cycler", "joiner", "namespace"))
"""Names that Jinja2 itself gives every template."""


@dataclass(frozen=True, slots=True)
class TemplateProblem:
    """Why a template cannot be read; ``line`` counts from 1."""

    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class TemplateSignature:
    """A template's variables in order of appearance, those shown as images among them, and what is wrong with it."""

    variables: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    problem: TemplateProblem | None = None


def template_variables(source: str) -> tuple[str, ...]:
    """Names the template takes, in order of appearance; empty where it cannot be read."""
    return read_template(source).variables


@lru_cache(maxsize=256)
def read_template(source: str) -> TemplateSignature:
    """The template's variables. Never raises: what is wrong with it is the signature's ``problem``."""
    images = tuple(dict.fromkeys(match.group(1).strip() for match in _IMAGE.finditer(source)))
    simple = split(source)
    if simple is not None:
        return TemplateSignature(tuple(dict.fromkeys(simple[1])), images)
    if too_much_code(source):
        words = f"it has more than {MAX_TAGS:,} places to fill in, or {MAX_CODE:,} characters in them"
        return TemplateSignature(problem=TemplateProblem(words))
    from jinja2 import Environment, TemplateError

    try:
        tree = Environment().parse(source)
        found = _undeclared(tree) - _GIVEN
    except TemplateError as error:
        problem = TemplateProblem(error.message or "it is not a template", getattr(error, "lineno", None))
        return TemplateSignature(problem=problem)
    except (RecursionError, MemoryError):
        return TemplateSignature(problem=TemplateProblem("it is nested too deeply"))
    ordered = _in_order(tree, found)
    return TemplateSignature((*ordered, *(name for name in images if name not in found)), images)


def check_template(source: str, path: str) -> None:
    """Raises TemplateError, with its line, for a template that cannot be read. ``path`` is its file, for the words."""
    from flowloom.flows.errors import TemplateError

    problem = read_template(source).problem
    if problem is not None:
        where = f"In {path}, line {problem.line}" if problem.line else f"In {path}"
        raise TemplateError(
            f"{where}: {problem.message}.",
            hint="Mend the line. Jinja2 tags are written {{ name }} and {% if name %} ... {% endif %}.",
            file=path,
            line=problem.line,
        )


def _undeclared(tree: Any) -> set[str]:
    """As ``jinja2.meta.find_undeclared_variables``, which works out constants on the way: ``{{ 2 ** 99999999 }}`` takes it minutes."""
    from jinja2 import nodes
    from jinja2.meta import TrackingCodeGenerator

    class Reader(TrackingCodeGenerator):
        def _output_child_to_const(self, node: Any, frame: Any, finalize: Any) -> str:
            raise nodes.Impossible

    reader = Reader(tree.environment)
    reader.optimizer = None
    reader.visit(tree)
    return reader.undeclared_identifiers


def _in_order(tree: Any, names: set[str]) -> list[str]:
    from jinja2 import nodes

    seen = dict.fromkeys(node.name for node in tree.find_all(nodes.Name) if node.name in names)
    return [*seen, *sorted(names - seen.keys())]
