from __future__ import annotations

from flowloom.flows.node.registry import default_registry
from flowloom.flows.node.spec import Effect


def test_what_the_chat_node_says_of_itself() -> None:
    spec = default_registry().get("loom.llm.chat").spec
    assert (spec.kind, spec.category, spec.effect, spec.may_cache) == ("llm", "Models", Effect.READ, True)
    assert spec.hosts == ("{connection}",), "a run tells beforehand where it sends what"
    assert {"model", "temperature", "tools", "response_format", "extra_parameters"} <= set(spec.ports.inputs)
    assert all(port.is_setting and port.description for port in spec.ports.inputs.values())
    assert list(spec.ports.outputs) == ["output"]
