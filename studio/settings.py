"""What the studio remembers of its window and its person: one JSON file in the state directory, written whole after each change.

A file that cannot be read or written costs what was remembered, never the start.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any, Final, Literal

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from flowloom.flows.engine.places import state_directory
from flowloom.studio.language import LANGUAGES, system_language
from flowloom.studio.theme.theme import ThemeName

FILE: Final = "studio.json"
SAVE_MS: Final = 300

ThemeChoice = Literal["system", "light", "dark"]


class Settings(QObject):
    """Values are JSON. ``changed`` carries the key."""

    changed = Signal(str)

    def __init__(self, folder: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = (folder or state_directory()) / FILE
        self.fault = ""
        """Why settings are not kept, for the log; empty while they are."""
        self._values: dict[str, Any] = self._read()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVE_MS)
        self._timer.timeout.connect(self.save)

    def get(self, key: str, default: Any = None) -> Any:
        return self._values.get(key, default)

    def set(self, key: str, value: Any) -> None:
        if self._values.get(key) == value and key in self._values:
            return
        self._values[key] = value
        self._timer.start()
        self.changed.emit(key)

    def forget(self, key: str) -> None:
        if key in self._values:
            del self._values[key]
            self._timer.start()
            self.changed.emit(key)

    # What several rooms ask for

    @property
    def theme(self) -> ThemeName:
        """The theme to show: the chosen one, or the system's."""
        chosen = self.get("theme", "system")
        if chosen in ("light", "dark"):
            return chosen
        scheme = QGuiApplication.styleHints().colorScheme() if QGuiApplication.instance() else Qt.ColorScheme.Unknown
        return "light" if scheme == Qt.ColorScheme.Light else "dark"

    @property
    def language(self) -> str:
        """The language to speak: the chosen one, or the one nearest to the system's."""
        chosen = self.get("language", "system")
        return chosen if chosen in LANGUAGES else system_language()

    @property
    def reduced_motion(self) -> bool:
        """Whether nothing should move by itself: chosen, or asked for by the environment (``FLOWLOOM_REDUCED_MOTION``)."""
        chosen = self.get("reduced_motion")
        return bool(chosen) if isinstance(chosen, bool) else bool(os.environ.get("FLOWLOOM_REDUCED_MOTION"))

    def uses(self) -> dict[str, int]:
        """How often each node type was added, by id."""
        found = self.get("uses", {})
        return {str(name): count for name, count in found.items() if isinstance(count, int)} if isinstance(found, dict) else {}

    def count_use(self, spec: str) -> None:
        uses = self.uses()
        self.set("uses", {**uses, spec: uses.get(spec, 0) + 1})

    # The file

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def save(self) -> None:
        """Write what was changed since; ``fault`` says why where the disk refuses."""
        self._timer.stop()
        text = json.dumps(self._values, ensure_ascii=False, indent=1)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=FILE, dir=self.path.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(name, self.path)
            self.fault = ""
        except OSError as error:
            self.fault = f"{self.path}: {error.strerror or error}"
