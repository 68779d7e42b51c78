"""What templates take, without rendering them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, meta
from jinja2.exceptions import TemplateError

from flowloom.flows.node.template import TemplateSignature, read_template, template_variables


@pytest.mark.parametrize(
    ("source", "variables"),
    [
        ("", ()),
        ("plain", ()),
        ("{{ b }} {{ a }} {{ b }}", ("b", "a")),
        ("{% for item in items %}{{ item }}{{ loop.index }}{{ sep }}{% endfor %}", ("items", "sep")),
        ("{% set x = a %}{{ x }}{{ y }}", ("a", "y")),
        ("{% macro m(p) %}{{ p }}{{ q }}{% endmacro %}{{ m(r) }}", ("q", "r")),
        ("{{ a.b.c }}{{ d['e'] }}{{ f|join(g) }}", ("a", "d", "f", "g")),
        ("{{ range(3) }}{{ namespace() }}{{ dict() }}", ()),
        ("{# {{ no }} #}{% raw %}{{ no }}{% endraw %}{{ yes }}", ("yes",)),
        ("{{ true }}{{ none }}{{ self }}", ()),
        ("{% if a and b not in c %}{% endif %}", ("a", "b", "c")),
        ("![image]({{ pic }}) {{ text }}", ("pic", "text")),
        ("{% if x %}{% endif %}![ image ]({{pic}})", ("x", "pic")),
        ("{{ 'a' ~ name }}", ("name",)),
    ],
)
def test_variables_come_in_order_of_appearance(source: str, variables: tuple[str, ...]) -> None:
    assert template_variables(source) == variables


def test_images_are_told_apart() -> None:
    assert read_template("![image]({{ a }})\n{{ b }}![image]({{a}})") == TemplateSignature(("a", "b"), ("a",))


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("{% if %}", 1),
        ("a\n{{ b", 2),
        ("{% endfor %}", 1),
        ("\n\n{{ x|nothing }}", 3),
        ("{{ x is nothing }}", 1),
        ("{% include %}", 1),
        ("{% unknown %}", 1),
    ],
)
def test_a_template_that_cannot_be_read_says_where(source: str, line: int) -> None:
    problem = read_template(source).problem
    assert problem is not None
    assert problem.line == line
    assert problem.message
    assert template_variables(source) == ()


def test_templates_that_break_parsers_are_problems_too() -> None:
    for source in ("{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}", "{{ " + "not " * 5000 + "1 }}"):
        problem = read_template(source).problem
        assert problem is not None
        assert "deep" in problem.message


@pytest.mark.parametrize("source", ["{{ a|upper }}" * 6000, "{{ a" + "|upper" * 40_000 + " }}"], ids=["tags", "code"])
def test_templates_that_would_take_long_to_read_are_problems(source: str) -> None:
    problem = read_template(source).problem
    assert problem is not None
    assert "places to fill in" in problem.message


PIECES = ["{{ a }}", "{{b}}", "{{", "}}", "{", "}", "{%", "%}", "{#", "#}", "{% if a %}", "{% endif %}", "{{ c.d }}", "text", "\n", "{{ true }}", "{{ _x }}", "{{ __y }}", "{{é}}"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
def test_variables_are_those_jinja_finds(source: str) -> None:
    try:
        wanted = meta.find_undeclared_variables(Environment().parse(source))
    except TemplateError:
        assert read_template(source).problem is not None
    else:
        assert set(template_variables(source)) == wanted
        assert read_template(source).problem is None
