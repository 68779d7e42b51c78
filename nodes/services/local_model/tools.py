"""Tool calls by a model that was not taught to make them: first it picks a name, then it fills in the arguments, each held by a grammar.

A name and arguments are all a grammar can promise. Whether a tool is needed at all (``auto``) a small model answers right about two
times in three; with a tool required, nearly always.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from flowloom.flows.errors import BadRequest
from flowloom.nodes.services.local_model.messages import text_of
from flowloom.nodes.services.local_model.schema import constrain

NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class Tool:
    name: str
    description: str
    parameters: Mapping[str, Any]
    """JSON schema of the arguments, as the grammar takes it."""

    @property
    def purpose(self) -> str:
        return self.description.strip() or self.name.replace("_", " ")

    @property
    def call(self) -> str:
        """``get_weather(city: string)``"""
        properties = self.parameters.get("properties")
        names = (
            [f"{name}: {_type_of(schema)}" for name, schema in properties.items()]
            if isinstance(properties, Mapping)
            else []
        )
        return f"{self.name}({', '.join(names)})"


@dataclass(frozen=True, slots=True)
class Toolbox:
    """The tools that one request may call. ``required``: one of them must be. ``legacy``: they came as ``functions``, and the call goes
    back as ``function_call``."""

    tools: tuple[Tool, ...]
    required: bool
    legacy: bool = False

    @property
    def forced(self) -> Tool | None:
        """The tool to call without asking: the only one, where one must be called."""
        return self.tools[0] if self.required and len(self.tools) == 1 else None

    def named(self, name: str) -> Tool | None:
        return next((tool for tool in self.tools if tool.name == name), None)


def toolbox(body: Mapping[str, Any]) -> Toolbox | None:
    """The tools of a request body, or None where none may be called. Raises BadRequest for tools that are none."""
    legacy = not body.get("tools") and bool(body.get("functions"))
    written = body.get("functions") if legacy else body.get("tools")
    field: Literal["functions", "tools"] = "functions" if legacy else "tools"
    if not written:
        return None
    if not isinstance(written, Sequence) or isinstance(written, str):
        raise BadRequest(
            f"The {field} of the request are not a list.", hint=f"Give {field} as a JSON list.", field=field
        )
    tools = tuple(_tool(item if legacy else _function_of(item), field) for item in written)
    choice = body.get("function_call" if legacy else "tool_choice")
    if choice == NONE:
        return None
    if choice in (None, "auto", "required"):
        return Toolbox(tools, choice == "required", legacy)
    return Toolbox((_chosen(choice, tools, field),), True, legacy)


def picking(box: Toolbox, messages: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, str]], dict[str, Any]]:
    """The conversation that asks which tool to call, and the schema of the answer: a name, or ``none``."""
    lines = "\n".join(f"- {tool.call}: {tool.purpose}" for tool in box.tools)
    system = f"Name the function that the message needs. If it needs none of them, say none.\n\nFunctions:\n{lines}"
    conversation = [{"role": "system", "content": system}]
    examples = [
        ("Hello, how are you?", NONE),
        ("Tell me a story.", NONE),
        *((tool.purpose, tool.name) for tool in box.tools),
    ]
    for question, answer in examples:
        conversation.append({"role": "user", "content": question})
        conversation.append({"role": "assistant", "content": json.dumps(answer)})
    conversation.append({"role": "user", "content": _question(messages)})
    names = [tool.name for tool in box.tools]
    return conversation, {"enum": names if box.required else [*names, NONE]}


def filling(tool: Tool, messages: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The conversation that asks for a tool's arguments."""
    system = f"Give the arguments of the function {tool.call} as JSON.\n{tool.purpose}"
    return [{"role": "system", "content": system}, {"role": "user", "content": _question(messages)}]


def is_answer_to_tool(messages: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the conversation ends with a tool's result, which now wants words."""
    return bool(messages) and messages[-1].get("role") in ("tool", "function")


def _question(messages: Sequence[Mapping[str, Any]]) -> str:
    for message in reversed(messages):
        if message.get("role") == "user":
            return text_of(message.get("content"))
    return text_of(messages[-1].get("content"))


def _function_of(item: Any) -> Any:
    if isinstance(item, Mapping) and item.get("type", "function") == "function":
        return item.get("function")
    raise BadRequest(
        "A tool of the request is not a function.",
        hint='Write each tool as {"type": "function", "function": {...}}.',
        field="tools",
    )


def _tool(function: Any, field: str) -> Tool:
    name = function.get("name") if isinstance(function, Mapping) else None
    if not isinstance(function, Mapping) or not isinstance(name, str) or not name or name == NONE:
        raise BadRequest(f"One of the {field} has no usable name.", hint="Give every function a name.", field=field)
    parameters = function.get("parameters") or {"type": "object", "properties": {}}
    if not isinstance(parameters, Mapping):
        raise BadRequest(
            f"The parameters of the function {name} are not a JSON schema.", hint="Correct them.", field=field
        )
    return Tool(name, str(function.get("description") or ""), constrain(parameters, field=field))


def _chosen(choice: Any, tools: tuple[Tool, ...], field: str) -> Tool:
    named = choice.get("function", choice) if isinstance(choice, Mapping) else None
    name = named.get("name") if isinstance(named, Mapping) else choice
    for tool in tools:
        if isinstance(choice, Mapping) and tool.name == name:
            return tool
    raise BadRequest(
        f"The request asks for the function {name!r}, which is not among its {field}.",
        hint=f"Choose auto, required, none, or one of {', '.join(tool.name for tool in tools)}.",
        field="function_call" if field == "functions" else "tool_choice",
    )


def _type_of(schema: Any) -> str:
    kind = schema.get("type") if isinstance(schema, Mapping) else None
    if isinstance(schema, Mapping) and schema.get("enum"):
        return " or ".join(map(str, schema["enum"][:8]))
    return kind if isinstance(kind, str) else "any"
