"""Code that would run at import, Python that is hard to read, and files that Python or its tools pick up by themselves."""

from __future__ import annotations

from place import DAG, TOOL, files

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
