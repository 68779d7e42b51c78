"""Finds node types and services: what this environment can run.

Node types are registered by entry point: group ``flowloom.nodes``, one entry a node id, so that only what a flow uses is imported;
group ``package_tools`` holds the tools of packages made for prompt flow. A package that cannot be imported is a problem to show, never
a reason not to start.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flowloom.flows.errors import UsageError
from flowloom.flows.model.flow import Flow, Node
from flowloom.flows.model.problem import Problem
from flowloom.flows.node.entry_points import OWN_DISTRIBUTION, EntryPoint, entry_points, metadata_folders
from flowloom.flows.node.node_type import NodeType
from flowloom.flows.node.spec import NodeSpec

NODES = "flowloom.nodes"
SERVICES = "flowloom.services"
PACKAGE_TOOLS = "package_tools"

Disposer = Callable[[], None]

_LLM_APIS = {"chat": "loom.llm.chat", "completion": "loom.llm.completion"}


class Registry:
    """The node types and services of one environment.

    ``search_path`` holds the folders whose distributions count; None means ``sys.path``. Nothing is read before it is asked for, our own
    distribution first and the others only where it lacks the name.
    """

    def __init__(self, search_path: list[str] | None = None) -> None:
        self._search_path = search_path
        self._lock = threading.RLock()
        self._folders: dict[str, str] | None = None
        self._entries: dict[str, list[EntryPoint]] = {}
        self._registered: dict[str, NodeType] = {}
        self._loaded: dict[str, NodeType] = {}
        self._services: dict[str, Any] = {}
        self._package_tools: dict[str, NodeType] | None = None
        self._problems: dict[tuple[EntryPoint, str], Problem] = {}

    # Looking up

    def get(self, id: str) -> NodeType:
        """The node type of that id. Raises UsageError, naming what to install, where nothing here provides it."""
        found = self.find(id)
        if found is None:
            message = self._broken(id) or f"Nothing installed here provides the node type '{id}'."
            raise UsageError(message, hint="Install the package that provides it: pip install -r requirements.txt of the flow.")
        return found

    def find(self, id: str) -> NodeType | None:
        """The node type of that id, or None."""
        with self._lock:
            for known in (self._registered, self._loaded):
                if id in known:
                    return known[id]
            for entry in self._find_entries(NODES, id):
                node_type = self._load(entry)
                if node_type is not None:
                    self._loaded[id] = node_type
                    return node_type
            return self._tools().get(id)

    def resolve(self, node: Node, flow: Flow | None = None) -> NodeType:
        """The node type that does a node's work; ``flow`` tells the one node of a flex flow from a tool file. Raises UsageError where
        this environment has none."""
        try:
            return self.get(type_id(node, flow))
        except UsageError as error:
            raise error.at(node=node.name, field="source", file=flow.file if flow else None) from None

    def ids(self) -> tuple[str, ...]:
        """The ids of all node types, in alphabetical order. Node types are not imported for it, except those of ``package_tools``."""
        with self._lock:
            named = {entry.name for entry in self._group(NODES)}
            return tuple(sorted({*self._registered, *named, *self._tools()}))

    def own_ids(self) -> tuple[str, ...]:
        """The ids that Flowloom itself brings."""
        with self._lock:
            return tuple(entry.name for entry in self._of(OWN_DISTRIBUTION) if entry.group == NODES)

    def specs(self) -> Mapping[str, NodeSpec]:
        """The spec of every node type that can be imported, by id."""
        found = ((id, self.find(id)) for id in self.ids())
        return {id: node_type.spec for id, node_type in found if node_type is not None}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What went wrong with packages so far: imports that failed, ids that two packages claim."""
        return tuple(self._problems.values())

    def service(self, name: str) -> Any:
        """The service of that name, made once. Raises UsageError where no installed package provides it."""
        with self._lock:
            if name in self._services:
                return self._services[name]
            for entry in self._find_entries(SERVICES, name):
                self._services[name] = entry.load()()
                return self._services[name]
        raise UsageError(
            f"Nothing installed here provides the service '{name}'.", hint="Install Flowloom again: pip install flowloom."
        )

    # Adding

    def register(self, node_type: NodeType) -> Disposer:
        """Add a node type to this registry, in place of any other of its id. Call what it returns to take it away again."""
        id = node_type.spec.id
        with self._lock:
            previous = self._registered.get(id)
            self._registered[id] = node_type

        def dispose() -> None:
            with self._lock:
                if self._registered.get(id) is not node_type:
                    return
                if previous is None:
                    del self._registered[id]
                else:
                    self._registered[id] = previous

        return dispose

    def register_service(self, name: str, service: Any) -> Disposer:
        """Add a service, in place of any other of its name. Call what it returns to take it away again."""
        with self._lock:
            previous = self._services.get(name)
            self._services[name] = service

        def dispose() -> None:
            with self._lock:
                if self._services.get(name) is not service:
                    return
                if previous is None:
                    del self._services[name]
                else:
                    self._services[name] = previous

        return dispose

    # Reading the environment

    def _of(self, distribution: str) -> list[EntryPoint]:
        if self._folders is None:
            self._folders = metadata_folders(self._search_path)
        if distribution not in self._entries:
            folder = self._folders.get(distribution)
            self._entries[distribution] = entry_points(folder, distribution) if folder else []
        return self._entries[distribution]

    def _distributions(self) -> Iterable[str]:
        if self._folders is None:
            self._folders = metadata_folders(self._search_path)
        return [OWN_DISTRIBUTION, *(name for name in self._folders if name != OWN_DISTRIBUTION)]

    def _group(self, group: str) -> list[EntryPoint]:
        return [entry for distribution in self._distributions() for entry in self._of(distribution) if entry.group == group]

    def _find_entries(self, group: str, name: str) -> Iterable[EntryPoint]:
        for distribution in self._distributions():
            for entry in self._of(distribution):
                if entry.group == group and entry.name == name:
                    yield entry

    def _load(self, entry: EntryPoint) -> NodeType | None:
        try:
            node_type = entry.load()
        except Exception as error:
            self._note(entry, f"cannot be loaded: {type(error).__name__}: {error}")
            return None
        if not isinstance(getattr(node_type, "spec", None), NodeSpec):
            self._note(entry, f"is not a node type: {entry.value}")
            return None
        return node_type

    def _tools(self) -> dict[str, NodeType]:
        if self._package_tools is None:
            from flowloom.flows.node.package_tools import read_package_tools

            others = [entry for entry in self._group(PACKAGE_TOOLS) if entry.distribution != OWN_DISTRIBUTION]
            self._package_tools, notes = read_package_tools(others)
            for entry, words in notes:
                self._note(entry, words)
        return self._package_tools

    def _note(self, entry: EntryPoint, words: str) -> None:
        self._problems[entry, words] = Problem(
            code="package.broken",
            severity="warning",
            message=f"'{entry.name}' of the package '{entry.distribution}' {words}.",
            fix=f"Install the package again (pip install --upgrade {entry.distribution}) or remove it.",
        )

    def _broken(self, id: str) -> str:
        problem = next((problem for (entry, _), problem in self._problems.items() if entry.name == id), None)
        return problem.message if problem else ""


def type_id(node: Node, flow: Flow | None = None) -> str:
    """The id of the node type that a node of a flow file means."""
    if flow is not None and flow.kind == "flex":
        return "loom.python.flex"
    if flow is not None and flow.kind == "prompty":
        return "loom.prompt.prompty"
    if node.source.type != "code":
        return node.source.tool or ""
    if node.type == "llm":
        return _LLM_APIS.get(node.api or "chat", f"loom.llm.{node.api}")
    return "loom.prompt.template" if node.type == "prompt" else "loom.python.tool"


_default: Registry | None = None
_default_lock = threading.Lock()


def default_registry() -> Registry:
    """The registry of this process's own environment."""
    global _default
    if _default is None:
        with _default_lock:
            if _default is None:
                _default = Registry()
    return _default


def service(name: str) -> Any:
    """A service of this process's environment."""
    return default_registry().service(name)
