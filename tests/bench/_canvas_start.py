"""One program's window from nothing, by that program's own Python: prints ``ready`` when it is on the screen and takes events.

    python _canvas_start.py ours|orange
"""

from __future__ import annotations

import os
import sys

os.environ["QT_QPA_PLATFORM"] = "offscreen"
WIDTH, HEIGHT = 2560, 1440


def ours() -> None:
    """The whole studio, as ``flowloom studio`` opens it."""
    from PySide6.QtWidgets import QApplication

    from flowloom.studio.application import Studio

    app = QApplication(["flowloom"])
    studio = Studio(app)
    studio.ready.connect(_ready)
    studio.window.resize(WIDTH, HEIGHT)
    studio.show()
    app.exec()


def orange() -> None:
    """The whole of its application, as ``python -m orangecanvas`` opens it, with no node types installed."""
    from AnyQt.QtCore import QTimer
    from orangecanvas.main import Main

    class Measured(Main):
        def show_welcome_screen(self, parent: object) -> None:
            parent.resize(WIDTH, HEIGHT)  # type: ignore[attr-defined]
            QTimer.singleShot(0, _ready)

    Measured().run(["orangecanvas"])


def _ready() -> None:
    print("ready", flush=True)
    os._exit(0)


if __name__ == "__main__":
    {"ours": ours, "orange": orange}[sys.argv[1]]()
