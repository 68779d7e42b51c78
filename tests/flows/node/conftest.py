"""Flow folders with Python code, opened as a run would."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from flowloom.flows.node.folder_code import FolderCode


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes files into a folder named in the first argument: ``write("a", {"helper.py": "..."})``."""

    def write(folder: str, files: Mapping[str, str]) -> Path:
        root = tmp_path / folder
        for name, text in files.items():
            place = root / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        return root

    return write


@pytest.fixture
def code(write: Callable[..., Path]) -> Iterator[Callable[..., FolderCode]]:
    """Opens such a folder's code and closes it after the test."""
    opened: list[FolderCode] = []

    def open_code(files: Mapping[str, str], folder: str = "flow", overlay: Mapping[str, str] | None = None) -> FolderCode:
        opened.append(FolderCode(write(folder, files), overlay or {}))
        return opened[-1]

    yield open_code
    for folder in opened:
        folder.close()
