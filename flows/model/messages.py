"""Prompts as chat messages: lines such as ``system:`` start a message, and values from outside never do.

A marker is a line ``system:``, ``user:``, ``assistant:``, ``function:`` or ``tool:`` (any case, one ``#`` before it allowed). Values
of flow inputs may contain such lines too, and those must stay text. So before a template is rendered, ``escape_roles`` puts one
character, the mark, into every place of an input where a marker could come about; the template carries it wherever it carries the
text; the parser sees no marker there; ``unescape_roles`` takes the mark out of what was parsed. A mark is a letter of a historic
script that occurs neither in the template nor in any value, chosen by chance: a letter has no upper case, is not white space, and
cannot be cut in half, so no filter turns an escaped marker back into a working one.

Source of the message rules: promptflow-tools ``common.py: parse_chat``, checked by running it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from functools import cache
from typing import Any, Final

from flowloom.flows.errors import TemplateError

ROLES: Final = ("system", "user", "assistant", "function", "tool")

_ROLE = "|".join(ROLES)
_MARKER = re.compile(rf"(?i)({_ROLE})\s*:\s*\n")
# The patterns below are compiled when a prompt first needs them: most never do.
_NAME = r"name\s*+:(?=\s*\n)\s*+(\S+)\s*+#{0,2}\s*+content\s*+:(.*)"
_CALL_ID = r"tool_call_id\s*+:(?=\s*\n)\s*+(\S+)\s*+#{0,2}\s*+content\s*+:(.*)"
_CALLS = r"tool_calls\s*+:(?=\s*\n)\s*+(\[.*)"

_WORDS = (*ROLES, "name", "content", "tool_call_id", "tool_calls")


@cache
def _risky_colon() -> re.Pattern[str]:
    """A colon that ends a line after one of the words the parser looks for. At the text's start also after the rest of such a word, or
    after nothing: the template may put two texts side by side."""
    rests = sorted({word[start:] for word in _WORDS for start in range(1, len(word))}, key=len, reverse=True)
    return re.compile(rf"(?i)((?:{'|'.join(_WORDS)}|\A\s*+(?:{'|'.join(rests)})?)\s*+):(?=[^\S\n]*+(?:\n|\Z))")


@cache
def _risky_line() -> re.Pattern[str]:
    """A last line that is the beginning of one of those words, which a colon of the template might complete."""
    beginnings = {word[:end] for word in _WORDS for end in range(1, len(word) + 1)}
    return re.compile(rf"(?i)\s*+#{{0,2}}\s*+(?:{'|'.join(beginnings)})")


MARKS: Final = (0x20000, 0x2A6DE)
"""The ideographs a mark is taken from (CJK Extension B): letters without case that ``repr`` prints as they are."""


class PromptText(str):
    """The text of a rendered prompt, which remembers its escaped form for the prompts that include it.

    It is an ordinary text to everybody else: Python tools, outputs, files. ``mark`` is empty where nothing was escaped.
    """

    escaped: str
    mark: str

    def __new__(cls, text: str, escaped: str = "", mark: str = "") -> PromptText:
        made = super().__new__(cls, text)
        made.escaped = escaped if mark else str(text)
        made.mark = mark
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.escaped, self.mark)


def choose_mark(texts: Iterable[str]) -> str:
    """A character that occurs in none of the texts."""
    import secrets

    used: set[str] = set()
    for text in texts:
        used.update(letter for letter in text if letter >= "\U00020000")
    first, last = MARKS
    free = [code for code in range(first, last) if chr(code) not in used] if len(used) > 1000 else []
    while True:
        mark = chr(secrets.choice(free) if free else first + secrets.randbelow(last - first))
        if mark not in used:
            return mark


def needs_escape(value: Any, everything: bool = True) -> bool:
    """Whether ``escape_roles`` would change a value."""
    return any(
        (isinstance(text, PromptText) and text.mark) or (everything and escape_roles(text, "x") != text)
        for text in texts_in(value)
    )


def escape_roles(value: Any, mark: str, everything: bool = True) -> Any:
    """The value with the mark put into every place where one of its texts could start a message or a sub-block.

    Works through lists, tuples and objects, names of an object's fields included. A text that is nothing but a role, such as the
    ``role`` of a past message, stays: the template that writes the colon after it means it. Without ``everything`` only prompts are
    escaped that were so before.
    """
    if isinstance(value, PromptText) and value.mark:
        return value.escaped.replace(value.mark, mark)
    if isinstance(value, str):
        return _escape_text(value, mark) if everything else value
    if isinstance(value, dict):
        items = ((escape_roles(key, mark, everything), escape_roles(item, mark, everything)) for key, item in value.items())
        return _Escaped(items, mark)
    if isinstance(value, list):
        made = copy(value)
        made[:] = [escape_roles(item, mark, everything) for item in value]
        return made
    if type(value) is tuple:
        return tuple(escape_roles(item, mark, everything) for item in value)
    return value


def _escape_text(text: str, mark: str) -> str:
    escaped = _risky_colon().sub(rf"\1{mark}:", text) if ":" in text else text
    bare = escaped.rstrip()
    if (line := bare.rfind("\n")) >= 0 and _risky_line().fullmatch(bare, line + 1):
        escaped = bare + mark + escaped[len(bare) :]
    return text if escaped == text else escaped


class _Escaped(dict[Any, Any]):
    """An object whose escaped names are still found by the names as they were."""

    def __init__(self, items: Iterable[tuple[Any, Any]], mark: str) -> None:
        super().__init__(items)
        self._mark = mark

    def __missing__(self, key: Any) -> Any:
        escaped = escape_roles(key, self._mark) if isinstance(key, str) else key
        if escaped is key or escaped not in self:
            raise KeyError(key)
        return self[escaped]


def unescape_roles(value: Any, mark: str) -> Any:
    """The value without the mark, also where a filter wrote it as JSON or for an address."""
    if not mark:
        return value
    if isinstance(value, str):
        for form in _forms(mark):
            value = value.replace(form, "")
        return value
    if isinstance(value, list):
        return [unescape_roles(item, mark) for item in value]
    if isinstance(value, dict):
        return {unescape_roles(key, mark): unescape_roles(item, mark) for key, item in value.items()}
    return value


def _forms(mark: str) -> tuple[str, ...]:
    from urllib.parse import quote

    return (mark, json.dumps(mark)[1:-1], quote(mark), f"&#{ord(mark)};")


def texts_in(value: Any, depth: int = 0) -> Iterator[str]:
    """Every text within a value, fields' names included, 100 levels deep."""
    if isinstance(value, str):
        yield value
    elif depth < 100:
        if isinstance(value, dict):
            for key, item in value.items():
                yield from texts_in(key, depth + 1)
                yield from texts_in(item, depth + 1)
        elif isinstance(value, list | tuple):
            for item in value:
                yield from texts_in(item, depth + 1)


