"""What a flow is, as frozen data. Built from a FlowFile by ``flowloom.flows.model.build``; changed only by edits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, NewType

NodeName = NewType("NodeName", str)
RunId = NewType("RunId", str)
VariantId = NewType("VariantId", str)

FlowKind = Literal["dag", "flex", "prompty"]

EMPTY: Final[Mapping[Any, Any]] = MappingProxyType({})


class _Missing:
    """The one value that means 'nothing was written here', where null is a value."""

    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING: Final = _Missing()


@dataclass(frozen=True, slots=True)
class Constant:
    """A value written in the file as it stands (YAML 1.2 scalar, list or mapping)."""

    value: Any


@dataclass(frozen=True, slots=True)
class Reference:
    """``${inputs.question}`` or ``${search.output.passages[0]}``: where a value comes from.

    ``path`` holds the properties after ``.output``: text for a key or attribute, a number for an index. References to flow inputs
    have no path.
    """

    source: Literal["input", "node"]
    name: str
    path: tuple[str | int, ...] = ()
    fault: str = ""
    """Why the value can never be had, in words, where the flow is otherwise sound: following the reference raises it."""

    def __str__(self) -> str:
        if self.source == "input":
            return f"${{inputs.{self.name}}}"
        return f"${{{self.name}.output{path_text(self.path)}}}"


Binding = Constant | Reference


def path_text(path: tuple[str | int, ...]) -> str:
    """The properties of a reference as they are written: ``.key``, ``['other key']``, ``[0]``; at the root an index takes a dot."""
    parts: list[str] = []
    for position, part in enumerate(path):
        if isinstance(part, str) and part.isidentifier():
            parts.append(f".{part}")
            continue
        index = f"[{part}]" if isinstance(part, int) else f"['{part}']"
        parts.append(f".{index}" if position == 0 else index)
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class FlowInput:
    """One input of the flow. ``default`` is MISSING or None where a caller must give a value."""

    name: str
    type: str
    default: Any = MISSING
    description: str = ""
    enum: tuple[Any, ...] = ()
    is_chat_input: bool = False
    is_chat_history: bool = False

    @property
    def required(self) -> bool:
        return self.default is MISSING or self.default is None


@dataclass(frozen=True, slots=True)
class FlowOutput:
    name: str
    type: str
    binding: Binding
    description: str = ""
    evaluation_only: bool = False
    is_chat_output: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Where a node's work is written: a file of the folder (``code``), a package tool, or a package tool with a prompt file."""

    type: Literal["code", "package", "package_with_prompt"]
    path: str | None = None
    tool: str | None = None


@dataclass(frozen=True, slots=True)
class Activate:
    """The node runs only where ``when`` equals ``value`` by Python's ``==``."""

    when: Binding
    value: Any


@dataclass(frozen=True, slots=True)
class Retry:
    """``attempts`` counts the first one; waits grow from ``backoff_seconds`` by doubling."""

    attempts: int = 1
    backoff_seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class Node:
    """One node, with its chosen variant already in place of its body."""

    name: NodeName
    type: Literal["llm", "python", "prompt", "custom_llm"]
    source: Source
    inputs: Mapping[str, Binding] = field(default_factory=lambda: EMPTY)
    connection: str | None = None
    api: str | None = None
    provider: str | None = None
    module: str | None = None
    activate: Activate | None = None
    aggregation: bool = False
    enable_cache: bool = False
    cache: bool = True
    retry: Retry | None = None
    timeout_seconds: float | None = None
    comment: str = ""
    variant: VariantId | None = None
    """The variant whose body this is; None where the node has none."""

    @property
    def references(self) -> tuple[Reference, ...]:
        """Every reference the node waits for: its inputs', then its activate condition's."""
        found = [binding for binding in self.inputs.values() if isinstance(binding, Reference)]
        if self.activate is not None and isinstance(self.activate.when, Reference):
            found.append(self.activate.when)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Variant:
    id: VariantId
    node: Node
    description: str = ""


@dataclass(frozen=True, slots=True)
class Variants:
    """All variants of one node. ``default`` is the one that runs unless another is chosen."""

    default: VariantId
    choices: Mapping[VariantId, Variant]


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow: what it takes, what it does, what it gives. Node order is the file's; it never matters to a run."""

    root: Path
    file: str
    """The flow file's name within ``root``."""
    name: str
    kind: FlowKind
    type: Literal["standard", "evaluation", "chat"] = "standard"
    language: str = "python"
    display_name: str = ""
    description: str = ""
    inputs: Mapping[str, FlowInput] = field(default_factory=lambda: EMPTY)
    outputs: Mapping[str, FlowOutput] = field(default_factory=lambda: EMPTY)
    nodes: Mapping[NodeName, Node] = field(default_factory=lambda: EMPTY)
    variants: Mapping[NodeName, Variants] = field(default_factory=lambda: EMPTY)
    environment_variables: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    additional_includes: tuple[str, ...] = ()
    message_format: Literal["basic", "openai-vision"] = "basic"
    tags: Mapping[str, str] = field(default_factory=lambda: EMPTY)
