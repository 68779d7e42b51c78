"""The node that asks a language model: its prompt becomes messages, its other inputs the request, the checked reply
its output."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from flowloom.flows.errors import BadRequest, ConnectionFault, ToolLoadError
from flowloom.flows.model.flow import Constant, Flow, Node
from flowloom.flows.node.node_type import BoundNode, Workbench
from flowloom.flows.node.spec import NodeSpec, Port, Ports
from flowloom.flows.services import ChatChunk, ChatReply, ChatRequest
from flowloom.nodes.llm.parameters import (
    EXTRA,
    Asked,
    Flavour,
    Speech,
    chat_request,
    completion_request,
    parameter_ports,
    parameters_of,
)

if TYPE_CHECKING:
    from flowloom.flows.document.flow_file import FlowFile
    from flowloom.flows.model.problem import Problem
    from flowloom.flows.node.context import Context

Api = Literal["chat", "completion"]

_CONTEXT = "_flowloom_context"
_RESERVED = ("connection", "prompt")


@dataclass(frozen=True, slots=True)
class ModelNode:
    """``types`` are the parameters with their types. ``api`` None lets the input of that name choose. ``kinds`` are
    the connections it takes; ``connection_input`` says that the connection is an input, as in package tools, rather
    than the node's own."""

    spec: NodeSpec
    types: Mapping[str, str]
    api: Api | None = "chat"
    flavour: Flavour = field(default_factory=Flavour)
    kinds: tuple[str, ...] = ("open_ai", "azure_open_ai", "serverless", "local")
    connection_input: bool = False
    passed_on: frozenset[str] = frozenset()
    """Inputs without a type of their own that the request takes all the same."""

    def ports(self, node: Node, flow: Flow, files: FlowFile) -> Ports:
        return self._ports(files.read_text(_path(node)) if node.source.path else "")

    def check(self, node: Node, flow: Flow, files: FlowFile) -> Iterable[Problem]:
        from flowloom.flows.model.problem import Problem
        from flowloom.flows.node.template import read_template

        if not node.source.path or not files.exists(node.source.path):
            return
        shared = (
            self._reserved("openai")
            & self._reserved("azure")
            & set(read_template(files.read_text(node.source.path)).variables)
        )
        for name in sorted(shared):
            yield Problem(
                "llm.reserved_variable",
                "error",
                f"The prompt of '{node.name}' has a variable named '{name}', which is a parameter of the model.",
                "Give the variable another name, in the prompt and among the node's inputs.",
                node=node.name,
                field=name,
                file=node.source.path,
            )

    def bind(self, node: Node, workbench: Workbench) -> BoundNode:
        from flowloom.flows.engine.prompt import guarded_inputs
        from flowloom.flows.node.template import check_template

        path = _path(node)
        if not self.connection_input:
            _check_source(node, workbench)
        template = workbench.files.read_text(path)
        check_template(template, path)
        ports = self._ports(template)
        connection = self._connection(node, workbench)
        if connection is not None:
            self._check_variables(node, path, template, connection)
        work = _Work(self, node.name, template, frozenset(guarded_inputs(node)), connection)
        return BoundNode(
            function=work.run,
            ports=ports,
            spec=self.spec,
            context_parameter=_CONTEXT,
            connection_parameters={"connection": None} if self.connection_input else {},
            fingerprint=_fingerprint(self.spec.id, template, connection),
            is_coroutine=True,
        )

    async def ask(
        self, connection: Any, prompt: str, inputs: Mapping[str, Any], context: Context, guarded: Collection[str] = ()
    ) -> Any:
        """Do this node type's work without a node: what prompt flow's functions of the same names do when code calls
        them.

        ``guarded`` names the inputs whose role markers stay text. Raises as a node would."""
        node = getattr(context, "node", "")
        return await _Work(self, node, prompt, frozenset(guarded), connection).run(**inputs, **{_CONTEXT: context})

    def _ports(self, template: str) -> Ports:
        from flowloom.flows.node.template import read_template

        signature = read_template(template)
        inputs = parameter_ports(self.types)
        if self.connection_input:
            inputs = {"connection": Port("connection", "connection", connection_kinds=self.kinds), **inputs}
        inputs["prompt"] = Port(
            "prompt", "prompt_template", required=False, description="Replaces the template of the file", multiline=True
        )
        variables = {
            name: Port(name, "image" if name in signature.images else "any", required=False)
            for name in signature.variables
            if name not in inputs
        }
        return Ports({**inputs, **variables}, self.spec.ports.outputs, accepts_named=True)

    def _reserved(self, speech: Speech) -> frozenset[str]:
        if self.connection_input:
            return frozenset(self.types) | {"connection"}
        assert self.api is not None
        return parameters_of(self.api, speech) | {*_RESERVED}

    def _connection(self, node: Node, workbench: Workbench) -> Any:
        """The connection, where it is known before the run. Raises ConnectionFault where it cannot serve this node."""
        name: Any = node.connection
        if self.connection_input:
            binding = node.inputs.get("connection")
            name = binding.value if isinstance(binding, Constant) else None
        elif not name:
            raise ConnectionFault(
                f"The node '{node.name}' names no connection.",
                hint="Write connection: the name of one, or local.",
                node=node.name,
            )
        if not isinstance(name, str) or workbench.connections is None:
            return None
        connection = workbench.connections.get(name)
        self._accept(connection, node.name)
        return connection

    def _accept(self, connection: Any, node: str) -> None:
        if getattr(connection, "kind", None) in self.kinds:
            return
        shown = getattr(connection, "type", None) or type(connection).__name__
        raise ConnectionFault(
            f"The connection '{getattr(connection, 'name', None)}' is of the kind {shown}, which '{node}' cannot use.",
            hint="Use a connection of one of these kinds: " + ", ".join(self.kinds) + ".",
            node=node,
            field="connection",
        )

    def _check_variables(self, node: Node, path: str, template: str, connection: Any) -> None:
        from flowloom.flows.node.template import read_template

        shared = sorted(self._reserved(speech_of(connection)) & set(read_template(template).variables))
        if shared:
            raise ToolLoadError(
                f"The prompt has a variable named '{shared[0]}', which is a parameter of the model.",
                hint="Give the variable another name, in the prompt and among the node's inputs.",
                node=node.name,
                field=shared[0],
                file=path,
            )


