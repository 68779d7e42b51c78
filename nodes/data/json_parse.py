"""JSON out of a text."""

from __future__ import annotations

import json
import re
from itertools import islice
from typing import Annotated, Any

from flowloom.flows.errors import LimitExceeded, NodeError
from flowloom.flows.node.declare import node

MAX_TEXT = 50_000_000
MAX_STARTS = 1_000
"""Brackets within other words that are tried as the start of JSON."""
_FENCE = re.compile(r"```(?:json|JSON)?[ \t]*\n(.*?)\n?[ \t]*```", re.DOTALL)


@node(id="loom.data.json_parse", title="Parse JSON", category="Data", icon="brackets-curly")
def json_parse(
    text: Annotated[Any, "The text, such as a model's reply"],
    *,
    lenient: Annotated[bool, "Also find JSON inside other words or a code block"] = True,
) -> Annotated[Any, "The value"]:
    """Turn a text into a value: an object, a list, a number.

    What is no text already passes through. With "lenient", the first object or list found inside the text counts,
    which is what models often give.
    """
    if not isinstance(text, str | bytes):
        return text
    source = text.decode("utf-8") if isinstance(text, bytes) else text
    if len(source) > MAX_TEXT:
        raise LimitExceeded(f"The text is longer than {MAX_TEXT:,} characters.", field="text", hint="Read it row by row instead.")
    try:
        return json.loads(source)
    except RecursionError:
        raise LimitExceeded("The JSON is nested too deeply.", field="text", hint="Flatten it first.") from None
    except ValueError as error:
        if lenient:
            for candidate in _candidates(source):
                return candidate
        raise NodeError(
            f"The text is not JSON: {error}.",
            field="text",
            hint="Ask the model for JSON with a schema (response_format), or look at its reply in the last run.",
        ) from error


def _candidates(source: str) -> list[Any]:
    decoder = json.JSONDecoder()
    for block in _FENCE.findall(source):
        try:
            return [json.loads(block)]
        except (ValueError, RecursionError):
            continue
    for start in islice((match.start() for match in re.finditer(r"[\[{]", source)), MAX_STARTS):
        try:
            return [decoder.raw_decode(source, start)[0]]
        except (ValueError, RecursionError):
            continue
    return []
