"""Python's cyclic garbage, collected in the window's thread alone.

Python collects in whatever thread happens to allocate. Qt objects among the garbage would then be destroyed there: their timers, watches
and sockets belong to the window's thread, and the program hangs or ends.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

BEAT_MS: Final = 500
YOUNG: Final = 20_000
"""New objects that are worth a look."""
LOOKS: Final = 20
"""Looks at the young before one at those that survived them."""


class Collector(QObject):
    """Collects for as long as it lives; Python collects by itself again afterwards."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._looks = 0
        self._beat = QTimer(self)
        self._beat.setInterval(BEAT_MS)
        self._beat.timeout.connect(self.look)
        self._beat.start()

    def look(self) -> None:
        """Collect what is young where there is much of it. What is old waits for ``all``: walking through it takes long."""
        if gc.get_count()[0] < YOUNG:
            return
        self._looks += 1
        gc.collect(1 if self._looks % LOOKS == 0 else 0)

    @staticmethod
    def all() -> None:
        """Collect everything, and walk through what stays no more."""
        gc.unfreeze()
        gc.collect()
        gc.freeze()
