"""Where a flow's caches and records live: in its folder, or in the state directory where the folder is read-only."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path


def private_place(root: str | os.PathLike[str]) -> Path:
    """The folder ``.flowloom`` of a flow, or one of the same use in the user's state directory. Creates nothing."""
    folder = Path(os.path.realpath(root))
    if os.access(folder, os.W_OK) and not (folder / ".flowloom").is_symlink():
        return folder / ".flowloom"
    return state_directory() / "folders" / hashlib.sha256(str(folder).encode("utf-8", "surrogatepass")).hexdigest()[:16] / ".flowloom"


def state_directory() -> Path:
    """The user's directory for data that programs keep between runs."""
    given = os.environ.get("FLOWLOOM_STATE")
    if given:
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "flowloom"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "flowloom"
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "flowloom"
