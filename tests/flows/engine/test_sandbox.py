"""Templates that try to escape from the sandbox, beside those that do not.

Each is ``(template, outcome)``: the text it renders to, or one of the words below. ``VARIABLES`` are what they are rendered with.
"""

from __future__ import annotations

import copy
from types import SimpleNamespace
from typing import Any

import pytest

from flowloom.flows.engine.render import render
from flowloom.flows.engine.sandbox import changes_values, private
from flowloom.flows.errors import TemplateError

REFUSED = "template"
"""TemplateError."""
NOTHING = ""
"""It renders, to nothing: what it asks for is not given."""

VARIABLES: dict[str, Any] = {
    "s": "abc",
    "n": 3,
    "x": ["a", "b"],
    "d": {"a": 1, "b": [1, 2]},
    "f": 1.5,
    "b": b"abc",
    "obj": SimpleNamespace(name="o"),
    "func": len,
    "gen": (i for i in range(3)),
}

_DUNDERS = [
    "__class__", "__mro__", "__bases__", "__base__", "__subclasses__", "__init__", "__globals__", "__builtins__", "__dict__",
    "__import__", "__code__", "__closure__", "__func__", "__self__", "__wrapped__", "__reduce__", "__reduce_ex__", "__getattribute__",
    "__init_subclass__", "__subclasshook__", "__call__", "__module__", "__format__", "__doc__", "__dir__",
]  # fmt: skip

