"""Scripted replies: what the stand-in says when a request looks like this."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Rule:
    """The first rule whose conditions all hold gives the reply. ``contains``, ``equals`` and ``regex`` look at the
    last user message (at the prompt, for completions), ``system`` is contained in a system message, ``model`` is the
    model or deployment.

    ``reply`` is a text (with ``regex``, ``\\1`` and ``\\g<name>`` are filled in), a mapping with keys of a message
    (``content refusal tool_calls function_call reasoning_content``) and ``finish_reason``, ``usage``, ``model``,
    or a list of such replies, given in turn, the last one for good. ``echo: True`` repeats what was matched.
    """

    reply: Any = None
    contains: str | None = None
    equals: str | None = None
    regex: str | None = None
    system: str | None = None
    model: str | None = None
    echo: bool = False
    used: int = field(default=0, compare=False)

    def match(self, text: str, system: str, model: str) -> Any:
        """The reply, or None where the rule does not apply."""
        found = None
        if self.contains is not None and self.contains.lower() not in text.lower():
            return None
        if self.equals is not None and self.equals.strip() != text.strip():
            return None
        if self.regex is not None:
            found = re.search(self.regex, text, re.DOTALL | re.IGNORECASE)
            if found is None:
                return None
        if self.system is not None and self.system.lower() not in system.lower():
            return None
        if self.model is not None and self.model != model:
            return None
        self.used += 1
        if self.echo:
            return text
        reply = self.reply
        if isinstance(reply, list):
            reply = reply[min(self.used, len(reply)) - 1]
        if found is not None and isinstance(reply, str):
            return found.expand(reply)
        return reply


class Rules:
    """Rules in order. A model or deployment called ``echo`` always repeats the last user message."""

    def __init__(self, rules: Sequence[Rule | Mapping[str, Any]] = (), *, default: str = "text") -> None:
        if default not in ("text", "echo"):
            raise ValueError("default is 'text' or 'echo'")
        self.default = default
        self._rules = [rule if isinstance(rule, Rule) else Rule(**rule) for rule in rules]

    def add(self, rule: Rule | Mapping[str, Any], *, first: bool = True) -> None:
        made = rule if isinstance(rule, Rule) else Rule(**rule)
        self._rules.insert(0 if first else len(self._rules), made)

    def clear(self) -> None:
        self._rules.clear()

    def reply(self, text: str, system: str = "", model: str = "") -> Any:
        """The scripted reply, or None where the stand-in makes one up."""
        for rule in self._rules:
            found = rule.match(text, system, model)
            if found is not None:
                return found
        return text if self.default == "echo" or model == "echo" else None
