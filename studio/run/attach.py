"""Gives a page what runs its flow: the link to the worker of its folder, and the Runner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowloom.studio.language import tr_data
from flowloom.studio.run.runner import Runner
from flowloom.studio.run.worker_link import WorkerLink

if TYPE_CHECKING:
    from flowloom.studio.workspace import Page, Workspace


def attach(workspace: Workspace, page: Page) -> None:
    """Put ``page.parts["worker"]`` and ``page.parts["runner"]`` there. The worker starts in the background once the folder is trusted, and
    has the model that the flow asks for loaded by the time somebody runs it."""
    trust = page.parts.get("trust")
    link = WorkerLink(str(page.document.root), page.document, trusted=_is_trusted(page))
    runner = Runner(page, link, page.document)
    page.parts["worker"] = link
    page.parts["runner"] = runner
    runner.refused.connect(lambda error: workspace.say(f"{tr_data(error.message)} {tr_data(error.hint)}".strip()))

    def follow() -> None:
        link.trusted = _is_trusted(page)
        if link.trusted:
            runner.warm()

    def closed(gone: Page) -> None:
        if gone is page:
            workspace.page_closed.disconnect(closed)
            runner.close()
            link.close()

    if trust is not None:
        trust.changed.connect(follow)
    workspace.page_closed.connect(closed)
    follow()


def _is_trusted(page: Page) -> bool:
    trust = page.parts.get("trust")
    return trust is None or trust.state == "trusted"
