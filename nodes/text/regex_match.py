"""Find or replace with a regular expression."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flowloom.flows.errors import LimitExceeded, NodeError
from flowloom.flows.node.declare import node

SECONDS = 2.0
"""How long one pattern may search: some patterns take longer than a life on a short text."""
MAX_TEXT = 10_000_000


@node(id="loom.text.regex", title="Find by pattern", category="Text", icon="magnifying-glass")
def regex_match(
    text: Annotated[str, "The text to search"],
    *,
    pattern: Annotated[str, "The regular expression"],
    mode: Annotated[Literal["first", "all", "test", "replace", "split"], "What to do with what it finds"] = "first",
    replacement: Annotated[str, "With mode: replace; \\1 or \\g<name> stand for groups"] = "",
    ignore_case: Annotated[bool, "Take capital and small letters as the same"] = False,
    multiline: Annotated[bool, "Let ^ and $ also stand for the start and end of lines"] = False,
    dot_all: Annotated[bool, "Let . also stand for a line's end"] = False,
) -> Annotated[Any, "first: a match or nothing; all: a list; test: true or false; replace: a text; split: a list"]:
    """Search a text with a regular expression (Python's syntax).

    A match is its text; with one group, the group's; with several, a list; with named groups, an object.
    """
    import regex

    if len(text) > MAX_TEXT:
        raise LimitExceeded(f"The text is longer than {MAX_TEXT:,} characters.", field="text", hint="Split it first.")
    flags = (
        (regex.IGNORECASE if ignore_case else 0) | (regex.MULTILINE if multiline else 0) | (regex.DOTALL if dot_all else 0)
    )
    try:
        compiled = regex.compile(pattern, flags)
        if mode == "replace":
            return compiled.sub(replacement, text, timeout=SECONDS)
        if mode == "split":
            return [part for part in compiled.split(text, timeout=SECONDS) if part is not None]
        if mode == "all":
            return [_value(match) for match in compiled.finditer(text, timeout=SECONDS)]
        match = compiled.search(text, timeout=SECONDS)
    except TimeoutError:
        raise LimitExceeded(
            f"The pattern took longer than {SECONDS:g} seconds on this text.",
            field="pattern",
            hint="Repetitions within repetitions, such as (a+)+, take that long: write the pattern without them.",
        ) from None
    except (regex.error, IndexError) as error:
        raise NodeError(f"The pattern is not a regular expression: {error}.", field="pattern", hint="Mend the pattern.") from error
    return match is not None if mode == "test" else match and _value(match)


def _value(match: Any) -> Any:
    if named := match.groupdict():
        return named
    groups = match.groups()
    if not groups:
        return match.group()
    return groups[0] if len(groups) == 1 else list(groups)