ESCAPES: list[tuple[str, str]] = [
    # A hidden attribute is nothing, and anything of it is refused.
    *[(f"{{{{ s.{name} }}}}", NOTHING) for name in _DUNDERS],
    *[(f"{{{{ s['{name}'] }}}}", NOTHING) for name in _DUNDERS],
    *[(f"{{{{ s|attr('{name}') }}}}", NOTHING) for name in _DUNDERS],
    *[(f"{{{{ obj.{name}.x }}}}", REFUSED) for name in _DUNDERS],
    *[(f"{{{{ func.{name}() }}}}", REFUSED) for name in _DUNDERS],
    *[(f"{{{{ [s]|map(attribute='{name}')|list|length }}}}", "1") for name in _DUNDERS[:6]],
    *[(f"{{{{ '{{0.{name}}}'.format(s) }}}}", NOTHING) for name in _DUNDERS],
    *[(f"{{{{ '{{x.{name}}}'.format_map({{'x': s}}) }}}}", NOTHING) for name in _DUNDERS[:8]],
    *[(f"{{{{ ('{{0.{name}}}'|attr('format'))(s) }}}}", NOTHING) for name in _DUNDERS[:8]],
    *[(f"{{{{ '{{0.{name}}}'['format'](s) }}}}", NOTHING) for name in _DUNDERS[:4]],
    ("{{ s.__class__.__mro__ }}", REFUSED),
    ("{{ s.__class__.__mro__[1].__subclasses__() }}", REFUSED),
    ("{{ s.__class__() }}", REFUSED),
    ("{{ ''.__class__.__base__ }}", REFUSED),
    ("{{ s['__cla' ~ 'ss__'] }}", NOTHING),
    ("{{ s['__cla' 'ss__'].__mro__ }}", REFUSED),
    ("{{ s|attr('__cla' ~ 'ss__')|attr('__mro__') }}", NOTHING),
    ("{{ s|attr(['__cla', 'ss__']|join) }}", NOTHING),
    ("{{ s|attr('\\x5f\\x5fclass\\x5f\\x5f') }}", NOTHING),
    ("{{ ('{0.__class__.__mro__}'|safe).format(s) }}", REFUSED),
    ("{{ '{0[__class__]}'.format({'__class__': 1}) }}", "1"),
    ("{{ '%(x)s' % {'x': s.__class__} }}", NOTHING),
    ("{{ ['{0.__class__}']|map('format', s)|first }}", REFUSED),
    ("{{ '{0.__class__}'|format(s) }}", REFUSED),
    ("{{ (('{0.__class__}', s)|first).format(s) }}", NOTHING),
    ("{{ ['{.__class__}']|map(attribute='format')|first }}", "<function str.format at"),
    ("{% set f = '{0.__class__}'.format %}{{ f(s) }}", NOTHING),
    ("{% set f = '{0.__class__.__init__.__globals__}'.format_map %}{{ f({'0': s}) }}", REFUSED),
    ("{{ dict.mro() }}", REFUSED),
    ("{{ dict.mro }}", NOTHING),
    ("{{ range.mro }}", NOTHING),
    ("{{ dict.__subclasses__() }}", REFUSED),
    ("{{ dict.__base__.__subclasses__() }}", REFUSED),
    ("{{ lipsum.__globals__ }}", NOTHING),
    ("{{ lipsum.__globals__['os'] }}", REFUSED),
    ("{{ lipsum.func_globals }}", NOTHING),
    ("{{ cycler.__init__.__globals__.os.popen('id').read() }}", REFUSED),
    ("{{ joiner.__init__.__globals__ }}", REFUSED),
    ("{{ namespace.__init__.__globals__ }}", REFUSED),
    ("{{ self.__init__ }}", NOTHING),
    ("{{ self._TemplateReference__context }}", NOTHING),
    ("{{ self._TemplateReference__context.cycler }}", REFUSED),
    ("{{ config }}{{ request }}{{ os }}{{ __import__ }}{{ eval }}{{ exec }}{{ open }}{{ getattr }}", NOTHING),
    ("{{ __builtins__ }}", NOTHING),
    ("{{ eval('1') }}", REFUSED),
    ("{{ open('/etc/passwd').read() }}", REFUSED),
    ("{{ __import__('os').system('id') }}", REFUSED),
    ("{{ context }}{{ environment }}{{ resolve }}{{ blocks }}{{ missing }}", NOTHING),
    ("{{ environment.from_string('x') }}", REFUSED),
    ("{{ gen.gi_frame }}", NOTHING),
    ("{{ gen.gi_frame.f_globals }}", REFUSED),
    ("{{ gen.gi_code }}", NOTHING),
    ("{{ gen.gi_yieldfrom }}", NOTHING),
    ("{{ gen['gi_frame'] }}", NOTHING),
    ("{{ gen|attr('gi_frame') }}", NOTHING),
    ("{{ (x|map('upper')).gi_frame }}", NOTHING),
    ("{{ (x|map('upper')).gi_frame.f_back }}", REFUSED),
    ("{{ (x|select).cr_frame }}{{ gen.ag_frame }}{{ gen.cr_await }}", NOTHING),
    ("{% macro m() %}{% endmacro %}{{ m._func }}", NOTHING),
    ("{% macro m() %}{% endmacro %}{{ m.__call__.__func__ }}", REFUSED),
    ("{% macro m() %}{% endmacro %}{{ m._environment }}", NOTHING),
    ("{% for i in x %}{{ loop._iterator }}{% endfor %}", NOTHING),
    ("{% for i in x %}{{ loop.__init__ }}{% endfor %}", NOTHING),
    ("{{ x.__add__([1]) }}", REFUSED),
    ("{{ x.__setitem__(0, 1) }}", REFUSED),
    ("{{ obj.__setattr__('name', 1) }}", REFUSED),
    ("{% set obj.name = 1 %}", REFUSED),
    ("{% set s.x = 1 %}", REFUSED),
    ("{{ d.__class__.__init__.__globals__ }}", REFUSED),
    ("{{ b.__class__ }}", NOTHING),
    ("{{ (1).__class__.__base__ }}", REFUSED),
    ("{{ n.__add__(1) }}", REFUSED),
    ("{{ true.__class__ }}{{ none.__class__ }}", NOTHING),
    ("{{ none.__class__.__base__ }}", REFUSED),
    ("{{ undefined_name.__class__ }}", NOTHING),
    ("{% include '/etc/passwd' %}", REFUSED),
    ("{% include ['a', 'b'] ignore missing %}", REFUSED),
    ("{% import 'os' as os %}", REFUSED),
    ("{% from 'os' import system %}", REFUSED),
    ("{% extends 'base.html' %}", REFUSED),
    ("{% include s %}", REFUSED),
    ("{% do x.append(1) %}", REFUSED),
    ("{% debug %}", REFUSED),
    ("{% trans %}x{% endtrans %}", REFUSED),
    ("{{ x|attr('append') }}", "<built-in method append of list"),
    ("{% set k = 'app' ~ 'end' %}{{ x[k](1) }}", REFUSED),
    ("{{ x|map(attribute='__class__')|map(attribute='__mro__')|list }}", REFUSED),
    ("{{ x|groupby('__class__')|list|length }}", REFUSED),
    ("{{ x|sum(attribute='__class__') }}", REFUSED),
    ("{{ x|sort(attribute='__class__.__name__') }}", REFUSED),
    ("{{ x|join(attribute='__class__') }}", NOTHING),
    ("{{ x|selectattr('__class__')|list }}", "[]"),
    ("{{ x|map('attr', '__class__')|list|length }}", "2"),
    ("{{ x|map('format')|list }}", "['a', 'b']"),
    ("{{ 'os.system'|attr }}", REFUSED),
    ("{{ s.encode.__self__ }}", NOTHING),
    ("{{ s.format.__wrapped__ }}", "<function str.format at"),
    ("{{ '{0.__class__}'.format.__wrapped__(s) }}", NOTHING),
    ("{{ func.__self__ }}", NOTHING),
    ("{{ '{0.__self__}'.format(func) }}", NOTHING),
    ("{{ '{:{}}'.format(s, s.__class__) }}", "abc"),
    ("{{ '{!r}'.format(s) }}", "'abc'"),
]

