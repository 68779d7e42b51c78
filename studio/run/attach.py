"""Gives a page what runs its flow: the link to the worker of its folder, and the Runner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowloom.studio.run.runner import Runner
from flowloom.studio.run.worker_link import WorkerLink

if TYPE_CHECKING:
    from flowloom.studio.workspace import Page, Workspace


def attach(workspace: Workspace, page: Page) -> None:
    """Put ``page.parts["worker"]`` and ``page.parts["runner"]`` there. The worker starts once the folder is trusted, in the background."""
    link = WorkerLink(str(page.document.root), page.document)
    runner = Runner(page, link, page.document)
    page.parts["worker"] = link
    page.parts["runner"] = runner
    trust = page.parts.get("trust")

    def start() -> None:
        if trust is None or trust.state == "trusted":
            link.start()

    def closed(gone: Page) -> None:
        if gone is page:
            runner.close()
            link.close()

    if trust is not None:
        trust.changed.connect(start)
    workspace.page_closed.connect(closed)
    start()
