"""What leaves this computer when the flow runs, to whom, and what it may cost: known before anything runs, from specs and texts alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from flowloom.flows.model.flow import Constant, Flow, Node, Reference
from flowloom.flows.node.spec import NodeSpec
from flowloom.studio.language import tr
from flowloom.studio.run.cost import FREE, Estimate

if TYPE_CHECKING:
    from flowloom.studio.document.flow_document import FlowDocument

HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts that are this computer."""

_REACHES_OUT: Final = frozenset({
    "requests", "httpx", "aiohttp", "urllib", "urllib3", "http", "socket", "ftplib", "smtplib", "ssl", "openai", "anthropic", "boto3",
    "websockets", "websocket", "paramiko", "pymongo", "redis", "psycopg", "psycopg2", "mysql", "azure", "google", "serpapi", "telnetlib",
})  # fmt: skip
_FIELD: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Recipient:
    """One host and what it is sent: the names of the ports, by the nodes that send them."""

    host: str
    fields: tuple[str, ...]
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leaving:
    """``unknown`` are connections that are missing, ``code`` Python files that may reach out by what they import."""

    recipients: tuple[Recipient, ...] = ()
    code: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    estimate: Estimate = FREE

    @property
    def nothing(self) -> bool:
        return not (self.recipients or self.code or self.unknown)

    @property
    def sentence(self) -> str:
        """One line for the title bar."""
        if self.nothing:
            return tr("Nothing leaves this computer")
        if len(self.recipients) == 1:
            only = self.recipients[0]
            fields = ", ".join(only.fields) or tr("the prompt")
            words = tr("{host} receives {fields}", host=only.host, fields=fields)
        elif self.recipients:
            words = tr("{count} services receive data", count=len(self.recipients))
        elif self.code:
            return tr("{file} may send data out", file=self.code[0])
        else:
            return tr("No connection yet: {name}", name=self.unknown[0])
        cost = self.estimate.words
        return f"{words} · {cost}" if cost else words

    @property
    def details(self) -> str:
        """All of it, a line each: for a tooltip, and to be read before a run."""
        lines = [
            tr("{host} receives {fields} (from {nodes})", host=one.host, fields=", ".join(one.fields) or tr("the prompt"), nodes=", ".join(one.nodes))
            for one in self.recipients
        ]  # fmt: skip
        lines += [tr("The Python file {file} imports what can reach the internet.", file=file) for file in self.code]
        lines += [tr("The connection {name} is not set up on this computer.", name=name) for name in self.unknown]
        if not lines:
            lines = [tr("By what its steps declare and its Python files import, this flow sends nothing to other computers.")]
        if self.estimate.sentence:
            lines.append(self.estimate.sentence)
        return "\n".join(lines)


def look(document: FlowDocument, hosts: Mapping[str, str | None], estimate: Estimate) -> Leaving:
    """What leaves. ``hosts`` are those of the connections, by name; None where nothing leaves, and none at all where it is missing."""
    return leaving(document.flow, document.spec, document.text, hosts, estimate)


def leaving(
    flow: Flow,
    spec_of: Callable[[str], NodeSpec | None],
    text_of: Callable[[str], str],
    hosts: Mapping[str, str | None],
    estimate: Estimate = FREE,
) -> Leaving:
    sent: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    code: dict[str, None] = {}
    unknown: dict[str, None] = {}
    for node in flow.nodes.values():
        spec = spec_of(node.name)
        for wanted in spec.hosts if spec is not None else ():
            host = _host(wanted, node, hosts, unknown)
            if host and host not in HERE:
                fields, nodes = sent.setdefault(host, ({}, {}))
                fields.update(dict.fromkeys(_fields(node)))
                nodes[node.name] = None
        if node.source.path and node.source.path.endswith(".py") and reaches_out(text_of(node.source.path)):
            code[node.source.path] = None
    if flow.kind == "flex":
        code.update(dict.fromkeys(_flex_files(flow, text_of)))
    recipients = tuple(Recipient(host, tuple(fields), tuple(nodes)) for host, (fields, nodes) in sent.items())
    return Leaving(recipients, tuple(code), tuple(unknown), estimate)


def connection_names(flow: Flow) -> tuple[str, ...]:
    """Every connection that the flow names, by its nodes and their inputs."""
    found: dict[str, None] = {}
    for node in flow.nodes.values():
        if node.connection:
            found[node.connection] = None
        binding = node.inputs.get("connection")
        if isinstance(binding, Constant) and isinstance(binding.value, str) and binding.value:
            found[binding.value] = None
    return tuple(found)


def _host(wanted: str, node: Node, hosts: Mapping[str, str | None], unknown: dict[str, None]) -> str | None:
    match = _FIELD.fullmatch(wanted)
    if match is None:
        return wanted
    if match[1] == "connection":
        binding = node.inputs.get("connection")
        name = node.connection or (binding.value if isinstance(binding, Constant) else None)
        if not name:
            return None
        if name not in hosts:
            unknown[str(name)] = None
            return None
        return hosts[str(name)]
    binding = node.inputs.get(match[1])
    if isinstance(binding, Reference):
        return tr("an address that the flow works out")
    return urlsplit(str(binding.value)).hostname if isinstance(binding, Constant) else None


def _fields(node: Node) -> list[str]:
    return [name for name, binding in node.inputs.items() if isinstance(binding, Reference)]


def _flex_files(flow: Flow, text_of: Callable[[str], str]) -> list[str]:
    paths = [node.source.path for node in flow.nodes.values() if node.source.path]
    return [path for path in paths if reaches_out(text_of(path))]


@lru_cache(maxsize=4096)
def reaches_out(text: str) -> bool:
    """Whether a Python file imports something that talks to other computers. Parses it, and runs nothing."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return False  # what cannot be parsed cannot be run either
    for part in ast.walk(tree):
        names: list[Any] = []
        if isinstance(part, ast.Import):
            names = [alias.name for alias in part.names]
        elif isinstance(part, ast.ImportFrom) and not part.level:
            names = [part.module or ""]
        if any(name.split(".")[0] in _REACHES_OUT for name in names):
            return True
    return False
