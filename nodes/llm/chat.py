"""``loom.llm.chat``: a node of type llm with api chat."""

from __future__ import annotations

from flowloom.flows.node.spec import Effect, NodeSpec
from flowloom.nodes.llm.model_node import ModelNode, described
from flowloom.nodes.llm.parameters import CHAT

_HELP = """Asks a chat model.

The prompt is a Jinja2 template whose lines 'system:', 'user:' and 'assistant:' start messages; each of its variables
is an input. The
output is the reply's text, or with functions or tools the message as an object. With logprobs: true among
extra_parameters the output is
an object with content and logprobs."""

node_type = ModelNode(
    described(
        NodeSpec(
            id="loom.llm.chat",
            title="Ask a model",
            category="Models",
            help=_HELP,
            effect=Effect.READ,
            hosts=("{connection}",),
            secrets=("connection",),
            icon="model",
            kind="llm",
        ),
        CHAT,
    ),
    CHAT,
)
