from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flowloom.flows.document import read
from flowloom.flows.model.build import Built, build
from flowloom.flows.model.flow import Constant, NodeName, Reference, VariantId


def built(tmp_path: Path, text: str, **chosen: str) -> Built:
    return build(read(tmp_path / "flow.dag.yaml", overlay={"flow.dag.yaml": text}), chosen=chosen)


def found(result: Built) -> list[tuple[str, str, int | None]]:
    return [(problem.severity, problem.code, problem.line) for problem in result.problems]


VARIANTS = """\
nodes:
- name: a
  use_variants: true
- name: b
  type: python
  source: {type: code, path: b.py}
  inputs: {x: "${a.output}"}
node_variants:
  a:
    default_variant_id: 1
    variants:
      0:
        node: {type: python, source: {type: code, path: a0.py}}
      1:
        description: the other
        node: {type: python, source: {type: code, path: a1.py}, activate: {when: "${inputs.x}", is: 1}}
"""


def test_a_whole_flow(tmp_path: Path) -> None:
    text = """\
name: Post
type: chat
display_name: Post office
description: sorts
tags: {team: 1}
environment_variables: {A: 1, B: [1]}
additional_includes: [../x.py]
message_format: openai-vision
inputs:
  q: {type: string, default: hi, description: asked, enum: [hi, bye], is_chat_input: true}
  h: {type: list, is_chat_history: true}
  n: {type: int, default: null}
outputs:
  o: {type: string, reference: "${a}", description: given, evaluation_only: true, is_chat_output: true}
  c: {type: int, reference: 7}
nodes:
- name: a
  type: llm
  source: {path: a.jinja2}
  inputs: {q: "${inputs.q}", temperature: 0, part: "${b.output.x[0]}"}
  connection: c
  api: chat
  provider: AzureOpenAI
  module: promptflow.tools.aoai
  activate: {when: "${b.output}", is: yes}
  retry: {attempts: 3, backoff_seconds: 0.5}
  timeout_seconds: 30
  cache: false
  comment: why
- {name: b, type: python, source: {type: package, tool: x.y.z}, reduce: true, enable_cache: true}
"""
    result = built(tmp_path, text)
    flow = result.flow
    assert result.problems == ()
    assert (flow.name, flow.type, flow.kind, flow.display_name) == ("Post", "chat", "dag", "Post office")
    assert (flow.tags, flow.environment_variables) == ({"team": "1"}, {"A": 1, "B": [1]})
    assert (flow.additional_includes, flow.message_format) == (("../x.py",), "openai-vision")
    assert flow.inputs["q"].enum == ("hi", "bye")
    assert flow.inputs["q"].is_chat_input
    assert not flow.inputs["q"].required
    assert flow.inputs["h"].required
    assert flow.inputs["n"].required
    assert flow.outputs["o"].binding == Reference("node", "a")
    assert flow.outputs["o"].is_chat_output
    assert flow.outputs["c"].binding == Constant(7)
    node = flow.nodes[NodeName("a")]
    assert (node.source.type, node.source.path) == ("code", "a.jinja2")
    assert node.inputs == {
        "q": Reference("input", "q"),
        "temperature": Constant(0),
        "part": Reference("node", "b", ("x", 0)),
    }
    assert [str(reference) for reference in node.references] == ["${inputs.q}", "${b.output.x[0]}", "${b.output}"]
    assert node.activate is not None
    assert node.activate.value == "yes"
    assert node.retry is not None
    assert (node.retry.attempts, node.retry.backoff_seconds) == (3, 0.5)
    assert (node.timeout_seconds, node.cache, node.comment) == (30, False, "why")
    other = flow.nodes[NodeName("b")]
    assert other.aggregation
    assert other.enable_cache
    assert other.source.tool == "x.y.z"


def test_the_name_defaults_to_the_folder_s(tmp_path: Path) -> None:
    assert built(tmp_path, "nodes: []\n").flow.name == tmp_path.name


def test_the_default_variant_takes_the_node_s_place(tmp_path: Path) -> None:
    result = built(tmp_path, VARIANTS)
    assert result.problems == ()
    node = result.flow.nodes[NodeName("a")]
    assert (node.source.path, node.variant) == ("a1.py", "1")
    assert result.paths[NodeName("a")] == ("node_variants", "a", "variants", 1, "node")
    variants = result.flow.variants[NodeName("a")]
    assert variants.default == "1"
    assert list(variants.choices) == ["0", "1"]
    assert variants.choices[VariantId("1")].description == "the other"


def test_a_chosen_variant(tmp_path: Path) -> None:
    result = built(tmp_path, VARIANTS, a="0")
    assert result.flow.nodes[NodeName("a")].source.path == "a0.py"
    assert result.paths[NodeName("a")] == ("node_variants", "a", "variants", 0, "node")


@pytest.mark.parametrize(
    ("chosen", "code"), [({"a": "9"}, "variant.unknown"), ({"z": "0"}, "variant.unknown_node"), ({"b": "0"}, None)]
)
def test_choices_that_do_not_exist(tmp_path: Path, chosen: dict[str, str], code: str | None) -> None:
    assert [problem.code for problem in built(tmp_path, VARIANTS, **chosen).problems] == ([code] if code else [])


