"""What every registered node type must have."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flowloom.flows.model.flow import MISSING
from flowloom.flows.node.entry_points import entry_points, metadata_folders
from flowloom.flows.node.registry import NODES, default_registry
from flowloom.flows.node.spec import Effect
from flowloom.flows.node.spec_json import spec_as_json, spec_from_json

TESTS = Path(__file__).parent
ENTRIES = [entry for entry in entry_points(metadata_folders()["flowloom"], "flowloom") if entry.group == NODES]


@pytest.fixture(params=ENTRIES, ids=lambda entry: entry.name)
def entry(request):
    return request.param


@pytest.fixture
def spec(entry):
    node_type = default_registry().find(entry.name)
    assert node_type is not None, [str(problem) for problem in default_registry().problems]
    return node_type.spec


def test_it_is_registered_under_its_own_id(entry, spec):
    assert spec.id == entry.name
    assert spec.id.startswith(("loom.", "promptflow."))
    assert spec.package == "flowloom"


def test_it_says_what_it_is_to_a_person(spec):
    assert len(spec.title) in range(2, 40)
    assert len(spec.help) >= 20
    assert spec.help.rstrip().endswith((".", ":", "`"))
    assert spec.icon
    described = [*spec.ports.inputs.values(), *spec.ports.outputs.values()]
    assert all(port.name.isidentifier() for port in described)


def test_its_defaults_fit_their_ports(spec):
    from flowloom.flows.model.coerce import literal

    for port in spec.ports.inputs.values():
        if port.default is not MISSING and port.default is not None and port.type != "connection":
            assert literal(port, port.default) == port.default
        if port.choices and port.default not in (MISSING, None):
            assert port.default in port.choices
        assert not port.required or port.default is MISSING


def test_it_survives_json(spec):
    assert spec_from_json(json.loads(json.dumps(spec_as_json(spec)))) == spec


def test_it_says_where_it_sends_things(spec):
    assert set(spec.secrets) <= {*spec.ports.inputs, "connection"}
    if spec.effect is Effect.EXTERNAL and spec.id != "loom.python.flex":
        assert spec.hosts


def test_it_has_a_test_file(entry):
    module = entry.value.partition(":")[0].removeprefix("flowloom.nodes.").split(".")
    assert TESTS.joinpath(*module[:-1], f"test_{module[-1]}.py").is_file()


def test_nothing_of_ours_is_broken():
    default_registry().specs()
    assert [problem for problem in default_registry().problems if "'flowloom'" in problem.message] == []
