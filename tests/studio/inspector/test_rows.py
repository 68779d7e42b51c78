"""Which rows a node's form has, and which field each takes."""

from __future__ import annotations

import pytest

from flowloom.flows.model.edits import SetInput, SetText
from flowloom.flows.model.flow import Constant, Reference
from flowloom.flows.node.registry import Registry
from flowloom.flows.node.spec import Port
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.inspector.rows import Row, in_words, node_rows, widget_for


def rows(document: FlowDocument, name: str) -> dict[str, Row]:
    node = document.node(name)
    assert node is not None
    return {row.name: row for row in node_rows(node, document.ports(name), document.spec(name))}


def test_a_model_shows_its_connection_model_and_inputs_and_keeps_the_rest_apart(document: FlowDocument) -> None:
    found = rows(document, "answer")
    assert [name for name, row in found.items() if row.group == "model"] == ["connection", "model"]
    assert [name for name, row in found.items() if row.group == "input"] == ["question"]
    assert found["temperature"].group == "setting"
    assert found["temperature"].widget == "number"
    assert found["seed"].group == "more"
    assert "prompt" not in found, "the prompt is edited below, not given as an input"


def test_a_wired_setting_stands_among_the_inputs(document: FlowDocument) -> None:
    document.apply(SetInput("answer", "temperature", Reference("node", "prepare")))
    assert rows(document, "answer")["temperature"].group == "input"


def test_what_the_step_does_not_have_is_kept_with_a_note(document: FlowDocument) -> None:
    document.apply(SetInput("prepare", "volume", 11))
    row = rows(document, "prepare")["volume"]
    assert row.removable
    assert row.note == "This step has no input of that name."
    assert row.binding == Constant(11)


def test_a_variable_of_the_prompt_is_a_row_and_a_further_one_can_be_removed(document: FlowDocument) -> None:
    document.apply(SetText("answer.jinja2", "user:\n{{tone}}\n"))
    found = rows(document, "answer")
    assert found["tone"].binding is None
    assert not found["tone"].removable
    assert found["question"].removable
    assert found["question"].note == ""


@pytest.mark.parametrize(
    ("port", "value", "widget"),
    [
        (Port("a", "string", is_setting=True), None, "text"),
        (Port("a", "string", is_setting=True), "two\nlines", "lines"),
        (Port("a", "string"), "one", "lines"),
        (Port("a", "string", multiline=True), None, "lines"),
        (Port("a", "int"), None, "number"),
        (Port("a", "int"), "7", "number"),
        (Port("a", "int"), "many", "number"),
        (Port("a", "bool"), None, "switch"),
        (Port("a", "bool"), "maybe", "text"),
        (Port("a", "list"), None, "json"),
        (Port("a", "any"), {"k": 1}, "json"),
        (Port("a", "any"), 3, "json"),
        (Port("a", "any"), "text", "lines"),
        (Port("a", "string", choices=("x",)), None, "choice"),
        (Port("a", "connection"), None, "connection"),
        (Port("a", "file_path"), None, "path"),
        (Port("a", "image"), None, "image"),
    ],
)
def test_fields_fit_the_type_and_what_is_written(port: Port, value: object, widget: str) -> None:
    assert widget_for(port, None if value is None else Constant(value)) == widget


def test_files_and_flows_are_chosen_from_the_disk(registry: Registry) -> None:
    specs = registry.specs()
    read, call, path = specs["loom.data.csv_read"], specs["loom.flow.call"], specs["loom.data.json_path"]
    assert widget_for(read.ports.inputs["path"], None, read) == "path"
    assert widget_for(call.ports.inputs["flow"], None, call) == "folder"
    assert widget_for(path.ports.inputs["path"], None, path) == "text", "a JSON path is no file"


def test_every_setting_of_every_node_type_has_a_field(registry: Registry) -> None:
    for spec in registry.specs().values():
        for port in spec.ports.inputs.values():
            assert widget_for(port, None, spec)


def test_names_become_words() -> None:
    assert in_words("max_tokens") == "Max tokens"
