"""The outputs of a flow whose result is no object."""

from __future__ import annotations

from typing import Any


class SingleResult(dict[str, Any]):
    """``{"output": value}``, which remembers that the flow gave ``value`` alone."""

    def __init__(self, value: Any) -> None:
        super().__init__(output=value)
        self.value = value
