"""Templates that are only text and names are told from those that need the engine."""

from __future__ import annotations

import pytest
from jinja2 import Environment
from jinja2.defaults import DEFAULT_NAMESPACE

from flowloom.flows.node.simple_template import MAX_CODE, MAX_TAGS, RESERVED, split, too_much_code


@pytest.mark.parametrize(
    ("source", "texts", "names"),
    [
        ("", [""], []),
        ("Hi", ["Hi"], []),
        ("Hi {{ name }}!", ["Hi ", "!"], ["name"]),
        ("{{a}}{{ b }}", ["", "", ""], ["a", "b"]),
        ("{ {{ a }} }", ["{ ", " }"], ["a"]),
        ("{{ a }}}", ["", "}"], ["a"]),
        ("{{\n a\t}}\r\nx\ry", ["", "\nx\ny"], ["a"]),
        ("}} %} #}", ["}} %} #}"], []),
    ],
)
def test_plain_names_are_split(source: str, texts: list[str], names: list[str]) -> None:
    assert split(source) == (texts, names)


@pytest.mark.parametrize(
    "source",
    [
        "{{{a}}",
        "{{ a.b }}",
        "{{ a|upper }}",
        "{% if a %}",
        "{# a #}",
        "{{- a }}",
        "{{ a -}}",
        "{{ 'a' }}",
        "{{ 1 }}",
        "{{",
        "{{}}",
        "{{ a b }}",
        "{{ __a }}",
        "{{ é }}",
        "x{%y",
    ],
)
def test_everything_else_is_left_to_the_engine(source: str) -> None:
    assert split(source) is None


def test_names_that_mean_something_to_the_engine_are_left_to_it() -> None:
    for name in RESERVED:
        assert split(f"{{{{ {name} }}}}") is None
    assert set(DEFAULT_NAMESPACE) <= RESERVED
    environment = Environment()
    for name in ("question", "user", "text_1", "If", "LOOP"):
        assert split(f"{{{{ {name} }}}}") is not None
        assert environment.from_string(f"{{{{ {name} }}}}").render({name: "x"}) == "x"


def test_code_is_counted_and_text_is_not() -> None:
    assert not too_much_code("a" * 1_000_000 + "{{ x }}" * MAX_TAGS)
    assert too_much_code("{{ x }}" * (MAX_TAGS + 1))
    assert too_much_code("{% if x %}{{ x }}{% endif %}" * (MAX_TAGS // 3 + 1))
    assert not too_much_code("{{ " + "a" * (MAX_CODE - 10) + " }}")
    assert too_much_code("{{ " + "a" * MAX_CODE + " }}")
    assert not too_much_code("}}" * 100_000)
