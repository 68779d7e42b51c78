from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from flowloom.flows.cli.draw_text import cells


def test_text_says_what_the_flow_takes_and_gives(cli: Callable, hello: Path, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = cli("show", hello)
    assert shown.code == 0
    assert shown.out.splitlines()[:2] == ["flow", "takes  name (string, 'World' unless given)"]
    assert "│ shout " in shown.out
    assert shown.out.splitlines()[-1] == "gives  greeting = ${shout.output}"
    assert "\x1b" not in shown.out


def test_a_narrow_window_gets_a_list(cli: Callable, hello: Path, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    body = cli("show", hello).out.split("\n\n")[1]
    assert max(cells(line) for line in body.splitlines()) <= 20


def test_json_for_other_programs(cli: Callable, hello: Path) -> None:
    data = json.loads(cli("show", hello, "--format", "json").out)
    assert data["inputs"] == {"name": {"type": "string", "required": False, "default": "World"}}
    assert [node["name"] for node in data["nodes"]] == ["greet", "shout"]
    assert data["nodes"][1]["inputs"] == {"text": "${greet.output}"}
    assert {"from": "greet", "to": "shout", "condition": None} in data["edges"]


def test_the_other_forms(cli: Callable, hello: Path) -> None:
    assert cli("show", hello, "--format", "mermaid").out.startswith("flowchart TD\n")
    assert cli("show", hello, "--format", "svg").out.startswith("<svg ")


def test_a_broken_flow_is_drawn_as_far_as_it_goes(cli: Callable, write_flow: Callable[..., Path]) -> None:
    flow = write_flow(
        {"flow.dag.yaml": "nodes:\n- {name: a, type: python, source: {type: code, path: a.py}}\n- {name: b}\n"}
    )
    shown = cli("show", flow)
    assert shown.code == 0
    assert "│ a " in shown.out
    assert f"flowloom validate {flow}" in shown.err


def test_a_flow_that_closes_a_circle_is_drawn(cli: Callable, write_flow: Callable[..., Path]) -> None:
    node = '- {{name: {}, type: python, source: {{type: code, path: x.py}}, inputs: {{q: "${{{}.output}}"}}}}\n'
    flow = write_flow({"flow.dag.yaml": "nodes:\n" + node.format("a", "b") + node.format("b", "a")})
    assert cli("show", flow).out.count("▼") >= 1


def test_variants_are_shown_as_chosen(cli: Callable, write_flow: Callable[..., Path]) -> None:
    flow = write_flow(
        {
            "flow.dag.yaml": """
nodes: [{name: ask, use_variants: true}]
node_variants:
  ask:
    default_variant_id: long
    variants:
      long: {node: {type: prompt, source: {type: code, path: long.jinja2}, inputs: {}}}
      short: {node: {type: prompt, source: {type: code, path: short.jinja2}, inputs: {}}}
"""
        }
    )
    assert "long.jinja2 · variant long" in cli("show", flow).out
    assert "short.jinja2 · variant short" in cli("show", flow, "--variant", "${ask.short}").out


def test_no_flow_is_a_sentence(cli: Callable, tmp_path: Path) -> None:
    shown = cli("show", tmp_path / "nowhere")
    assert (shown.code, shown.out) == (2, "")
    assert shown.err.startswith("Error: There is no flow at ")


def test_names_with_control_characters_do_not_reach_the_terminal(
    cli: Callable, write_flow: Callable[..., Path]
) -> None:
    flow = write_flow(
        {
            "flow.dag.yaml": 'description: "a\\e[31mb"\nnodes: [{name: "x\\e]0;t\\a", type: python, source: {type: code, path: a.py}}]\n'
        }
    )
    assert "\x1b" not in cli("show", flow).out
