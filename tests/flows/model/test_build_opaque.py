from __future__ import annotations

from pathlib import Path

from flowloom.flows.document import read
from flowloom.flows.model.build import build
from flowloom.flows.model.flow import NodeName, Reference

FLEX = "entry: app.chat:Bot\ninputs:\n  q: {type: string}\n  n: {default: 3}\noutputs:\n  text: {type: string}\nenvironment_variables: {A: 1}\n"


def test_a_flex_flow_is_one_node(tmp_path: Path) -> None:
    (tmp_path / "flow.flex.yaml").write_text(FLEX)
    built = build(read(tmp_path))
    assert built.problems == ()
    node = built.flow.nodes[NodeName("entry")]
    assert (built.flow.kind, node.type, node.source.path) == ("flex", "python", "app/chat.py")
    assert node.inputs == {"q": Reference("input", "q"), "n": Reference("input", "n")}
    assert built.flow.inputs["n"].default == 3
    assert built.flow.outputs["text"].binding == Reference("node", "entry", ("text",))
    assert built.flow.environment_variables == {"A": 1}


def test_a_malformed_entry_is_a_problem(tmp_path: Path) -> None:
    for entry in ("chat", "a:b:c", "':x'", "3"):
        (tmp_path / "flow.flex.yaml").write_text(f"# top\nentry: {entry}\n")
        problems = build(read(tmp_path)).problems
        assert [(problem.code, problem.line) for problem in problems] == [("flex.entry", 2)]


def test_a_prompty_is_one_node(tmp_path: Path) -> None:
    (tmp_path / "ask.prompty").write_text("---\nname: Ask\ninputs:\n  q: {type: string}\n---\nuser:\n{{q}}\n")
    built = build(read(tmp_path / "ask.prompty"))
    assert built.problems == ()
    node = built.flow.nodes[NodeName("prompty")]
    assert (built.flow.kind, built.flow.name, node.type, node.source.path) == ("prompty", "Ask", "llm", "ask.prompty")


def test_without_inputs_the_sample_is_the_signature(tmp_path: Path) -> None:
    (tmp_path / "ask.prompty").write_text("---\nsample:\n  q: hi\n  n: 2\n---\n{{q}}\n")
    assert list(build(read(tmp_path / "ask.prompty")).flow.inputs) == ["q", "n"]
    (tmp_path / "ask.prompty").write_text("---\nsample: ${file:s.json}\n---\n{{q}}\n")
    (tmp_path / "s.json").write_text('{"z": [1], "y": true}')
    inputs = build(read(tmp_path / "ask.prompty")).flow.inputs
    assert {name: item.type for name, item in inputs.items()} == {"z": "list", "y": "bool"}
    (tmp_path / "ask.prompty").write_text("---\nsample: ../s.json\n---\n{{q}}\n")
    built = build(read(tmp_path / "ask.prompty"))
    assert [(problem.code, problem.severity) for problem in built.problems] == [("prompty.sample", "warning")]


def test_inputs_may_stand_in_a_file_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "ask.prompty").write_text("---\ninputs: ${file:i.yaml}\noutputs: ${file:gone.json}\n---\n{{q}}\n")
    (tmp_path / "i.yaml").write_text("q: {type: string}\n")
    built = build(read(tmp_path / "ask.prompty"))
    assert list(built.flow.inputs) == ["q"]
    assert [(problem.code, problem.line) for problem in built.problems] == [("prompty.outputs", 3)]
