"""What a Jinja2 template takes, read from its syntax tree. Nothing is rendered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_IMAGE = re.compile(r"!\[\s*image\s*\]\(\{\{\s*([^{}]+)\s*\}\}\)")


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
    """The template's variables. Never raises: a syntax error is the signature's ``problem``."""
    from jinja2 import Environment, TemplateError, meta

    try:
        tree = Environment().parse(source)
        found = meta.find_undeclared_variables(tree)
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        return TemplateSignature(problem=TemplateProblem(error.message or "it is not a template", line))
    except RecursionError:
        return TemplateSignature(problem=TemplateProblem("it is nested too deeply"))
    images = [match.group(1).strip() for match in _IMAGE.finditer(source)]
    ordered = _in_order(tree, found)
    extra = [name for name in images if name not in ordered]
    return TemplateSignature((*ordered, *dict.fromkeys(extra)), tuple(dict.fromkeys(images)))


def _in_order(tree: Any, names: set[str]) -> list[str]:
    from jinja2 import nodes

    seen = dict.fromkeys(node.name for node in tree.find_all(nodes.Name) if node.name in names)
    return [*seen, *sorted(names - seen.keys())]
