"""The node types of this environment for a window, which imports no other distribution's code.

Flowloom's own node types are loaded in process. Those of other distributions are described by a child process, and kept in the state
directory for as long as the distributions' names and versions stay what they are.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flowloom.flows.engine.places import state_directory
from flowloom.flows.errors import ToolLoadError
from flowloom.flows.node.entry_points import OWN_DISTRIBUTION, entry_points, metadata_folders
from flowloom.flows.node.node_type import BoundNode, NodeType, Workbench
from flowloom.flows.node.registry import NODES, PACKAGE_TOOLS, Registry
from flowloom.flows.node.spec import NodeSpec, Ports
from flowloom.flows.node.spec_json import spec_from_json

if TYPE_CHECKING:
    from flowloom.flows.document.flow_file import FlowFile
    from flowloom.flows.model.flow import Flow, Node
    from flowloom.flows.model.problem import Problem

_FORMAT: Final = 1
_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True)
class DescribedType:
    """A node type known by its description alone: it can be drawn, not run."""

    spec: NodeSpec
    prompted: bool = False
    """Its prompt, a file of the flow, adds ports: one a variable."""

    def ports(self, node: Node, flow: Flow, files: FlowFile) -> Ports:
        if not self.prompted or node.source.type != "package_with_prompt" or not node.source.path:
            return self.spec.ports
        from flowloom.flows.node.package_tools import with_variables

        return with_variables(self.spec.ports, files.read_text(node.source.path))

    def check(self, node: Node, flow: Flow, files: FlowFile) -> Iterable[Problem]:
        return ()

    def bind(self, node: Node, workbench: Workbench) -> BoundNode:
        raise ToolLoadError(
            f"'{self.spec.title}' belongs to the package {self.spec.package}, whose code does not run here.",
            hint="Run the flow in a worker.",
            node=node.name,
        )


class _OwnRegistry(Registry):
    """Reads no other distribution."""

    def _distributions(self) -> Iterable[str]:
        return [OWN_DISTRIBUTION]

    def _tools(self) -> dict[str, NodeType]:
        return {}


class Catalogue:
    """``registry`` gives one registry for as long as the catalogue lives; ``refresh`` adds to it what it learns.

    ``search_path`` holds the folders whose distributions count, None means ``sys.path``; ``place`` is the folder of what is kept.
    """

    def __init__(self, search_path: list[str] | None = None, place: Path | None = None) -> None:
        self._search_path = search_path
        self._place = place if place is not None else state_directory() / "specs"
        self._registry: Registry | None = None
        self._lock = threading.Lock()
        self._disposers: list[Callable[[], None]] = []
        self.problems: tuple[str, ...] = ()
        """What is wrong with other distributions, in words."""
        self.is_current = False
        """Whether what is known of other distributions is what is installed."""

    def registry(self) -> Registry:
        """Our node types, and those of others as far as they are known by now. Starts no process."""
        with self._lock:
            if self._registry is None:
                self._registry = _OwnRegistry(self._search_path)
                kept = self._read()
                self.is_current = kept is not None
                if kept is not None and (kept.get("types") or kept.get("problems")):
                    self._take(kept)
            return self._registry

    def refresh(self, on_done: Callable[[bool], None] = lambda changed: None, *, again: bool = False) -> None:
        """Learn in the background what other distributions bring, unless that is known (``again``: even so). ``on_done(changed)`` is
        called on a thread of its own, once the registry has it."""
        self.registry()
        threading.Thread(target=self._learn, args=(on_done, again), name="flowloom-specs", daemon=True).start()

    def _learn(self, on_done: Callable[[bool], None], again: bool) -> None:
        changed = False
        if again or not self.is_current:
            others = self._others()
            found = self._ask() if others else {"types": {}, "problems": []}
            if found is not None:
                self._keep({"key": self._key(others), **found})
                with self._lock:
                    changed = self._take(found)
                    self.is_current = True
        on_done(changed)

    def _take(self, found: Mapping[str, Any]) -> bool:
        """Have the registry know these types in place of the former ones; True where that changes something."""
        assert self._registry is not None
        before = {id: self._registry.find(id) for id in self._registry.ids()}
        while self._disposers:
            self._disposers.pop()()
        own = set(self._registry.own_ids())
        for id, told in found.get("types", {}).items():
            if id not in own:
                described = DescribedType(spec_from_json(told["spec"]), bool(told.get("prompted")))
                self._disposers.append(_register(self._registry, id, described))
        self.problems = tuple(map(str, found.get("problems", ())))
        return before != {id: self._registry.find(id) for id in self._registry.ids()}

    # What is installed, and what is kept

    def _others(self) -> list[list[Any]]:
        """Other distributions that bring node types: name, folder of their metadata, when that was written."""
        found: list[list[Any]] = []
        for name, folder in sorted(metadata_folders(self._search_path).items()):
            groups = {entry.group for entry in entry_points(folder, name)} if name != OWN_DISTRIBUTION else set()
            if groups & {NODES, PACKAGE_TOOLS}:
                with contextlib.suppress(OSError):
                    written = os.stat(os.path.join(folder, "entry_points.txt")).st_mtime_ns
                    found.append([name, folder, written])
        return found

    def _key(self, others: list[list[Any]]) -> str:
        own = metadata_folders(self._search_path).get(OWN_DISTRIBUTION, "")
        return hashlib.sha256(json.dumps([_FORMAT, sys.version, own, others]).encode()).hexdigest()

    def _file(self) -> Path:
        where = json.dumps([sys.prefix, self._search_path])
        return self._place / f"{hashlib.sha256(where.encode()).hexdigest()[:16]}.json"

    def _read(self) -> dict[str, Any] | None:
        """What was kept of exactly the distributions that are installed."""
        others = self._others()
        if not others:
            return {}
        try:
            found = json.loads(self._file().read_text(encoding="utf-8"))
            return found if found["key"] == self._key(others) else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _keep(self, found: Mapping[str, Any]) -> None:
        # What cannot be kept is learned again the next time.
        with contextlib.suppress(OSError):
            self._place.mkdir(parents=True, exist_ok=True)
            unfinished = self._file().with_suffix(f".{os.getpid()}")
            unfinished.write_text(json.dumps(found), encoding="utf-8")
            unfinished.replace(self._file())

    def _ask(self) -> dict[str, Any] | None:
        """What a child process finds; None where it comes to no end."""
        command = [sys.executable, "-P", str(Path(__file__).with_name("spec_child.py"))]
        if self._search_path is not None:
            command.append(json.dumps(self._search_path))
        with tempfile.TemporaryDirectory(prefix="flowloom-specs-") as here:
            try:
                done = subprocess.run(command, cwd=here, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False)
                found = json.loads(done.stdout)
                return found if isinstance(found, dict) else None
            except (OSError, subprocess.TimeoutExpired, ValueError):
                return None


def _register(registry: Registry, id: str, described: DescribedType) -> Callable[[], None]:
    """Register a type under an id that may be an older one of its own."""
    from dataclasses import replace

    spec = described.spec if described.spec.id == id else replace(described.spec, id=id)
    return registry.register(replace(described, spec=spec))
