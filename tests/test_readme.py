"""What the README shows works as it stands there."""

from __future__ import annotations

import asyncio
import importlib.util
import re
import shlex
import sys
import textwrap
from pathlib import Path

import pytest

from flowloom.flows.api import load_flow
from flowloom.flows.cli.main import COMMANDS, _find, make_parser
from flowloom.flows.node.registry import Registry

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)


def blocks(language: str) -> list[str]:
    return [text for kind, text in BLOCKS if kind == language]


def commands() -> list[str]:
    lines = "\n".join(blocks("console")).splitlines()
    return [line.partition(" #")[0].strip() for line in lines if line.startswith("flowloom ")]


def load(path: Path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("command", commands())
def test_every_command_is_understood(command):
    name, *rest = shlex.split(command)[1:]
    parsed = make_parser(name, _find(name)).parse_args(rest)
    assert callable(parsed.run)


def test_every_command_is_mentioned():
    assert [name for name in COMMANDS if not any(f"flowloom {name}" in text for _, text in BLOCKS) and name not in README] == []


def test_the_python_example_runs(tmp_path, monkeypatch, capsys):
    example = next(text for text in blocks("python") if "load_flow(" in text)
    script = tmp_path / "example.py"
    imports, _, body = example.partition("\n\n")
    script.write_text(f"{imports}\n\n\nasync def main():\n{textwrap.indent(body, '    ')}\n")
    folder = tmp_path / "my-flow"
    folder.mkdir()
    (folder / "answer.jinja2").write_text("About: {{question}}")
    (folder / "flow.dag.yaml").write_text(
        "inputs:\n  question: {type: string}\noutputs:\n  answer: {type: string, reference: \"${answer.output}\"}\nnodes:\n"
        "- name: answer\n  type: prompt\n  source: {type: code, path: answer.jinja2}\n  inputs: {question: \"${inputs.question}\"}\n"
    )
    (tmp_path / "connections.yaml").write_text("any: {type: custom, secrets: {key: a-secret-value}}\n")
    monkeypatch.chdir(tmp_path)
    asyncio.run(load(script).main())
    shown = capsys.readouterr().out
    assert "RunStarted" in shown
    assert "'answer': 'About: ...'" in shown


def test_the_node_example_becomes_a_node(tmp_path):
    source = next(text for text in blocks("python") if "@node(" in text)
    (tmp_path / "acme_nodes.py").write_text(source)
    module = load(tmp_path / "acme_nodes.py")
    sys.modules["acme_nodes"] = module
    try:
        registry = Registry()
        dispose = registry.register(module.shorten)
        node = blocks("yaml")[0]
        folder = tmp_path / "flow"
        folder.mkdir()
        (folder / "flow.dag.yaml").write_text(
            f"inputs:\n  text: {{type: string}}\noutputs:\n  out: {{type: string, reference: \"${{short.output}}\"}}\nnodes:\n{node}"
        )
        text = " ".join(str(number) for number in range(30))
        with load_flow(folder, registry=registry) as flow:
            assert flow.validate() == []
            assert flow.run(text=text) == {"out": " ".join(str(number) for number in range(20))}
        dispose()
    finally:
        del sys.modules["acme_nodes"]
    entry = next(text for text in blocks("toml") if "flowloom.nodes" in text)
    assert f'"{module.shorten.spec.id}" = ' in entry
