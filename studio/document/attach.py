"""What every open flow has beside its document: trust, backups, a watch over its folder, and saving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowloom.studio.document.backup import Keeper
from flowloom.studio.document.saving import Saving
from flowloom.studio.document.trust import Trust
from flowloom.studio.document.watch import Watcher

if TYPE_CHECKING:
    from flowloom.studio.document.flow_document import FlowDocument


@dataclass(frozen=True, slots=True)
class Care:
    """The four of one document; they live as long as it does."""

    trust: Trust
    backup: Keeper
    watcher: Watcher
    saving: Saving

    def close(self) -> None:
        """Before the document goes: its work is saved, or given up, and no backup stays."""
        self.watcher.stop()
        self.backup.stop()


def attach(document: FlowDocument, parts: dict[str, Any]) -> Care:
    """Make them, and put them into a page's ``parts`` as ``trust``, ``backup``, ``watcher`` and ``saving``."""
    trust = Trust(document, document)
    keeper = Keeper(document, document)
    watcher = Watcher(document, trust, document)
    care = Care(trust, keeper, watcher, Saving(document, trust, keeper, watcher, document))
    parts.update(trust=care.trust, backup=care.backup, watcher=care.watcher, saving=care.saving, care=care)
    return care
