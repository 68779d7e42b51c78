"""What the names of a file mean, without running it."""

from __future__ import annotations

import ast
import warnings

import pytest

from flowloom.flows.model.flow import MISSING
from flowloom.flows.node.python_names import MAX_SOURCE, Names, parse


def names(source: str, **modules: str) -> Names:
    return Names(parse(source), lambda name: modules.get(name))


def origin(source: str, name: str, **modules: str) -> str:
    return names(source, **modules).origin(ast.parse(name, mode="eval").body)


@pytest.mark.parametrize(
    ("source", "name", "meaning"),
    [
        ("import a.b", "a.b.c", "a.b.c"),
        ("import a.b as x", "x.c", "a.b.c"),
        ("from a import b as x", "x", "a.b"),
        ("from . import b", "b", "b"),
        ("class C: ...", "C", ".C"),
        ("x = int", "x", "int"),
        ("x: type = int", "x", "int"),
        ("from a import x\nx = int", "x", "int"),
        ("x = int\nfrom a import x", "x", "a.x"),
        ("if 1:\n    from a import x\nelse:\n    from b import x", "x", "b.x"),
        ("with y:\n    from a import x", "x", "a.x"),
        ("def f():\n    from a import x", "x", "x"),
        ("", "int", "int"),
        ("", "f()", ""),
        ("x = y\ny = x", "x", ""),
        ("from typing import *", "Optional", "typing.Optional"),
        ("from typing import *", "str", "str"),
        ("from promptflow.core import *", "tool", "promptflow.core.tool"),
        ("from elsewhere import *", "thing", "thing"),
    ],
)
def test_names_lead_to_where_they_come_from(source: str, name: str, meaning: str) -> None:
    assert origin(source, name) == meaning


def test_a_star_of_the_folder_brings_what_its_module_has() -> None:
    assert origin("from helper import *", "thing", helper="thing = 1") == "helper.thing"
    assert origin("from helper import *", "other", helper="thing = 1") == "other"
    assert origin("from helper import *", "thing", helper="def (") == "thing"


@pytest.mark.parametrize(
    ("source", "expression", "value"),
    [
        ("X = 5", "X", 5), ("X = Y = [1]", "Y", [1]), ("A = 1\nB = A", "B", 1), ("", "60 * 60 - 1", 3599), ("", "'a' * 9", MISSING), ("", "9**9", MISSING),
        ("", "f()", MISSING), ("", "(" * 40 + "1" + ")" * 40, 1), ("", "True + 1", MISSING), ("X = X", "X", MISSING), ("", "10**99 * 2", MISSING),
    ],
)  # fmt: skip
def test_plain_values_are_known(source: str, expression: str, value: object) -> None:
    found = names(source).literal(ast.parse(expression, mode="eval").body)
    assert found == value or (value is MISSING and found is MISSING)
    assert names("").literal(None) is MISSING


def test_classes_and_their_bases_are_found_in_other_modules() -> None:
    modules = {"kinds": "from enum import Enum\nclass Base(Enum): ...\nfrom more import Far", "more": "class Far: ..."}
    found = names("from kinds import Base, Far\nclass Mine(Base): ...", **modules)
    assert list(found.bases(".Mine")) == ["kinds.Base", "enum.Enum"] or "enum.Enum" in set(found.bases(".Mine"))
    assert found.find_class("kinds.Far") is not None
    assert found.find_class("kinds.None_") is None
    assert found.find_class("nowhere.X") is None


def test_parsing_warns_nobody_and_refuses_what_is_too_large() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        parse("x = '\\d'\nassert (x, 1)")
    for source in ("x" * (MAX_SOURCE + 1), "(" * 100_000, "\0"):
        with pytest.raises(SyntaxError):
            parse(source)
