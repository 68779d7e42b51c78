"""What a node type says about itself, as data: the studio draws from it, the engine obeys it, a business user reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from flowloom.flows.model.flow import EMPTY, MISSING


class Effect(StrEnum):
    """What running a node does to the world. Nodes that write or reach out are never cached."""

    NONE = "none"
    """Nothing: the output follows from the inputs."""
    READ = "read"
    """Reads files or services; running it twice is harmless."""
    WRITE = "write"
    """Changes something on this computer."""
    EXTERNAL = "external"
    """Sends something to another computer."""


Category = Literal[
    "Models", "Prompts", "Documents", "Agents", "Code", "Flow", "Text", "Data", "Media", "Safety", "Evaluation"
]


@dataclass(frozen=True, slots=True)
class Port:
    """One input or output of a node.

    ``type`` is one of FLOW_TYPES, ``any``, ``connection``, or the name of a package's own type. A literal written for an input is
    coerced to it (``flowloom.flows.model.coerce``). ``connection_kinds`` limits a connection port; empty means any kind.
    """

    name: str
    type: str = "any"
    required: bool = True
    default: Any = MISSING
    description: str = ""
    choices: tuple[Any, ...] = ()
    connection_kinds: tuple[str, ...] = ()
    multiline: bool = False
    minimum: float | None = None
    maximum: float | None = None
    schema: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    """JSON schema of the values, where the type alone says too little."""
    is_setting: bool = False
    """Shown as a field of the form rather than as a port on the card; may still be wired."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The inputs and outputs of one node as it stands in a flow, found without running anything."""

    inputs: Mapping[str, Port] = field(default_factory=lambda: EMPTY)
    outputs: Mapping[str, Port] = field(default_factory=lambda: EMPTY)
    accepts_named: bool = False
    """Further inputs may be added under any name (``**kwargs``)."""
    named_type: str = "any"
    """The type of the inputs added under any name."""


@dataclass(frozen=True, slots=True)
class NodeSpec:
    """A node type. ``id`` and ``version`` enter cache keys; ``version`` grows when the same inputs may give other outputs."""

    id: str
    title: str
    category: Category
    version: int = 1
    help: str = ""
    ports: Ports = field(default_factory=Ports)
    effect: Effect = Effect.NONE
    hosts: tuple[str, ...] = ()
    """Hosts it may talk to; ``{connection}`` stands for the host of the node's connection."""
    secrets: tuple[str, ...] = ()
    """Names of inputs that carry connections or secrets."""
    cacheable: bool = True
    quick: bool = False
    """Runs in microseconds and never blocks: the engine calls it on its own loop."""
    icon: str = ""
    kind: Literal["llm", "prompt", "python", "retrieval", "agent", "logic", "io", "out"] = "python"
    """Which of the design's colours the card takes."""
    package: str = "flowloom"
    """The distribution that registered it."""

    @property
    def may_cache(self) -> bool:
        return self.cacheable and self.effect in (Effect.NONE, Effect.READ)
