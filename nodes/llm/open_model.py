"""``promptflow.tools.open_model_llm.OpenModelLLM.call``: models of Azure's catalogue behind an endpoint of one's own.

``endpoint_name`` is ``localConnection/NAME``, a custom connection with ``endpoint_url``, ``endpoint_api_key`` and
``model_family`` (LLaMa, Dolly, GPT-2, Falcon). Endpoints that only an Azure workspace knows (``onlineEndpoint/...``,
``serverlessEndpoint/...``) need that workspace's sign-in and are refused in words. Request and reply forms:
promptflow-tools ``open_model_llm.py``."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowloom.flows.errors import ConnectionFault, MalformedReply, TemplateError, ToolLoadError
from flowloom.flows.model.flow import Flow, Node
from flowloom.flows.node.node_type import BoundNode, Workbench
from flowloom.flows.node.spec import Effect, NodeSpec, Port, Ports

if TYPE_CHECKING:
    from flowloom.flows.document.flow_file import FlowFile
    from flowloom.flows.model.problem import Problem
    from flowloom.flows.node.context import Context

_CONTEXT = "_flowloom_context"
_FAMILIES = {"llama": "LLaMa", "dolly": "Dolly", "gpt-2": "GPT-2", "gpt2": "GPT-2", "falcon": "Falcon"}
_ROLE = re.compile(r"(?i)\n*(system|user|assistant)\s*:\s*\n")

_PORTS = {
    "endpoint_name": Port(
        "endpoint_name", "string", description="localConnection/ and the name of a custom connection", is_setting=True
    ),
    "deployment_name": Port("deployment_name", "string", False, "", is_setting=True),
    "api": Port("api", "string", choices=("chat", "completion"), is_setting=True),
    "temperature": Port("temperature", "double", False, 1.0, is_setting=True),
    "max_new_tokens": Port("max_new_tokens", "int", False, 500, is_setting=True),
    "top_p": Port("top_p", "double", False, 1.0, is_setting=True),
    "model_kwargs": Port(
        "model_kwargs", "object", False, description="Further parameters of the model", is_setting=True
    ),
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    url: str
    key: str
    family: str

    @property
    def serverless(self) -> bool:
        return "serverless.ml.azure.com" in self.url or "inference.ai.azure.com" in self.url


@dataclass(frozen=True, slots=True)
class OpenModelNode:
    """Asks an open model at an endpoint."""

    spec: NodeSpec

    def ports(self, node: Node, flow: Flow, files: FlowFile) -> Ports:
        return self._ports(files.read_text(node.source.path) if node.source.path else "")

    def check(self, node: Node, flow: Flow, files: FlowFile) -> Iterable[Problem]:
        return ()

    def bind(self, node: Node, workbench: Workbench) -> BoundNode:
        from flowloom.flows.node.template import read_template

        if not node.source.path:
            raise ToolLoadError(
                f"The node '{node.name}' names no prompt.", hint="Write source.path: the prompt's file.", node=node.name
            )
        template = workbench.files.read_text(node.source.path)
        shared = sorted(set(_PORTS) & set(read_template(template).variables))
        if shared:
            raise ToolLoadError(
                f"The prompt has a variable named '{shared[0]}', which is a parameter of the tool.",
                hint="Give the variable another name.",
                field=shared[0],
            )

        async def run(**inputs: Any) -> str:
            return await _ask(inputs.pop(_CONTEXT), template, inputs)

        return BoundNode(
            function=run,
            ports=self._ports(template),
            spec=self.spec,
            context_parameter=_CONTEXT,
            fingerprint=hashlib.sha256(template.encode("utf-8", "surrogatepass")).hexdigest(),
            is_coroutine=True,
        )

    def _ports(self, template: str) -> Ports:
        from flowloom.flows.node.template import read_template

        variables = {
            name: Port(name, "any", required=False) for name in read_template(template).variables if name not in _PORTS
        }
        return Ports({**_PORTS, **variables}, self.spec.ports.outputs, accepts_named=True)


async def _ask(context: Context, template: str, inputs: dict[str, Any]) -> str:
    from flowloom.flows.engine.render import render
    from flowloom.nodes.services.http import post_json

    given = {name: inputs.pop(name) for name in [*inputs] if name in _PORTS}
    template = str(inputs.pop("prompt", template))
    endpoint = _endpoint(str(given.get("endpoint_name") or ""), inputs, context)
    api = str(getattr(given.get("api"), "value", given.get("api") or ""))
    prompt = str(render(template, inputs))
    parameters = {
        **(given.get("model_kwargs") or {}),
        "top_p": given.get("top_p", 1.0),
        "temperature": given.get("temperature", 1.0),
        "max_new_tokens": given.get("max_new_tokens", 500),
    }
    headers = {"Authorization": f"Bearer {endpoint.key}"}
    deployment = str(given.get("deployment_name") or "").strip()
    if deployment and deployment != "default":
        headers["azureml-model-deployment"] = deployment
    url, body = _request(endpoint, api, prompt, parameters)
    reply = await post_json(url, body, headers)
    return _text(reply, endpoint, api)


def _endpoint(name: str, inputs: dict[str, Any], context: Context) -> Endpoint:
    """Where the model is: the inputs say so themselves, or a custom connection does."""
    keys = ("endpoint_url", "endpoint_api_key", "model_family")
    if any(key in inputs for key in keys):
        values: Mapping[str, Any] = {key: inputs.get(key) for key in keys}
        for key in keys:
            inputs.pop(key, None)
    else:
        kind, _, connection_name = name.partition("/")
        if kind.lower() not in ("localconnection", "connection") or not connection_name:
            raise ConnectionFault(
                f"The endpoint '{name}' is known to an Azure workspace only, which this computer is not signed in to.",
                hint="Make a custom connection with endpoint_url, endpoint_api_key and model_family, and write localConnection/ and its name.",
                field="endpoint_name",
            )
        values = dict(context.connection(connection_name))
    missing = [key for key in keys if not values.get(key)]
    if missing:
        raise ConnectionFault(
            f"The endpoint '{name}' lacks {' and '.join(missing)}.",
            hint="Add it to the connection.",
            field="endpoint_name",
        )
    family = _FAMILIES.get(str(values["model_family"]).lower())
    if family is None:
        raise ConnectionFault(
            f"'{values['model_family']}' is no family of models this node knows.",
            hint="Write LLaMa, Dolly, GPT-2 or Falcon.",
            field="model_family",
        )
    return Endpoint(str(values["endpoint_url"]), str(values["endpoint_api_key"]), family)


def _request(endpoint: Endpoint, api: str, prompt: str, parameters: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if endpoint.family != "LLaMa":
        return endpoint.url, {"input_data": {"input_string": [prompt]}, "parameters": parameters}
    if endpoint.serverless:
        suffix = "/v1/chat/completions" if api == "chat" else "/v1/completions"
        url = endpoint.url if endpoint.url.endswith(suffix) else endpoint.url + suffix
        parameters = {**parameters, "max_tokens": parameters["max_new_tokens"], "n": 1}
        if api == "chat":
            return url, {"model": "llama-2-7b-hf", "messages": _messages(prompt), **parameters}
        return url, {"prompt": prompt, **parameters}
    parameters = {"do_sample": True, **parameters}
    value: Any = _messages(prompt) if api == "chat" else [prompt]
    return endpoint.url, {"input_data": {"input_string": value, "parameters": parameters}}


def _text(reply: Any, endpoint: Endpoint, api: str) -> str:
    if endpoint.family == "LLaMa" and endpoint.serverless:
        choices = reply.get("choices") if isinstance(reply, Mapping) else None
        if isinstance(choices, list) and choices and isinstance(choices[0], Mapping):
            found = (choices[0].get("message") or {}).get("content") if api == "chat" else choices[0].get("text")
            if isinstance(found, str):
                return found
    elif (
        isinstance(reply, Mapping)
        and isinstance(reply.get("output"), str)
        and (endpoint.family != "LLaMa" or api == "chat")
    ):
        return reply["output"]
    elif isinstance(reply, list) and reply and isinstance(reply[0], Mapping) and isinstance(reply[0].get("0"), str):
        return reply[0]["0"]
    raise MalformedReply(
        "The endpoint's reply has another form than its family of models gives.",
        hint="Check model_family in the connection.",
        detail=json.dumps(reply, default=str)[:2000],
    )


def _messages(prompt: str) -> list[dict[str, str]]:
    parts = [part.strip() for part in _ROLE.split(prompt) if part.strip()]
    messages = []
    for role, content in zip(parts[::2], [*parts[1::2], None], strict=False):
        if role.lower() not in ("system", "user", "assistant"):
            raise TemplateError(
                f"The prompt does not begin with a line such as 'system:' but with '{role[:60]}'.",
                hint="Write 'system:', 'user:' or 'assistant:' on a line of its own before each message.",
            )
        if content is None:
            raise TemplateError(
                f"The last message of the prompt, of role '{role}', is empty.", hint="Write its text below the role."
            )
        messages.append({"role": role.lower(), "content": content})
    return messages


node_type = OpenModelNode(
    NodeSpec(
        id="promptflow.tools.open_model_llm.OpenModelLLM.call",
        title="Open model",
        category="Models",
        help="Asks an open model at an endpoint of Azure Machine Learning, named by a custom connection.",
        ports=Ports(_PORTS, {"output": Port("output", "string", description="The reply's text")}, accepts_named=True),
        effect=Effect.READ,
        hosts=("{connection}",),
        icon="model",
        kind="llm",
    )
)
