from __future__ import annotations

import json

from flowloom.flows.model.flow import MISSING
from flowloom.flows.node.spec import Effect, NodeSpec, Port, Ports
from flowloom.flows.node.spec_json import spec_as_json, spec_from_json

SPEC = NodeSpec(
    id="a.b",
    title="B",
    category="Text",
    version=2,
    help="Words.",
    ports=Ports(
        {
            "a": Port("a", "string", True, multiline=True, description="Text"),
            "b": Port("b", "int", False, 0, minimum=0, maximum=9, is_setting=True),
            "c": Port("c", "string", False, None, choices=("x", "y"), schema={"type": "string"}),
            "d": Port("d", "connection", connection_kinds=("custom",)),
        },
        {"output": Port("output", "list")},
        accepts_named=True,
        named_type="int",
    ),
    effect=Effect.EXTERNAL,
    hosts=("{connection}",),
    secrets=("d",),
    cacheable=False,
    quick=True,
    icon="i",
    kind="io",
    package="other",
)


def test_a_spec_survives_json():
    assert spec_from_json(json.loads(json.dumps(spec_as_json(SPEC)))) == SPEC


def test_no_default_and_a_default_of_null_are_told_apart():
    back = spec_from_json(json.loads(json.dumps(spec_as_json(SPEC))))
    assert back.ports.inputs["a"].default is MISSING
    assert back.ports.inputs["c"].default is None
    assert back.ports.inputs["b"].default == 0


def test_only_what_is_not_as_usual_is_written():
    plain = NodeSpec(id="a", title="A", category="Text")
    assert spec_as_json(plain) == {
        "id": "a",
        "title": "A",
        "category": "Text",
        "effect": "none",
        "ports": {"inputs": [], "outputs": [], "accepts_named": False, "named_type": "any"},
    }


def test_keys_of_a_later_version_are_left_out():
    data = {**spec_as_json(SPEC), "later": 1}
    assert spec_from_json(data) == SPEC
