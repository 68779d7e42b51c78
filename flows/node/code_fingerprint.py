"""What decides the output of Python code besides its inputs: its own text and that of what it imports from the folder."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from types import CodeType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from flowloom.flows.node.folder_code import FolderCode

_DYNAMIC: Final = frozenset(
    ("import_module", "__import__", "exec", "eval", "run_path", "run_module", "spec_from_file_location", "find_spec", "reload")
)
"""Names that may import whatever a text says: then every Python file of the folder counts."""


def code_fingerprint(folder: FolderCode, path: str) -> str | None:
    """A digest of the Python file and of every file of the folder that it, or one of those, may import, now or later in a function.

    Rather one file too many than one too few: a file counts where its module's name is mentioned. None where the folder holds too many
    Python files to look through.
    """
    files = folder.python_files()
    if files is None:
        return None
    pending, found = [path], dict.fromkeys([path])
    while pending:
        names = _mentions(folder, pending.pop())
        if names & _DYNAMIC:
            found.update(dict.fromkeys(files))
            break
        for file in files:
            if file not in found and _is_mentioned(file, names):
                found[file] = None
                pending.append(file)
    digests = [(file, hashlib.sha256(folder.read(os.path.join(folder.root, file))).hexdigest()) for file in sorted(found)]
    return hashlib.sha256(json.dumps([path, digests]).encode("utf-8", "surrogatepass")).hexdigest()


def _is_mentioned(file: str, names: set[str]) -> bool:
    parts = file.removesuffix(".py").removesuffix("/__init__").split("/")
    return parts[-1] in names or ".".join(parts) in names or (file.endswith("/__init__.py") and any(part in names for part in parts))


def _mentions(folder: FolderCode, file: str) -> set[str]:
    try:
        code = folder.compile(os.path.join(folder.root, file), loading=False)
    except (SyntaxError, ValueError, OSError):
        return set()
    names: set[str] = set()
    for part in _codes(code):
        for name in part.co_names:
            names.add(name)
            names.update(name.split("."))
    return names


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)
