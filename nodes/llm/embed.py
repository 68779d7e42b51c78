"""``loom.llm.embed``, which is also prompt flow's ``promptflow.tools.embedding.embedding``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flowloom.flows.errors import BadRequest, ConnectionFault, InputError
from flowloom.flows.model.flow import Constant, Flow, Node
from flowloom.flows.node.node_type import BoundNode, Workbench
from flowloom.flows.node.spec import Effect, NodeSpec, Port, Ports

if TYPE_CHECKING:
    from flowloom.flows.document.flow_file import FlowFile
    from flowloom.flows.model.problem import Problem
    from flowloom.flows.node.context import Context

_CONTEXT = "_flowloom_context"
_KINDS = ("azure_open_ai", "open_ai", "serverless")
_DEFAULT_MODEL = "text-embedding-ada-002"

_PORTS = Ports(
    {
        "connection": Port("connection", "connection", connection_kinds=_KINDS),
        "input": Port("input", "string", description="The text, or a list of texts"),
        "deployment_name": Port(
            "deployment_name", "string", False, "", "The deployment's name, for connections to Azure", is_setting=True
        ),
        "model": Port(
            "model",
            "string",
            False,
            _DEFAULT_MODEL,
            "The model's name, for connections other than Azure",
            is_setting=True,
        ),
    },
    {
        "output": Port(
            "output", "list", description="The vector: a list of numbers; of a list of texts, that of the first"
        )
    },
)


@dataclass(frozen=True, slots=True)
class EmbedNode:
    """A text becomes a vector: texts of like meaning have vectors that lie near each other."""

    spec: NodeSpec

    def ports(self, node: Node, flow: Flow, files: FlowFile) -> Ports:
        return self.spec.ports

    def check(self, node: Node, flow: Flow, files: FlowFile) -> Iterable[Problem]:
        return ()

    def bind(self, node: Node, workbench: Workbench) -> BoundNode:
        binding = node.inputs.get("connection")
        shown = ""
        if isinstance(binding, Constant) and isinstance(binding.value, str) and workbench.connections is not None:
            connection = workbench.connections.get(binding.value)
            _accept(connection)
            shown = repr(sorted(connection.configs.items()))
        return BoundNode(
            function=_embed,
            ports=self.spec.ports,
            spec=self.spec,
            context_parameter=_CONTEXT,
            connection_parameters={"connection": None},
            fingerprint=hashlib.sha256(f"{self.spec.id} {shown}".encode()).hexdigest(),
            is_coroutine=True,
        )


async def _embed(
    *,
    _flowloom_context: Context,
    connection: Any = None,
    input: Any = None,
    deployment_name: Any = "",
    model: Any = _DEFAULT_MODEL,
    **others: Any,
) -> list[float]:
    if others:
        raise InputError(
            f"This node has no input named '{next(iter(others))}'.", hint="Take it away.", field=next(iter(others))
        )
    if connection is None:
        raise ConnectionFault("This node was given no connection.", hint="Write the name of one.", field="connection")
    if input is None:
        raise InputError("This node was given no text.", hint="Give a text that is not empty.", field="input")
    _accept(connection)
    azure = connection.kind == "azure_open_ai"
    name = str(getattr(deployment_name if azure else model, "value", deployment_name if azure else model) or "")
    if not name:
        words, field = ("deployment", "deployment_name") if azure else ("model", "model")
        raise BadRequest(f"This node names no {words}.", hint=f"Write {field} among its inputs.", field=field)
    service = _flowloom_context.service("embedding")
    if connection.kind == "serverless":
        vectors, usage = await service.request(connection, name, [input], encoding_format="float")
    else:
        vectors, usage = await service.request(connection, name, input)
    _flowloom_context.usage(usage)
    return vectors[0]


def _accept(connection: Any) -> None:
    if getattr(connection, "kind", None) not in _KINDS:
        shown = getattr(connection, "type", None) or type(connection).__name__
        raise ConnectionFault(
            f"The connection '{getattr(connection, 'name', None)}' is of the kind {shown}, which makes no embeddings.",
            hint="Use a connection to OpenAI, Azure OpenAI or a serverless endpoint.",
            field="connection",
        )


node_type = EmbedNode(
    NodeSpec(
        id="loom.llm.embed",
        title="Embed text",
        category="Models",
        help="Makes a vector of a text, by which texts of like meaning can be found.",
        ports=_PORTS,
        effect=Effect.READ,
        hosts=("{connection}",),
        secrets=("connection",),
        icon="vector",
        kind="llm",
    )
)

prompt_flow_type = EmbedNode(replace(node_type.spec, id="promptflow.tools.embedding.embedding"))
