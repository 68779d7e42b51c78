"""The window knows all node types and imports nobody else's code."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from flowloom.flows.document import read
from flowloom.flows.errors import ToolLoadError
from flowloom.flows.model.build import build
from flowloom.flows.node.node_type import NodeType
from flowloom.flows.node.spec_catalogue import Catalogue
from tests.test_house import HEAVY

NODES = """
import pathlib
pathlib.Path(__file__).with_name("imported").touch()
from flowloom.flows import node

@node(id="made.add", title="Add numbers", category="Data")
def add(a: int, b: int, *, rounded: bool = False) -> int:
    "Adds."
    return a + b
"""
TOOLS = """
def tools():
    return {"made.ask": {"type": "custom_llm", "module": "made_nodes", "function": "add", "name": "Ask made", "inputs": {"n": {"type": ["int"]}},
                         "deprecated_tools": ["old.ask"]}}
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a distribution of node types, on the path of child processes too."""
    folder = tmp_path / "site"
    info = folder / "made-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Name: made\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[flowloom.nodes]\nmade.add = made_nodes:add\n\n[package_tools]\nmade = made_tools:tools\n"
    )
    (folder / "made_nodes.py").write_text(NODES)
    (folder / "made_tools.py").write_text(TOOLS)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder


def refreshed(catalogue: Catalogue, *, again: bool = False) -> bool:
    done = threading.Event()
    told: list[bool] = []
    catalogue.refresh(lambda changed: (told.append(changed), done.set()), again=again)
    assert done.wait(60)
    return told[0]


def catalogue_of(site: Path, place: Path) -> Catalogue:
    return Catalogue([*sys.path, str(site)], place)


def test_others_types_are_learned_once_and_kept(site: Path, tmp_path: Path) -> None:
    catalogue = catalogue_of(site, tmp_path / "kept")
    registry = catalogue.registry()
    assert registry.find("loom.llm.chat") is not None
    assert registry.find("made.add") is None
    assert not catalogue.is_current
    assert refreshed(catalogue)
    added = registry.find("made.add")
    assert added is not None
    assert (added.spec.title, list(added.spec.ports.inputs)) == ("Add numbers", ["a", "b", "rounded"])
    assert {"made.add", "made.ask", "old.ask"} <= set(registry.ids())
    assert "made_nodes" not in sys.modules

    (site / "imported").unlink()
    next_time = catalogue_of(site, tmp_path / "kept")
    assert next_time.registry().find("made.add") is not None
    assert next_time.is_current
    assert not refreshed(next_time)
    assert not (site / "imported").exists(), "what is known needs no process"


def test_another_version_is_learned_again(site: Path, tmp_path: Path) -> None:
    assert refreshed(catalogue_of(site, tmp_path / "kept"))
    (site / "made-1.0.dist-info").rename(site / "made-1.1.dist-info")
    (site / "made_nodes.py").write_text(NODES.replace("Add numbers", "Add better"))
    catalogue = catalogue_of(site, tmp_path / "kept")
    assert catalogue.registry().find("made.add") is None
    assert refreshed(catalogue)
    found = catalogue.registry().find("made.add")
    assert found is not None
    assert found.spec.title == "Add better"


def test_a_described_type_is_drawn_with_its_prompts_variables_and_does_not_run(site: Path, tmp_path: Path) -> None:
    catalogue = catalogue_of(site, tmp_path / "kept")
    refreshed(catalogue)
    root = tmp_path / "flow"
    root.mkdir()
    (root / "ask.jinja2").write_text("Tell me about {{topic}}")
    (root / "flow.dag.yaml").write_text(
        "nodes:\n- {name: ask, type: custom_llm, source: {type: package_with_prompt, tool: old.ask, path: ask.jinja2}, inputs: {n: 1}}\n"
    )
    file = read(root)
    flow = build(file).flow
    node = flow.nodes["ask"]  # type: ignore[index]
    node_type: NodeType = catalogue.registry().resolve(node, flow)
    assert list(node_type.ports(node, flow, file).inputs) == ["n", "topic"]
    with pytest.raises(ToolLoadError, match="made"):
        node_type.bind(node, None)  # type: ignore[arg-type]


def test_a_package_that_never_imports_costs_nothing_but_itself(site: Path, tmp_path: Path) -> None:
    (site / "made_nodes.py").write_text("import os\nos._exit(3)\n")
    catalogue = catalogue_of(site, tmp_path / "kept")
    assert not refreshed(catalogue)
    assert catalogue.registry().find("loom.text.join") is not None
    assert not catalogue.is_current


def test_the_windows_own_types_load_nothing_heavy(tmp_path: Path) -> None:
    script = (
        "import json, sys\nfrom pathlib import Path\nfrom flowloom.flows.node.spec_catalogue import Catalogue\n"
        f"registry = Catalogue(place=Path({str(tmp_path)!r})).registry()\n"
        "found = registry.specs()\n"
        f"print(json.dumps([len(found), [name for name in {HEAVY!r} if name in sys.modules]]))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    count, heavy = json.loads(done.stdout)
    assert count > 20
    assert heavy == []
