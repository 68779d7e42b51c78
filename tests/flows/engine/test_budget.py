"""Templates that try to use up more time or memory than a rendering may, and the counting that stops them.

Each is ``(template, outcome)``: the text it renders to, or LIMIT for LimitExceeded, or REFUSED for TemplateError.
"""

from __future__ import annotations

import time
import tracemalloc
from types import SimpleNamespace
from typing import Any

import pytest

from flowloom.flows.engine.budget import ITEM, MAX_STEPS, MAX_TEXT, MAX_WORK, Budget, depth_of, weigh
from flowloom.flows.engine.render import render
from flowloom.flows.errors import LimitExceeded, TemplateError

LIMIT = "limit"
REFUSED = "template"

SECONDS = 8.0
"""No template may take longer, on a slow computer."""

VARIABLES: dict[str, Any] = {"s": "abc", "n": 3, "x": ["a", "b"], "f": 1.5, "b": b"abc"}

EXCESSES: list[tuple[str, str]] = [
    # Sizes
    ("{{ 'a' * 10**9 }}", LIMIT),
    ("{{ 10**9 * 'a' }}", LIMIT),
    ("{{ 'a' * 10**100 }}", LIMIT),
    ("{{ [0] * 10**9 }}", LIMIT),
    ("{{ (0,) * 10**9 }}", LIMIT),
    ("{{ b * 10**9 }}", LIMIT),
    ("{{ ('a' * 9999999) * 9999999 }}", LIMIT),
    ("{{ (s * 3000000) ~ (s * 3000000) ~ (s * 3000000) }}", LIMIT),
    ("{{ 's' * 9000000 + 's' * 9000000 }}", LIMIT),
    ("{{ [[0] * 1000] * 100000 }}", LIMIT),
    ("{{ ['a' * 1000000] * 1000 }}", LIMIT),
    ("{% set a = 'x' * 1000000 %}{{ [a, a, a, a, a, a, a, a, a, a, a] }}", LIMIT),
    ("{% set a = 'x' * 3000000 %}{{ a }}{{ a }}{{ a }}{{ a }}", LIMIT),
    ("{% set a %}{{ 'x' * 9000000 }}{{ 'x' * 9000000 }}{{ 'x' * 9000000 }}{% endset %}{{ a|length }}", LIMIT),
    ("{{ 9**99999999 }}", LIMIT),
    ("{{ 2**(10**9) }}", LIMIT),
    ("{{ 10**5000 }}", LIMIT),
    ("{{ (10**4000) * (10**4000) }}", LIMIT),
    ("{{ 3 ** (10**12) }}", LIMIT),
    ("{{ 2.0**99999 }}", REFUSED),
    ("{{ (5).from_bytes(('x' * 100000).encode()) }}", LIMIT),
    ("{{ n.to_bytes(10**9) }}", LIMIT),
    ("{{ 1.5|round(10**9) }}", LIMIT),
    ("{{ 1.5|round(10**9, 'ceil') }}", LIMIT),
    ("{{ 1.5|round(-10**9, 'floor') }}", LIMIT),
    # Padding and formats
    ("{{ 'a'|center(10**9) }}", LIMIT),
    ("{{ 'a'.center(10**9) }}", LIMIT),
    ("{{ 'a'.ljust(10**9) }}", LIMIT),
    ("{{ 'a'.rjust(10**9, 'b') }}", LIMIT),
    ("{{ '1'.zfill(10**9) }}", LIMIT),
    ("{{ b.ljust(10**9) }}", LIMIT),
    ("{{ '\\t'.expandtabs(10**9) }}", LIMIT),
    ("{{ ('\\t' * 100000).expandtabs(9000) }}", LIMIT),
    ("{{ 'a'|indent(10**9) }}", LIMIT),
    ("{{ ('\\n' * 100000)|indent(9000, blank=true) }}", LIMIT),
    ("{{ ('\\n' * 100000)|indent('x' * 9000, true, true) }}", LIMIT),
    ("{{ '%999999999d'|format(1) }}", LIMIT),
    ("{{ '%999999999d' % 1 }}", LIMIT),
    ("{{ '%-999999999s' % s }}", LIMIT),
    ("{{ '%0999999999d' % 1 }}", LIMIT),
    ("{{ '%.999999999f' % f }}", LIMIT),
    ("{{ '%*d' % (999999999, 1) }}", LIMIT),
    ("{{ '%.*f' % (999999999, 1.5) }}", LIMIT),
    ("{{ '%(a)999999999s' % {'a': 1} }}", LIMIT),
    ("{{ '%99999999999999999999d' % 1 }}", LIMIT),
    ("{{ ('%s' * 100000)|format(*([s * 1000] * 100000)) }}", LIMIT),
    ("{{ ('%(a)s' * 100000) % {'a': s * 1000} }}", LIMIT),
    ("{{ b'%999999999d' % 1 }}", REFUSED),
    ("{{ ('%999999999d').encode() % 1 }}", LIMIT),
    ("{{ '{:999999999}'.format(1) }}", LIMIT),
    ("{{ '{:<999999999}'.format(s) }}", LIMIT),
    ("{{ '{:.999999999f}'.format(f) }}", LIMIT),
    ("{{ '{:{}}'.format(1, 999999999) }}", LIMIT),
    ("{{ '{:{w}}'.format(1, w=999999999) }}", LIMIT),
    ("{{ '{x:999999999}'.format_map({'x': 1}) }}", LIMIT),
    ("{{ ('{0}' * 100000).format(s * 1000) }}", LIMIT),
    ("{{ ('{0!r}' * 100000).format(s * 1000) }}", LIMIT),
    ("{{ ('{:999999999}'|safe).format(1) }}", LIMIT),
    ("{{ '{:99999999999999999999}'.format(1) }}", LIMIT),
    # Texts made of texts
    ("{{ ('a' * 100000)|replace('a', 'b' * 10000) }}", LIMIT),
    ("{{ ('a' * 100000).replace('a', 'b' * 10000) }}", LIMIT),
    ("{{ ('a' * 100000).replace('', 'b' * 10000) }}", LIMIT),
    ("{{ ('a' * 100000)|replace('', 'b' * 10000) }}", LIMIT),
    ("{{ ('a' * 100000).translate({97: 'b' * 10000}) }}", LIMIT),
    ("{{ ('b' * 10000).join('a' * 100000) }}", LIMIT),
    ("{{ ('b' * 10000).join(['a'] * 100000) }}", LIMIT),
    ("{{ ('b' * 10000).join(x|map('upper')|list * 1000) }}", LIMIT),
    ("{{ (['a'] * 100000)|join('b' * 10000) }}", LIMIT),
    ("{{ (['a' * 10000] * 100000)|join }}", LIMIT),
    ("{{ (range(100000)|map('string'))|join('b' * 10000) }}", LIMIT),
    ("{{ ('a ' * 90000)|wordwrap(1, wrapstring='b' * 10000) }}", LIMIT),
    ("{{ ('a ' * 900000)|wordwrap(1) }}", LIMIT),
    ("{{ ('a.com ' * 30000)|urlize(target='b' * 10000) }}", LIMIT),
    ("{{ ('a@' * 500000)|urlize }}", LIMIT),
    ("{{ lipsum(10**9) }}", LIMIT),
    ("{{ lipsum(1, min=10**9, max=10**9 + 1) }}", LIMIT),
    ("{{ {'a': [1] * 100}|tojson(indent=10**9) }}", LIMIT),
    ("{{ ([1] * 100000)|tojson(indent='x' * 1000) }}", LIMIT),
    ("{{ ([[1]] * 300000)|pprint }}", LIMIT),
    ("{{ ([[1]] * 100000)|sum(start=[])|length }}", LIMIT),
    ("{{ [1]|batch(10**9, 'x')|list }}", LIMIT),
    ("{{ [1]|slice(10**9)|list }}", LIMIT),
    ("{{ 'é'.encode('punycode') }}", LIMIT),
    ("{{ 'é'.encode('idna') }}", LIMIT),
    ("{{ b.decode('unicode_escape') }}", LIMIT),
    ("{{ ('a' * 5000000).rfind('a' * 2000000 ~ 'b') }}", LIMIT),
    ("{{ ('a' * 5000000).rsplit('a' * 2000000 ~ 'b')|length }}", LIMIT),
    # Steps
    ("{{ range(10**9) }}", REFUSED),
    ("{% for i in range(10**9) %}{% endfor %}", REFUSED),
    ("{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}", LIMIT),
    ("{% for i in range(100000) %}{% for j in range(100000) %}a{% endfor %}{% endfor %}", LIMIT),
    ("{% for i in range(100000) %}{% for j in range(100000) if false %}{% endfor %}{% endfor %}", LIMIT),
    ("{% for i in range(100000) if range(100000)|sum < 0 %}{% endfor %}", LIMIT),
    ("{% for i in range(100000) %}{{ range(100000)|list|length }}{% endfor %}", LIMIT),
    ("{% for i in range(9000) %}{{ range(100000)|map('string')|first }}{% endfor %}", LIMIT),
    ("{% for i in range(100000) %}{{ range(100000)|map('string')|last }}{% endfor %}", REFUSED),
    ("{% for i in range(100000) %}{{ range(100000)|select('lt', 0)|first }}{% endfor %}", LIMIT),
    ("{% for i in range(100000) %}{{ range(100000)|map('abs')|max }}{% endfor %}", LIMIT),
    ("{% for i in range(100000) %}{{ range(100000)|sum }}{% endfor %}", LIMIT),
    ("{% for i in range(100000) %}{{ (s * 100000)|upper|length }}{% endfor %}", LIMIT),
    ("{% for i in range(100000) %}{{ (s * 100000).count('d') }}{% endfor %}", LIMIT),
    ("{% for i in range(100000) %}{{ (s * 100000)[::-1]|length }}{% endfor %}", LIMIT),
    ("{% for a in x recursive %}{{ loop(x) }}{% endfor %}", LIMIT),
    (
        "{% for a in [1] recursive %}{% for i in range(100000) %}{% for j in range(100) %}{% endfor %}{% endfor %}{% endfor %}",
        LIMIT,
    ),
    ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", LIMIT),
    ("{% macro a() %}{{ b2() }}{% endmacro %}{% macro b2() %}{{ a() }}{% endmacro %}{{ a() }}", LIMIT),
    ("{% macro m(k) %}{% if k %}{{ m(k - 1) }}{{ m(k - 1) }}{% endif %}{% endmacro %}{{ m(50) }}", LIMIT),
    ("{% macro m(k) %}{% if k %}{{ m(k - 1) }}{{ m(k - 1) }}{% endif %}aaaaaaaaaa{% endmacro %}{{ m(25) }}", LIMIT),
    (
        "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{% call m() %}{{ 'a' * 9000000 }}{{ 'a' * 9000000 }}{{ 'a' * 9000000 }}{% endcall %}{% endcall %}",
        LIMIT,
    ),
    ("{% block a %}{{ self.a() }}{% endblock %}", LIMIT),
    (
        "{% set ns = namespace(x='a') %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}",
        LIMIT,
    ),
    (
        "{% set ns = namespace(x='a') %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x }}",
        LIMIT,
    ),
    (
        "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
        LIMIT,
    ),
    (
        "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = {'a': ns.x, 'b': ns.x} %}{% endfor %}{{ ns.x|tojson }}",
        LIMIT,
    ),
    (
        "{% set ns = namespace(x=(1,)) %}{% for i in range(60) %}{% set ns.x = (ns.x, ns.x) %}{% endfor %}{{ {ns.x: 1} }}",
        LIMIT,
    ),
    (
        "{% set ns = namespace(x=1) %}{% for i in range(60) %}{% set ns.x = namespace(a=ns.x, b=ns.x) %}{% endfor %}{{ ns.x }}",
        LIMIT,
    ),
    (
        "{% set ns = namespace(x=1) %}{% for i in range(60) %}{% set ns.x = dict(a=ns.x, b=ns.x) %}{% endfor %}{{ ns.x }}",
        LIMIT,
    ),
    ("{% set ns = namespace(x=7) %}{% for i in range(60) %}{% set ns.x = ns.x * ns.x %}{% endfor %}{{ ns.x }}", LIMIT),
    (
        "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x|length }}",
        LIMIT,
    ),
    (
        "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x]|list %}{% endfor %}{{ ns.x == 1 }}",
        LIMIT,
    ),
    ("{% set l = [] %}{% for i in range(60) %}{% set _ = l.append(l) %}{% endfor %}{{ l }}", LIMIT),
    ("{% set l = [1] %}{% for i in range(60) %}{% set _ = l.extend(l) %}{% endfor %}{{ l|length }}", LIMIT),
    (
        "{% set l = [[]] %}{% for i in range(45) %}{% set k = [] %}{% set _ = k.append(l[-1]) %}{% set _ = k.append(l[-1]) %}{% set _ = l.append(k) %}{% endfor %}{{ l[-1] == l[-1][0] }}",
        LIMIT,
    ),
    (
        "{% set l = [] %}{% for i in range(100000) %}{% for j in range(100) %}{% set _ = l.append('aaaaaaaaaa') %}{% endfor %}{% endfor %}",
        LIMIT,
    ),
    ("{% set l = [] %}{% for i in range(9000) %}{% set _ = l.insert(0, i) %}{% endfor %}{{ l|length }}", "9000"),
    (
        "{% set ns = namespace(g=[1]) %}{% for i in range(5000) %}{% set ns.g = ns.g|map('abs') %}{% endfor %}{{ ns.g|list }}",
        LIMIT,
    ),
    ("{% filter center(10**9) %}a{% endfilter %}", LIMIT),
    ("{% filter indent(10**9) %}a{% endfilter %}", LIMIT),
    ("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", LIMIT),
    ("{{ " + "[" * 5000 + "]" * 5000 + " }}", LIMIT),
    ("{{ " + "1+" * 20000 + "1 }}", LIMIT),
    ("{{ " + "not " * 20000 + "1 }}", LIMIT),
    ("{% if 1 %}" * 3000 + "{% endif %}" * 3000, LIMIT),
    ("{% for i in x %}" * 30 + "{% endfor %}" * 30, REFUSED),
    ("{{ x }}" * 30000, LIMIT),
    ("a" * 5_000_000, LIMIT),
]


