"""A conversation and what of it the flow is told."""

from __future__ import annotations

from flowloom.flows.model.chat import Chat
from flowloom.studio.run.conversation import Conversation, pictures_of, words_of

CHAT = Chat("question", "answer", "chat_history")


def test_only_turns_that_completed_are_told() -> None:
    conversation = Conversation()
    first, inputs = conversation.ask(CHAT, "One?", {"tone": "kind", "chat_history": ["old"]})
    assert inputs == {"tone": "kind", "question": "One?", "chat_history": []}
    first.state, first.outputs = "completed", {"answer": "1"}
    second, _ = conversation.ask(CHAT, "Two?", {})
    second.state = "failed"
    _third, inputs = conversation.ask(CHAT, "Three?", {})
    assert inputs["chat_history"] == [{"inputs": {"tone": "kind", "question": "One?"}, "outputs": {"answer": "1"}}]


def test_cutting_forgets_a_turn_and_all_after_it() -> None:
    conversation = Conversation()
    turns = [conversation.ask(CHAT, str(number), {})[0] for number in range(3)]
    conversation.cut(turns[1])
    assert [turn.question for turn in conversation.turns] == ["0"]


def test_a_question_may_hold_pictures() -> None:
    question = ["Look:", {"data:image/png;base64": "AAAA"}]
    assert (words_of(question), pictures_of(question)) == ("Look:", [{"data:image/png;base64": "AAAA"}])
    assert (words_of("plain"), pictures_of("plain")) == ("plain", [])