HARMLESS: list[tuple[str, str]] = [
    ("{{ s }}", "abc"),
    ("{{ s }}{{ zz }}!", "abc!"),
    ("a\n{% if n %}\nb\n{% endif %}\nc\n", "a\nb\nc\n"),
    ("{% for i in x %}{{ loop.index }}{{ i }}{{ ',' if not loop.last }}{% endfor %}", "1a,2b"),
    ("{% for i in x if i != 'a' %}{{ loop.length }}{{ i }}{% else %}none{% endfor %}", "1b"),
    ("{% for i in [] %}{% else %}none{% endfor %}", "none"),
    ("{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}", "a=1;b=[1, 2];"),
    ("{% for i in [[1, [2]], [3]] recursive %}{{ loop(i) if i is iterable else i }}{% endfor %}", "123"),
    ("{% set l = [] %}{% for i in x %}{% set _ = l.append(i|upper) %}{% endfor %}{{ l|join('-') }}", "A-B"),
    ("{{ x.append('c') }}{{ x }}", "None['a', 'b', 'c']"),
    ("{% set _ = d.update({'a': 5}) %}{{ d.a }}", "5"),
    ("{{ x.pop() }}{{ x }}", "b['a']"),
    (
        "{% set ns = namespace(c=0) %}{% for i in range(1000) %}{% set ns.c = ns.c + i %}{% endfor %}{{ ns.c }}",
        "499500",
    ),
    ("{% macro m(a, b='z') %}<{{ a }}{{ b }}>{% endmacro %}{{ m(1) }}{{ m(2, b=3) }}", "<1z><23>"),
    ("{% macro m() %}[{{ caller() }}]{% endmacro %}{% call m() %}in{% endcall %}", "[in]"),
    ("{{ '%s-%03d' % (s, n) }}{{ '{:>5}|{}'.format(s, n) }}{{ '%5s'|format(s) }}", "abc-003  abc|3  abc"),
    ("{{ d|tojson }}{{ d|tojson(indent=1) }}", '{"a": 1, "b": [1, 2]}{\n "a": 1,\n "b": [\n  1,\n  2\n ]\n}'),
    ("{{ x|join(', ') }}{{ x|map('upper')|list }}{{ x|first }}{{ x|last }}{{ x|length }}", "a, b['A', 'B']ab2"),
    ("{{ s|center(7) }}{{ s|indent(2, true) }}{{ s|replace('a', 'z') }}{{ s|wordwrap(2) }}", "  abc    abczbcab\nc"),
    ("{{ 2**10 }}{{ n * 2 }}{{ 'a' * 3 }}{{ [1] * 2 }}{{ x + ['c'] }}{{ s ~ n }}", "10246aaa[1, 1]['a', 'b', 'c']abc3"),
    ("{{ (1, 's') }}{{ {'a': s} }}{{ [n, none] }}", "(1, 's'){'a': 'abc'}[3, None]"),
    ("{{ range(5)|batch(2)|list }}{{ range(4)|slice(2)|list }}", "[[0, 1], [2, 3], [4]][[0, 1], [2, 3]]"),
    ("{{ '-'.join(x) }}{{ s.replace('a', 'b') }}{{ s.upper() }}{{ s.split('b') }}", "a-bbbcABC['a', 'c']"),
    ("{{ '-'.join(x|map('upper')) }}", "A-B"),
    ("{{ lipsum(1, html=false)|length > 20 }}", "True"),
    ("{{ cycler('a', 'b').next() }}{% set j = joiner(',') %}{{ j() }}{{ j() }}", "a,"),
    ("{{ dict(a=1).a }}{{ namespace(b=2).b }}", "12"),
    ("{{ f|round(1) }}{{ '7'|int + 1 }}{{ '1.5'|float }}", "1.581.5"),
    ("{{ s if n > 2 else 'no' }}{{ n is odd }}{{ 'b' in s }}{{ n in [3] }}", "abcTrueTrueTrue"),
    ("{% raw %}{{ x }}{% endraw %}{# gone #}", "{{ x }}"),
    ("{% set b %}in {{ s }}{% endset %}{{ b }}", "in abc"),
    ("{% filter upper %}{{ s }}{% endfilter %}", "ABC"),
    ("{{ '<b>'|e }}{{ '<b>'|safe }}{{ '<i>x</i>'|striptags }}", "&lt;b&gt;<b>x"),
    ("{% with a = 1 %}{{ a }}{% endwith %}", "1"),
    ("{% block q %}in{% endblock %}{{ self.q() }}", "inin"),
    ("{{ s.encode('utf-8') }}{{ b.decode() }}", "b'abc'abc"),
    (
        "{{ [1, 2]|groupby('real')|list|length }}{{ [3, 1, 2]|sort }}{{ [1, 1]|unique|list }}{{ [1, 2]|sum }}",
        "2[1, 2, 3][1]3",
    ),
    ("{{ [undefined_name, 1]|length }}{{ [undefined_name]|select|list }}{{ [undefined_name] }}", "2[][Undefined]"),
    ("{{ undefined_name|default('d') }}{{ d.zz }}{{ d['zz'] }}", "d"),
    ("\r\n{{ s }}\r\n", "\nabc\n"),
    ("{{{'a': 1}}}", "{'a': 1}"),
    ("{ {{ s }} }", "{ abc }"),
    ("{{s}}}", "abc}"),
    ("", ""),
]


