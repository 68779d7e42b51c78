"""Which annotation means which type, by prompt flow's rule that only a few count exactly."""

from __future__ import annotations

import pytest

from flowloom.flows.connections import kinds
from flowloom.flows.connections.connection import Connection
from flowloom.flows.node.annotations import CONNECTION_KINDS
from flowloom.flows.node.signature import read_tool
from flowloom.flows.node.spec import Port

HEAD = """
import enum, typing, typing as t
from dataclasses import dataclass
from enum import *
from typing import *
from promptflow.core import tool
from promptflow.contracts.types import AssistantDefinition, FilePath, PromptTemplate, Secret
from promptflow.contracts.multimedia import Image
from promptflow.connections import *
import promptflow.connections as pc
class C(Enum):
    A = "a"
    B = 2
    _private = 3
    def method(self): ...
class Auto(IntEnum):
    ONE = auto()
    TEN = 10
    ELEVEN = auto()
class Words(StrEnum):
    YES = auto()
class Mine(CustomStrongTypeConnection):
    url: str
class Yours(Mine): ...
@dataclass
class D:
    a: int
    b: str = ""
class T(TypedDict):
    x: int
Number = int
FIVE = 5
"""


def port(annotation: str = "", default: str = "") -> Port:
    source = f"{HEAD}@tool\ndef f(x{': ' + annotation if annotation else ''}{' = ' + default if default else ''}): ..."
    return read_tool(source, filename="a.py").ports.inputs["x"]


@pytest.mark.parametrize(
    ("annotation", "kind"),
    [
        ("int", "int"), ("float", "double"), ("bool", "bool"), ("str", "string"), ("list", "list"), ("Number", "int"),
        ("Optional[int]", "int"), ("Union[str, None]", "string"), ("t.Optional[str]", "string"), ("typing.Union[None, list]", "list"),
        ("Optional[Union[int, None]]", "int"), ("Secret", "secret"), ("PromptTemplate", "prompt_template"), ("FilePath", "file_path"),
        ("Image", "image"), ("AssistantDefinition", "assistant_definition"), ("Optional[Image]", "image"),
        # Everything else is an object.
        ("", "object"), ("dict", "object"), ("object", "object"), ("Any", "object"), ("List[str]", "object"), ("list[str]", "object"), ("List", "object"),
        ("Union[int, str]", "object"), ("int | None", "object"), ("str | int", "object"), ("Annotated[int, 'x']", "object"), ("Literal['a']", "object"),
        ("'int'", "object"), ("'OpenAIConnection'", "object"), ("D", "object"), ("T", "object"), ("tuple", "object"), ("bytes", "object"), ("None", "object"),
        ("Unknown", "object"), ("pc.Unknown", "object"), ("OpenAIConnection | None", "object"), ("Union[OpenAIConnection, int]", "object"),
        ("OpenAIConnection", "connection"), ("pc.SerpConnection", "connection"), ("Optional[OpenAIConnection]", "connection"), ("Mine", "connection"),
    ],
)  # fmt: skip
def test_annotations(annotation: str, kind: str) -> None:
    assert port(annotation).type == kind


@pytest.mark.parametrize(
    ("default", "kind", "value"),
    [
        ("1", "int", 1), ("-1", "int", -1), ("1.5", "double", 1.5), ("True", "bool", True), ("'s'", "string", "s"), ("[1]", "list", [1]), ("FIVE", "int", 5),
        ("60 * 60", "int", 3600), ("None", "object", None), ("{}", "object", {}), ("(1,)", "object", (1,)), ("C.A", "string", "a"), ("C.B", "string", 2),
    ],
)  # fmt: skip
def test_without_an_annotation_the_default_counts(default: str, kind: str, value: object) -> None:
    found = port(default=default)
    assert (found.type, found.default, found.required) == (kind, value, False)


def test_a_default_that_is_no_plain_value_is_not_known() -> None:
    found = port("str", "open('x').read()")
    assert not found.required
    assert not found.default


@pytest.mark.parametrize(
    ("annotation", "choices"),
    [("C", ("a", "2")), ("Optional[C]", ("a", "2")), ("Auto", ("1", "10", "11")), ("Words", ("yes",))],
)
def test_an_enum_gives_choices(annotation: str, choices: tuple[str, ...]) -> None:
    found = port(annotation)
    assert (found.type, found.choices) == ("string", choices)


@pytest.mark.parametrize(
    ("annotation", "kinds_of"),
    [
        ("Union[AzureOpenAIConnection, OpenAIConnection]", ("azure_open_ai", "open_ai")),
        ("Union[Mine, Yours, CustomConnection]", ("custom",)),
        ("Yours", ("custom",)),
    ],
)
def test_connections_say_which_kinds_fit(annotation: str, kinds_of: tuple[str, ...]) -> None:
    assert port(annotation).connection_kinds == kinds_of


def test_annotations_that_are_only_text_count_for_nothing() -> None:
    source = "from __future__ import annotations\n" + HEAD + "@tool\ndef f(a: int, b: OpenAIConnection, c=1): ..."
    assert [found.type for found in read_tool(source, filename="a.py").ports.inputs.values()] == [
        "object",
        "object",
        "int",
    ]


@pytest.mark.parametrize(
    ("returns", "kind"),
    [
        ("", "any"), (" -> str", "string"), (" -> list[str]", "list"), (" -> List[int]", "list"), (" -> dict", "object"), (" -> Dict[str, int]", "object"),
        (" -> Image", "image"), (" -> T", "object"), (" -> D", "object"), (" -> Iterator[str]", "any"), (" -> 'str'", "any"), (" -> C", "any"),
    ],
)  # fmt: skip
def test_the_output_has_the_type_that_is_promised(returns: str, kind: str) -> None:
    assert read_tool(f"{HEAD}@tool\ndef f(){returns}: ...", filename="a.py").ports.outputs["output"].type == kind


def test_the_fields_of_a_result_are_known() -> None:
    for name, fields in (("T", ["x"]), ("D", ["a", "b"])):
        output = read_tool(f"{HEAD}@tool\ndef f() -> {name}: ...", filename="a.py").ports.outputs["output"]
        assert list(output.schema["properties"]) == fields


def test_every_connection_class_has_its_kind() -> None:
    ours = {
        name: found.kind
        for name, found in vars(kinds).items()
        if isinstance(found, type)
        and issubclass(found, Connection)
        and not name.startswith("_")
        and found is not Connection
    }
    assert {name: CONNECTION_KINDS.get(name) for name in ours} == ours