def outcome(template: str) -> str:
    try:
        return render(template, VARIABLES)
    except LimitExceeded as error:
        return LIMIT if error.hint else error.message
    except TemplateError as error:
        return REFUSED if error.hint else error.message


@pytest.mark.parametrize(("template", "wanted"), EXCESSES, ids=lambda text: text[:50])
def test_no_template_runs_away(template: str, wanted: str) -> None:
    begun = time.monotonic()
    assert outcome(template) == wanted
    assert time.monotonic() - begun < SECONDS


def test_the_table_is_as_long_as_it_should_be() -> None:
    assert len({template for template, _ in EXCESSES}) >= 120


@pytest.mark.parametrize(
    "template",
    [
        "{{ 'a' * 10**9 }}",
        "{{ 'a'|center(10**9) }}",
        "{% set ns = namespace(x='a') %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        "{% set l = [] %}{% for i in range(100000) %}{% for j in range(100) %}{% set _ = l.append('a' * 9999) %}{% endfor %}{% endfor %}",
        "{% for i in range(100000) %}{{ 'a' * 9999 }}{% endfor %}",
        "{% set ns = namespace(x=[]) %}{% for i in range(100000) %}{% set ns.x = ns.x + ['a' * 9999] %}{% endfor %}",
    ],
)
def test_memory_stays_within_bounds(template: str) -> None:
    tracemalloc.start()
    try:
        assert outcome(template) == LIMIT
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 25 * MAX_TEXT


