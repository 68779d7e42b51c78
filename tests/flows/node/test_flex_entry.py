from __future__ import annotations

import sys

import pytest

from flowloom.flows.document import read
from flowloom.flows.errors import ToolLoadError
from flowloom.flows.model.flow import MISSING
from flowloom.flows.node.flex_entry import read_entry, specs, split_entry
from flowloom.flows.node.spec import Port

CODE = """
import sys
sys.executed = True
class Flow:
    "Words."
    def __init__(self, model: str, top: int = 3): ...
    def __call__(self, question: str, history: list = []): ...
def function(a: int, b="x"): ...
"""


@pytest.fixture
def entry(write):
    def entry(flow: str, files: dict[str, str]):
        return read_entry(read(write("flow", {"flow.flex.yaml": flow, **files})))

    return entry


def test_a_class_takes_inputs_and_init_values(entry):
    found = entry("entry: m:Flow\n", {"m.py": CODE})
    assert found.is_class
    assert {name: (port.type, port.required) for name, port in found.init.items()} == {"model": ("string", True), "top": ("int", False)}
    assert {name: port.type for name, port in found.inputs.items()} == {"question": "string", "history": "list"}
    assert not hasattr(sys, "executed")


@pytest.mark.parametrize(
    ("flow", "files"),
    [
        ("entry: m:function\n", {"m.py": CODE}),
        ("entry: pkg.m:function\n", {"pkg/__init__.py": "", "pkg/m.py": CODE}),
        ("entry: pkg:function\n", {"pkg/__init__.py": CODE}),
        ("entry: m:renamed\n", {"m.py": "from other import function as renamed\n", "other.py": CODE}),
        ("entry: m:function\ncode: src\n", {"src/m.py": CODE}),
    ],
)
def test_a_function_is_found_where_it_is_defined(entry, flow, files):
    found = entry(flow, files)
    assert not found.is_class
    assert {name: (port.type, port.default) for name, port in found.inputs.items()} == {"a": ("int", MISSING), "b": ("string", "x")}


@pytest.mark.parametrize("flow", ["entry: m:absent\n", "entry: absent:function\n", "entry: 5\n", "entry: m\n"])
def test_what_cannot_be_told_without_running_is_none(entry, flow):
    assert entry(flow, {"m.py": CODE}) is None


@pytest.mark.parametrize("written", ["m", "m:", ":f", "a:b:c", 5, None, ""])
def test_an_entry_is_a_module_and_a_name(written):
    assert split_entry(" m : f ") == ("m", "f")
    with pytest.raises(ToolLoadError, match="'entry'"):
        split_entry(written)


def test_the_file_stands_over_the_code():
    ports = {
        "needed": Port("needed", "int"),
        "defaulted": Port("defaulted", "list", False, [1]),
        "none": Port("none", "string", False, None),
        "empty": Port("empty", "string", False, ""),
        "told": Port("told", "string", False, "code's"),
        "reset": Port("reset", "string", False, "code's"),
        "required": Port("required", "string", False, "code's"),
    }
    written = {"told": {"type": "int", "default": 5}, "reset": {"type": "string", "default": ""}, "required": {"type": "string"}}
    found = specs(ports, written)
    assert {name: (spec.type, spec.default) for name, spec in found.items()} == {
        "told": ("int", 5),
        "required": ("string", MISSING),
        "needed": ("int", MISSING),
        "defaulted": ("list", [1]),
    }
