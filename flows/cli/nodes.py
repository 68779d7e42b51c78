"""``flowloom nodes``: lists the node types of this environment, or explains one."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from flowloom.flows.cli import sink

if TYPE_CHECKING:
    from flowloom.flows.node.spec import NodeSpec, Port

_EFFECTS = {
    "none": "Does nothing but compute its output.",
    "read": "Reads files or services; running it twice is harmless.",
    "write": "Changes something on this computer.",
    "external": "Sends something to another computer.",
}


def register(parser: argparse.ArgumentParser) -> None:
    """List the node types, or explain one."""
    parser.add_argument("id", nargs="?", help="explain this node type, such as loom.llm.chat")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from flowloom.flows.node.registry import default_registry

    registry = default_registry()
    if arguments.id:
        spec = registry.get(_full_id(arguments.id, registry.ids())).spec
        if arguments.json:
            _print_json(as_json(spec))
        else:
            _explain(spec)
        return 0
    specs = dict(registry.specs())
    if arguments.json:
        _print_json(
            {"nodes": [as_json(spec) for spec in specs.values()], "problems": [p.as_json() for p in registry.problems]}
        )
        return 0
    _list(specs)
    for problem in registry.problems:
        sink.say(sink.style(f"warning: {sink.clean(str(problem))}", "yellow"))
    return 0


def _full_id(written: str, ids: tuple[str, ...]) -> str:
    """``join`` or ``text.join`` for ``loom.text.join``, where only one id ends so."""
    ending = [id for id in ids if id == written or id.endswith(f".{written}")]
    return ending[0] if len(ending) == 1 else written


def _list(specs: dict[str, NodeSpec]) -> None:
    width = max(map(len, specs), default=0)
    titles = max((len(spec.title) for spec in specs.values()), default=0)
    for category in dict.fromkeys(spec.category for spec in sorted(specs.values(), key=lambda spec: spec.category)):
        sink.tell(sink.style(category, "bold", stream=sys.stdout))
        for id, spec in specs.items():
            if spec.category == category:
                first = spec.help.strip().partition("\n")[0]
                sink.tell(
                    f"  {id:<{width}}  {spec.title:<{titles}}  {sink.style(first, 'dim', stream=sys.stdout)}".rstrip()
                )
    sink.tell("\n'flowloom nodes ID' explains one.")


def _explain(spec: NodeSpec) -> None:
    sink.tell(
        f"{sink.style(spec.title, 'bold', stream=sys.stdout)}  {spec.id}  (version {spec.version}, {spec.category}, from {spec.package})"
    )
    if spec.help:
        sink.tell(f"\n{_filled(spec.help)}")
    inputs = [port for port in spec.ports.inputs.values() if not port.is_setting]
    settings = [port for port in spec.ports.inputs.values() if port.is_setting]
    more = [f"any further input, of type {spec.ports.named_type}"] if spec.ports.accepts_named else []
    for title, ports, extra in (
        ("Inputs", inputs, more),
        ("Settings", settings, []),
        ("Outputs", list(spec.ports.outputs.values()), []),
    ):
        if ports or extra:
            sink.tell(f"\n{sink.style(title, 'bold', stream=sys.stdout)}")
            for port in ports:
                sink.tell(f"  {_port(port, output=title == 'Outputs')}")
            for line in extra:
                sink.tell(f"  {line}")
    sink.tell(f"\n{_EFFECTS[spec.effect.value]}" + (f" Talks to: {', '.join(spec.hosts)}." if spec.hosts else ""))
    sink.tell("Its output may be reused from the cache." if spec.may_cache else "Its output is never cached.")


def _filled(text: str) -> str:
    """Paragraphs filled to the width of the terminal, at most 100 columns, whatever lines they were written in."""
    import shutil
    import textwrap

    width = min(100, shutil.get_terminal_size((100, 24)).columns)
    return "\n\n".join(textwrap.fill(" ".join(part.split()), width) for part in text.strip().split("\n\n"))


def _port(port: Port, *, output: bool) -> str:
    about = [port.type]
    if not output:
        about.append(
            "needed"
            if port.required
            else ""
            if not port.default and port.default != 0
            else f"{port.default!r} unless given"
        )
    if port.choices:
        about.append(f"one of {', '.join(map(str, port.choices))}")
    words = f"  {port.description}" if port.description else ""
    return f"{port.name} ({', '.join(part for part in about if part)}){words}"


def as_json(spec: NodeSpec) -> dict[str, Any]:
    """The spec as data for other programs."""
    return {
        "id": spec.id,
        "title": spec.title,
        "category": spec.category,
        "version": spec.version,
        "help": spec.help,
        "effect": spec.effect.value,
        "hosts": list(spec.hosts),
        "secrets": list(spec.secrets),
        "may_cache": spec.may_cache,
        "package": spec.package,
        "inputs": {name: _port_json(port) for name, port in spec.ports.inputs.items()},
        "outputs": {name: _port_json(port) for name, port in spec.ports.outputs.items()},
        "accepts_named": spec.ports.accepts_named,
    }


def _port_json(port: Port) -> dict[str, Any]:
    from flowloom.flows.model.flow import MISSING

    return {
        "type": port.type,
        "required": port.required,
        "default": None if port.default is MISSING else port.default,
        "description": port.description,
        "choices": list(port.choices),
        "setting": port.is_setting,
    }


def _print_json(value: Any) -> None:
    import json

    sink.tell(json.dumps(value, ensure_ascii=False, default=repr, indent=2 if sink.is_terminal(sys.stdout) else None))
