"""Texts as an editor shows them, with plain line ends, and back to a file that has others. Nothing but the edit changes."""

from __future__ import annotations

import re
from typing import Final

from flowloom.flows.document.splice import difference

_OTHER_ENDS: Final = re.compile("\r\n|\r|\u2029")


def shown(text: str) -> str:
    """The text with every line end a plain one."""
    return _OTHER_ENDS.sub("\n", text)


def carried(text: str, after: str) -> str:
    """The file's ``text`` with the edit that makes ``after`` of ``shown(text)``; new lines end as the file's first one does."""
    before = shown(text)
    if before == text:
        return after
    first = re.search("\r\n|\r|\n", text)
    newline = first.group() if first else "\n"
    for splice in difference("", before, after):
        start, end = _place(text, splice.start), _place(text, splice.end)
        return text[:start] + splice.text.replace("\n", newline) + text[end:]
    return text


def _place(text: str, shown_place: int) -> int:
    """Where a place of the shown text lies in the file's."""
    shift = 0
    for match in _OTHER_ENDS.finditer(text):
        if match.start() - shift >= shown_place:
            break
        shift += match.end() - match.start() - 1
    return shown_place + shift
