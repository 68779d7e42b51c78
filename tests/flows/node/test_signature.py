"""Tools read from their text: nothing of it runs."""

from __future__ import annotations

import inspect
import sys
import time

import pytest

from flowloom.flows.model.flow import MISSING
from flowloom.flows.node.signature import ToolFault, ToolSignature, read_tool

CORE = "from promptflow.core import tool\n"


def signature(source: str, **modules: str) -> ToolSignature:
    return read_tool(source, filename="a.py", sources=lambda name: modules.get(name.replace(".", "_")))


def test_everything_of_a_tool_is_read() -> None:
    found = signature(
        CORE
        + '''
@tool(name="Adder", description="Adds.")
async def add(first: int, second: float = 1.5, *, many: list = None, **others) -> dict:
    """Ignored."""
    yield first
'''
    )
    assert (found.function, found.title, found.doc, found.line) == ("add", "Adder", "Adds.", 4)
    assert found.is_async
    assert found.is_generator
    assert found.takes_kwargs
    assert found.ports.accepts_named
    assert found.class_name is None
    assert found.parameters == ("first", "second", "many")
    assert {name: (port.type, port.required) for name, port in found.ports.inputs.items()} == {
        "first": ("int", True),
        "second": ("double", False),
        "many": ("list", False),
    }
    assert found.defaults == {"second": 1.5, "many": None}
    assert found.ports.inputs["first"].default is MISSING


@pytest.mark.parametrize(
    "source",
    [
        "from promptflow.core import tool\n@tool\ndef f(x): ...",
        "from promptflow.core import tool\n@tool()\ndef f(x): ...",
        "from promptflow import tool\n@tool\ndef f(x): ...",
        "from promptflow.core import tool as t\n@t\ndef f(x): ...",
        "import promptflow\n@promptflow.tool\ndef f(x): ...",
        "import promptflow.core as pf\n@pf.tool(name='a')\ndef f(x): ...",
        "from promptflow._core.tool import tool\n@tool\ndef f(x): ...",
        "from promptflow.core import *\n@tool\ndef f(x): ...",
        "from flowloom.flows import tool\n@tool\ndef f(x): ...",
        "from flowloom.flows import tool, Context\n@tool\ndef f(x, ctx: Context): ...",
        "from flowloom.flows import tool\nimport flowloom.flows as fl\n@tool\ndef f(ctx: 'fl.Context', x): ...",
        "from helper import tool\n@tool\ndef f(x): ...",
        "from promptflow.core import tool\n@tool\n@other\ndef f(x): ...",
        "from promptflow.core import tool\nif True:\n    @tool\n    def f(x): ...",
        "try:\n    from promptflow.core import tool\nexcept ImportError:\n    tool = None\n@tool\ndef f(x): ...",
        "from promptflow.core import tool\ndef f(x): ...\nmade = tool(f)",
        "from promptflow.core import tool\n@tool\ndef f(y): ...\n@tool\ndef f(x): ...",
        "from promptflow.core import tool\n@tool\ndef f(x):\n    @tool\n    def inner(): ...",
        "\ufefffrom promptflow.core import tool\n@tool\ndef f(x): ...",
        "from promptflow.core import tool\n@tool\ndef f(x, *rest): ...",
        "from promptflow.core import tool\n@tool\ndef f(x, /): ...",
        "from promptflow.core import tool, ToolProvider\nclass P(ToolProvider):\n    @tool\n    def f(self, x): ...",
        "import promptflow.core\nclass P(promptflow.core.ToolProvider):\n    @promptflow.core.tool\n    async def f(self, x): ...",
    ],
)
def test_a_tool_is_found_however_it_is_marked(source: str) -> None:
    found = signature(source)
    assert found.function == "f"
    assert list(found.ports.inputs) == ["x"]


def test_the_helper_of_a_folder_says_what_its_names_mean() -> None:
    source = "from helper import mark, How\n@mark\ndef f(how: How): ...\n@untold\ndef g(): ..."
    helper = "from promptflow.core import tool as mark\nimport enum\nclass How(enum.Enum):\n    A = 'a'\n"
    found = signature(source, helper=helper)
    assert found.ports.inputs["how"].choices == ("a",)


def test_a_class_of_tools_takes_what_its_init_takes_too() -> None:
    found = signature(
        "from promptflow.core import ToolProvider, tool\n"
        "class Base(ToolProvider):\n    def __init__(self, key: str, size: int = 3): ...\n"
        "class Mine(Base):\n    @tool\n    def go(self, text: str): ...\n"
    )
    assert found.class_name == "Mine"
    assert found.init_parameters == ("key", "size")
    assert found.parameters == ("key", "size", "text")


