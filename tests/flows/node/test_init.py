from __future__ import annotations


def test_the_package_is_the_decorator_too():
    from flowloom.flows import node
    from flowloom.flows.node.declare import tool_mark

    @node(id="test.init", title="Init", category="Text")
    def made() -> str:
        """Gives nothing."""
        return ""

    assert made.spec.id == "test.init"
    assert tool_mark(made) is None
