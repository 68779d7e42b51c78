"""Templates that try to escape, or to use up more than a rendering may, beside those that do neither.

Each is ``(template, outcome)``: the text it renders to, or one of the words below. ``VARIABLES`` are what they are rendered with.
"""

from __future__ import annotations

import copy
import time
import tracemalloc
from types import SimpleNamespace
from typing import Any

import pytest
from flowloom.flows.engine.budget import MAX_TEXT
from flowloom.flows.engine.render import render
from flowloom.flows.engine.sandbox import changes_values, private
from flowloom.flows.errors import LimitExceeded, TemplateError

LIMIT = "limit"
"""LimitExceeded."""
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
    ("{% for a in [1] recursive %}{% for i in range(100000) %}{% for j in range(100) %}{% endfor %}{% endfor %}{% endfor %}", LIMIT),
    ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", LIMIT),
    ("{% macro a() %}{{ b2() }}{% endmacro %}{% macro b2() %}{{ a() }}{% endmacro %}{{ a() }}", LIMIT),
    ("{% macro m(k) %}{% if k %}{{ m(k - 1) }}{{ m(k - 1) }}{% endif %}{% endmacro %}{{ m(50) }}", LIMIT),
    ("{% macro m(k) %}{% if k %}{{ m(k - 1) }}{{ m(k - 1) }}{% endif %}aaaaaaaaaa{% endmacro %}{{ m(25) }}", LIMIT),
    ("{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{% call m() %}{{ 'a' * 9000000 }}{{ 'a' * 9000000 }}{{ 'a' * 9000000 }}{% endcall %}{% endcall %}", LIMIT),
    ("{% block a %}{{ self.a() }}{% endblock %}", LIMIT),
    ("{% set ns = namespace(x='a') %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}", LIMIT),
    ("{% set ns = namespace(x='a') %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x }}", LIMIT),
    ("{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}", LIMIT),
    ("{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = {'a': ns.x, 'b': ns.x} %}{% endfor %}{{ ns.x|tojson }}", LIMIT),
    ("{% set ns = namespace(x=(1,)) %}{% for i in range(60) %}{% set ns.x = (ns.x, ns.x) %}{% endfor %}{{ {ns.x: 1} }}", LIMIT),
    ("{% set ns = namespace(x=1) %}{% for i in range(60) %}{% set ns.x = namespace(a=ns.x, b=ns.x) %}{% endfor %}{{ ns.x }}", LIMIT),
    ("{% set ns = namespace(x=1) %}{% for i in range(60) %}{% set ns.x = dict(a=ns.x, b=ns.x) %}{% endfor %}{{ ns.x }}", LIMIT),
    ("{% set ns = namespace(x=7) %}{% for i in range(60) %}{% set ns.x = ns.x * ns.x %}{% endfor %}{{ ns.x }}", LIMIT),
    ("{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x|length }}", LIMIT),
    ("{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x]|list %}{% endfor %}{{ ns.x == 1 }}", LIMIT),
    ("{% set l = [] %}{% for i in range(60) %}{% set _ = l.append(l) %}{% endfor %}{{ l }}", LIMIT),
    ("{% set l = [1] %}{% for i in range(60) %}{% set _ = l.extend(l) %}{% endfor %}{{ l|length }}", LIMIT),
    ("{% set l = [[]] %}{% for i in range(45) %}{% set k = [] %}{% set _ = k.append(l[-1]) %}{% set _ = k.append(l[-1]) %}{% set _ = l.append(k) %}{% endfor %}{{ l[-1] == l[-1][0] }}", LIMIT),
    ("{% set l = [] %}{% for i in range(100000) %}{% for j in range(100) %}{% set _ = l.append('aaaaaaaaaa') %}{% endfor %}{% endfor %}", LIMIT),
    ("{% set l = [] %}{% for i in range(9000) %}{% set _ = l.insert(0, i) %}{% endfor %}{{ l|length }}", "9000"),
    ("{% set ns = namespace(g=[1]) %}{% for i in range(5000) %}{% set ns.g = ns.g|map('abs') %}{% endfor %}{{ ns.g|list }}", LIMIT),
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
    ("{% set ns = namespace(c=0) %}{% for i in range(1000) %}{% set ns.c = ns.c + i %}{% endfor %}{{ ns.c }}", "499500"),
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
    ("{{ [1, 2]|groupby('real')|list|length }}{{ [3, 1, 2]|sort }}{{ [1, 1]|unique|list }}{{ [1, 2]|sum }}", "2[1, 2, 3][1]3"),
    ("{{ [undefined_name, 1]|length }}{{ [undefined_name]|select|list }}{{ [undefined_name] }}", "2[][Undefined]"),
    ("{{ undefined_name|default('d') }}{{ d.zz }}{{ d['zz'] }}", "d"),
    ("\r\n{{ s }}\r\n", "\nabc\n"),
    ("{{{'a': 1}}}", "{'a': 1}"),
    ("{ {{ s }} }", "{ abc }"),
    ("{{s}}}", "abc}"),
    ("", ""),
]

SECONDS = 8.0
"""No payload may take longer, on a slow computer."""


def variables() -> dict[str, Any]:
    made = {name: copy.deepcopy(value) for name, value in VARIABLES.items() if name != "gen"}
    return {**made, "gen": (number for number in range(3))}


def outcome(template: str) -> str:
    try:
        return render(template, variables())
    except LimitExceeded as error:
        assert error.hint
        return LIMIT
    except TemplateError as error:
        assert error.message.startswith("The prompt")
        assert error.hint
        return REFUSED


def shown(payload: Any) -> str:
    return payload[:50] if isinstance(payload, str) else ""


@pytest.mark.parametrize(("template", "wanted"), ESCAPES, ids=shown)
def test_no_template_reaches_the_inner_workings(template: str, wanted: str) -> None:
    found = outcome(template)
    assert found == wanted or (wanted.startswith("<") and found.startswith(wanted))


@pytest.mark.parametrize(("template", "wanted"), EXCESSES, ids=shown)
def test_no_template_runs_away(template: str, wanted: str) -> None:
    begun = time.monotonic()
    assert outcome(template) == wanted
    assert time.monotonic() - begun < SECONDS


@pytest.mark.parametrize(("template", "wanted"), HARMLESS, ids=shown)
def test_ordinary_templates_render_as_ever(template: str, wanted: str) -> None:
    assert outcome(template) == wanted


def test_the_table_is_as_long_as_it_should_be() -> None:
    assert len({template for template, _ in ESCAPES + EXCESSES}) >= 300


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
    "template",
    ["{{ x.append(1) }}", "{{ d.update({'z': 1}) }}", "{{ d.b.clear() }}", "{% set _ = x.sort(reverse=true) %}", "{{ d.pop('a') }}"],
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
