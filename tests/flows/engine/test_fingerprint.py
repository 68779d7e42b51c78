"""Fingerprints: what is told apart, what is not, and the same in any process."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flowloom.flows import load_flow
from flowloom.flows.engine.fingerprint import NoFingerprint, difference, fingerprint, key_of, key_parts
from flowloom.flows.model.images import Image
from flowloom.flows.model.messages import PromptText
from flowloom.flows.node.spec import Effect

APART: list[Any] = [
    *(None, True, False, 0, 1, -1, 0.0, -0.0, 1.0, float("nan"), float("inf"), 10**5000, 10**5000 + 1, 2**70),
    *("", "1", "None", "ü", "😀", "\ud83d\ude00", "\ud800", "\x00", "j", b"", b"1", b"a", "a"),
    *([], (), {}, set(), frozenset(), [[]], [()], ([],), {"a": []}, {"a": ()}, ["list"], ("list",), [1], ["1"], [True], [1.0]),
    *({"1": 1}, {1: 1}, {True: 1}, {"a": 1, "b": 2}, {"b": 2, "a": 1}, {1, 2}, frozenset({1, 2}), [b"a"], ["a"], [10**5000]),
    *(Image(b"a", "image/png"), Image(b"a", "image/jpeg"), [Image(b"a", "image/png")], PromptText("a"), ["int", "0x1"], ["s"]),
]


def test_what_differs_in_value_or_type_has_another_fingerprint() -> None:
    marks = [fingerprint(value) for value in APART]
    same = [(APART[a], APART[b]) for a in range(len(marks)) for b in range(a) if marks[a] == marks[b]]
    assert not same


def test_equal_values_have_one_fingerprint_in_any_process() -> None:
    value = {"texts": {"b", "a", "c"}, "rows": [(1, "ü"), {"x": None}], "more": ["text", 2.5]}
    script = (
        "from flowloom.flows.engine.fingerprint import fingerprint\n"
        "print(fingerprint({'texts': {'c', 'b', 'a'}, 'rows': [(1, 'ü'), {'x': None}], 'more': ['te' + 'xt', 2.5]}))"
    )
    for seed in ("1", "2"):
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env={"PYTHONHASHSEED": seed})
        assert done.stdout.strip() == fingerprint(value), done.stderr


def test_the_mark_of_a_prompt_means_nothing() -> None:
    assert fingerprint(PromptText("user: a", "user\ue000: a", "\ue000")) == fingerprint(PromptText("user: a", "user\ue001: a", "\ue001"))
    assert fingerprint(PromptText("user: a", "user\ue000: a", "\ue000")) != fingerprint(PromptText("user: a"))


def endless() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value


@pytest.mark.parametrize("value", [object(), [object()], {"a": (object,)}, bytearray(b"a"), memoryview(b"a"), endless(), str.upper])
def test_what_cannot_be_told_apart_has_none(value: Any) -> None:
    with pytest.raises(NoFingerprint):
        fingerprint(value)


def test_a_subclass_is_not_its_base() -> None:
    class Text(str):
        pass

    class Number(int):
        pass

    for value in (Text("a"), Number(1), [Text("a")], {Text("a"): 1}):
        with pytest.raises(NoFingerprint, match=r"Text|Number"):
            fingerprint(value)


def test_the_key_names_its_parts_and_their_difference(write_flow: Any) -> None:
    root = write_flow({"a": "both x=1 y=2"})
    with load_flow(root) as flow:
        prepared = flow.prepare()
        step = prepared.step("a")
        parts = key_parts(step, dict(step.template), prepared)
        assert {"node type", "code", "python", "input x", "input y"} <= set(parts)
        other = key_parts(step, {**step.template, "y": 3}, prepared)
        assert key_of(parts) == key_of(dict(reversed(parts.items()))) != key_of(other)
        assert difference(parts, other) == "its input 'y' changed"
        assert difference(parts, parts) == "nothing changed, but its record is gone"
        with pytest.raises(NoFingerprint, match="its input 'y'"):
            key_parts(step, {**step.template, "y": object()}, prepared)


def test_a_connection_is_its_service_not_its_key() -> None:
    from flowloom.flows.connections.kinds import OpenAIConnection

    one = OpenAIConnection(api_key="one-key-12345", base_url="http://a", name="c")
    same = OpenAIConnection(api_key="other-key-12345", base_url="http://a", name="c")
    other = OpenAIConnection(api_key="one-key-12345", base_url="http://b", name="c")
    assert fingerprint(one) == fingerprint(same) != fingerprint(other)


def test_a_node_may_refuse(write_flow: Any) -> None:
    with load_flow(write_flow({"a": {"use": "echo x=1", "cache": False}})) as flow:
        prepared = flow.prepare()
        with pytest.raises(NoFingerprint, match="cache: false"):
            key_parts(prepared.step("a"), {}, prepared)


@pytest.mark.parametrize(("effect", "may"), [(Effect.NONE, True), (Effect.READ, True), (Effect.WRITE, False), (Effect.EXTERNAL, False)])
def test_what_acts_on_the_world_has_no_key(write_flow: Any, effect: Effect, may: bool) -> None:
    with load_flow(write_flow({"a": "echo x=1"})) as flow:
        prepared = flow.prepare()
        step = prepared.step("a")
        step = replace(step, bound=replace(step.bound, spec=replace(step.bound.spec, effect=effect)))
        if may:
            assert key_parts(step, {}, prepared)
        else:
            with pytest.raises(NoFingerprint, match="acts on the world"):
                key_parts(step, {}, prepared)


def llm_parts(root: Path, prompt: str = "user:\nHi {{x}}", url: str = "http://a/v1", key: str = "one-key-12345", **inputs: Any) -> dict[str, str]:
    """The key of an LLM node with these settings, without asking any model."""
    root.mkdir(exist_ok=True)
    written = {"deployment_name": "m", "model": "m", "temperature": 0.5, "x": "X"} | inputs
    node = {"name": "a", "type": "llm", "source": {"type": "code", "path": "p.jinja2"}, "api": "chat", "connection": "c", "inputs": written}
    (root / "flow.dag.yaml").write_text(json.dumps({"inputs": {}, "outputs": {}, "nodes": [node]}))
    (root / "p.jinja2").write_text(prompt)
    (root / "c.yaml").write_text(f"c: {{type: open_ai, api_key: {key}, base_url: '{url}'}}\n")
    with load_flow(root, connections=root / "c.yaml") as flow:
        prepared = flow.prepare()
        step = prepared.step("a")
        return key_parts(step, dict(step.template), prepared)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({}, None),
        ({"key": "another-key-12345"}, None),
        ({"model": "other"}, "input model"),
        ({"temperature": 0.6}, "input temperature"),
        ({"x": "Y"}, "input x"),
        ({"url": "http://b/v1"}, "connection"),
        ({"prompt": "user:\nHello {{x}}"}, ""),
    ],
)
def test_the_key_of_a_model_call(tmp_path: Path, change: dict[str, Any], part: str | None) -> None:
    one, two = llm_parts(tmp_path / "one"), llm_parts(tmp_path / "two", **change)
    changed = {name for name in {**one, **two} if one.get(name) != two.get(name)}
    assert bool(changed) is (part is not None)
    assert not part or part in changed
