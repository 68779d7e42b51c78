"""What makes a flow a chat: which input is the message, which output the answer, which input the conversation so far.

The rules are prompt flow's (``_utils/flow_utils.py: is_executable_chat_flow``). Breaking them is no error: the flow still runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from flowloom.flows.model.flow import Flow

HISTORY_NAME: Final = "chat_history"
"""An input of this name is the conversation where no input says that it is."""


@dataclass(frozen=True, slots=True)
class Chat:
    """The parts of a chat flow, by name. ``output`` is None where the flow has no outputs."""

    input: str
    output: str | None
    history: str


@dataclass(frozen=True, slots=True)
class ChatProblem:
    """What keeps a flow from being a chat. ``field`` is the input or output to look at, where there is one."""

    code: str
    message: str
    fix: str
    field: str | None = None


def chat_of(flow: Flow) -> Chat | None:
    """The parts of a chat flow; None where the flow cannot be chatted with."""
    history = history_input(flow)
    inputs, outputs = _inputs(flow), _outputs(flow)
    if history is None or len(inputs) != 1 or len(outputs) > 1 or (not outputs and flow.outputs):
        return None
    return Chat(inputs[0], outputs[0] if outputs else None, history)


def history_input(flow: Flow) -> str | None:
    """The input that takes the conversation so far. Where no value is given for it, it is an empty list."""
    marked = next((name for name, spec in flow.inputs.items() if spec.is_chat_history), None)
    return marked or (HISTORY_NAME if HISTORY_NAME in flow.inputs else None)


def turn(inputs: Mapping[str, Any], outputs: Mapping[str, Any], history: str | None) -> dict[str, Any]:
    """One exchange as it stands in the history of a DAG flow: ``{"inputs": {...}, "outputs": {...}}``, the history itself left out."""
    return {"inputs": {name: value for name, value in inputs.items() if name != history}, "outputs": dict(outputs)}


def is_history(value: Any) -> bool:
    """Whether a value looks like a conversation: exchanges of a DAG flow, or messages with role and content."""
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        return False
    return all(
        isinstance(item, Mapping) and ({"inputs", "outputs"} <= item.keys() or {"role", "content"} <= item.keys())
        for item in value
    )


def chat_problems(flow: Flow) -> list[ChatProblem]:
    """Why a flow that means to be a chat (by its type, or by marking a chat input or output) cannot be one."""
    inputs, outputs = _inputs(flow), _outputs(flow)
    if flow.type != "chat" and not inputs and not outputs:
        return []
    problems: list[ChatProblem] = []
    if not inputs:
        problems.append(
            ChatProblem(
                "chat.no_input",
                "The chat has no input for the message of the person.",
                "Write 'is_chat_input: true' below that input.",
            )
        )
    elif len(inputs) > 1:
        problems.append(
            ChatProblem(
                "chat.several_inputs",
                f"The chat has {len(inputs)} inputs for the message ({', '.join(inputs)}); it needs exactly one.",
                "Delete 'is_chat_input' from all but one.",
                inputs[1],
            )
        )
    if len(outputs) > 1:
        problems.append(
            ChatProblem(
                "chat.several_outputs",
                f"The chat has {len(outputs)} outputs for the answer ({', '.join(outputs)}); it needs exactly one.",
                "Delete 'is_chat_output' from all but one.",
                outputs[1],
            )
        )
    elif not outputs and flow.outputs:
        problems.append(
            ChatProblem(
                "chat.no_output",
                "The chat has no output for the answer.",
                "Write 'is_chat_output: true' below that output.",
                next(iter(flow.outputs)),
            )
        )
    history = history_input(flow)
    if history is None:
        problems.append(
            ChatProblem(
                "chat.no_history",
                "The chat has no input for the conversation so far.",
                f"Add an input '{HISTORY_NAME}' of type list.",
            )
        )
    elif flow.inputs[history].type not in ("list", "object"):
        problems.append(
            ChatProblem(
                "chat.history_type",
                f"The conversation '{history}' is of type {flow.inputs[history].type}; it is a list.",
                "Write 'type: list' below it.",
                history,
            )
        )
    return problems


def _inputs(flow: Flow) -> list[str]:
    return [name for name, spec in flow.inputs.items() if spec.is_chat_input]


def _outputs(flow: Flow) -> list[str]:
    return [name for name, spec in flow.outputs.items() if spec.is_chat_output]
