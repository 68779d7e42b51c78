"""Icons, themes, translations, templates, sample data and help pages. Data only."""

from __future__ import annotations

from pathlib import Path as _Path

_ROOT = _Path(__file__).parent


def path(name: str) -> _Path:
    """The absolute path of a resource, such as ``prices.json`` or ``templates/demo``. Raises FileNotFoundError."""
    found = _ROOT / name
    if not found.exists():
        raise FileNotFoundError(f"Flowloom has no resource named {name!r}; reinstall flowloom.")
    return found