def speech_of(connection: Any) -> Speech:
    return "azure" if getattr(connection, "kind", None) == "azure_open_ai" else "openai"


@dataclass(frozen=True, slots=True)
class _Work:
    """One node made ready."""

    type: ModelNode
    node: str
    template: str
    guarded: Collection[str]
    connection: Any

    async def run(self, **inputs: Any) -> Any:
        context: Context = inputs.pop(_CONTEXT)
        connection = inputs.pop("connection", None) if self.type.connection_input else self.connection
        connection = self._found(connection, context)
        speech = speech_of(connection)
        names = {*self.type.types, *self.type.passed_on, EXTRA}
        if not self.type.connection_input and self.type.api is not None:
            names = {*parameters_of(self.type.api, speech), EXTRA}
        given = {name: inputs.pop(name) for name in [*inputs] if name in names}
        prompt = inputs.pop("prompt", self.template)
        request, asked = await self._request(connection, speech, str(prompt), given, inputs)
        service = context.service("chat")
        if asked.stream:
            return self._pieces(service, request, context)
        try:
            reply = await (self._shown(service, request, context) if context.wants_stream else service.reply(request))
        except BadRequest as error:
            if not asked.model:
                error.hint, error.field = "Write model: the model's name among the node's inputs.", "model"
            raise
        _record(reply, context)
        return _output(reply, asked)

    def _found(self, connection: Any, context: Context) -> Any:
        if isinstance(connection, str):
            connection = context.connection(connection)
        if connection is None:
            raise ConnectionFault(
                f"The node '{self.node}' was given no connection.",
                hint="Write the name of one, or local.",
                field="connection",
            )
        self.type._accept(connection, self.node)
        return connection

    async def _request(
        self, connection: Any, speech: Speech, prompt: str, given: dict[str, Any], variables: dict[str, Any]
    ) -> tuple[ChatRequest, Asked]:
        from flowloom.flows.engine.prompt import build_messages
        from flowloom.flows.engine.render import render

        api = self.type.api or ("completion" if given.get("api") == "completion" else "chat")
        if api == "completion":
            text = await _rendered(prompt, lambda: render(prompt, variables))
            asked = completion_request(given, str(text), speech, self.type.flavour)
            messages: list[dict[str, Any]] = []
        else:
            vision = self.type.flavour.vision
            # 'detail' never reaches the images in prompt flow either; its requests always say 'auto'.
            messages = await _rendered(
                prompt,
                lambda: build_messages(
                    prompt, variables, self.guarded, vision=vision, join_lists=vision or speech == "azure"
                ),
            )
            asked = chat_request(given, speech, self.type.flavour)
        if not asked.model and speech == "azure":
            raise BadRequest(
                f"The node '{self.node}' names no deployment.",
                hint="Write deployment_name: the deployment's name among its inputs.",
                field="deployment_name",
            )
        return ChatRequest(connection, asked.model, messages, asked.parameters), asked

    async def _pieces(self, service: Any, request: ChatRequest, context: Context) -> AsyncIterator[str]:
        async for piece in service.stream(request):
            if isinstance(piece, ChatReply):
                _record(piece, context)
            elif isinstance(piece, ChatChunk) and piece.channel == "output":
                yield piece.text

    async def _shown(self, service: Any, request: ChatRequest, context: Context) -> ChatReply:
        reply: ChatReply | None = None
        async for piece in service.stream(request):
            if isinstance(piece, ChatReply):
                reply = piece
            else:
                context.stream(piece.text, piece.channel)
        assert reply is not None, "the chat service ends a stream with a reply or an error"
        return reply


