from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, TypedDict

from flowloom.flows.connections.connection import Connection
from flowloom.flows.connections.kinds import AzureOpenAIConnection, CustomConnection, OpenAIConnection
from flowloom.flows.model.flow import MISSING, Constant, Flow, Node, Source
from flowloom.flows.model.images import Image
from flowloom.flows.node.context import Context
from flowloom.flows.node.declare import node
from flowloom.flows.node.function_node import Field, context_parameter
from flowloom.flows.node.spec import Effect, Port, Ports


class Size(StrEnum):
    SMALL = "small"
    BIG = "big"


class Reply(TypedDict):
    text: Annotated[str, "The text"]
    score: float


@dataclass
class Found:
    passages: list[str]
    image: Image


@node(id="test.all", title="All", category="Agents", effect=Effect.READ, hosts=("example.org",), secrets=("token",))
async def everything(
    text: Annotated[str, "What to read", Field(multiline=True)],
    number: int | None,
    picture: Image,
    anything: Any = None,
    *,
    ctx: Context,
    boldness: Annotated[float, Field(minimum=0, maximum=2)] = 0.5,
    size: Size = Size.SMALL,
    mode: Literal["fast", "good"] = "good",
    keys: CustomConnection | None = None,
    model: OpenAIConnection | AzureOpenAIConnection,
    any_connection: Connection | None = None,
    token: str = "",
    **more: Annotated[int, "Further numbers"],
) -> Reply:
    """Do everything.

    At once.
    """
    return Reply(text=text, score=boldness)


def port(name: str) -> Port:
    return everything.spec.ports.inputs[name]


def test_parameters_become_ports_and_settings():
    assert list(everything.spec.ports.inputs) == [
        "text", "number", "picture", "anything", "boldness", "size", "mode", "keys", "model", "any_connection", "token"
    ]  # fmt: skip
    assert (port("text").type, port("text").required, port("text").description, port("text").multiline) == (
        "string",
        True,
        "What to read",
        True,
    )
    assert (port("number").type, port("picture").type, port("anything").type) == ("int", "image", "any")
    assert (port("anything").required, port("anything").default) == (False, None)
    assert next(name for name in everything.spec.ports.inputs if port(name).is_setting) == "boldness"
    assert (port("boldness").minimum, port("boldness").maximum, port("boldness").default) == (0, 2, 0.5)
    assert (port("size").choices, port("size").default) == (("small", "big"), "small")
    assert (port("mode").type, port("mode").choices) == ("string", ("fast", "good"))
    assert (port("model").type, port("model").required, port("model").default) == ("connection", True, MISSING)
    assert (port("model").connection_kinds, port("keys").connection_kinds, port("any_connection").connection_kinds) == (
        ("open_ai", "azure_open_ai"),
        ("custom",),
        (),
    )
    assert (everything.spec.ports.accepts_named, everything.spec.ports.named_type) == (True, "int")
    assert context_parameter(everything.function) == "ctx"


def test_the_spec_says_what_was_declared():
    spec = everything.spec
    assert (spec.help, spec.effect, spec.hosts, spec.kind) == ("Do everything.\n\nAt once.", Effect.READ, ("example.org",), "agent")
    assert set(spec.secrets) == {"token", "keys", "model", "any_connection"}


def test_return_types_become_outputs():
    @node(id="test.found", title="Found", category="Documents")
    def found() -> Found:
        """Find."""
        return Found([], Image(b""))

    @node(id="test.plain", title="Plain", category="Text")
    def plain() -> Annotated[list[int], "Numbers"]:
        """Count."""
        return []

    outputs = everything.spec.ports.outputs
    assert {name: (port.type, port.description) for name, port in outputs.items()} == {"text": ("string", "The text"), "score": ("double", "")}
    assert {name: port.type for name, port in found.spec.ports.outputs.items()} == {"passages": "list", "image": "image"}
    assert plain.spec.ports.outputs["output"] == Port("output", "list", description="Numbers")


def test_ports_can_follow_from_settings_as_they_are_written():
    def ports(settings):
        return Ports({f"part{n}": Port(f"part{n}") for n in range(settings["count"])})

    @node(id="test.parts", title="Parts", category="Text", ports=ports)
    def parts(*, count: int = 2, **named: str) -> str:
        """Join parts."""
        return ""

    flow = Flow(Path("/"), "f", "f", "dag")
    plain = Node(name="n", type="python", source=Source("package", None, "test.parts"))  # type: ignore[arg-type]
    three = Node(name="n", type="python", source=plain.source, inputs={"count": Constant(3)})  # type: ignore[arg-type]
    assert list(parts.ports(plain, flow, None).inputs) == ["part0", "part1"]  # type: ignore[arg-type]
    assert list(parts.ports(three, flow, None).inputs) == ["part0", "part1", "part2"]  # type: ignore[arg-type]


def test_what_may_not_be_repeated_is_not_cached():
    @node(id="test.write", title="Write", category="Data", effect=Effect.WRITE)
    def write() -> str:
        """Write."""
        return ""

    asked = Node(name="n", type="python", source=Source("package", None, "test.write"))  # type: ignore[arg-type]
    bound = write.bind(asked, None)  # type: ignore[arg-type]
    assert bound.fingerprint is None
    assert bound.uncacheable_because
    assert everything.bind(asked, None).fingerprint is not None  # type: ignore[arg-type]
    assert everything.bind(asked, None).is_coroutine  # type: ignore[arg-type]
