from __future__ import annotations

import sys
from pathlib import Path

import flowloom.flows.node
from flowloom.flows import node
from flowloom.flows.node.declare import node as declared


def test_the_package_is_the_decorator_too() -> None:
    @node(id="test.text.shout", title="Shout", category="Text", version=3)
    def shout(text: str) -> str:
        """Say it louder."""
        return text.upper()

    @declared(id="test.text.shout", title="Shout", category="Text", version=3)
    def same(text: str) -> str:
        """Say it louder."""
        return text.upper()

    assert shout.spec == same.spec
    assert shout.spec.version == 3
    assert list(shout.spec.ports.inputs) == ["text"]


def test_it_stays_a_package() -> None:
    assert node is flowloom.flows.node is sys.modules["flowloom.flows.node"]
    assert Path(node.__path__[0]).name == "node"
    from flowloom.flows.node import spec

    assert spec.__name__ == "flowloom.flows.node.spec"
