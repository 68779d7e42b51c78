"""Names that prompt flow's process has imported before it runs a flow's code: a file of the folder cannot hide them."""

from __future__ import annotations

from typing import Final

LOADED_FIRST: Final[frozenset[str]] = frozenset(["json", "openai"])