def test_connections_and_prompts_are_told_apart() -> None:
    found = signature(
        CORE
        + "from typing import Union\nfrom promptflow.connections import AzureOpenAIConnection as A, OpenAIConnection, CustomStrongTypeConnection\n"
        "from promptflow.contracts.types import PromptTemplate\n"
        "class Mine(CustomStrongTypeConnection):\n    url: str\n"
        "@tool\ndef f(c: Union[A, OpenAIConnection], m: Mine, prompt: PromptTemplate, name): ..."
    )
    assert found.connection_classes == {"c": ("AzureOpenAIConnection", "OpenAIConnection"), "m": ("Mine",)}
    assert found.custom_connections == {"m": ("Mine",)}
    assert found.ports.inputs["c"].connection_kinds == ("azure_open_ai", "open_ai")
    assert found.ports.inputs["m"].connection_kinds == ("custom",)
    assert found.prompt_parameter == "prompt"
    assert found.ports.inputs["name"].type == "object"


@pytest.mark.parametrize("annotation", ["Context", "'Context'", "fl.Context"])
def test_a_context_is_no_input(annotation: str) -> None:
    found = signature(
        f"from flowloom.flows import Context, tool\nimport flowloom.flows as fl\n@tool\ndef f(x, run: {annotation}): ..."
    )
    assert found.wants_context
    assert found.context_parameter == "run"
    assert list(found.ports.inputs) == ["x"]


@pytest.mark.parametrize(
    ("source", "code", "line"),
    [
        ("def f(", "syntax", 1),
        ("x = 1\n\ty = 2", "syntax", 2),
        ("a\0b", "syntax", None),
        ("(" * 5000, "syntax", 1),
        ("x = " + "-" * 100_000 + "1", "syntax", None),
        ("", "none", 1),
        ("def f(): ...", "none", 1),
        ("import re\nx = re.compile('a')\nclass A:\n    def f(self): ...", "none", 1),
        (CORE + "@tool\ndef f(): ...\n@tool\ndef g(): ...", "several", 5),
        (
            CORE
            + "from promptflow.core import ToolProvider\n@tool\ndef f(): ...\nclass P(ToolProvider):\n    @tool\n    def g(self): ...",
            "several",
            7,
        ),
        ("from made import *", "unseen", 1),
        ("from made import mark\n@mark\ndef f(): ...", "unseen", 1),
        ("exec('x')", "unseen", 1),
        ("from base import Base\nclass P(Base): ...", "unseen", 1),
    ],
)
def test_what_is_no_tool_is_told(source: str, code: str, line: int | None) -> None:
    with pytest.raises(ToolFault) as caught:
        signature(source)
    assert (caught.value.code, caught.value.file) == (code, "a.py")
    assert line is None or caught.value.line == line
    assert caught.value.message.endswith(".")
    assert caught.value.hint


def test_a_function_can_be_asked_for_by_name() -> None:
    source = "def go(a: int): ...\nclass C:\n    def __call__(self, b: str): ...\n    def __init__(self, k=1): ..."
    assert list(read_tool(source, filename="a.py", function="go").ports.inputs) == ["a"]
    found = read_tool(source, filename="a.py", function="C.__call__")
    assert found.parameters == ("k", "b")
    with pytest.raises(ToolFault, match="no function called 'other'"):
        read_tool(source, filename="a.py", function="other")


TRAPS = [
    "import os; os.environ['TRAPPED'] = '1'",
    "raise SystemExit",
    "while True: pass",
    "def f(x=__import__('os').abort()): ...",
    "class M(type):\n    def __new__(*a): raise SystemExit\nclass C(metaclass=M): ...",
    "@(lambda f: __import__('os').abort())\ndef g(): ...",
]


@pytest.mark.parametrize("trap", TRAPS)
def test_nothing_of_the_file_runs(trap: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = set(sys.modules)
    found = signature(CORE + trap + "\n@tool\ndef t(y: int = 1 + 1): ...")
    assert found.function == "t"
    assert found.ports.inputs["y"].default == 2
    assert "TRAPPED" not in __import__("os").environ
    assert not {name for name in set(sys.modules) - before if name.startswith("promptflow")}


def test_modules_and_names_that_lead_in_circles_end() -> None:
    begun = time.monotonic()
    modules = {"b": "from a import X\nclass Y(X): ...", "a": "from b import Y\nclass X(Y): ..."}
    found = signature(CORE + "from a import X\ny = z\nz = y\n@tool\ndef f(x: X, w: y): ...", **modules)
    assert [port.type for port in found.ports.inputs.values()] == ["object", "object"]
    assert time.monotonic() - begun < 2


def test_parameters_are_those_python_sees() -> None:
    source = CORE + "@tool\ndef f(a, b=1, /, c=2, *args, d, e=5, **kw): ..."
    names: dict[str, object] = {}
    exec(source.replace(CORE, "tool = lambda f: f\n"), names)  # noqa: S102
    real = inspect.signature(names["f"]).parameters  # pyright: ignore[reportArgumentType]
    found = signature(source)
    wanted = {name: p.default for name, p in real.items() if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)}
    assert {name: port.default for name, port in found.ports.inputs.items()} == {
        name: MISSING if default is inspect.Parameter.empty else default for name, default in wanted.items()
    }


def test_a_file_too_long_to_read_is_left_unseen() -> None:
    with pytest.raises(ToolFault, match="cannot be seen") as caught:
        read_tool("x = 1\n" * 100_000, filename="n.py")
    assert caught.value.code == "unseen"
