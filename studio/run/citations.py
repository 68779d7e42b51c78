"""The passages a reply names as ``[1]``, ``[2]``: found in what the run had, so that a click shows the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

_MARK: Final = re.compile(r"\[(\d{1,3})\](?!\()")
_LINE_END: Final = re.compile(r"(?<=\S)\n(?=\S)")
_CODE: Final = re.compile(r"(```.*?```|`[^`\n]*`)", re.DOTALL)
_TEXTS: Final = ("text", "content", "page_content", "passage", "chunk", "quote", "snippet", "body")
_TITLES: Final = ("title", "heading", "name", "source", "file", "path", "url", "id")
_SOURCES: Final = ("source", "file", "path", "url")
_LIKELY: Final = ("citations", "sources", "passages", "references", "context", "documents", "chunks")
SCHEME: Final = "citation"


@dataclass(frozen=True, slots=True)
class Citation:
    """``source`` is a file or an address as the run gave it, or empty."""

    number: int
    title: str
    text: str
    source: str = ""


def cited(reply: str, outputs: Mapping[str, Any], nodes: Mapping[str, Any]) -> tuple[Citation, ...]:
    """The passages that ``reply`` names, in the order it names them. ``outputs`` are the flow's, ``nodes`` those of its nodes."""
    numbers = list(dict.fromkeys(int(number) for number in _MARK.findall(_CODE.sub("", reply))))
    if not numbers:
        return ()
    passages = next((found for found in _lists(outputs, nodes) if len(found) >= max(numbers)), None)
    if passages is None:
        return ()
    return tuple(_citation(number, passages) for number in numbers if number >= 1)


def linked(reply: str, citations: Sequence[Citation]) -> str:
    """The reply as Markdown in which each known mark is a link to its passage; code stays as it is."""
    known = {citation.number for citation in citations}
    if not known:
        return reply

    def link(found: re.Match[str]) -> str:
        number = int(found[1])
        return f"[\\[{number}\\]]({SCHEME}:{number})" if number in known else found[0]

    return "".join(part if part.startswith("`") else _MARK.sub(link, part) for part in _CODE.split(reply))


def with_lines(reply: str) -> str:
    """The reply as Markdown in which a line's end is one, as people mean it in a conversation; code stays as it is."""
    return "".join(part if part.startswith("`") else _LINE_END.sub("  \n", part) for part in _CODE.split(reply))


def _lists(outputs: Mapping[str, Any], nodes: Mapping[str, Any]) -> Iterator[list[Mapping[str, Any]]]:
    """Lists of passages, the likeliest first: outputs by a telling name, other outputs, then what nodes gave."""
    named = [outputs[name] for name in _LIKELY if name in outputs]
    for value in [*named, *outputs.values(), *nodes.values()]:
        for candidate in (value, *(value.values() if isinstance(value, Mapping) else ())):
            if isinstance(candidate, list) and candidate and all(_is_passage(item) for item in candidate):
                yield candidate


def _is_passage(item: Any) -> bool:
    return (isinstance(item, str) and bool(item)) or (isinstance(item, Mapping) and _first(item, _TEXTS) is not None)


def _citation(number: int, passages: Sequence[Any]) -> Citation:
    numbered = (item for item in passages if isinstance(item, Mapping) and item.get("number", item.get("n")) == number)
    item = next(numbered, passages[number - 1])
    if isinstance(item, str):
        return Citation(number, _short(item), item)
    text = str(_first(item, _TEXTS) or "")
    inner = item.get("metadata")
    about = {**inner, **item} if isinstance(inner, Mapping) else item
    return Citation(number, str(_first(about, _TITLES) or _short(text)), text, str(_first(about, _SOURCES) or ""))


def _first(item: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((item[name] for name in names if isinstance(item.get(name), str | int) and item[name] != ""), None)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else f"{flat[:59]}…"
