"""Split a text."""

from __future__ import annotations

from typing import Annotated, Literal

from flowloom.flows.errors import NodeError
from flowloom.flows.node.declare import node


@node(id="loom.text.split", title="Split a text", category="Text", icon="scissors", quick=True)
def split(
    text: Annotated[str, "The text to split"],
    *,
    by: Annotated[Literal["lines", "paragraphs", "separator", "length"], "Where to split"] = "lines",
    separator: Annotated[str, "The text that separates the parts, with by: separator"] = ",",
    length: Annotated[int, "Characters of one part, with by: length"] = 1000,
    overlap: Annotated[int, "Characters that two neighbours share, with by: length"] = 0,
    keep_empty: Annotated[bool, "Keep parts without any text"] = False,
) -> Annotated[list, "The parts, in order"]:
    """Split a text into lines, paragraphs (set apart by an empty line), pieces between separators, or pieces of equal length.

    Spaces around a part are removed, except with "length".
    """
    if by == "length":
        if not 0 <= overlap < length:
            raise NodeError(
                f"Pieces of {length} characters cannot overlap by {overlap}.",
                field="overlap",
                hint="Choose a length above 0 and an overlap below the length.",
            )
        if not text:
            return []
        last = max(1, len(text) - overlap)
        return [text[start : start + length] for start in range(0, last, length - overlap)]
    if by == "separator" and not separator:
        raise NodeError("The separator is empty.", field="separator", hint="Write the text that stands between the parts.")
    parts = {"lines": str.splitlines, "paragraphs": _paragraphs}[by](text) if by != "separator" else text.split(separator)
    stripped = (part.strip() for part in parts)
    return [part for part in stripped if part or keep_empty]


def _paragraphs(text: str) -> list[str]:
    paragraphs: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            paragraphs[-1].append(line)
        elif paragraphs[-1]:
            paragraphs.append([])
    return ["\n".join(lines) for lines in paragraphs]
