"""A conversation with a flow: its turns, and what of them the flow is told as history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from flowloom.flows.model.chat import Chat, turn
from flowloom.studio.run.citations import Citation
from flowloom.studio.run.run_view import Fault

TurnState = Literal["running", "completed", "failed", "stopped"]


@dataclass
class Turn:
    """One question and what came of it. ``inputs`` are all that the flow was given but the history."""

    question: Any
    inputs: dict[str, Any]
    state: TurnState = "running"
    answer: Any = ""
    outputs: dict[str, Any] = field(default_factory=dict)
    fault: Fault | None = None
    citations: tuple[Citation, ...] = ()
    seconds: float | None = None
    run_id: str = ""
    """The run that answers."""


@dataclass
class Conversation:
    """Turns in order. Only those that completed are told to the flow."""

    turns: list[Turn] = field(default_factory=list)

    def history(self, chat: Chat) -> list[dict[str, Any]]:
        """The conversation so far, in the form flows take it."""
        return [turn(one.inputs, one.outputs, chat.history) for one in self.turns if one.state == "completed"]

    def ask(self, chat: Chat, question: Any, others: Mapping[str, Any]) -> tuple[Turn, dict[str, Any]]:
        """Begin a turn: it, and all that the flow is given for it."""
        history = self.history(chat)
        inputs = {**{name: value for name, value in others.items() if name != chat.history}, chat.input: question}
        begun = Turn(question, inputs)
        self.turns.append(begun)
        return begun, {**inputs, chat.history: history}

    def cut(self, at: Turn) -> None:
        """Forget a turn and all after it."""
        del self.turns[self.turns.index(at) :]


def words_of(question: Any) -> str:
    """The text of a question, which may hold pictures too."""
    if isinstance(question, str):
        return question
    if isinstance(question, list):
        return "\n".join(item for item in question if isinstance(item, str))
    return "" if question is None else str(question)


def pictures_of(question: Any) -> list[Any]:
    """The pictures of a question, as they were given."""
    return [item for item in question if not isinstance(item, str)] if isinstance(question, list) else []