async def _rendered(prompt: str, fill: Any) -> Any:
    """The filled prompt: in a thread where it has statements, which may take their time."""
    return await asyncio.to_thread(fill) if "{%" in prompt else fill()


def _record(reply: ChatReply, context: Context) -> None:
    context.usage(reply.usage)
    if reply.outcome == "length":
        context.outcome("length")
        context.log("The reply was cut off at max_tokens.", "warning")


def _output(reply: ChatReply, asked: Asked) -> Any:
    if asked.logprobs:
        return {
            **(reply.message if asked.as_message else {"content": reply.message["content"]}),
            "logprobs": reply.logprobs,
        }
    return dict(reply.message) if asked.as_message else reply.message["content"]


def _fingerprint(id: str, template: str, connection: Any) -> str:
    shown = [] if connection is None else [(name, value) for name, value in sorted(connection.configs.items())]
    text = f"{id}\n{getattr(connection, 'kind', '')} {shown!r}\n{template}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _check_source(node: Node, workbench: Workbench) -> None:
    """prompt flow needs an ``api``, and imports ``module`` though nothing of it is used; so a flow without them does
    not run."""
    if node.type == "llm" and not node.api:
        raise ToolLoadError(
            f"The node '{node.name}' does not say which API it uses.",
            hint="Write api: chat (or completion).",
            field="api",
        )
    if node.module and not node.module.startswith("promptflow.") and not _importable(node.module, workbench):
        raise ToolLoadError(
            f"The module '{node.module}' of the node '{node.name}' is not installed.",
            hint="Take 'module' away: it is not needed.",
            field="module",
        )


def _importable(module: str, workbench: Workbench) -> bool:
    from importlib.util import find_spec

    path = module.replace(".", "/")
    if workbench.files.exists(f"{path}.py") or workbench.files.exists(f"{path}/__init__.py"):
        return True
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def _path(node: Node) -> str:
    if not node.source.path:
        raise ToolLoadError(
            f"The node '{node.name}' names no prompt.", hint="Write source.path: the prompt's file.", node=node.name
        )
    return node.source.path


def described(spec: NodeSpec, types: Mapping[str, str]) -> NodeSpec:
    """The spec with a port for each parameter and the one output."""
    outputs = {
        "output": Port(
            "output", "any", description="The reply's text; with functions or tools, the message as an object"
        )
    }
    return replace(spec, ports=Ports(parameter_ports(types), outputs, accepts_named=True))
