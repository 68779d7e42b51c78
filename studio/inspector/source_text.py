"""The text of a node's prompt or code, and whether it can be edited here."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowloom.flows.errors import FlowloomError
from flowloom.studio.language import tr

if TYPE_CHECKING:
    from flowloom.studio.document.flow_document import FlowDocument


@dataclass(frozen=True, slots=True)
class SourceText:
    """``path`` is the one the document knows the file by. ``note`` says why there is no text, or why it is only shown."""

    path: str
    text: str = ""
    editable: bool = True
    note: str = ""


def source_text(document: FlowDocument, written: str) -> SourceText:
    """The file that a node names, as the screen shows it. One that does not exist may be made by typing; one from elsewhere is only shown."""
    path = posixpath.normpath(written)
    if path in document.files:
        return SourceText(path, document.files[path])
    if path.startswith("../") or posixpath.isabs(path) or path == "..":
        return SourceText(path, "", False, tr("This file lies outside the folder of the flow."))
    if any(posixpath.basename(posixpath.normpath(part)) == path.split("/")[0] for part in document.flow.additional_includes):
        return SourceText(path, "", False, tr("This file is taken from outside the folder when the flow runs."))
    if not document.file.exists(path):
        return SourceText(path, "", True, tr("There is no such file yet: it is made as you type."))
    try:
        return SourceText(path, document.file.read_text(path), False, tr("This file is too large to be edited here."))
    except FlowloomError:
        return SourceText(path, "", False, tr("This file is no text."))
