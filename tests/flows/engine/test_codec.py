from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.flows.engine import codec
from flowloom.flows.engine.events import Log, NodeFailed, NodeFinished, NodeSkipped, RunFinished, RunStarted, Usage
from flowloom.flows.engine.result import NodeResult, RunResult
from flowloom.flows.errors import ToolError
from flowloom.flows.model.images import Image
from flowloom.flows.model.messages import PromptText


class Loud:
    def __repr__(self) -> str:
        raise RuntimeError("no")


@dataclass
class Point:
    x: int


SHOWN: list[tuple[Any, Any]] = [
    (1, 1),
    ("text", "text"),
    ([1, (2, 3)], [1, [2, 3]]),
    ({1: "a"}, {"1": "a"}),
    ("a\x00b", "a\\u0000b"),
    ("lone \ud800", "lone \\ud800"),
    ({"\ud800": ["\x00"]}, {"\\ud800": ["\\u0000"]}),
    ("whole \U0001f600 é", "whole \U0001f600 é"),
    ("not \\u0000", "not \\u0000"),
    (Point(1), "Point(x=1)"),
    ({"a": Point(1)}, "{'a': Point(x=1)}"),
    ({(1, 2): 3}, "{(1, 2): 3}"),
    (Loud(), "<Loud that cannot be shown: RuntimeError>"),
]


@pytest.mark.parametrize(("value", "shown"), SHOWN, ids=[str(number) for number in range(len(SHOWN))])
def test_every_value_has_a_json_form(value: Any, shown: Any) -> None:
    found = codec.to_json(value)
    assert found == shown
    json.dumps(found, ensure_ascii=False).encode("utf-8")


def test_nan_and_the_infinities_stay_bare() -> None:
    assert codec.to_text([math.nan, math.inf, -math.inf]) == "[NaN, Infinity, -Infinity]"


def test_values_that_hold_themselves_are_shown() -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert codec.to_json(loop) == "[[...]]"


def test_images_are_written_whole() -> None:
    image = Image(b"\x89PNG\r\n\x1a\n")
    assert codec.to_json([image]) == [{"data:image/png;base64": "iVBORw0KGgo="}]
    assert codec.has_json_form({"picture": image}) is None


def test_what_stands_in_the_way_of_json() -> None:
    assert codec.has_json_form({"a": [1, None, True, "x"]}) is None
    assert "Point" in str(codec.has_json_form({"a": Point(1)}))


def test_json_values_are_copies() -> None:
    value = {"a": [1]}
    found = codec.to_json(value)
    value["a"].append(2)
    assert found == {"a": [1]}


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner) | st.tuples(inner, inner),
    max_leaves=20,
)


@given(plain)
def test_what_is_kept_comes_back_the_same(value: Any) -> None:
    back = codec.decode(codec.encode(value))
    assert back == value
    assert repr(back) == repr(value)


def test_images_and_prompts_come_back() -> None:
    image = codec.decode(codec.encode([Image(b"\x89PNG\r\n\x1a\n", "image/png", "https://a.example/b.png")]))[0]
    assert (type(image), bytes(image), image.mime_type, image.source_url) == (Image, b"\x89PNG\r\n\x1a\n", "image/png", "https://a.example/b.png")
    prompt = codec.decode(codec.encode(PromptText("user: hi", "\U00020000user: hi", "\U00020000")))
    assert (prompt, prompt.escaped, prompt.mark) == ("user: hi", "\U00020000user: hi", "\U00020000")


@pytest.mark.parametrize("value", [Point(1), {1, 2}, [object()], iter([])])
def test_what_cannot_come_back_is_refused(value: Any) -> None:
    with pytest.raises(codec.NotKept):
        codec.encode(value)


def test_a_dict_with_our_tag_is_not_mistaken() -> None:
    value = {"$flowloom": "tuple", "items": [1]}
    assert codec.decode(codec.encode(value)) == value


def test_tagged_values_fit_into_other_json() -> None:
    value = {"pair": (1, b"two"), "$flowloom": "odd"}
    carried = json.loads(json.dumps({"inside": codec.to_tagged(value)}))
    assert codec.from_tagged(carried["inside"]) == value
    with pytest.raises(codec.NotKept):
        codec.to_tagged([object()])


def test_events_have_one_json_form() -> None:
    usage = Usage(1, 2, 3, 1, None, "m")
    assert codec.event_json(RunStarted("r", "f", ("a",), 1.0)) == {"type": "run_started", "run_id": "r", "flow": "f", "nodes": ["a"], "at": 1.0}
    finished = codec.event_json(NodeFinished("a", Point(1), 0.5, usage))
    assert (finished["output"], finished["usage"]["total_tokens"], finished["cached"]) == ("Point(x=1)", 3, False)
    failed = codec.event_json(NodeFailed("a", ToolError("boom", hint="mend", node="a"), 0.1))
    assert failed["error"] == {"kind": "tool", "message": "boom", "node": "a", "hint": "mend"}
    assert codec.event_json(NodeSkipped("a", "activate", "words"))["reason"] == "activate"
    ended = codec.event_json(RunFinished("r", "completed", {"good": 1, "odd": Point(1)}, None, 1.0))
    assert ended["outputs"] == {"good": 1, "odd": "Point(x=1)"}
    assert codec.event_json(Log("a", "x"), lambda found: {**found, "text": "***"})["text"] == "***"


def test_an_odd_output_leaves_the_rest_of_a_result_alone() -> None:
    result = RunResult("r", "completed", {"o": [1]}, {"a": NodeResult("completed", {"p": Point(1)}), "b": NodeResult("completed", [2])})
    found = codec.result_json(result)
    assert found["outputs"] == {"o": [1]}
    assert found["nodes"]["a"]["output"] == "{'p': Point(x=1)}"
    assert found["nodes"]["b"]["output"] == [2]
    assert result.nodes["b"].output == [2]
