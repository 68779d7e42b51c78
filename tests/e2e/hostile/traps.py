"""Flow folders that bite whoever opens them carelessly, as a table: each trap's name and the function that lays it.

A trap's code, wherever it hides, writes a file named after the trap into the folder of canaries; opening a flow must never make it
sing. ``{sing}`` in a text stands for a Python expression that does it, ``{canaries}`` for that folder, ``{outside}`` for a file
outside the flow that holds a secret.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

DAG = """inputs:
  text: {type: string, default: hello}
outputs:
  o: {type: string, reference: "${n.output}"}
nodes:
- name: n
  type: python
  source: {type: code, path: n.py}
  inputs: {text: "${inputs.text}"}
"""
PROMPT_DAG = DAG.replace("type: python", "type: prompt").replace("n.py", "n.jinja2")
LLM_DAG = (
    DAG.replace("type: python", "type: llm").replace("n.py", "n.jinja2") + "  connection: open_ai_connection\n  api: chat\n"
)
TOOL = """from promptflow.core import tool


@tool
def n(text: str) -> str:
    return text
"""


@dataclass(frozen=True)
class Place:
    """Where one trap is laid: its folder, the canary that its code would write, and a secret outside the folder."""

    folder: Path
    canary: Path
    outside: Path

    @property
    def sing(self) -> str:
        return f"__import__('pathlib').Path({str(self.canary)!r}).write_text('sung')"

    def write(self, files: Mapping[str, str | bytes]) -> None:
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, str):
                content = content.replace("{sing}", self.sing).replace("{canary}", str(self.canary))
                content = content.replace("{outside}", str(self.outside)).encode("utf-8", "surrogatepass")
            path.write_bytes(content)


Layer = Callable[[Place], None]
TRAPS: dict[str, Layer] = {}
SINGS_WHEN_RUN: set[str] = set()
"""Traps whose canary sings once the flow is run: what the watch must be able to see."""


def trap(name: str, *, runs: bool = False) -> Callable[[Layer], Layer]:
    def keep(layer: Layer) -> Layer:
        assert name not in TRAPS, name
        TRAPS[name] = layer
        if runs:
            SINGS_WHEN_RUN.add(name)
        return layer

    return keep


def files(name: str, content: Mapping[str, str | bytes], *, runs: bool = False) -> None:
    """A trap made of files alone."""
    trap(name, runs=runs)(lambda place: place.write(content))


# Code that would run at import: in every place where Python evaluates something

TOOL_CODE = {
    "statement": "{sing}\n" + TOOL,
    "decorator": TOOL.replace("@tool", "@(lambda f: ({sing}, tool(f))[1])"),
    "decorator_call": "def deco(x):\n    {sing}\n    return tool\n\n\nfrom promptflow.core import tool\n\n\n@deco(1)\ndef n(text: str) -> str:\n    return text\n",
    "default": TOOL.replace("text: str", "text: str = {sing}"),
    "keyword_default": TOOL.replace("text: str", "text: str, *, more={sing}"),
    "annotation": TOOL.replace("text: str", "text: {sing}"),
    "return_annotation": TOOL.replace("-> str", "-> {sing}"),
    "class_body": TOOL + "\n\nclass Hidden:\n    {sing}\n",
    "base_class": TOOL + "\n\nclass Hidden({sing} and object):\n    pass\n",
    "metaclass": "class Meta(type):\n    def __prepare__(*a):\n        {sing}\n        return {}\n\n\nclass Hidden(metaclass=Meta):\n    pass\n\n\n" + TOOL,
    "init_subclass": "class Base:\n    def __init_subclass__(cls):\n        {sing}\n\n\nclass Hidden(Base):\n    pass\n\n\n" + TOOL,
    "set_name": "class D:\n    def __set_name__(self, *a):\n        {sing}\n\n\nclass Hidden:\n    d = D()\n\n\n" + TOOL,
    "class_decorator": TOOL + "\n\n@(lambda c: {sing})\nclass Hidden:\n    pass\n",
    "enum_member": "from enum import Enum\n\nfrom promptflow.core import tool\n\n\nclass Tone(str, Enum):\n    A = str({sing})\n\n\n@tool\ndef n(text: Tone) -> str:\n    return text\n",
    "dataclass_field": "from dataclasses import dataclass\n\n\n@dataclass\nclass Hidden:\n    x: int = {sing}\n\n\n" + TOOL,
    "comprehension": "[{sing} for _ in range(1)]\n" + TOOL,
    "lambda_called": "(lambda: {sing})()\n" + TOOL,
    "walrus": "if (x := {sing}):\n    pass\n" + TOOL,
    "format_string": "f'{{sing}}'\n" + TOOL,
    "try_import": "try:\n    import nothing_of_that_name\nexcept ImportError:\n    {sing}\n" + TOOL,
    "type_checking": "from typing import TYPE_CHECKING\n\nif not TYPE_CHECKING:\n    {sing}\n" + TOOL,
    "while_loop": "while True:\n    {sing}\n    break\n" + TOOL,
    "with_statement": "class C:\n    def __enter__(self):\n        {sing}\n    def __exit__(self, *a):\n        pass\n\n\nwith C():\n    pass\n" + TOOL,
    "assert_statement": "assert {sing}\n" + TOOL,
    "del_method": "class C:\n    def __del__(self):\n        {sing}\n\n\nC()\n" + TOOL,
    "helper_import": "import helper\n" + TOOL,
    "helper_star_import": "from helper import *\n" + TOOL,
    "package_import": "import package.deep.deeper\n" + TOOL,
    "importlib": "import importlib\n\nimportlib.import_module('helper')\n" + TOOL,
    "exec_text": "exec(\"{sing}\")\n" + TOOL,
    "docstring": "'''{sing}\n\n>>> {sing}\n'''\n" + TOOL,
    "tool_provider": "from promptflow.core import ToolProvider, tool\n\n\nclass N(ToolProvider):\n    kept = {sing}\n\n    def __init__(self, text: str = {sing}):\n        {sing}\n\n    @tool\n    def n(self, more: str = 'x') -> str:\n        return more\n",
    "connection_class": "from promptflow.connections import CustomStrongTypeConnection\nfrom promptflow.core import tool\n\n\nclass Mine(CustomStrongTypeConnection):\n    token: str = {sing}\n\n\n@tool\ndef n(text: Mine) -> str:\n    return 'x'\n",
    "annotations_as_text": "from __future__ import annotations\n\n" + TOOL.replace("text: str", "text: '{sing}'"),
    "module_getattr": "def __getattr__(name):\n    {sing}\n\n\n" + TOOL,
    "dunder_all": "__all__ = [{sing}]\n" + TOOL,
}  # fmt: skip
HELPERS = {
    "helper.py": "{sing}\n__all__ = ['x']\nx = 1\n",
    "package/__init__.py": "{sing}\n",
    "package/deep/__init__.py": "{sing}\n",
    "package/deep/deeper.py": "{sing}\n",
}
NEVER_SING = {"format_string", "docstring", "annotations_as_text", "module_getattr", "connection_class", "tool_provider"}
for _name, _source in TOOL_CODE.items():
    files(f"code.{_name}", {"flow.dag.yaml": DAG, "n.py": _source, **HELPERS}, runs=_name not in NEVER_SING)

# Python that is hard to read, or that a reader might work out

HARD_PYTHON: dict[str, str | bytes] = {
    "power": TOOL.replace("text: str", "text: int = 9**9**9"),
    "shift": TOOL.replace("text: str", "text: int = 1 << 10**12"),
    "repeat_text": TOOL.replace("text: str", "text: str = 'x' * 10**11"),
    "repeat_list": TOOL.replace("text: str", "text: list = [0] * 10**11"),
    "repeat_bytes": TOOL.replace("text: str", "text: bytes = b'x' * 10**11"),
    "format_width": TOOL.replace("text: str", "text: str = '%99999999999d' % 1"),
    "factorial": "import math\n" + TOOL.replace("text: str", "text: int = math.factorial(10**9)"),
    "nested_sums": TOOL.replace("text: str", "text: int = " + "+".join(["1"] * 60000)),
    "nested_lists": TOOL.replace("text: str", "text: list = " + "[" * 3000 + "]" * 3000),
    "nested_parentheses": "x = " + "(" * 20000 + "1" + ")" * 20000 + "\n" + TOOL,
    "nested_calls": "x = " + "f(" * 50000 + ")" * 50000 + "\n" + TOOL,
    "nested_minus": TOOL.replace("text: str", "text: int = " + "-" * 60000 + "1"),
    "nested_blocks": "".join("    " * i + "if 1:\n" for i in range(90)) + "    " * 90 + "pass\n" + TOOL,
    "long_number": TOOL.replace("text: str", "text: int = " + "9" * 100_000),
    "many_lines": "x = 1\n" * 300_000 + TOOL,
    "long_line": "x = '" + "y" * 5_000_000 + "'\n" + TOOL,
    "many_functions": "".join(f"def f{i}(a, b=1): ...\n" for i in range(20000)) + TOOL,
    "many_tools": "from promptflow.core import tool\n" + "".join(f"@tool\ndef f{i}(a, b=1): ...\n" for i in range(5000)),
    "many_parameters": TOOL.replace("text: str", ", ".join(f"a{i}: int = {i}" for i in range(10000))),
    "dotted_name": "x = a" + ".b" * 50000 + "\n" + TOOL,
    "star_imports_in_a_circle": "from a import *\n" + TOOL,
    "null_bytes": TOOL.encode() + b"\0\0\0",
    "not_utf8": b"\xff\xfe" + TOOL.encode("utf-16-le"),
    "utf7": b"# coding: utf-7\n+AHs-sing+AH0-\n" + TOOL.encode(),
    "rot13": b"# -*- coding: rot13 -*-\n" + TOOL.encode(),
    "unicode_escape": b"# -*- coding: unicode_escape -*-\n# \\u000a{sing}\n" + TOOL.encode(),
    "unknown_coding": b"# -*- coding: no-such-coding -*-\n" + TOOL.encode(),
    "surrogates": TOOL + "# \ud800\n",
    "form_feeds": "\f\v\f\n" * 1000 + TOOL,
    "bidirectional": TOOL.replace("return text", "return text  # \u202e \u2066 {sing}"),
}
for _name, _text in HARD_PYTHON.items():
    files(f"python.{_name}", {"flow.dag.yaml": DAG, "n.py": _text, "a.py": "from b import *\n", "b.py": "from a import *\n"})

# Files that Python, its tools or an editor pick up by themselves

STARTUP = {
    "sitecustomize": {"sitecustomize.py": "{sing}\n"},
    "usercustomize": {"usercustomize.py": "{sing}\n"},
    "conftest": {"conftest.py": "{sing}\n", "tests/conftest.py": "{sing}\n"},
    "pth": {"evil.pth": "import pathlib; {sing}\n", "site-packages/evil.pth": "import pathlib; {sing}\n"},
    "init": {"__init__.py": "{sing}\n", "__main__.py": "{sing}\n"},
    "setup": {"setup.py": "{sing}\n", "setup.cfg": "[metadata]\nname = attr: n.NAME\n", "pyproject.toml": "[build-system]\nrequires = ['evil @ file:///tmp']\n"},
    "tox_pytest": {"pytest.ini": "[pytest]\naddopts = -p n\n", "tox.ini": "[testenv]\ncommands = python -c '{sing}'\n"},
    "dotenv": {".env": "PYTHONSTARTUP=n.py\nLD_PRELOAD=./evil.so\n", ".envrc": "touch {canary}\n", ".python-version": "../../evil\n"},
    "git": {".git/hooks/post-checkout": "#!/bin/sh\ntouch {canary}\n", ".git/config": "[core]\nfsmonitor = touch {canary}\npager = touch {canary}\n", ".git/HEAD": "ref: refs/heads/main\n"},
    "pyc": {"__pycache__/n.cpython-311.pyc": b"\xa7\r\r\n" + b"\0" * 12 + b"\xe3", "n.pyc": b"\xa7\r\r\n" + b"\0" * 12 + b"\xe3"},
    "ipython": {".ipython/profile_default/startup/x.py": "{sing}\n", "ipython_config.py": "{sing}\n", ".pdbrc": "{sing}\n"},
    "requirements": {"requirements.txt": "-e .\n-r {outside}\n--index-url http://127.0.0.1:9/\n--extra-index-url file:///tmp\nevil @ git+ssh://127.0.0.1/evil\n", "setup.py": "{sing}\n"},
    "dist_info": {"evil-1.0.dist-info/METADATA": "Name: evil\nVersion: 1.0\n", "evil-1.0.dist-info/entry_points.txt": "[flowloom.nodes]\n\"loom.python.tool\" = evil:node\n[flowloom.commands]\nvalidate = evil:register\n[package_tools]\nx = evil:tools\n", "evil.py": "{sing}\n"},
    "makefile": {"Makefile": "all:\n\ttouch {canary}\n", ".vscode/tasks.json": "{}", ".idea/workspace.xml": "<x/>"},
}  # fmt: skip
for _name, _extra in STARTUP.items():
    files(f"startup.{_name}", {"flow.dag.yaml": DAG, "n.py": TOOL, **_extra})

SHADOWS = [
    "flowloom/__init__.py", "flowloom/flows/__init__.py", "yaml.py", "yaml/__init__.py", "_yaml.py", "jinja2/__init__.py", "json.py", "os.py", "re.py",
    "typing.py", "dataclasses.py", "networkx.py", "rich/__init__.py", "keyring.py", "openai.py", "argparse.py", "encodings/__init__.py", "ast.py",
    "pathlib.py", "promptflow/__init__.py", "promptflow/core/__init__.py", "importlib/__init__.py", "nodes/__init__.py", "flows/__init__.py",
    "string.py", "tokenize.py", "xml/__init__.py", "html/__init__.py", "markupsafe.py", "codecs.py",
]  # fmt: skip
for _path in SHADOWS:
    _label = _path.removesuffix("/__init__.py").removesuffix(".py").replace("/", ".")
    files(f"shadow.{_label}.{'package' if _path.endswith('__init__.py') else 'module'}", {"flow.dag.yaml": DAG, "n.py": TOOL, _path: "{sing}\nraise SystemExit\n"})

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

# Paths

PATHS = {
    "parent": "../outside",
    "far_parent": "../" * 60 + "etc/passwd",
    "absolute": "/etc/passwd",
    "home": "~/.ssh/id_rsa",
    "zero": "/dev/zero",
    "stdin": "/dev/stdin",
    "memory": "/proc/self/mem",
    "environ": "/proc/self/environ",
    "network_share": "//127.0.0.1/share/n.py",
    "windows": "C:\\\\Windows\\\\win.ini",
    "windows_parent": "..\\\\..\\\\outside",
    "url": "http://127.0.0.1:9/n.py",
    "file_url": "file:///etc/passwd",
    "null_byte": "n.py\\0.txt",
    "newline": "n\\n.py",
    "long": "d/" * 3000 + "n.py",
    "long_name": "n" * 5000 + ".py",
    "folder": ".",
    "empty": "",
    "inside_and_out": "x/../../outside",
}
for _name, _path in PATHS.items():
    for _kind, _dag in (("python", DAG), ("prompt", PROMPT_DAG)):
        files(f"path.{_name}.{_kind}", {"flow.dag.yaml": _dag.replace("path: n.py", f'path: "{_path}"').replace("path: n.jinja2", f'path: "{_path}"')})
files("path.image_default", {"flow.dag.yaml": DAG.replace("{type: string, default: hello}", "{type: image, default: {\"data:image/png;path\": /etc/passwd}}"), "n.py": TOOL})
files("path.image_url", {"flow.dag.yaml": DAG.replace("{type: string, default: hello}", "{type: image, default: \"http://127.0.0.1:9/x.png\"}"), "n.py": TOOL})
files("path.includes", {"flow.dag.yaml": DAG + "additional_includes:\n- /\n- /dev/zero\n- ../../..\n- ~\n- ../outside\n- /proc\n", "n.py": TOOL})
files("path.includes_zip", {"flow.dag.yaml": DAG + "additional_includes: [../../../../../../tmp.zip, /etc.zip]\n", "n.py": TOOL})
files("path.environment", {"flow.dag.yaml": DAG + "environment_variables: {LD_PRELOAD: ./evil.so, PYTHONSTARTUP: n.py, PATH: ., PYTHONPATH: ., JAVA_TOOL_OPTIONS: x, BROWSER: \"touch {canary}\", HOME: .}\n", "n.py": TOOL})
files("path.connection", {"flow.dag.yaml": LLM_DAG.replace("open_ai_connection", "../../outside"), "n.jinja2": "user:\nhi"})


@trap("link.tool_outside")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG})
    (place.folder / "n.py").symlink_to(place.outside)


@trap("link.tool_through_folder")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG.replace("n.py", "sub/outside.txt")})
    (place.folder / "sub").symlink_to(place.outside.parent)


@trap("link.tool_to_itself")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG})
    (place.folder / "n.py").symlink_to("n.py")


@trap("link.tool_in_a_circle")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG.replace("n.py", "a/b/a/b/n.py")})
    (place.folder / "a").symlink_to("b")
    (place.folder / "b").symlink_to("a")


@trap("link.folder_in_itself")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG.replace("n.py", "self/" * 50 + "n.py"), "n.py": TOOL})
    (place.folder / "self").symlink_to(".")


@trap("link.tool_to_zero")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG})
    (place.folder / "n.py").symlink_to("/dev/zero")


@trap("link.prompt_to_random")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": PROMPT_DAG})
    (place.folder / "n.jinja2").symlink_to("/dev/urandom")


@trap("link.tool_to_standard_input")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG})
    (place.folder / "n.py").symlink_to("/proc/self/fd/0")


@trap("link.flow_file_outside")
def _(place: Place) -> None:
    place.write({"n.py": TOOL})
    (place.folder / "flow.dag.yaml").symlink_to(place.outside)


@trap("link.flow_file_to_zero")
def _(place: Place) -> None:
    (place.folder / "flow.dag.yaml").symlink_to("/dev/zero")


@trap("link.flow_file_dangling")
def _(place: Place) -> None:
    (place.folder / "flow.dag.yaml").symlink_to("/nowhere/at/all")


@trap("link.layout_outside")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG, "n.py": TOOL})
    (place.folder / "flow.layout.json").symlink_to(place.outside)
    (place.folder / "flow.pins.json").symlink_to("/dev/zero")


@trap("link.private_folder_outside")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG, "n.py": TOOL})
    (place.folder / ".flowloom").symlink_to(place.outside.parent)


@trap("link.template_folder_outside")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": PROMPT_DAG.replace("n.jinja2", "prompts/outside.txt")})
    (place.folder / "prompts").symlink_to("../" * 3 + "..")


@trap("device.tool_is_a_pipe")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG})
    os.mkfifo(place.folder / "n.py")


@trap("device.prompt_is_a_pipe")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": PROMPT_DAG})
    os.mkfifo(place.folder / "n.jinja2")


@trap("device.flow_file_is_a_pipe")
def _(place: Place) -> None:
    os.mkfifo(place.folder / "flow.dag.yaml")


@trap("device.layout_is_a_pipe")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG, "n.py": TOOL})
    os.mkfifo(place.folder / "flow.layout.json")
    os.mkfifo(place.folder / "flow.pins.json")


@trap("device.tool_is_a_socket")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG})
    before = os.getcwd()
    os.chdir(place.folder)  # a socket's path is short
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("n.py")
    finally:
        os.chdir(before)


@trap("device.tool_is_a_folder")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG, "n.py/__init__.py": "{sing}\n"})


@trap("device.flow_file_is_a_folder")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml/flow.dag.yaml": DAG})


@trap("device.helper_is_a_pipe")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG, "n.py": "from helper import *\n" + TOOL.replace("str =", "str")})
    os.mkfifo(place.folder / "helper.py")


@trap("device.unreadable")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG, "n.py": TOOL})
    (place.folder / "n.py").chmod(0)


@trap("device.very_large_tool")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG})
    with open(place.folder / "n.py", "wb") as file:
        file.truncate(50 * 1024**3)


@trap("device.very_large_flow_file")
def _(place: Place) -> None:
    with open(place.folder / "flow.dag.yaml", "wb") as file:
        file.truncate(50 * 1024**3)


@trap("device.very_large_layout")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG, "n.py": TOOL})
    for name in ("flow.layout.json", "flow.pins.json"):
        with open(place.folder / name, "wb") as file:
            file.truncate(50 * 1024**3)


@trap("device.many_files")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG, "n.py": TOOL})
    for number in range(3000):
        (place.folder / f"f{number}.py").touch()


@trap("device.names_that_are_no_text")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG, "n.py": TOOL})
    Path(os.fsdecode(os.fsencode(place.folder) + b"/\xff\xfe\x1b[2J")).touch()


@trap("device.deep_folders")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG, "n.py": TOOL, "/".join(["d"] * 200) + "/x.py": "{sing}\n"})


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

# Prompty and flex

PROMPTIES: dict[str, str] = {
    "file_outside": "sample: ${file:../../../../etc/passwd}\ninputs: {text: {type: string}}",
    "file_absolute": "sample: ${file:/etc/passwd}",
    "file_zero": "sample: ${file:/dev/zero}",
    "file_itself": "sample: ${file:ask.prompty}",
    "file_environ": "inputs: ${file:/proc/self/environ}",
    "env_secret": "inputs: {text: {type: string, default: '${env:HOME}'}}",
    "python_tag": "x: !!python/object/apply:os.system ['touch {canary}']",
    "bomb": laughs(10, 10).strip(),
    "nested": "x: " + "[" * 3000 + "]" * 3000,
    "connection": "y: ${file:n.py}",
}
for _name, _front in PROMPTIES.items():
    files(f"prompty.{_name}", {"ask.prompty": "---\nname: Ask\nmodel:\n  api: chat\n  configuration: {type: openai, model: gpt-4o, api_key: \"${env:HOME}\"}\n" + _front + "\n---\nuser:\n{{text}}\n", "n.py": "{sing}\n"})
files("prompty.template", {"ask.prompty": "---\nname: Ask\nmodel: {api: chat, configuration: {type: openai, model: gpt-4o}}\n---\nuser:\n" + TEMPLATES["globals"] + TEMPLATES["constant_folding"]})
files("prompty.dashes", {"ask.prompty": "---\n" * 100_000})
files("prompty.no_end", {"ask.prompty": "---\nname: Ask\n" + "x: y\n" * 1})

FLEX = {
    "import": "entry: n:N\n",
    "system": "entry: os:system\nsample: {inputs: {command: \"touch {canary}\"}}\n",
    "expression": "entry: \"__import__('os').system('touch {canary}'):x\"\n",
    "parent": "entry: ../n:N\n",
    "absolute": "entry: /etc/passwd:x\n",
    "shadow": "entry: yaml:load\n",
    "no_colon": "entry: n\n",
    "many_colons": "entry: \"n" + ":n" * 10_000 + "\"\n",
    "long": "entry: " + "n." * 50_000 + "n:N\n",
    "init": "entry: n:N\ninit: {a: {type: string, default: !!python/name:os.system }}\n",
    "not_text": "entry: [n, N]\n",
}  # fmt: skip
for _name, _yaml in FLEX.items():
    files(f"flex.{_name}", {"flow.flex.yaml": _yaml, "n.py": "{sing}\n\n\nclass N:\n    {sing}\n\n    def __init__(self, a={sing}):\n        {sing}\n\n    def __call__(self):\n        {sing}\n", "yaml.py": "{sing}\n"}, runs=_name == "import")
files("flex.both", {"flow.flex.yaml": "entry: n:N\n", "flow.dag.yaml": DAG, "n.py": "{sing}\n"})

# Tools of packages, and what a flow says about modules

MODULES = {
    "llm_module": LLM_DAG + "  module: helper\n",
    "llm_provider": LLM_DAG + "  provider: helper\n",
    "tools_list": DAG + "tools:\n- {name: x, type: python, module: helper, function: system, inputs: {}}\n- {name: y, type: python, code: \"{sing}\", inputs: {}}\n",
    "package_tool": DAG.replace("{type: code, path: n.py}", "{type: package, tool: os.system}"),
    "package_tool_of_folder": DAG.replace("{type: code, path: n.py}", "{type: package, tool: helper.run}"),
    "package_tool_long": DAG.replace("{type: code, path: n.py}", "{type: package, tool: " + "a." * 20_000 + "b}"),
    "custom_llm": DAG.replace("type: python", "type: custom_llm").replace("{type: code, path: n.py}", "{type: package_with_prompt, tool: os.system, path: n.jinja2}"),
    "variants": DAG.replace("  type: python\n  source: {type: code, path: n.py}\n", "  use_variants: true\n") + "node_variants: {n: {default_variant_id: v, variants: {v: {node: {type: python, source: {type: code, path: n.py}}}}}}\n",
    "assistant": DAG.replace('{text: "${inputs.text}"}', "{definition: assistant.yaml}"),
}  # fmt: skip
for _name, _yaml in MODULES.items():
    files(f"module.{_name}", {"flow.dag.yaml": _yaml, "n.py": "{sing}\n" + TOOL, "n.jinja2": "user:\nhi", "helper.py": "{sing}\n", "assistant.yaml": "tools:\n- {type: function, source: {type: code, path: n.py}}\n"})


def lay(name: str, folder: Path, canaries: Path, outside: Path) -> Place:
    """Make the folder of one trap."""
    folder.mkdir(parents=True)
    place = Place(folder, canaries / name, outside)
    TRAPS[name](place)
    return place
