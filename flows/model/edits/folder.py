"""The texts of a flow's folder that edits look at."""

from __future__ import annotations

import os
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
    for folder, folders, names in os.walk(file.root):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__pycache__")))
        inside = os.path.relpath(folder, file.root)
        for name in sorted(names):
            path = name if inside == "." else f"{inside.replace(os.sep, '/')}/{name}"
            if path in texts or not name.endswith(_TEXT_ENDINGS) or len(texts) >= _MAX_FILES:
                continue
            try:
                if os.path.getsize(os.path.join(folder, name)) <= _MAX_BYTES or name.startswith("flow."):
                    texts[path] = file.read_text(path, exact=True)
            except (DocumentError, OSError):
                # A link out of the folder, or bytes that are no text: no edit concerns them.
                continue
    texts.update({path: text for path, text in file.overlay.items() if path not in texts})
    return texts
