"""A name and a place, which together make a folder that does not exist yet."""

from __future__ import annotations

import os
import re
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from flowloom.studio.language import tr


class FolderFields(QWidget):
    """``folder`` is the folder to make; ``fits`` whether it can be made. What is wrong stands below the fields."""

    changed = Signal()

    def __init__(self, name: str, place: Path, parent: QWidget) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        self.name = QLineEdit(name, self)
        self.name.setAccessibleName(tr("Name of the folder"))
        self.place = QLineEdit(str(place), self)
        self.place.setAccessibleName(tr("Where the folder is made"))
        browse = QPushButton(tr("Browse"), self)
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        self.words = QLabel(self)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        for row, (text, field) in enumerate(((tr("Name"), self.name), (tr("Place"), self.place))):
            label = QLabel(text, self)
            label.setProperty("role", "muted")
            label.setBuddy(field)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        grid.addWidget(browse, 1, 2)
        grid.addWidget(self.words, 2, 1, 1, 2)
        self.name.textChanged.connect(self._check)
        self.place.textChanged.connect(self._check)
        self._check()

    @property
    def folder(self) -> Path:
        return Path(os.path.expanduser(self.place.text().strip())) / self.name.text().strip()

    @property
    def fault(self) -> str:
        """Why the folder cannot be made; empty where it can."""
        name = self.name.text().strip()
        if not name:
            return tr("Give it a name.")
        if re.search(r'[<>:"/\\|?*\x00-\x1f]', name) or name in (".", ".."):
            return tr("A folder's name cannot hold any of {characters}", characters='< > : " / \\ | ? *')
        if not self.place.text().strip():
            return tr("Choose where the folder is made.")
        if self.folder.is_dir() and any(self.folder.iterdir()):
            return tr("There is a folder of this name already.")
        if self.folder.is_file():
            return tr("There is a file of this name already.")
        return ""

    @property
    def fits(self) -> bool:
        return not self.fault

    def _check(self) -> None:
        fault = self.fault
        self.words.setText(fault or str(self.folder))
        self.words.setProperty("role", "bad" if fault else "small")
        self.words.style().unpolish(self.words)
        self.words.style().polish(self.words)
        self.changed.emit()

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Where the folder is made"), self.place.text())
        if chosen:
            self.place.setText(chosen)
