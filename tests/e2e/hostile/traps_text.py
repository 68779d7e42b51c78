"""Templates and YAML that attack whoever reads them, and what stands beside the flow as JSON."""

from __future__ import annotations

import json

from place import DAG, LLM_DAG, PROMPT_DAG, TOOL, files

# Templates

TEMPLATES = {
    "subclasses": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "globals": "{{ cycler.__init__.__globals__.os.system('touch {canary}') }}",
    "builtins": "{{ lipsum.__globals__['__builtins__']['__import__']('os').system('touch {canary}') }}",
    "attr_filter": "{{ ''|attr('__class__')|attr('mro')() }}",
    "format_attack": "{{ '{0.__class__.__init__.__globals__}'.format(text) }}",
    "include": "{% include '{outside}' %}{% include '../../outside' %}",
    "extends": "{% extends '/etc/passwd' %}",
    "import_macro": "{% import 'n.py' as x %}{{ x }}",
    "endless_loop": "{% for a in range(10**9) %}{% for b in range(10**9) %}{% endfor %}{% endfor %}",
    "endless_text": "{{ 'a' * 10**12 }}",
    "endless_power": "{{ 9**9**9 }}",
    "constant_folding": "{{ 'a' * 99999999999 ~ 'b' }}{{ 2 ** 99999999 }}{{ [1] * 9999999999 }}",
    "recursive_macro": "{% macro m(x) %}{{ m(x) }}{% endmacro %}{{ m(1) }}",
    "nested_ifs": "{% if a %}" * 400 + "{% endif %}" * 400,
    "nested_parentheses": "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "nested_lists": "{{ " + "[" * 5000 + "]" * 5000 + " }}",
    "long_sum": "{{ " + " + ".join(["1"] * 20000) + " }}",
    "many_variables": "".join(f"{{{{ v{i} }}}}" for i in range(20000)),
    "many_braces": "{{" * 50000,
    "unclosed_raw": "{% raw %}" + "x" * 1_000_000,
    "five_megabytes": "{{ text }} " * 500_000,
    "role_markers": "system:\nuser:\n" * 50_000,
    "image_markers": "![image]({{ x }})" * 20_000,
    "null_and_controls": "\0\x01\x02{{ text }}\x1b[31m",
    "line_statements": "# for x in y\n## {sing}\n%% import os\n",
    "deep_attributes": "{{ a" + ".b" * 20000 + " }}",
    "deep_filters": "{{ a" + "|upper" * 5000 + " }}",
}
for _name, _template in TEMPLATES.items():
    files(f"template.{_name}", {"flow.dag.yaml": PROMPT_DAG, "n.jinja2": _template})
for _name in ("globals", "constant_folding", "nested_parentheses", "role_markers"):
    files(f"llm_template.{_name}", {"flow.dag.yaml": LLM_DAG, "n.jinja2": "system:\nhi\nuser:\n" + TEMPLATES[_name]})

# YAML


def laughs(levels: int, width: int) -> str:
    lines = [f"a0: &a0 [{', '.join(['lol'] * width)}]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * width)}]" for i in range(1, levels)]
    return "\n".join(lines) + "\n"


def merges(levels: int) -> str:
    lines = ["m0: &m0 {k: v}"]
    lines += [f"m{i}: &m{i} {{<<: [*m{i - 1}, *m{i - 1}], k{i}: {{<<: *m{i - 1}}}}}" for i in range(1, levels)]
    return "\n".join(lines) + "\n"


