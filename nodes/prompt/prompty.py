"""``loom.prompt.prompty``: a prompty file, a prompt with its model and settings that is a whole flow. Also the service ``prompty``, through
which a tool's code calls one."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from flowloom.flows.model.flow import EMPTY, Flow, Node
from flowloom.flows.node.node_type import BoundNode, Workbench
from flowloom.flows.node.spec import Effect, NodeSpec, Port, Ports
from flowloom.flows.services import ChatReply
from flowloom.nodes.prompt.prompty_file import PromptyFile, read_prompty

if TYPE_CHECKING:
    from flowloom.flows.document.flow_file import FlowFile
    from flowloom.flows.model.problem import Problem
    from flowloom.flows.node.context import Context

_CONTEXT = "_flowloom_context"


class PromptyNode:
    """Its inputs are those the file declares, or the keys of its sample."""

    spec = NodeSpec(
        id="loom.prompt.prompty",
        title="Prompty",
        category="Models",
        help="Asks a model as a .prompty file says: the file holds the prompt, the model, its parameters and a sample.",
        ports=Ports(outputs={"output": Port("output", description="The reply's text, or an object where the prompty asks for JSON")}),
        effect=Effect.READ,
        hosts=("{connection}",),
        secrets=("connection",),
        icon="model",
        kind="llm",
    )

    def ports(self, node: Node, flow: Flow, files: FlowFile) -> Ports:
        outputs = {name: Port(name, output.type) for name, output in flow.outputs.items()}
        inputs = {name: Port(name, given.type, given.required, given.default) for name, given in flow.inputs.items()}
        return Ports(inputs, outputs or self.spec.ports.outputs, accepts_named=True)

    def check(self, node: Node, flow: Flow, files: FlowFile) -> Iterable[Problem]:
        return ()

    def bind(self, node: Node, workbench: Workbench) -> BoundNode:
        from flowloom.nodes.prompt import prompty_call

        prompty = read_prompty(workbench.files, workbench.init)
        connection = prompty_call.connection_of(prompty, workbench.connections.get)
        workbench.connections.adopt(connection)

        async def ask(**inputs: Any) -> Any:
            context: Context = inputs.pop(_CONTEXT)
            found = await prompty_call.call(prompty, prompty.given(inputs), connection, context)
            return prompty_call.choices_of(prompty, found) if isinstance(found, ChatReply) else found

        text = repr((workbench.files.text, sorted(workbench.init.items(), key=repr)))
        return BoundNode(
            function=ask,
            ports=Ports(prompty.ports(), self.spec.ports.outputs, accepts_named=True),
            spec=self.spec,
            context_parameter=_CONTEXT,
            fingerprint=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
            is_coroutine=True,
            takes_run_inputs=True,
        )


class Prompties:
    """The service ``prompty``."""

    def load(self, path: str | os.PathLike[str], overrides: Mapping[str, Any] = EMPTY) -> PromptyFile:
        """A prompty from disk. Raises UsageError, DocumentError or PathError."""
        from flowloom.flows.document.flow_file import read

        return read_prompty(read(path), overrides)

    def render(self, prompty: PromptyFile, given: Mapping[str, Any]) -> str | list[dict[str, Any]]:
        """The filled prompt: messages, or text where ``api`` is completion."""
        from flowloom.nodes.prompt.prompty_call import prompt_of

        return prompt_of(prompty, given)

    async def call(self, prompty: PromptyFile, given: Mapping[str, Any], context: Context) -> Any:
        """Ask the model; see ``prompty_call.call``."""
        from flowloom.nodes.prompt.prompty_call import call, connection_of

        return await call(prompty, given, connection_of(prompty, context.connection), context)


node_type = PromptyNode()
