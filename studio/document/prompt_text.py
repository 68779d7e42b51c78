"""Changing the text of a prompt for a person: adding a variable where it will be read."""

from __future__ import annotations

import re
from typing import Final

from flowloom.flows.model.messages import ROLES
from flowloom.flows.node.template import template_variables

_MARKER: Final = re.compile(rf"(?im)^[ \t]*#?[ \t]*({'|'.join(ROLES)})[ \t]*:[ \t]*$")


def with_variable(text: str, name: str) -> str:
    """The prompt with ``{{name}}`` at the end of its last message, which is made one of the user's where it is not.

    The text stays as it is where it uses the variable already, or where the name cannot be a variable (``my input``).
    """
    if not name.isidentifier() or name in template_variables(text):
        return text
    newline = "\r\n" if "\r\n" in text else "\n"
    roles = _MARKER.findall(text.replace("\r\n", "\n"))
    begin = text if not text or text.endswith("\n") else text + newline
    if roles and roles[-1].lower() not in ("user", "function", "tool"):
        begin += ("" if begin.endswith(newline * 2) else newline) + f"user:{newline}"
    return f"{begin}{{{{{name}}}}}{newline}"
