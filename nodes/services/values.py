"""Values as text, the same way in every node that writes text."""

from __future__ import annotations

import json
from typing import Any


def as_text(value: Any) -> str:
    """A text as it stands; anything else as JSON, with non-ASCII letters kept; what JSON cannot say, as Python writes it."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)
