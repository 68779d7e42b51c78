"""Outputs that can be pinned: those with a JSON form that comes back the same."""

from __future__ import annotations

import json
from typing import Any, Final

from flowloom.flows.engine.codec import has_json_form
from flowloom.flows.worker.values import Blob, Shown
from flowloom.studio.language import tr

MOST_BYTES: Final = 8 * 1024 * 1024


def pinnable(output: Any) -> tuple[Any, str]:
    """The value to pin, and why it cannot be pinned; '' where it can."""
    if isinstance(output, Shown):
        return None, output.why
    if isinstance(output, Blob):
        if output.size > MOST_BYTES or not output.file:
            return None, tr("it is too big")
        output = output.read()
    obstacle = has_json_form(output)
    return (output, "") if obstacle is None else (None, obstacle)


def as_text(value: Any) -> str:
    """A value as JSON that a person can edit."""
    return json.dumps(value, ensure_ascii=False, indent=2)
