from __future__ import annotations

from flowloom.flows.compat.types import AssistantDefinition, FilePath, PromptTemplate, Secret


def test_they_are_texts():
    secret = Secret("x")
    secret.set_secret_name("name")
    assert (secret, secret.secret_name, PromptTemplate("p") + "q", FilePath("f")) == ("x", "name", "pq", "f")


def test_an_assistant_is_read_and_written():
    data = {"model": "m", "instructions": "i", "tools": [1]}
    assert AssistantDefinition.deserialize(data).serialize() == data
    assert AssistantDefinition.deserialize({}).tools == []
