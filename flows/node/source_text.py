"""Reads the text a node works with, unsaved edits first."""

from __future__ import annotations

import os
from pathlib import Path

from flowloom.flows.node.node_type import Workbench


def source_text(workbench: Workbench, path: str) -> str:
    """The text of a file of the folder, as the editor shows it, or of a file that only the run's working copy has (``additional_includes``).

    Raises DocumentError or PathError.
    """
    files = workbench.files
    if not files.exists(path) and os.path.abspath(workbench.working_copy) != os.path.abspath(files.root):
        from flowloom.flows.document.contain import contain
        from flowloom.flows.document.flow_file import decode, read_regular_file

        place = contain(Path(workbench.working_copy), path)
        return decode(read_regular_file(place, path), path).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return files.read_text(path)
