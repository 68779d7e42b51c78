"""Turns what libyaml says into words, a place and the next step."""

from __future__ import annotations

from typing import Any, Final

from flowloom.flows.errors import YamlError

# libyaml's wording -> what it means to the reader, what to do. First match wins.
_MEANINGS: Final = (
    (
        "mapping values are not allowed",
        "A colon stands where none is expected.",
        "Put a text that contains ': ' in quotes, and check that the line is indented like its neighbours.",
    ),
    (
        "character that cannot start any token",
        "A character stands here that cannot begin a value.",
        "Indent with spaces instead of tabs, and put a text that begins with @, ` or % in quotes.",
    ),
    ("found a tab character", "A tab is used for indentation.", "Indent with spaces instead of tabs."),
    ("found unexpected end of stream", "A quoted text is never closed.", "Add the missing closing quote."),
    (
        "did not find expected key",
        "The line does not fit the lines around it.",
        "Check its indentation, quote a text that holds special characters, and close every bracket.",
    ),
    (
        "did not find expected node content",
        "A value is missing, or cannot stand here.",
        "Write the value, or close the bracket before it.",
    ),
    ("mapping keys are not allowed", "A '?' stands where no key can begin.", "Put the text in quotes."),
    ("found unexpected ':'", "A colon stands inside a text in brackets.", "Put the text in quotes."),
    ("alphabetic or numeric character", "A & or * begins a value.", "Put a text that begins with & or * in quotes."),
    (
        "incompatible YAML document",
        "The file asks for another version of YAML.",
        "Delete the line that begins with '%YAML'.",
    ),
    (
        "could not find expected ':'",
        "A key lacks its colon.",
        "Write 'name: value', or indent the line as part of the text above.",
    ),
    (
        "did not find expected ',' or",
        "A list or mapping in brackets is not closed, or holds a text that must be quoted.",
        'Put texts with { } [ ] in quotes, such as "${inputs.name}", and add the missing bracket or comma.',
    ),
    (
        "did not find expected '-' indicator",
        "The line does not fit the list above.",
        "Indent it like the items of the list.",
    ),
    ("block sequence entries are not allowed", "A list cannot begin here.", "Begin the list on a line of its own."),
    (
        "found unknown escape character",
        "A backslash in double quotes is not an escape.",
        "Write \\\\ for a backslash, or use single quotes.",
    ),
    (
        "did not find expected <document start>",
        "The text goes on where the document has ended.",
        "Check the indentation of this line.",
    ),
    ("control characters are not allowed", "The file holds a control character.", "Delete the invisible character."),
    ("special characters are not allowed", "The file holds a control character.", "Delete the invisible character."),
    ("undefined tag handle", "A tag is not allowed: a flow holds plain data only.", "Delete the tag before the value."),
)


def yaml_error(text: str, file: str, offset: int, message: str, hint: str, detail: str = "") -> YamlError:
    """A YamlError at a character offset of the text."""
    offset = min(max(offset, 0), len(text))
    before = text[:offset].removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return YamlError(
        f"{file}, line {line}, column {column}: {message}",
        hint=hint,
        file=file,
        line=line,
        column=column,
        detail=detail,
    )


def fault_from_libyaml(error: Any, text: str, file: str, base: int) -> YamlError:
    """``error`` is PyYAML's YAMLError; ``base`` is where the parsed part begins in ``text``."""
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        offset = base + mark.index
    else:
        # The reader's errors count bytes.
        position = getattr(error, "position", 0) or 0
        offset = base + len(text[base:].encode("utf-8", "surrogatepass")[:position].decode("utf-8", "ignore"))
    for wording, meaning, hint in _MEANINGS:
        if wording in problem:
            return yaml_error(text, file, offset, meaning, hint, detail=problem)
    return yaml_error(
        text, file, offset, f"This is not YAML ({problem}).", "Check the line and the one before it.", detail=problem
    )
