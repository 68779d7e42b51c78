"""Names of connections and models to choose from."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from flowloom.flows.model.edits import SetInput, SetNodeKey
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.inspector.suggestions import Suggestions, used_connections, used_models


def test_connections_of_the_flow_and_of_the_environment_are_offered(
    document: FlowDocument, wait: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    document.apply(SetNodeKey("answer", ("connection",), "work"))
    suggestions = Suggestions()
    assert [name for name, _ in suggestions.connections(document)] == ["local", "work"]
    monkeypatch.setenv("HOUSE_CONNECTION_TYPE", "open_ai")
    monkeypatch.setenv("HOUSE_CONNECTION_API_KEY", "none-of-your-business")
    heard: list[bool] = []
    suggestions.changed.connect(lambda: heard.append(True))
    suggestions.look_for_connections()
    wait(lambda: heard, 20)
    names = [name for name, _ in suggestions.connections(document)]
    assert "house_connection" in names
    assert suggestions.kind("house_connection") == "open_ai"
    assert "house_connection" not in [name for name, _ in suggestions.connections(document, ("qdrant",))]


def test_models_that_the_flow_uses_with_a_connection_are_offered(document: FlowDocument) -> None:
    document.apply(SetInput("answer", "model", "small"))
    assert used_connections(document) == ["local"]
    assert used_models(document, "local") == ["small"]
    assert used_models(document, "work") == []
    assert Suggestions().models("local", document) == [("small", "small")]
