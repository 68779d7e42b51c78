"""Settings: theme, language, motion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from flowloom.studio.language import LANGUAGES, tr

if TYPE_CHECKING:
    from flowloom.studio.workspace import Workspace


class SettingsDialog(QDialog):
    """What is chosen counts at once."""

    def __init__(self, workspace: Workspace, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._settings = workspace.settings
        self.setWindowTitle(tr("Settings"))
        self.setMinimumWidth(480)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        form = QFormLayout()
        form.setHorizontalSpacing(24)
        form.setVerticalSpacing(16)
        self.themes = self._choice(
            tr("Theme"), "theme", [("system", tr("As the system")), ("light", tr("Light")), ("dark", tr("Dark"))]
        )
        self.languages = self._choice(tr("Language"), "language", [("system", tr("As the system")), *LANGUAGES.items()])
        form.addRow(self._words(tr("Theme")), self.themes)
        form.addRow(self._words(tr("Language")), self.languages)
        self.motion = QCheckBox(tr("Less motion: nothing moves by itself"), self)
        self.motion.setChecked(self._settings.reduced_motion)
        self.motion.toggled.connect(lambda on: self._settings.set("reduced_motion", on))
        form.addRow(self._words(tr("Motion")), self.motion)
        column.addLayout(form)
        note = QLabel(tr("Settings are kept in {file}", file=str(self._settings.path)), self)
        note.setProperty("role", "tiny")
        note.setWordWrap(True)
        column.addWidget(note)
        row = QHBoxLayout()
        row.addStretch(1)
        close = QPushButton(tr("Close"), self)
        close.setProperty("kind", "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row.addWidget(close)
        column.addLayout(row)

    def _words(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setProperty("role", "muted")
        return label

    def _choice(self, name: str, key: str, choices: Sequence[tuple[str, str]]) -> QWidget:
        frame = QFrame(self)
        frame.setProperty("role", "segments")
        frame.setAccessibleName(name)
        row = QHBoxLayout(frame)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        group = QButtonGroup(frame)
        chosen = self._settings.get(key, "system")
        for value, text in choices:
            button = QPushButton(text, frame)
            button.setProperty("kind", "segment")
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setObjectName(f"{key}.{value}")
            button.setAccessibleName(f"{name}: {text}")
            button.setChecked(value == chosen)
            button.clicked.connect(lambda _checked=False, value=value: self._settings.set(key, value))
            group.addButton(button)
            row.addWidget(button, 1)
        return frame
