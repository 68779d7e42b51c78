"""``flowloom show``: draws a flow's graph. Reads the flow's files and runs nothing of them."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from flowloom.flows.cli import sink
from flowloom.flows.cli.picture import about_input, picture
from flowloom.flows.model.flow import Constant, Flow, Reference


def register(parser: argparse.ArgumentParser) -> None:
    """Draw a flow's graph."""
    parser.add_argument("path", help="the flow's folder, or its flow file")
    parser.add_argument(
        "--format",
        choices=("text", "mermaid", "svg", "json"),
        default="text",
        help="text for the terminal (the default), or another",
    )
    parser.add_argument(
        "--variant", action="append", default=[], metavar="'${NODE.VARIANT}'", help="show a node in another variant"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from flowloom.flows.cli.variants import read_variants
    from flowloom.flows.document import read
    from flowloom.flows.model.build import build

    built = build(read(arguments.path), chosen=read_variants(arguments.variant))
    errors = [problem for problem in built.problems if problem.severity == "error"]
    sink.write(sys.stdout, _draw(built.flow, arguments.format))
    if errors:
        count = "a problem" if len(errors) == 1 else f"{len(errors)} problems"
        sink.say(sink.style(f"This flow has {count}: flowloom validate {arguments.path}", "yellow"))
    return 0


def _draw(flow: Flow, format: str) -> str:
    if format == "mermaid":
        from flowloom.flows.cli.draw_mermaid import draw_mermaid

        return draw_mermaid(picture(flow))
    if format == "svg":
        from flowloom.flows.cli.draw_svg import draw_svg

        return draw_svg(picture(flow))
    if format == "json":
        import json

        return json.dumps(as_json(flow), indent=2, ensure_ascii=False) + "\n"
    return _text(flow)


def _text(flow: Flow) -> str:
    from flowloom.flows.cli.draw_text import draw_text, fit

    columns = max(20, sink.size(sys.stdout)[0])
    head = [sink.style(sink.clean(flow.display_name or flow.name), "bold", stream=sys.stdout)]
    if flow.description:
        head.append(sink.clean(flow.description.strip().partition("\n")[0]))
    inputs = ", ".join(about_input(spec) for spec in flow.inputs.values())
    if inputs:
        head.append(f"takes  {sink.clean(inputs)}")
    gives = [
        f"{output.name} = {output.binding}" if isinstance(output.binding, Reference) else output.name
        for output in flow.outputs.values()
    ]
    tail = [f"gives  {sink.clean(', '.join(gives))}"] if gives else []
    body = draw_text(
        picture(flow, ends=False),
        columns,
        style=lambda text, *names: sink.style(text, *names, stream=sys.stdout),
        unicode=_has_lines(sys.stdout),
    )
    if not sink.is_terminal(sys.stdout):
        return "\n".join([*head, "", body.rstrip("\n"), *([""] if tail else []), *tail]) + "\n"
    return (
        "\n".join(
            [
                *(fit(line, columns) for line in head),
                "",
                body.rstrip("\n"),
                *([""] if tail else []),
                *(fit(t, columns) for t in tail),
            ]
        )
        + "\n"
    )


def _has_lines(stream: Any) -> bool:
    try:
        "┼▼…".encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def as_json(flow: Flow) -> dict[str, Any]:
    """The flow as data for other programs: what it takes and gives, its nodes, and the edges between them."""
    drawn = picture(flow)
    return {
        "name": flow.name,
        "file": flow.file,
        "kind": flow.kind,
        "type": flow.type,
        "display_name": flow.display_name,
        "description": flow.description,
        "inputs": {
            spec.name: {
                "type": spec.type,
                "required": spec.required,
                "default": None if spec.required else spec.default,
            }
            for spec in flow.inputs.values()
        },
        "outputs": {
            output.name: {"type": output.type, "value": _binding(output.binding)} for output in flow.outputs.values()
        },
        "nodes": [
            {
                "name": node.name,
                "type": node.type,
                "source": {"type": node.source.type, "path": node.source.path, "tool": node.source.tool},
                "inputs": {name: _binding(binding) for name, binding in node.inputs.items()},
                "connection": node.connection,
                "aggregation": node.aggregation,
                "variant": node.variant,
                "activate": {"when": _binding(node.activate.when), "is": node.activate.value}
                if node.activate
                else None,
            }
            for node in flow.nodes.values()
        ],
        "edges": [
            {"from": wire.source, "to": wire.target, "condition": wire.condition or None} for wire in drawn.wires
        ],
    }


def _binding(binding: Constant | Reference) -> Any:
    return str(binding) if isinstance(binding, Reference) else binding.value
