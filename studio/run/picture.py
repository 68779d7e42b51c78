"""A picture of the studio after a flow's last run, drawn without a screen."""

from __future__ import annotations

import os
from pathlib import Path
from time import monotonic

from flowloom.flows.errors import FlowloomError
from flowloom.studio.language import tr

SIZE = (1440, 900)
_SETTLE_SECONDS = 1.0


def draw(folder: str | Path, target: str | Path, size: tuple[int, int] = SIZE) -> None:
    """Write a PNG of the studio, with the flow in ``folder`` open and its last run on the canvas, to ``target``. Runs nothing.

    For a process of its own: it makes the application, without a screen. Raises FlowloomError where the flow cannot be opened or the
    picture cannot be written.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import QEventLoop
    from PySide6.QtWidgets import QApplication

    from flowloom.flows.runs.history import RunHistory
    from flowloom.studio.application import Studio, close_page, open_path
    from flowloom.studio.run.run_view import view_of

    application = QApplication(["flowloom"])
    studio = Studio(application)
    studio.window.resize(*size)
    studio.show()
    page = open_path(studio.workspace, folder)

    def settle() -> None:
        end = monotonic() + _SETTLE_SECONDS
        while monotonic() < end:
            application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    settle()
    history = RunHistory(page.document.root)
    if runs := history.list(limit=1):
        page.parts["runner"].show(view_of(history.load(runs[0].id)))
    if (bottom := studio.workspace.parts.get("bottom")) is not None:
        bottom.show_tab("timeline")
    settle()
    page.view.show_all()
    settle()
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    saved = studio.window.grab().save(str(target), "PNG")
    close_page(studio.workspace, page)
    if not saved:
        raise FlowloomError(tr("The picture cannot be written to {file}.", file=target), hint=tr("Check that the folder may be written to."))
