"""The texts of a flow's folder that edits look at."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

from flowloom.flows.document.flow_file import FlowFile
from flowloom.flows.errors import DocumentError

_TEXT_ENDINGS: Final = (".py", ".jinja2", ".j2", ".jinja", ".md", ".txt", ".yaml", ".yml", ".prompty", ".json", ".toml")
_MAX_BYTES: Final = 1024 * 1024
_MAX_FILES: Final = 2000


def folder_texts(file: FlowFile) -> dict[str, str]:
    """The flow file, layout, pins, prompts and code of a folder by path, exactly as on disk with unsaved text laid over.

    Hidden folders, files over 1 MiB and what is no text are left out, data files too.
    """
    texts = {file.name: file.text}
    for path in text_paths(file.root):
        if path in texts:
            continue
        if len(texts) >= _MAX_FILES:
            break
        try:
            texts[path] = file.read_text(path, exact=True)
        except (DocumentError, OSError):
            # A link out of the folder, or bytes that are no text: no edit concerns them.
            continue
    texts.update({path: text for path, text in file.overlay.items() if path not in texts})
    return texts


def text_paths(root: str | os.PathLike[str]) -> Iterator[str]:
    """The paths of a folder whose texts edits look at; what they hold is not read."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__pycache__")))
        inside = os.path.relpath(folder, root)
        for name in sorted(names):
            if not name.endswith(_TEXT_ENDINGS):
                continue
            try:
                fits = os.path.getsize(os.path.join(folder, name)) <= _MAX_BYTES or name.startswith("flow.")
            except OSError:
                continue
            if fits:
                yield name if inside == "." else f"{inside.replace(os.sep, '/')}/{name}"