@pytest.mark.parametrize(
    ("value", "weight"),
    [
        ("abc", 3),
        (b"abc", 3),
        ([], 0),
        (["abc", "d"], 2 * ITEM + 4),
        ({"a": "bc"}, 2 * ITEM + 3),
        (range(5), 5 * ITEM),
        (None, 0),
        (2**30, 10),
    ],
)
def test_values_weigh_what_they_would_write(value: Any, weight: int) -> None:
    assert weigh(value) == weight


def test_repeated_parts_weigh_each_time() -> None:
    part = ["x" * 100]
    assert weigh([part] * 10) == 10 * (ITEM + weigh(part))


def test_what_contains_itself_is_too_large() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(LimitExceeded):
        weigh(value)


def test_objects_weigh_nothing_and_are_not_looked_into() -> None:
    assert weigh(SimpleNamespace(text="x" * 1000)) == 0


def test_depth_counts_nesting() -> None:
    assert depth_of("a") == 1
    assert depth_of([[1], {"a": [2]}]) == 3


def test_a_budget_counts_up_to_its_limits() -> None:
    budget = Budget()
    for _ in range(MAX_STEPS):
        budget.step()
    with pytest.raises(LimitExceeded, match="steps"):
        budget.step()
    for _ in range(MAX_WORK // MAX_TEXT):
        budget.charge(MAX_TEXT)
    with pytest.raises(LimitExceeded, match="too much text"):
        budget.charge(1)
    with pytest.raises(LimitExceeded, match="more than"):
        Budget().charge(MAX_TEXT + 1)
    with pytest.raises(LimitExceeded):
        list(budget.counted(iter([1])))


def test_a_budget_ends_when_its_time_does() -> None:
    with pytest.raises(LimitExceeded, match="too long"):
        Budget(seconds=-1).step()
    with pytest.raises(LimitExceeded, match="too long"):
        Budget(seconds=-1).charge(MAX_TEXT)
