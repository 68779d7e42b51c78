"""Rendering: what Jinja2 gives, told in the user's words where it cannot."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from flowloom.flows.engine.render import MAX_TEMPLATE, render
from flowloom.flows.errors import LimitExceeded, TemplateError


def by_jinja(template: str, variables: dict[str, Any]) -> str | None:
    """What Jinja2 itself gives; None where it raises."""
    try:
        return Environment(trim_blocks=True, keep_trailing_newline=True).from_string(template).render(variables)
    except Exception:
        return None


PIECES = ["{{ a }}", "{{a}}", "{{ b }}", "{", "}", "{{", "}}", "{%", "%}", "{#", "#}", "{{ zz }}", "\n", "\r\n", "\r", " ", "text", "{{ true }}", "{{ self }}",
          "{{- a }}", "{{ a -}}", "{{ a.b }}", "{% if a %}", "{% endif %}", "{{ a|upper }}", "{{ loop }}", "{{ range }}", "{{ not }}", "{{ é }}", "{{ a1_ }}", "{{ 1 }}"]  # fmt: skip


@given(
    st.lists(st.sampled_from(PIECES), max_size=7).map("".join),
    st.fixed_dictionaries({"a": st.text(max_size=5) | st.integers() | st.none() | st.booleans() | st.floats()}),
    st.dictionaries(
        st.sampled_from(["b", "a1_", "self", "true"]), st.lists(st.integers(), max_size=2) | st.text(max_size=3)
    ),
)
def test_a_template_renders_as_jinja_renders_it(template: str, first: dict[str, Any], others: dict[str, Any]) -> None:
    variables = {**first, **others}
    wanted = by_jinja(template, variables)
    if wanted is None:
        with pytest.raises(TemplateError):
            render(template, variables)
    elif not wanted.startswith("<") and "<" not in wanted:  # what shows an object of Jinja2 may differ
        assert render(template, variables) == wanted


@pytest.mark.parametrize(
    ("template", "line", "words"),
    [
        ("a\n{% if %}", 2, "read at line 2"),
        ("a\nb\n{{ x.y.z }}", 3, "'dict object' has no attribute 'y'"),
        ("{{ zz.y }}", 1, "'zz' is undefined"),
        ("a\n\n{{ 1 / 0 }}", 3, "ZeroDivisionError"),
        ("{% macro m() %}\n{{ none + 1 }}{% endmacro %}\n{{ m() }}", 2, "TypeError"),
        ("{{ x|nothing }}", 1, "No filter named 'nothing'"),
        ("\n{{ ''.__class__.x }}", 2, "may not do"),
        ("{% include 'a' %}", 1, "includes another file"),
        ("{{ x", 1, "read at line 1"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(template: str, line: int, words: str) -> None:
    with pytest.raises(TemplateError) as caught:
        render(template, {"x": {}})
    assert caught.value.line == line
    assert words in caught.value.message
    assert ".." not in caught.value.message
    assert caught.value.hint


def test_limits_name_the_line_too() -> None:
    with pytest.raises(LimitExceeded) as caught:
        render("a\n{{ 'a' * 10**9 }}", {})
    assert caught.value.line == 2


def test_strict_refuses_what_is_not_given() -> None:
    assert render("[{{ a }}]", {}) == "[]"
    for template in ("[{{ a }}]", "[{% if 1 %}{{ a }}{% endif %}]"):
        with pytest.raises(TemplateError, match="'a' is undefined"):
            render(template, {"b": 1}, strict=True)
    assert render("{{ a }}", {"a": 1}, strict=True) == "1"


def test_values_are_never_rendered_again() -> None:
    for template in ("{{ a }}", "{% if 1 %}{{ a }}{% endif %}"):
        assert render(template, {"a": "{{ b }}{% raw %}", "b": "no"}) == "{{ b }}{% raw %}"


class Shouting(str):
    def __str__(self) -> str:
        return self.upper()


@pytest.mark.parametrize("template", ["{{ a }}", "{{ a }}{% if 1 %}{% endif %}"])
def test_a_kind_of_text_writes_itself(template: str) -> None:
    assert render(template, {"a": Shouting("yes")}) == by_jinja(template, {"a": Shouting("yes")}) == "YES"


@pytest.mark.parametrize("template", ["{{ a }}", "{{ a }}{% if 1 %}{% endif %}"])
def test_large_texts_are_refused(template: str) -> None:
    assert len(render(template, {"a": "x" * 9_000_000})) == 9_000_000
    with pytest.raises(LimitExceeded):
        render(template, {"a": "x" * 25_000_000})
    with pytest.raises(LimitExceeded):
        render(template * 2, {"a": "x" * 9_000_000})
    with pytest.raises(LimitExceeded):
        render("x" * (MAX_TEMPLATE + 1), {})


@pytest.mark.parametrize(
    "template",
    [
        "{{ x }}{% if x %}{% endif %}" * 2000,
        "{{ [" + "1," * 150_000 + "] }}",
        "{{ x" + "|upper" * 40_000 + " }}",
        "{% raw %}" + "{{" * 50_000,
        "{{" * 2_000_000,
        "{%" * 4_900 + "a" * 3_000_000,
        "".join(f"{{% macro m{number}() %}}{{% endmacro %}}" for number in range(9000)),
    ],
    ids=lambda text: text[:20],
)
def test_templates_that_take_long_to_read_are_refused(template: str) -> None:
    begun = time.monotonic()
    with pytest.raises((LimitExceeded, TemplateError)):
        render(template, {})
    assert time.monotonic() - begun < 5


def test_numbers_too_long_to_print_are_refused() -> None:
    with pytest.raises((TemplateError, LimitExceeded)):
        render("{{ a }}", {"a": 10**5000})


def test_time_is_bounded_by_what_the_caller_says() -> None:
    begun = time.monotonic()
    with pytest.raises(LimitExceeded, match="too long"):
        render("{% for i in range(100000) %}{% for j in range(9) %}{{ i }}{% endfor %}{% endfor %}", {}, seconds=0.05)
    assert time.monotonic() - begun < 3


def test_renderings_at_a_time_do_not_meet() -> None:
    template = "{% set l = [] %}{% for i in range(200) %}{% set _ = l.append(n) %}{% endfor %}{{ l|unique|join }}{{ m.append(n) }}{{ m }}"
    results: dict[int, str] = {}

    def work(number: int) -> None:
        results[number] = render(template, {"n": number, "m": []})

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: f"{number}None[{number}]" for number in range(8)}


def test_a_prompt_of_plain_names_needs_no_template_engine() -> None:
    program = (
        "import sys; from flowloom.flows.engine.render import render; from flowloom.flows.node.template import read_template;"
        "print(render('Hi {{ name }}!', {'name': 'Ann'}), read_template('{{ name }}').variables, 'jinja2' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "Hi Ann! ('name',) False"
