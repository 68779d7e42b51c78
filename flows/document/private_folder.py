"""``.flowloom/`` in a flow's folder: caches, run records, backups and the trash. Never committed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from flowloom.flows.document.contain import contain
from flowloom.flows.errors import DocumentError

FOLDER: Final = ".flowloom"


def private_folder(root: Path | str, *parts: str) -> Path:
    """The folder ``.flowloom`` of a flow, or one inside it, made with its own .gitignore. Raises DocumentError, PathError."""
    folder = contain(root, FOLDER)
    wanted = contain(folder, "/".join(parts)) if parts else folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
        wanted.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DocumentError(
            f"The folder {FOLDER} cannot be made: {error.strerror or error}.",
            file=FOLDER,
            hint="Check that you may write to the flow's folder.",
        ) from error
    return wanted


def move_to_trash(root: Path | str, files: Iterable[str]) -> dict[str, Path]:
    """Move files of the flow into ``.flowloom/trash``, and say where each went; those that do not exist are passed over.

    Raises PathError, DocumentError.
    """
    moved: dict[str, Path] = {}
    for name in files:
        place = contain(root, name)
        if not place.is_file():
            continue
        folder = private_folder(root, "trash", time.strftime("%Y%m%d-%H%M%S"))
        target = folder / name.replace("/", "__")
        number = 1
        while target.exists():
            number += 1
            target = folder / f"{number}-{name.replace('/', '__')}"
        try:
            os.replace(place, target)
        except OSError as error:
            raise DocumentError(
                f"{name} cannot be moved to the trash: {error.strerror or error}.", file=name, hint="Delete it by hand."
            ) from error
        moved[name] = target
    return moved