YAML: dict[str, str | bytes] = {
    "object_apply": DAG + "x: !!python/object/apply:os.system ['touch {canary}']\n",
    "object_new": DAG + "x: !!python/object/new:type {args: ['z', [], {}]}\n",
    "name": DAG + "x: !!python/name:os.system\n",
    "module": DAG + "x: !!python/module:n\n",
    "state": DAG + "x: !!python/object:n.Hidden {x: 1}\n",
    "tag_directive": "%TAG ! tag:yaml.org,2002:python/object/apply:\n---\n" + DAG + "x: !os.system ['touch {canary}']\n",
    "long_tag": DAG + "x: !<tag:yaml.org,2002:python/object/apply:os.system> ['touch {canary}']\n",
    "own_tag": DAG + "x: !include {outside}\ny: !env HOME\n",
    "binary": DAG + "x: !!binary " + "QUFB" * 100_000 + "\n",
    "sets": DAG + "x: !!set {a, b}\ny: !!omap [a: 1]\nz: !!pairs [a: 1]\n",
    "laughs": laughs(10, 10) + DAG,
    "laughs_wide": laughs(3, 300) + DAG,
    "laughs_deep": laughs(60, 2) + DAG,
    "merges": merges(30) + DAG,
    "alias_to_itself": "x: &x [*x]\n" + DAG,
    "alias_to_itself_mapping": "x: &x {k: *x}\n" + DAG,
    "alias_as_key": "x: &x [1, 2]\n*x : y\n" + DAG,
    "complex_keys": "? [a, b]\n: c\n? {a: b}\n: d\n" + DAG,
    "nested_flow": "x: " + "[" * 5000 + "]" * 5000 + "\n" + DAG,
    "nested_flow_open": "x: " + "[" * 100_000 + "\n" + DAG,
    "nested_maps": "x: " + "{a: " * 3000 + "1" + "}" * 3000 + "\n" + DAG,
    "nested_block": "".join(" " * i + f"k{i}:\n" for i in range(3000)) + " " * 3000 + "v\n",
    "nested_dashes": "x:\n" + "- " * 20000 + "1\n" + DAG,
    "duplicate_keys": DAG + DAG,
    "many_keys": "".join(f"k{i}: v\n" for i in range(60_000)) + DAG,
    "many_nodes": "nodes:\n" + "".join(f"- {{name: n{i}, type: python, source: {{type: code, path: n.py}}, inputs: {{text: '${{n{i + 1}.output}}'}}}}\n" for i in range(3000)),
    "many_inputs": "inputs:\n" + "".join(f"  i{i}: {{type: string, default: x}}\n" for i in range(8000)) + DAG.replace("inputs:\n  text: {type: string, default: hello}\n", ""),
    "eleven_megabytes": DAG + "# " + "x" * (11 * 1024 * 1024) + "\n",
    "nine_megabytes": DAG + "x: '" + "y" * (9 * 1024 * 1024) + "'\n",
    "long_number": DAG + "x: " + "9" * 200_000 + "\n",
    "long_float": DAG + "x: 1" + "0" * 100_000 + "e999999999\n",
    "long_hex": DAG + "x: 0x" + "f" * 200_000 + "\n",
    "underscores": DAG + "x: " + "1_" * 100_000 + "1\n",
    "sexagesimal": DAG + "x: " + "1:" * 50_000 + "1\n",
    "timestamps": DAG + "x: 2024-13-99T99:99:99Z\ny: 9999-12-31T23:59:59+99:99\nz: 0000-00-00\n",
    "long_key": DAG + "k" * 5000 + ": v\n",
    "long_plain_scalar": DAG + "x: " + "word " * 200_000 + "\n",
    "long_anchor": DAG + "x: &" + "a" * 200_000 + " v\n",
    "colons": DAG + "x: " + ": " * 50_000 + "\n",
    "quotes": DAG + 'x: "' + "\\x41" * 200_000 + '"\n',
    "documents": (DAG + "---\n") * 200,
    "tabs": DAG.replace("  ", "\t"),
    "controls": DAG + "x: \x07\x1b[31m\n",
    "null_bytes": DAG.encode() + b"\0\0",
    "not_utf8": b"\xff\xfe\xfd" + DAG.encode(),
    "utf16": DAG.encode("utf-16"),
    "utf32": DAG.encode("utf-32"),
    "surrogate_escape": DAG + 'x: "\\ud800"\n',
    "comments": "#\n" * 500_000 + DAG,
    "blank_lines": "\n" * 2_000_000 + DAG,
    "directive": "%YAML 9.9\n---\n" + DAG,
    "references": DAG.replace("${inputs.text}", "${" + "a." * 100_000 + "b}"),
    "reference_brackets": DAG.replace("${inputs.text}", "${n.output" + "[0]" * 50_000 + "}"),
    "terminal_codes": DAG.replace("name: n\n", 'name: "n\\e[2J\\e]0;owned\\a"\n'),
    "markup_names": DAG.replace("name: n\n", 'name: "n\\"]--><script>alert(1)</script>"\n'),
}  # fmt: skip
for _name, _yaml in YAML.items():
    files(f"yaml.{_name}", {"flow.dag.yaml": _yaml, "n.py": TOOL})

# What stands beside the flow

BESIDE: dict[str, str | bytes] = {
    "nested": "[" * 200_000,
    "nested_closed": "[" * 100_000 + "]" * 100_000,
    "nested_objects": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "duplicate_keys": '{"nodes": {}, "nodes": {"n": {"x": 1}}}',
    "wrong_shape": '[1, "two", null]',
    "wrong_values": json.dumps({"version": "x", "nodes": {"n": {"x": "NaN", "y": [], "title": {}}, "@inputs": 3}, "frames": "no"}),
    "not_a_number": '{"nodes": {"n": {"x": NaN, "y": Infinity}}}',
    "long_number": '{"nodes": {"n": {"x": ' + "9" * 100_000 + "}}}",
    "huge_text": '{"nodes": {"n": {"title": "' + "x" * 5_000_000 + '"}}}',
    "many_ids": json.dumps({"nodes": {f"n{i}": {"x": i, "y": i} for i in range(60_000)}}),
    "pickle": b"\x80\x04\x95cos\nsystem\n(S'touch canary'\ntR.",
    "reduce": json.dumps({"n": {"__reduce__": ["os.system", "touch"], "py/object": "os.system", "$type": "os.system"}}),
    "markup": json.dumps({"nodes": {"n": {"x": 0, "y": 0, "title": "<img src=file:///etc/passwd onerror=alert(1)>\x1b[2J"}}}),
    "not_utf8": b"\xff\xfe{}",
    "future_version": '{"version": 99999, "nodes": {}}',
}  # fmt: skip
for _name, _text in BESIDE.items():
    files(f"beside.{_name}", {"flow.dag.yaml": DAG, "n.py": TOOL, "flow.layout.json": _text, "flow.pins.json": _text})