def parse_chat(text: str, *, images: Iterable[Any] = (), image_detail: str = "auto", mark: str = "") -> list[dict[str, Any]]:
    """The messages of a rendered prompt: ``[{"role": "system", "content": "..."}, ...]``.

    ``images`` are those a line of the text may stand for (a line that is ``str(image)``): then the message's content is a list of
    image and text parts. ``mark`` is what ``escape_roles`` put in, taken out of everything returned. Raises TemplateError with the
    line, counted from 1 in the rendered text, where the text is no chat prompt.
    """
    shown = {str(image): image for image in images}
    messages: list[dict[str, Any]] = []
    position, marker, line = 0, 0, 1
    for start, end, role in _markers(text):
        _close(messages, text[position:start], line, shown, image_detail, mark)
        line += text.count("\n", marker, start)
        if role.lower() not in ROLES:
            raise _no_message(role, line, mark)
        messages.append({"role": role.lower()})
        position, marker = end, start
    _close(messages, text[position:], line, shown, image_detail, mark)
    return [unescape_roles(message, mark) for message in messages] if mark else messages


def _markers(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and role of each marker. It walks back from a role to its line's start, so long runs of blanks cost nothing."""
    for found in _MARKER.finditer(text):
        start = found.start()
        bare = _before_blanks(text, start)
        if bare > 0 and text[bare - 1] == "#":
            sign = _before_blanks(text, bare - 1)
            if sign == 0 or "\n" in text[sign : bare - 1]:
                yield bare - 1, found.end(), found.group(1)
                continue
        if bare == 0 or "\n" in text[bare:start]:
            yield start, found.end(), found.group(1)


def _before_blanks(text: str, end: int) -> int:
    """Where the run of white space that reaches to ``end`` begins."""
    while end > 0 and text[end - 1].isspace():
        end -= 1
    return end


def _close(
    messages: list[dict[str, Any]],
    chunk: str,
    line: int,
    images: Mapping[str, Any],
    detail: str,
    mark: str,
) -> None:
    """Give the last message what stands after its marker, which is on that line."""
    if not messages:
        if chunk.strip():
            raise _no_message(chunk, line + chunk[: len(chunk) - len(chunk.lstrip())].count("\n"), mark)
        return
    message = messages[-1]
    role = message["role"]
    if role == "assistant" and (calls := _tool_calls(chunk)) is not None:
        message["tool_calls"] = calls
        return
    if role == "tool":
        found = _search(_CALL_ID, "tool_call_id", chunk)
        if found is None:
            raise TemplateError(
                f"The message of role 'tool' at line {line} does not say which call it answers.",
                hint="Write a line 'tool_call_id:' with the id below it, then a line 'content:' with the result below it.",
                line=line,
            )
        message["tool_call_id"] = found.group(1)
        message["content"] = _content(found.group(2), images, detail)
        return
    found = _search(_NAME, "name", chunk)
    if found is not None:
        message["name"] = found.group(1)
        message["content"] = _content(found.group(2), images, detail)
        return
    if role == "function":
        raise TemplateError(
            f"The message of role 'function' at line {line} does not name the function.",
            hint="Write a line 'name:' with the function's name below it, then a line 'content:' with the result below it.",
            line=line,
        )
    message["content"] = _content(chunk, images, detail)


def _search(pattern: str, word: str, text: str) -> re.Match[str] | None:
    return re.search(pattern, text, re.DOTALL) if word in text else None


def _content(text: str, images: Mapping[str, Any], detail: str) -> str | list[dict[str, Any]]:
    """The content of a message: text, or a list of parts where a line stands for an image."""
    text = text.strip()
    if not images:
        return text
    parts: list[dict[str, Any]] = []
    pictures = False
    for line in text.split("\n"):
        name = line.strip()
        if name in images:
            image = images[name]
            url = getattr(image, "source_url", None) or image.to_base64(with_type=True)
            parts.append({"type": "image_url", "image_url": {"url": url, "detail": detail}})
            pictures = True
        elif name:
            parts.append({"type": "text", "text": line})
    return parts if pictures else text


def _tool_calls(chunk: str) -> Any:
    """The calls an assistant message lists, or None where it lists none that can be read."""
    found = _search(_CALLS, "tool_calls", chunk)
    if found is None:
        return None
    from flowloom.flows.model.python_literal import NotALiteral, parse_literal

    text = found.group(1).rstrip()
    for candidate in (text, text[: text.find("]") + 1]):
        if candidate.endswith("]"):
            try:
                return parse_literal(candidate)
            except NotALiteral:
                continue
    return None


def _no_message(text: str, line: int, mark: str) -> TemplateError:
    text = unescape_roles(text.strip().split("\n")[0], mark)
    shown = text if len(text) <= 60 else text[:57] + "..."
    return TemplateError(
        f"Line {line} of the prompt, '{shown}', belongs to no message: a chat prompt begins with a line such as 'system:'.",
        hint="Put a line 'system:' or 'user:' before it; the colon must end that line. For plain text use the completion API.",
        line=line,
    )
