"""Types with which a tool says more about a parameter than Python's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class Secret(str):
    """A text that must not be shown."""

    secret_name: str

    def set_secret_name(self, name: str) -> None:
        self.secret_name = name


class PromptTemplate(str):
    """The text of a prompt, still to be filled."""


class FilePath(str):
    """The path of a file."""


@dataclass
class AssistantDefinition:
    """What an assistant of OpenAI's retired Assistants API was made of."""

    model: str
    instructions: str
    tools: list[Any]

    @staticmethod
    def deserialize(data: dict[str, Any]) -> AssistantDefinition:
        return AssistantDefinition(data.get("model", ""), data.get("instructions", ""), data.get("tools", []))

    def serialize(self) -> dict[str, Any]:
        return {"model": self.model, "instructions": self.instructions, "tools": self.tools}
