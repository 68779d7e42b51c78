"""``loom.llm.completion``: a node of type llm with api completion."""

from __future__ import annotations

from flowloom.flows.node.spec import Effect, NodeSpec
from flowloom.nodes.llm.model_node import ModelNode, described
from flowloom.nodes.llm.parameters import COMPLETION

_HELP = """Lets a model continue a text.

The prompt is a Jinja2 template; each of its variables is an input. The output is the text that follows it. For older
models: newer ones
chat."""

node_type = ModelNode(
    described(
        NodeSpec(
            id="loom.llm.completion",
            title="Complete a text",
            category="Models",
            help=_HELP,
            effect=Effect.READ,
            hosts=("{connection}",),
            secrets=("connection",),
            icon="model",
            kind="llm",
        ),
        COMPLETION,
    ),
    COMPLETION,
    api="completion",
    kinds=("open_ai", "azure_open_ai", "serverless"),
)
