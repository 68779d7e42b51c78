"""What makes a flow a chat, and what keeps it from being one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flowloom.flows.model.chat import Chat, chat_of, chat_problems, history_input, is_history, turn
from flowloom.flows.model.flow import Constant, Flow, FlowInput, FlowOutput

QUESTION = FlowInput("question", "string", is_chat_input=True)
HISTORY = FlowInput("chat_history", "list")
ANSWER = FlowOutput("answer", "string", Constant("x"), is_chat_output=True)
OTHER = FlowOutput("other", "string", Constant("x"))


def flow(inputs: list[FlowInput], outputs: list[FlowOutput], kind: Any = "chat") -> Flow:
    return Flow(
        Path("/f"),
        "flow.dag.yaml",
        "f",
        "dag",
        kind,
        inputs={i.name: i for i in inputs},
        outputs={o.name: o for o in outputs},
    )


def test_a_chat_has_a_message_an_answer_and_a_history() -> None:
    assert chat_of(flow([QUESTION, HISTORY], [ANSWER, OTHER])) == Chat("question", "answer", "chat_history")
    assert chat_of(flow([QUESTION, HISTORY], [])) == Chat("question", None, "chat_history")
    assert chat_problems(flow([QUESTION, HISTORY], [ANSWER])) == []


def test_the_history_may_have_any_name_where_it_says_so() -> None:
    talk = FlowInput("talk", "list", is_chat_history=True)
    assert history_input(flow([HISTORY, talk], [])) == "talk"
    assert history_input(flow([HISTORY], [])) == "chat_history"
    assert history_input(flow([QUESTION], [])) is None


@pytest.mark.parametrize(
    ("inputs", "outputs", "codes"),
    [
        ([HISTORY], [ANSWER], ["chat.no_input"]),
        ([QUESTION, FlowInput("b", "string", is_chat_input=True), HISTORY], [ANSWER], ["chat.several_inputs"]),
        ([QUESTION, HISTORY], [OTHER], ["chat.no_output"]),
        (
            [QUESTION, HISTORY],
            [ANSWER, FlowOutput("b", "string", Constant(""), is_chat_output=True)],
            ["chat.several_outputs"],
        ),
        ([QUESTION], [ANSWER], ["chat.no_history"]),
        ([QUESTION, FlowInput("chat_history", "string")], [ANSWER], ["chat.history_type"]),
        ([], [], ["chat.no_input", "chat.no_history"]),
    ],
)
def test_what_keeps_a_flow_from_being_a_chat(
    inputs: list[FlowInput], outputs: list[FlowOutput], codes: list[str]
) -> None:
    problems = chat_problems(flow(inputs, outputs))
    assert [problem.code for problem in problems] == codes
    assert all(problem.message.endswith(".") and problem.fix.endswith(".") for problem in problems)
    if codes != ["chat.history_type"]:
        assert chat_of(flow(inputs, outputs)) is None


def test_flows_that_mean_no_chat_have_no_such_problems() -> None:
    assert chat_problems(flow([HISTORY], [OTHER], "standard")) == []
    assert chat_problems(flow([QUESTION], [OTHER], "standard")) != []


def test_an_exchange_leaves_the_history_out() -> None:
    assert turn({"question": "a", "chat_history": [1]}, {"answer": "b"}, "chat_history") == {
        "inputs": {"question": "a"},
        "outputs": {"answer": "b"},
    }


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ([], True),
        ([{"inputs": {}, "outputs": {}}], True),
        ([{"role": "user", "content": "x"}], True),
        ([{"role": "user"}], False),
        ("x", False),
        (["x"], False),
        (None, False),
    ],
)
def test_a_history_is_told_by_its_shape(value: Any, answer: bool) -> None:
    assert is_history(value) is answer
