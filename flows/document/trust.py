"""What would run where a flow does, and one hash over it: the folder's trust is bound to that hash.

It covers the flow, prompts, code and programs of the folder with its subflows, what ``additional_includes`` brings, and the versions of
the packages whose tools the flow names. Layout, pins and plain data do not count. Reading executes nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from flowloom.flows.document.runnable import Kind, RunFile, kind_of, read_run_file, unsaved_run_file, walk
from flowloom.flows.errors import FlowloomError
from flowloom.flows.model.flow import EMPTY

if TYPE_CHECKING:
    from flowloom.flows.document.flow_file import FlowFile

_VERSION: Final = 1
_NOT_RUN: Final = ("flow.layout.json", "flow.pins.json")
NOT_INSTALLED: Final = "not installed"


@dataclass(frozen=True)
class WhatRuns:
    """All that can run. ``files`` are by path as seen from the folder, those of includes leading out of it."""

    files: Mapping[str, RunFile]
    packages: Mapping[str, str]
    """Distributions whose tools the flow names, with their versions."""
    used_by: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    """Paths, and ids of tools, with the nodes that name them."""
    tools: tuple[str, ...] = ()
    """Ids of the tools of packages that nodes name."""
    variables: tuple[str, ...] = ()
    """Environment variables the flow sets."""

    @property
    def hash(self) -> str:
        digests = [(file.path, file.target, file.digest) for _, file in sorted(self.files.items())]
        return hashlib.sha256(json.dumps([_VERSION, digests, sorted(self.packages.items())]).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def texts(self) -> dict[str, str]:
        """The very texts that were hashed, by path in the folder a run works in: laid over the disk, exactly they run."""
        found = {file.target: file.text for file in self.files.values() if file.text is not None and file.target == file.path}
        found.update({file.target: file.text for file in self.files.values() if file.text is not None and file.target != file.path})
        return found

    def changed_since(self, digests: Mapping[str, str]) -> list[str]:
        """Paths whose bytes differ from those of ``digests``, new and lost ones too."""
        now = self.digests
        return sorted(path for path in now.keys() | digests.keys() if now.get(path) != digests.get(path))

    @property
    def digests(self) -> dict[str, str]:
        """What the hash is over, by path, packages as ``package NAME``."""
        return {**{path: file.digest for path, file in self.files.items()}, **{f"package {name}": version for name, version in self.packages.items()}}


def run_hash(file: FlowFile) -> str:
    """The hash of what would run of ``file``, its unsaved text included. Raises DocumentError where the folder is too large to check."""
    return what_runs(file).hash


def what_runs(file: FlowFile, *, disk: Mapping[str, RunFile] = EMPTY) -> WhatRuns:
    """Everything that can run of ``file``, its unsaved text laid over the disk.

    ``disk`` holds files as another call read them, taken over instead of being read again, so that both speak of the same bytes. Raises
    DocumentError where the folder is too large to check.
    """
    return _Search(file, disk).search()


class _Search:
    def __init__(self, file: FlowFile, disk: Mapping[str, RunFile]) -> None:
        self.file = file
        self.root = os.path.realpath(file.root)
        self.disk = disk
        self.files: dict[str, RunFile] = {}
        self.used_by: dict[str, list[str]] = {}
        self.tools: set[str] = set()
        self.variables: list[str] = []

    def search(self) -> WhatRuns:
        named = {path for node, path in _named_files(self.file.data) if not self.used_by.setdefault(path, []).append(node)}
        if self.file.kind == "prompty":
            named |= set(_file_values(self.file.text))
        for path, place, by_status in walk(self.root):
            if path in _NOT_RUN:
                continue
            known = self.disk.get(path)
            is_named = path in named or path == self.file.name
            if known is not None and known.target == path and (known.kind != "other" or is_named):
                self.files[path] = known
            else:
                self._take(read_run_file(path, place, path, by_status=by_status, named=is_named))
        for path, text in self.file.overlay.items():
            if path not in _NOT_RUN:
                self.files.pop(path, None)
                self._take(unsaved_run_file(path, text, named=path in named or path == self.file.name))
        self._look_into_flows()
        packages = package_versions(self.tools)
        used_by = {path: tuple(dict.fromkeys(nodes)) for path, nodes in self.used_by.items()}
        return WhatRuns(self.files, packages, used_by, tuple(sorted(self.tools)), tuple(self.variables))

    def _take(self, found: RunFile | None) -> None:
        if found is not None:
            self.files[found.path] = found

    def _look_into_flows(self) -> None:
        """Tools and includes of the flow, and of every flow that it may call: also of those that are included themselves."""
        looked: set[str] = set()
        while waiting := [file for path, file in sorted(self.files.items()) if path not in looked and _may_be_flow(file)]:
            for found in waiting:
                looked.add(found.path)
                data = self.file.data if found.path == self.file.name else _values(found)
                if not isinstance(data, dict):
                    continue
                for node, tool in _named_tools(data):
                    self.tools.add(tool)
                    self.used_by.setdefault(tool, []).append(node)
                if found.path == self.file.name and isinstance(data.get("environment_variables"), dict):
                    self.variables += [str(name) for name in data["environment_variables"]]
                includes = data.get("additional_includes")
                for written in includes if isinstance(includes, list) else ():
                    self._include(str(written), os.path.dirname(found.path), os.path.dirname(found.target))

    def _include(self, written: str, folder: str, target_folder: str) -> None:
        """The files that an include brings, as a run copies them; what a run refuses is left out."""
        if os.path.isabs(written) or written.startswith("\\") or written[1:2] == ":":
            return
        place = os.path.normpath(os.path.join(self.root, folder, written))
        if place.endswith(".zip") and not os.path.exists(place) and os.path.isdir(place[:-4]):
            place = place[:-4]
        fence = fence_of(os.path.join(self.root, folder))
        base = os.path.join(target_folder, os.path.basename(place)) if target_folder else os.path.basename(place)
        found = [(place, base)]
        if os.path.isdir(place):
            found = [(inner, f"{base}/{path}") for path, inner, _ in walk(place, within=fence)]
        for inner, target in found:
            path = os.path.relpath(inner, self.root).replace(os.sep, "/")
            known = self.disk.get(path)
            if path not in self.files or self.files[path].target == path:
                # A file of the folder that is included too stands at both places.
                key = path if path not in self.files else f"{path} as {target}"
                made = known if known is not None and known.target == target else read_run_file(path, inner, target, named=True)
                if made is not None:
                    self.files[key] = RunFile(key, made.kind, made.digest, target, made.text)


def fence_of(folder: str) -> str:
    """How far an include may lead: the nearest folder above that holds ``.git``, else the parent."""
    here = os.path.realpath(folder)
    above = here
    while not os.path.exists(os.path.join(above, ".git")):
        parent = os.path.dirname(above)
        if parent == above:
            return os.path.dirname(here)
        above = parent
    return above


def _may_be_flow(file: RunFile) -> bool:
    return file.kind in ("flow", "settings", "other") and file.text is not None and file.path.endswith((".yaml", ".yml"))


def _values(file: RunFile) -> Any:
    from flowloom.flows.document.yaml_text import load_yaml

    if not file.text or ("additional_includes" not in file.text and "package" not in file.text):
        return None
    try:
        return load_yaml(file.text, file.path).value
    except FlowloomError:
        # No flow could be made of it either.
        return None


def _bodies(data: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every body of a node that is written, those of variants too, with the node's name."""
    nodes = data.get("nodes")
    for node in nodes if isinstance(nodes, list) else ():
        if isinstance(node, dict):
            yield str(node.get("name", "")), node
    variants = data.get("node_variants")
    for name, entry in variants.items() if isinstance(variants, dict) else ():
        choices = entry.get("variants") if isinstance(entry, dict) else None
        for choice in choices.values() if isinstance(choices, dict) else ():
            if isinstance(choice, dict) and isinstance(choice.get("node"), dict):
                yield str(name), choice["node"]


