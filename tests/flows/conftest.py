"""Flow folders in a few lines: ``write_flow({"a": "greet name=${inputs.name}"}, tools={"greet": "..."})``."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

TOOL = "from promptflow.core import tool, log_metric\nimport asyncio, time\n"

TOOLS = {
    "echo": "@tool\ndef echo(x=None, y=None): return x",
    "aecho": "@tool\nasync def aecho(x=None, y=None): return x",
    "both": "@tool\ndef both(x='default x', y=None): return [x, y]",
    "fail": "@tool\ndef fail(x=None): raise ValueError('boom')",
    "afail": "@tool\nasync def afail(x=None): raise ValueError('boom')",
    "letters": "@tool\ndef letters(x='abc'):\n    for letter in x: yield letter",
    "aletters": "@tool\nasync def aletters(x='abc'):\n    for letter in x:\n        await asyncio.sleep(0)\n        yield letter",
    "breaks": "@tool\ndef breaks(x=None):\n    yield 'a'\n    raise ValueError('half-way')",
    "join": "@tool\ndef join(x): return '+'.join(x)",
    "ajoin": "@tool\nasync def ajoin(x):\n    return '+'.join([letter async for letter in x])",
    "plainjoin": "@tool\nasync def plainjoin(x):\n    return '+'.join([letter for letter in x])",
    "upper": "@tool\ndef upper(x):\n    for letter in x: yield letter.upper()",
    "first": "@tool\ndef first(x): return next(iter(x))",
    "forever": "@tool\ndef forever():\n    number = 0\n    while True:\n        yield str(number)\n        number += 1",
    "never": "@tool\nasync def never(x=None): await asyncio.Event().wait()",
    "count": "@tool\ndef count(x, y=None):\n    log_metric('rows', len(x))\n    return x",
    "kinds": "@tool\ndef kinds(x): return [type(item).__name__ for item in x]",
    "thing": "class Thing:\n    def __repr__(self): return 'a thing'\n@tool\ndef thing(): return {'thing': Thing()}",
    "pair": "@tool\ndef pair(): return {'left': 1, 'right': [10, 20]}",
}

WriteFlow = Callable[..., Path]


def node_of(name: str, written: str | Mapping[str, Any]) -> dict[str, Any]:
    """``"echo x=${a.output} y=3"`` as a node; a mapping holds such a text under ``use`` and further keys beside it."""
    keys = {"use": written} if isinstance(written, str) else dict(written)
    tool, *inputs = keys.pop("use").split()
    node: dict[str, Any] = {
        "name": name,
        "type": "python",
        "source": {"type": "code", "path": f"{tool}.py"},
        "inputs": {},
    }
    if tool.endswith(".jinja2"):
        node |= {"type": "prompt", "source": {"type": "code", "path": tool}}
    for pair in inputs:
        key, _, value = pair.partition("=")
        node["inputs"][key] = yaml.safe_load(value)
    return node | keys


@pytest.fixture
def write_flow(tmp_path: Path) -> WriteFlow:
    """Write a flow folder and return it. ``tools`` are added to TOOLS, ``files`` written as they are."""

    def write(
        nodes: Mapping[str, str | Mapping[str, Any]],
        *,
        outputs: Mapping[str, str] | None = None,
        inputs: Mapping[str, Any] | None = None,
        tools: Mapping[str, str] | None = None,
        files: Mapping[str, str] | None = None,
        folder: str = "flow",
        **keys: Any,
    ) -> Path:
        root = tmp_path / folder
        root.mkdir(parents=True, exist_ok=True)
        for name, source in {**TOOLS, **(tools or {})}.items():
            (root / f"{name}.py").write_text(TOOL + source + "\n")
        for name, text in (files or {}).items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        flow = {
            "inputs": {
                name: spec if isinstance(spec, dict) else {"type": "string", "default": spec}
                for name, spec in (inputs or {}).items()
            },
            "outputs": {
                name: {"type": "string", "reference": reference} for name, reference in (outputs or {}).items()
            },
            "nodes": [node_of(name, written) for name, written in nodes.items()],
            **keys,
        }
        (root / "flow.dag.yaml").write_text(yaml.safe_dump(flow, sort_keys=False))
        return root

    return write


@pytest.fixture
def no_thread_left() -> Iterator[None]:
    """After the test as many threads run as before it, but for the one that writes run records."""
    before = set(threading.enumerate())
    yield
    left = [
        thread
        for thread in threading.enumerate()
        if thread not in before and thread.is_alive() and thread.name != "run-records"
    ]
    assert not left, left