def variables() -> dict[str, Any]:
    made = {name: copy.deepcopy(value) for name, value in VARIABLES.items() if name != "gen"}
    return {**made, "gen": (number for number in range(3))}


def outcome(template: str) -> str:
    try:
        return render(template, variables())
    except TemplateError as error:
        return REFUSED if error.message.startswith("The prompt") and error.hint else error.message


def shown(payload: Any) -> str:
    return payload[:50] if isinstance(payload, str) else ""


@pytest.mark.parametrize(("template", "wanted"), ESCAPES, ids=shown)
def test_no_template_reaches_the_inner_workings(template: str, wanted: str) -> None:
    found = outcome(template)
    assert found == wanted or (wanted.startswith("<") and found.startswith(wanted))


@pytest.mark.parametrize(("template", "wanted"), HARMLESS, ids=shown)
def test_ordinary_templates_render_as_ever(template: str, wanted: str) -> None:
    assert outcome(template) == wanted


def test_the_table_is_as_long_as_it_should_be() -> None:
    assert len({template for template, _ in ESCAPES}) >= 200


@pytest.mark.parametrize(
    "template",
    [
        "{{ x.append(1) }}",
        "{{ d.update({'z': 1}) }}",
        "{{ d.b.clear() }}",
        "{% set _ = x.sort(reverse=true) %}",
        "{{ d.pop('a') }}",
    ],
)
def test_what_a_template_changes_is_its_own_copy(template: str) -> None:
    given = variables()
    render(template, given)
    assert {name: given[name] for name in ("x", "d")} == {name: VARIABLES[name] for name in ("x", "d")}


def test_a_template_that_names_no_such_method_works_on_the_values_themselves() -> None:
    assert changes_values("{{ x.append(1) }}")
    assert changes_values("{{ x['pop']() }}")
    assert not changes_values("{{ x|join }}")


def test_copies_keep_the_kind_of_list() -> None:
    class Own(list[Any]):
        pass

    original = Own([Own([1]), {"a": [2]}, {3}])
    made = private(original)
    assert type(made) is Own
    assert type(made[0]) is Own
    assert made == original
    made[1]["a"].append(0)
    made[2].add(0)
    assert original == Own([Own([1]), {"a": [2]}, {3}])
