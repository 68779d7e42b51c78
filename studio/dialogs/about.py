"""What this is, and what it stands on."""

from __future__ import annotations

import platform

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QWidget

from flowloom.studio.dialogs.message import ask
from flowloom.studio.language import tr


def about(parent: QWidget | None) -> None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        number = version("flowloom")
    except PackageNotFoundError:
        number = "?"
    ask(
        parent, f"Flowloom {number}", tr("Wire prompts, models and Python into a flow, and watch it run."),
        [("ok", tr("Close"), "primary")],
        detail=tr("Qt {qt}, Python {python}, {system}. MIT licence.", qt=qVersion(), python=platform.python_version(), system=platform.system()),
    )  # fmt: skip
