"""``loom.prompt.template``: fills a Jinja2 prompt of the flow's folder and returns its text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from flowloom.flows.document.flow_file import FlowFile
from flowloom.flows.errors import ToolLoadError
from flowloom.flows.model.flow import Flow, Node
from flowloom.flows.model.problem import Problem
from flowloom.flows.node.node_type import BoundNode, Workbench
from flowloom.flows.node.spec import NodeSpec, Port, Ports

_RESERVED = "template"


class PromptTemplate:
    """Each variable of the template is an input. A missing one renders empty."""

    spec = NodeSpec(
        id="loom.prompt.template",
        title="Prompt template",
        category="Prompts",
        help="Fills a prompt written as a Jinja2 template. Each variable of the template is an input; the output is the finished text.",
        ports=Ports(outputs={"output": Port("output", "string", description="The finished text")}, accepts_named=True),
        icon="text",
        kind="prompt",
    )

    def ports(self, node: Node, flow: Flow, files: FlowFile) -> Ports:
        return template_ports(files.read_text(_path(node)))

    def check(self, node: Node, flow: Flow, files: FlowFile) -> Iterable[Problem]:
        return ()

    def bind(self, node: Node, workbench: Workbench) -> BoundNode:
        from flowloom.flows.engine.prompt import guarded_inputs, render_prompt

        path = _path(node)
        template = workbench.files.read_text(path)
        from flowloom.flows.node.template import check_template

        check_template(template, path)
        ports = template_ports(template)
        if _RESERVED in ports.inputs:
            raise ToolLoadError(
                f"The prompt {path} has a variable named '{_RESERVED}', which a prompt cannot have.",
                hint="Give the variable another name, in the prompt and among the node's inputs.",
                node=node.name,
                file=path,
            )
        guarded = guarded_inputs(node)

        def fill(**variables: Any) -> str:
            # As in prompt flow, an input of that name stands for the file's text.
            return render_prompt(str(variables.pop(_RESERVED, template)), variables, guarded)

        return BoundNode(
            function=fill,
            ports=ports,
            spec=self.spec,
            fingerprint=hashlib.sha256(template.encode("utf-8", "surrogatepass")).hexdigest(),
            quick="{%" not in template,
        )


def template_ports(template: str) -> Ports:
    """A port for each variable of the template, and the text."""
    from flowloom.flows.node.template import read_template

    signature = read_template(template)
    inputs = {
        name: Port(name, "image" if name in signature.images else "any", required=False) for name in signature.variables
    }
    return Ports(inputs, node_type.spec.ports.outputs, accepts_named=True)


def _path(node: Node) -> str:
    if not node.source.path:
        raise ToolLoadError(f"The node '{node.name}' names no file.", hint="Write source.path: the prompt's file.", node=node.name)
    return node.source.path


node_type = PromptTemplate()