def _named_files(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, body in _bodies(data):
        source = body.get("source")
        path = source.get("path") if isinstance(source, dict) else None
        if isinstance(path, str) and path.strip():
            yield name, os.path.normpath(path).replace(os.sep, "/")
        inputs = body.get("inputs")
        called = inputs.get("flow") if isinstance(inputs, dict) else None
        if isinstance(called, str) and kind_of(called) is not None:
            yield name, os.path.normpath(called).replace(os.sep, "/")


def _named_tools(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, body in _bodies(data):
        source = body.get("source")
        tool = source.get("tool") if isinstance(source, dict) and source.get("type") != "code" else None
        if isinstance(tool, str) and tool:
            yield name, tool


def _file_values(text: str) -> Iterable[str]:
    import re

    return (os.path.normpath(path.strip()) for path in re.findall(r"\$\{file:([^}]+)\}", text))


def package_versions(tools: Iterable[str]) -> dict[str, str]:
    """The distributions that provide these tools, with their versions; Flowloom itself is left out.

    Nothing is imported. Where a tool is registered by prompt flow's entry point, which names no tools, all distributions that register
    some count; a tool that nothing provides counts as not installed.
    """
    wanted = set(tools)
    if not wanted:
        return {}
    from flowloom.flows.node.entry_points import OWN_DISTRIBUTION, entry_points, metadata_folders

    folders = metadata_folders()
    own = {entry.name for entry in entry_points(folders.get(OWN_DISTRIBUTION, ""), OWN_DISTRIBUTION)}
    wanted -= own
    if not wanted:
        return {}
    found: dict[str, str] = {}
    others: dict[str, str] = {}
    for name, folder in folders.items():
        if name == OWN_DISTRIBUTION:
            continue
        entries = entry_points(folder, name)
        nodes = {entry.name for entry in entries if entry.group == "flowloom.nodes"} & wanted
        if nodes:
            found[name] = version_of(folder)
            wanted -= nodes
        if any(entry.group == "package_tools" for entry in entries):
            others[name] = version_of(folder)
    if wanted:
        found.update(others)
        if not others:
            found.update(dict.fromkeys(sorted(wanted), NOT_INSTALLED))
    return found


def version_of(metadata: str) -> str:
    """The version written in a distribution's metadata folder; empty where none is."""
    for name in ("METADATA", "PKG-INFO"):
        try:
            with open(os.path.join(metadata, name), encoding="utf-8", errors="replace") as lines:
                for line in lines:
                    if line.startswith("Version:"):
                        return line.partition(":")[2].strip()
                    if not line.strip():
                        break
        except OSError:
            continue
    return ""


__all__ = ["NOT_INSTALLED", "Kind", "RunFile", "WhatRuns", "package_versions", "run_hash", "what_runs"]