PROBLEMS: list[tuple[str, list[tuple[str, str, int]]]] = [
    ("inputs: [a]\n", [("error", "structure.mapping", 1)]),
    ("inputs:\n  x: string\n", [("error", "input.structure", 2)]),
    ("inputs:\n  x: {default: 1}\n", [("error", "input.type_missing", 2)]),
    ("inputs:\n  x:\n    type: str\n", [("error", "input.type_unknown", 3)]),
    ("inputs:\n  x: {type: string, enum: a}\n", [("error", "input.enum", 2)]),
    ("inputs:\n  x: {type: string, is_chat_input: yes}\n", [("warning", "structure.flag", 2)]),
    ("outputs:\n  o: {type: string}\n", [("error", "output.reference_empty", 2)]),
    ("outputs:\n  o: {type: string, reference: ''}\n", [("error", "output.reference_empty", 2)]),
    ("outputs:\n  o: {reference: 1}\n", [("error", "output.type_missing", 2)]),
    ("outputs:\n  o: ${a}\n", [("error", "output.structure", 2)]),
    ("outputs:\n  o: {type: string, reference: '${}'}\n", [("error", "reference.syntax", 2)]),
    ("outputs:\n  o: {type: string, reference: '${a.x}'}\n", [("warning", "reference.syntax", 2)]),
    ("type: chatty\n", [("error", "type.unknown", 1)]),
    ("message_format: vision\n", [("error", "message_format.unknown", 1)]),
    ("language: csharp\n", [("error", "flow.language", 1)]),
    ("additional_includes: x\n", [("error", "flow.includes", 1)]),
    ("nodes: {a: 1}\n", [("error", "structure.list", 1)]),
    ("nodes:\n- a\n", [("error", "structure.mapping", 2)]),
    ("nodes:\n- type: llm\n", [("error", "node.name_missing", 2)]),
    ("nodes:\n- name: a\n", [("error", "node.type_missing", 2), ("error", "node.source_missing", 2)]),
    ("nodes:\n- name: a\n  type: lm\n  source: {path: x}\n", [("error", "type.unknown", 3)]),
    ("nodes:\n- name: a\n  type: llm\n  source: {type: code}\n", [("error", "source.path_missing", 4)]),
    ("nodes:\n- name: a\n  type: python\n  source: {type: package}\n", [("error", "source.tool_missing", 4)]),
    (
        "nodes:\n- name: a\n  type: custom_llm\n  source: {type: code, path: x}\n",
        [("error", "source.type_wrong", 4)],
    ),
    (
        "nodes:\n- {name: a, type: prompt, source: {path: x}}\n- {name: a, type: prompt, source: {path: y}}\n",
        [("error", "node.duplicate", 3)],
    ),
    (
        "nodes:\n- name: a\n  type: prompt\n  source: {path: x}\n  activate:\n    when: 1\n",
        [("error", "activate.incomplete", 6)],
    ),
    (
        "nodes:\n- name: a\n  type: prompt\n  source: {path: x}\n  retry: {attempts: 0}\n",
        [("error", "structure.number", 5)],
    ),
    ("nodes:\n- name: a\n  type: prompt\n  source: {path: x}\n  input: {b: 1}\n", [("warning", "key.slip", 5)]),
    ("nodes:\n- name: a\n  type: prompt\n  source: {path: x}\n  connection: [c]\n", [("error", "structure.text", 5)]),
    ("nodes:\n- name: a\n  use_variants: true\n", [("error", "variant.none", 3)]),
    (VARIANTS.replace("default_variant_id: 1", "default_variant_id: 7"), [("error", "variant.default", 10)]),
    (
        "nodes:\n- {name: a, use_variants: true}\nnode_variants:\n  a:\n    default_variant_id: x\n    variants:\n      x: {}\n",
        [("error", "variant.node_missing", 7), ("error", "variant.default", 5)],
    ),
]


@pytest.mark.parametrize(("text", "problems"), PROBLEMS)
def test_problems_name_their_line_and_the_next_step(tmp_path: Path, text: str, problems: list[Any]) -> None:
    result = built(tmp_path, text)
    assert found(result) == problems
    assert all(problem.fix and problem.file == "flow.dag.yaml" and problem.column for problem in result.problems)


def test_what_is_sound_is_built_all_the_same(tmp_path: Path) -> None:
    text = "inputs: {x: 3, y: {type: int}}\nnodes:\n- name: a\n- {name: b, type: prompt, source: {path: x}, inputs: {z: '${c.d}'}}\n"
    flow = built(tmp_path, text).flow
    assert list(flow.inputs) == ["y"]
    assert list(flow.nodes) == ["b"]
    binding = flow.nodes[NodeName("b")].inputs["z"]
    assert isinstance(binding, Reference)
    assert binding.name == "c"
    assert binding.fault
