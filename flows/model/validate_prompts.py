"""Prompts: their syntax, their variables, and for chat models the lines that start messages. Nothing is rendered."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from flowloom.flows.model.findings import Findings, did_you_mean
from flowloom.flows.model.flow import Node
from flowloom.flows.model.messages import ROLES
from flowloom.flows.model.problem import Problem

if TYPE_CHECKING:
    from flowloom.flows.node.template import TemplateSignature

_WORD: Final = re.compile(r"\w+")
_COMMENT: Final = re.compile(r"\{#.*?#\}", re.DOTALL)
_MARKER: Final = re.compile(rf"(?i)\s*#?\s*(?:{'|'.join(ROLES)})\s*:\s*(\S?)")


def check_prompt(findings: Findings, node: Node, text: str | None) -> None:
    """The template of a prompt, LLM or custom_llm node. ``text`` is None where its file cannot be read."""
    path = node.source.path
    if text is None or not path or node.type == "python":
        return
    from flowloom.flows.node.template import read_template

    signature = read_template(text)
    if signature.problem is not None:
        problem = signature.problem
        findings.elsewhere(
            Problem(
                "prompt.syntax",
                "error",
                f"The prompt '{path}' cannot be read: {problem.message}".rstrip(".") + ".",
                "Mend the line. Jinja2 tags are written {{ name }} and {% if name %} ... {% endif %}.",
                node.name,
                "source",
                path,
                problem.line or 1,
                1,
            )
        )
        return
    _check_variables(findings, node, path, text, signature)
    if node.type == "llm" and (node.api or "chat") == "chat" and "prompt" not in node.inputs:
        _check_messages(findings, node, path, text)
        for name in signature.images:
            findings.elsewhere(
                Problem(
                    "prompt.image_stays_text",
                    "warning",
                    f"The image '{name}' stays text: an LLM node sends no images.",
                    "Use a vision tool, such as promptflow.tools.llm_vision.",
                    node.name,
                    name,
                    path,
                    _line_of(text, name),
                    1,
                )
            )


def _check_variables(findings: Findings, node: Node, path: str, text: str, signature: TemplateSignature) -> None:
    if node.type == "prompt" and "template" in signature.variables:
        findings.elsewhere(
            Problem(
                "prompt.reserved_variable",
                "error",
                f"The prompt '{path}' has a variable named 'template', which a prompt cannot have.",
                "Give the variable another name, in the prompt and among the node's inputs.",
                node.name,
                "template",
                path,
                _line_of(text, "template"),
                1,
            )
        )
    unused = [name for name in node.inputs if name not in signature.variables]
    for name in signature.variables:
        if name in node.inputs or (node.type == "prompt" and name == "template"):
            continue
        fix = did_you_mean(
            name, unused, f"Write '{name}: ' and a value or a reference below the inputs of '{node.name}'."
        )
        findings.elsewhere(
            Problem(
                "prompt.variable_missing",
                "warning",
                f"The prompt '{path}' uses '{name}', for which '{node.name}' has no input, so it stays empty.",
                fix,
                node.name,
                name,
                path,
                _line_of(text, name),
                1,
            )
        )
    if node.type == "prompt":
        for name in unused:
            findings.warning(
                "prompt.input_unused",
                f"The prompt of '{node.name}' does not use its input '{name}'.",
                did_you_mean(
                    name,
                    (known for known in signature.variables if known not in node.inputs),
                    f"Write {{{{ {name} }}}} where it belongs, or delete it.",
                ),
                findings.path(node, "inputs", name),
                node=node.name,
                field=name,
                key=True,
            )


def _check_messages(findings: Findings, node: Node, path: str, text: str) -> None:
    """The first thing in a chat prompt must be a line that starts a message, unless a tag may bring it."""
    plain = _COMMENT.sub(lambda found: "\n" * found.group().count("\n"), text)
    begin = plain.lstrip()
    line = plain[: len(plain) - len(begin)].count("\n") + 1
    if begin.startswith(("{{", "{%")):
        return
    found = _MARKER.match(begin)
    colon_ends_line = found is not None and "\n" in found.group()
    if colon_ends_line:
        return
    first = begin.split("\n")[0].strip()
    if found is not None and found.group(1):
        message = f"'{_short(first)}' starts no message: the colon must end its line."
        fix = "Put what follows the colon on the next line."
    elif not begin:
        message, fix = (
            f"The prompt '{path}' is empty.",
            "Write 'system:' on a line, and below it what the model shall do.",
        )
    else:
        message = f"The prompt begins with '{_short(first)}', which belongs to no message."
        fix = "Begin it with a line 'system:' or 'user:'."
    findings.elsewhere(Problem("prompt.no_message", "warning", message, fix, node.name, "source", path, line, 1))


def _line_of(text: str, name: str) -> int:
    return _first_lines(text).get(name, 1)


@lru_cache(maxsize=4)
def _first_lines(text: str) -> dict[str, int]:
    """The line, from 1, in which each word of a template first stands."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        for word in _WORD.findall(line):
            found.setdefault(word, number)
    return found


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."
