"""New nodes: each kind starts as something that works."""

from __future__ import annotations

import pytest

from flowloom.flows.document.layout import Place
from flowloom.flows.node.registry import Registry
from flowloom.flows.node.spec import NodeSpec
from flowloom.studio.canvas.cards import PortRef, read_cards
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.document.new_node import fitting, free_file, insert_new, make, new_node, offered, used_first

PREPARED = PortRef("prepare", "out", "output")


def spec_of(registry: Registry, id: str) -> NodeSpec:
    return registry.get(id).spec


def test_what_is_offered_can_be_added(document: FlowDocument, registry: Registry) -> None:
    specs = offered(registry)
    ids = [spec.id for spec in specs]
    assert ids[:3] == ["loom.llm.chat", "loom.prompt.template", "loom.python.tool"]
    assert not any(id.startswith("promptflow.") for id in ids)
    for spec in specs:
        assert document.apply(new_node(document, spec, Place(0, 0))), spec.id
    assert set(read_cards(document).cards) >= {"ask_a_model", "python_tool", "prompt_template", "switch"}
    faults = {name: document.fault(name) for name in document.flow.nodes if document.fault(name)}
    assert faults == {}


@pytest.mark.parametrize(
    ("id", "path", "words"),
    [
        ("loom.llm.chat", "ask_a_model.jinja2", "user:\n{{question}}\n"),
        ("loom.prompt.template", "prompt_template.jinja2", "{{text}}\n"),
        ("loom.python.tool", "python_tool.py", "def python_tool(text: str) -> str:"),
    ],
)
def test_prompts_and_code_come_with_a_text_to_start_from(
    document: FlowDocument, registry: Registry, id: str, path: str, words: str
) -> None:
    document.apply(new_node(document, spec_of(registry, id), Place(8, 16)))
    assert words in document.text(path)
    name = path.partition(".")[0]
    assert document.layout.places[name] == Place(8, 16, title=spec_of(registry, id).title)
    assert [row.name for row in read_cards(document).cards[name].inputs] == [words.split("{{")[1][:-3] if "{{" in words else "text"]


def test_the_second_of_a_kind_has_its_own_name_title_and_file(document: FlowDocument, registry: Registry) -> None:
    for _ in range(2):
        document.apply(new_node(document, spec_of(registry, "loom.llm.chat"), Place()))
    assert document.layout.places["ask_a_model_2"].title == "Ask a model 2"
    assert "ask_a_model_2.jinja2" in document.files


def test_files_on_disk_are_never_taken(document: FlowDocument) -> None:
    (document.root / "data.py").mkdir()
    assert free_file(document, "data", ".py") == "data_2.py"
    assert free_file(document, "prepare", ".py") == "prepare_2.py"


def test_a_new_node_takes_the_wire(document: FlowDocument, registry: Registry) -> None:
    made = make(document, spec_of(registry, "loom.python.tool"), Place(), wire=PREPARED)
    document.apply(made.edit)
    assert read_cards(document).wires[PortRef("python_tool", "in", "prepare")].source == PREPARED
    document.apply(new_node(document, spec_of(registry, "loom.data.json_parse"), Place(), wire=PortRef("@outputs", "in", "answer")))
    assert "reference: ${parse_json.output}" in document.files["flow.dag.yaml"]


def test_one_of_several_outputs_is_named(document: FlowDocument, registry: Registry) -> None:
    document.apply(new_node(document, spec_of(registry, "loom.data.http_request"), Place(), wire=PortRef("prepare", "in", "text")))
    assert "text: ${fetch_from_the_web.output.text}" in document.files["flow.dag.yaml"]


def test_only_what_fits_is_offered_for_a_wire(document: FlowDocument, registry: Registry) -> None:
    specs = offered(registry)
    takes = [spec.id for spec in fitting(document, specs, PREPARED)]
    assert "loom.data.csv_write" not in takes
    assert takes[:2] == ["loom.llm.chat", "loom.python.tool"], "what the flow uses comes first"
    gives = [spec.id for spec in fitting(document, specs, PortRef("prepare", "in", "upper"))]
    assert "loom.text.split" not in gives
    assert "loom.data.json_check" in gives
    assert used_first(document, specs)[0].id in ("loom.llm.chat", "loom.python.tool")


def test_a_new_node_stands_in_a_wire(document: FlowDocument, registry: Registry) -> None:
    wire = read_cards(document).wires[PortRef("answer", "in", "question")]
    made = insert_new(document, spec_of(registry, "loom.prompt.template"), Place(), wire)
    assert made is not None
    document.apply(made.edit)
    assert "question: ${prompt_template.output}" in document.files["flow.dag.yaml"]
    assert document.text("prompt_template.jinja2") == "{{prepare}}\n"
    assert insert_new(document, spec_of(registry, "loom.data.csv_write"), Place(), wire) is None
