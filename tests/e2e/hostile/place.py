"""Flow folders that bite whoever opens them carelessly: how a trap is laid, and the table of all of them.

A trap's code, wherever it hides, writes a file named after the trap into the folder of canaries; opening a flow must never make it
sing. ``{sing}`` in a text stands for a Python expression that does it, ``{canary}`` for the file it writes, ``{outside}`` for a file
outside the flow that holds a secret. The traps themselves are in the modules beside this one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

DAG = """inputs:
  text: {type: string, default: hello}
outputs:
  o: {type: string, reference: "${n.output}"}
nodes:
- name: n
  type: python
  source: {type: code, path: n.py}
  inputs: {text: "${inputs.text}"}
"""
PROMPT_DAG = DAG.replace("type: python", "type: prompt").replace("n.py", "n.jinja2")
LLM_DAG = (
    DAG.replace("type: python", "type: llm").replace("n.py", "n.jinja2") + "  connection: open_ai_connection\n  api: chat\n"
)
TOOL = """from promptflow.core import tool


@tool
def n(text: str) -> str:
    return text
"""


@dataclass(frozen=True)
class Place:
    """Where one trap is laid: its folder, the canary that its code would write, and a secret outside the folder."""

    folder: Path
    canary: Path
    outside: Path

    @property
    def sing(self) -> str:
        return f"__import__('pathlib').Path({str(self.canary)!r}).write_text('sung')"

    def write(self, files: Mapping[str, str | bytes]) -> None:
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, str):
                content = content.replace("{sing}", self.sing).replace("{canary}", str(self.canary))
                content = content.replace("{outside}", str(self.outside)).encode("utf-8", "surrogatepass")
            path.write_bytes(content)


Layer = Callable[[Place], None]
TRAPS: dict[str, Layer] = {}
SINGS_WHEN_RUN: set[str] = set()
"""Traps whose canary sings once the flow is run: what the watch must be able to see."""


def trap(name: str, *, runs: bool = False) -> Callable[[Layer], Layer]:
    def keep(layer: Layer) -> Layer:
        assert name not in TRAPS, name
        TRAPS[name] = layer
        if runs:
            SINGS_WHEN_RUN.add(name)
        return layer

    return keep


def files(name: str, content: Mapping[str, str | bytes], *, runs: bool = False) -> None:
    """A trap made of files alone."""
    trap(name, runs=runs)(lambda place: place.write(content))


def lay(name: str, folder: Path, canaries: Path, outside: Path) -> Place:
    """Make the folder of one trap."""
    folder.mkdir(parents=True)
    place = Place(folder, canaries / name, outside)
    TRAPS[name](place)
    return place
