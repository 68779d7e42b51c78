from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from flowloom.flows import load_flow
from flowloom.flows.connections.kinds import OpenAIConnection
from flowloom.flows.engine.fingerprint import NoFingerprint, difference, fingerprint, key_of, key_parts
from flowloom.flows.model.images import Image
from flowloom.flows.model.messages import PromptText

DIFFERENT: list[Any] = [
    *(None, True, 1, 1.0, "1", b"1", "", (), [], {}, [1], (1,), {"a": 1}, {1: "a"}, {"1": "a"}, ["a", ["b"]], [["a"], "b"]),
    *(Image(b"a", "image/png"), Image(b"a", "image/gif"), PromptText("a"), PromptText("a", "xa", "x")),
]


def test_values_that_differ_in_value_or_type_have_different_fingerprints() -> None:
    found = [fingerprint(value) for value in DIFFERENT]
    assert len(set(found)) == len(found)
    assert [fingerprint([value]) for value in DIFFERENT] != found


def test_equal_values_agree_also_in_another_process() -> None:
    value = {"a": [1, 2.5, None, "é\ud800"], "b": (b"x", True)}
    here = fingerprint({"a": [1, 2.5, None, "é\ud800"], "b": (b"x", True)})
    assert fingerprint(value) == here
    code = f"from flowloom.flows.engine.fingerprint import fingerprint; print(fingerprint({value!r}))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == here


def test_the_same_text_twice_is_like_two_equal_texts() -> None:
    text = "".join(["a", "b"])
    assert fingerprint([text, text]) == fingerprint([text, "".join(["a", "b"])])


def test_the_mark_of_a_prompt_does_not_count() -> None:
    assert fingerprint(PromptText("a", "xa", "x")) == fingerprint(PromptText("a", "ya", "y"))


def test_a_connection_is_its_service_not_its_key() -> None:
    one = OpenAIConnection(api_key="one-key-12345", base_url="http://a", name="c")
    same = OpenAIConnection(api_key="other-key-12345", base_url="http://a", name="c")
    other = OpenAIConnection(api_key="one-key-12345", base_url="http://b", name="c")
    assert fingerprint(one) == fingerprint(same) != fingerprint(other)


@pytest.mark.parametrize("value", [object(), [object()], {"a": {1: object()}}, iter(())])
def test_other_objects_have_none(value: Any) -> None:
    with pytest.raises(NoFingerprint):
        fingerprint(value)


def test_what_decides_a_node(write_flow: Any) -> None:
    folder = write_flow({"a": "echo x=1 y=${inputs.q}"}, inputs={"q": "Q"})
    prepared = load_flow(folder).prepare()
    step = prepared.step("a")
    parts = key_parts(step, {"x": 1, "y": "Q"}, prepared)
    assert {"code", "node type", "input x", "input y"} <= parts.keys()
    again = key_parts(step, {"x": 1, "y": "other"}, prepared)
    assert key_of(parts) != key_of(again)
    assert difference(parts, again) == "its input 'y' changed"
    assert difference({**parts, "code": "old"}, again) == "its code changed and its input 'y' changed"
    with pytest.raises(NoFingerprint, match="input 'x' cannot be told from another"):
        key_parts(step, {"x": object(), "y": "Q"}, prepared)


def test_a_node_may_refuse(write_flow: Any) -> None:
    prepared = load_flow(write_flow({"a": {"use": "echo x=1", "cache": False}})).prepare()
    with pytest.raises(NoFingerprint, match="cache: false"):
        key_parts(prepared.step("a"), {}, prepared)
