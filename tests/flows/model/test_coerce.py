"""Values from outside take the flow's types by prompt flow's rules, written down here a second time as ``expected``."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.flows.errors import InputError
from flowloom.flows.model.coerce import flow_input, flow_inputs, is_dropped, literal, unknown_inputs
from flowloom.flows.model.flow import MISSING, Flow, FlowInput
from flowloom.flows.model.images import Image
from flowloom.flows.node.spec import Port

REFUSED = object()


def expected(kind: str, value: Any) -> Any:
    """What a value becomes, or REFUSED."""
    if kind == "string":
        return str(value)
    if kind in ("int", "double"):
        if not isinstance(value, bool | int | float | str):
            return REFUSED
        try:
            return int(value) if kind == "int" else float(value)
        except (ValueError, OverflowError):
            return REFUSED
    if kind == "bool":
        words = {"true": True, "false": False}
        return (
            value
            if isinstance(value, bool)
            else words.get(value.lower(), REFUSED)
            if isinstance(value, str)
            else REFUSED
        )
    parsed = value
    if isinstance(value, str):
        try:
            parsed = json.loads(value)
        except ValueError:
            return REFUSED if kind == "list" else value
    return parsed if kind == "object" or isinstance(parsed, list) else REFUSED


def same(left: Any, right: Any) -> bool:
    if isinstance(left, float) and math.isnan(left):
        return isinstance(right, float) and math.isnan(right)
    return type(left) is type(right) and left == right


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
written = (
    values
    | values.map(json.dumps)
    | st.sampled_from(["TRUE", "fAlse", " 7 ", "1_0", "1e3", "nan", "inf", "-0", "[1", "NaN", "٣"])
)


@given(st.sampled_from(["int", "double", "bool", "string", "list", "object"]), written)
def test_a_flow_input_converts_as_prompt_flow_does(kind: str, value: Any) -> None:
    wanted = expected(kind, value)
    spec = FlowInput("x", kind)
    if wanted is REFUSED:
        with pytest.raises(InputError) as caught:
            flow_input(spec, value)
        assert caught.value.field == "x"
        assert "'x'" in caught.value.message
        assert caught.value.message.endswith(".")
    else:
        assert same(flow_input(spec, value), wanted)


@given(st.sampled_from(["int", "double", "bool", "string", "list", "object"]), written)
def test_a_literal_of_a_node_converts_the_same_way(kind: str, value: Any) -> None:
    wanted = expected(kind, value)
    if wanted is REFUSED:
        with pytest.raises(InputError):
            literal(Port("x", kind), value)
    else:
        assert same(literal(Port("x", kind), value), wanted)


@pytest.mark.parametrize("kind", ["any", "connection", "secret", "prompt_template", "file_path", "a package's own"])
def test_other_types_take_the_value_as_written(kind: str) -> None:
    assert literal(Port("x", kind), "5") == "5"


def test_a_choice_is_not_checked() -> None:
    assert literal(Port("x", "string", choices=("a", "b")), "c") == "c"


@pytest.mark.parametrize("value", ["[" * 100_000, "1" * 5000])
def test_values_that_break_parsers_are_refused_or_kept(value: str) -> None:
    with pytest.raises(InputError):
        flow_input(FlowInput("x", "list"), value)
    assert flow_input(FlowInput("x", "string"), value) == value


def test_the_words_show_the_value_but_not_all_of_it() -> None:
    with pytest.raises(InputError) as caught:
        flow_input(FlowInput("count", "int"), "many " * 100)
    assert "whole number" in caught.value.message
    assert len(caught.value.message) < 140
    assert caught.value.hint


@pytest.mark.parametrize(
    ("value", "words"), [(None, "an empty value"), ([], "a list"), ({}, "an object"), (b"", "a bytes")]
)
def test_the_words_name_what_has_no_text(value: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        flow_input(FlowInput("x", "bool"), value)


def flow(*inputs: FlowInput, root: Path = Path("/nowhere"), message_format: Any = "basic") -> Flow:
    named = {spec.name: spec for spec in inputs}
    return Flow(root, "flow.dag.yaml", "f", "dag", inputs=named, message_format=message_format)


def test_defaults_fill_in_and_are_converted() -> None:
    made = flow(
        FlowInput("a", "int", default="5"), FlowInput("b", "string", default="x"), FlowInput("c", "bool", default=False)
    )
    assert flow_inputs(made, {"b": 7}) == {"a": 5, "b": "7", "c": False}


@pytest.mark.parametrize("default", [MISSING, None])
def test_an_input_without_a_default_is_needed(default: Any) -> None:
    with pytest.raises(InputError) as caught:
        flow_inputs(flow(FlowInput("question", "string", default=default)), {})
    assert caught.value.field == "question"
    assert "question" in caught.value.hint


def test_none_given_is_a_value() -> None:
    assert flow_inputs(flow(FlowInput("a", "string", default="x")), {"a": None}) == {"a": "None"}


def test_a_conversation_begins_empty() -> None:
    assert flow_inputs(flow(FlowInput("chat_history", "list")), {}) == {"chat_history": []}
    assert flow_inputs(flow(FlowInput("talk", "list", is_chat_history=True)), {}) == {"talk": []}
    assert flow_inputs(flow(FlowInput("chat_history", "list", default=[1])), {}) == {"chat_history": [1]}


def test_names_the_flow_does_not_have_are_left_out_and_can_be_listed() -> None:
    made = flow(FlowInput("a", "int", default=1))
    assert flow_inputs(made, {"b": 2}) == {"a": 1}
    assert unknown_inputs(made, {"a": 0, "b": 2}) == ("b",)


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8


def test_images_load_relative_to_the_folder(tmp_path: Path) -> None:
    (tmp_path / "cat.png").write_bytes(PNG)
    made = flow(FlowInput("picture", "image"), FlowInput("many", "list"), root=tmp_path)
    inside = {"data:image/png;path": "cat.png"}
    found = flow_inputs(made, {"picture": "cat.png", "many": ["text", inside, {"deep": [inside]}]})
    assert isinstance(found["picture"], Image)
    assert found["picture"] == PNG
    assert isinstance(found["many"][1], Image)
    assert isinstance(found["many"][2]["deep"][0], Image)


def test_an_image_outside_of_the_folder_needs_the_word_of_a_person(tmp_path: Path) -> None:
    (tmp_path / "flow").mkdir()
    (tmp_path / "cat.png").write_bytes(PNG)
    made = flow(FlowInput("picture", "image"), root=tmp_path / "flow")
    for path in ("../cat.png", str(tmp_path / "cat.png")):
        with pytest.raises(InputError, match="picture"):
            flow_inputs(made, {"picture": path})
        assert flow_inputs(made, {"picture": path}, anywhere=True)["picture"] == PNG


def test_only_null_and_the_empty_text_count_as_not_written() -> None:
    assert is_dropped(None)
    assert is_dropped("")
    assert not any(is_dropped(value) for value in (0, False, [], {}, " "))
