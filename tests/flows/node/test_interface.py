from __future__ import annotations

import pytest

from flowloom.flows.node.interface import is_connection_class, is_custom_connection_class, read_interface

HEAD = """
from enum import Enum
from typing import *
from flowloom.flows.node.context import Context
from promptflow.connections import *
from promptflow.connections import AzureOpenAIConnection, CustomStrongTypeConnection, OpenAIConnection
from promptflow.contracts.multimedia import Image
from promptflow.contracts.types import FilePath, PromptTemplate, Secret
class Colour(str, Enum):
    RED = "red"
    BLUE = "blue"
class Mine(CustomStrongTypeConnection):
    key: Secret
class Text(str): ...
Name = NewType("Name", str)
Number = int
"""


@pytest.fixture
def read(code):
    def read(signature: str, init: str = ""):
        body = f"{HEAD}\nclass Owner:\n    def __init__(self{init}): ...\ndef function({signature}): ...\n"
        module = code({"t.py": body}).load_tool_file("t.py")
        return read_interface(module.function, module.Owner.__init__ if init else None)

    return read


@pytest.mark.parametrize(
    ("parameter", "type"),
    [
        ("a: int", "int"),
        ("a: float", "double"),
        ("a: bool", "bool"),
        ("a: str", "string"),
        ("a: list", "list"),
        ("a: Number", "int"),
        ("a: dict", "object"),
        ("a", "object"),
        ("a: List[str]", "object"),
        ("a: list[int]", "object"),
        ("a: Any", "object"),
        ("a: Text", "object"),
        ("a: Name", "object"),
        ("a: 'int'", "object"),
        ("a: Optional[int]", "int"),
        ("a: Union[int, str]", "object"),
        ("a: int | None", "object"),
        ("a: None", "object"),
        ("a=3", "int"),
        ("a=2.5", "double"),
        ("a=True", "bool"),
        ("a='x'", "string"),
        ("a=[1]", "list"),
        ("a=None", "object"),
        ("a: Image", "image"),
        ("a: Secret", "secret"),
        ("a: PromptTemplate", "prompt_template"),
        ("a: FilePath", "file_path"),
        ("a: Colour", "string"),
        ("a=Colour.RED", "string"),
        ("a: OpenAIConnection", "connection"),
        ("a: Optional[OpenAIConnection] = None", "connection"),
        ("a: OpenAIConnection | None = None", "connection"),
        ("a: Union[OpenAIConnection, AzureOpenAIConnection]", "connection"),
        ("a: Mine", "connection"),
        ("a: 'OpenAIConnection'", "object"),
        ("a: Union[OpenAIConnection, str]", "object"),
    ],
)
def test_exactly_the_known_types_count(read, parameter, type):
    assert read(parameter).ports.inputs["a"].type == type


def test_defaults_choices_and_what_no_flow_can_give(read):
    found = read("a, /, b: int = 2, *args, c=Colour.BLUE, ctx: Context, p: PromptTemplate = '', **more")
    assert list(found.ports.inputs) == ["a", "b", "c", "p"]
    assert found.ports.inputs["a"].required
    assert not found.ports.inputs["b"].required
    assert (found.ports.inputs["c"].choices, found.ports.inputs["c"].default) == (("red", "blue"), "blue")
    assert (found.context, found.prompt, found.ports.accepts_named) == ("ctx", "p", True)
    assert found.defaults["b"] == 2
    assert found.defaults["c"].name == "BLUE"


def test_the_context_is_found_where_annotations_are_text(code):
    tool = "from __future__ import annotations\nfrom flowloom.flows.node.context import Context\ndef function(ctx: Context, a: int): ...\n"
    found = read_interface(code({"t.py": tool}).load_tool_file("t.py").function)
    assert found.context == "ctx"
    assert found.ports.inputs["a"].type == "object"


def test_connections_name_their_kinds_and_classes(read):
    found = read("a: Union[OpenAIConnection, AzureOpenAIConnection], m: Mine")
    assert found.ports.inputs["a"].connection_kinds == ("open_ai", "azure_open_ai")
    assert found.ports.inputs["m"].connection_kinds == ("custom",)
    assert [kind.__name__ for kind in found.connections["a"]] == ["OpenAIConnection", "AzureOpenAIConnection"]
    assert is_connection_class(found.connections["m"][0])
    assert is_custom_connection_class(found.connections["m"][0])
    assert not is_connection_class("OpenAIConnection")


def test_parameters_of_the_constructor_are_inputs_too(read):
    found = read("q: str", ", a: int, b: str = 'x'")
    assert list(found.ports.inputs) == ["a", "b", "q"]
    assert found.settings == ("a", "b")


def test_a_name_cannot_be_both(read):
    with pytest.raises(ValueError, match="'a' is a parameter of both function and __init__"):
        read("a: str", ", a: int")
