"""Where a copy of a flow goes: a name and a place for its folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from flowloom.studio.dialogs.folder_fields import FolderFields
from flowloom.studio.document.new_flow import free_folder
from flowloom.studio.language import tr

if TYPE_CHECKING:
    from flowloom.studio.document.flow_document import FlowDocument


class SaveAsDialog(QDialog):
    """``folder`` is the new folder once accepted."""

    def __init__(self, document: FlowDocument, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Save as"))
        self.setMinimumWidth(520)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        free = free_folder(document.root.parent, document.root.name)
        self.fields = FolderFields(free.name, free.parent, self)
        column.addWidget(self.fields)
        row = QHBoxLayout()
        row.addStretch(1)
        cancel = QPushButton(tr("Cancel"), self)
        cancel.clicked.connect(self.reject)
        self.save_button = QPushButton(tr("Save"), self)
        self.save_button.setProperty("kind", "primary")
        self.save_button.setDefault(True)
        self.save_button.clicked.connect(self.accept)
        row.addWidget(cancel)
        row.addWidget(self.save_button)
        column.addLayout(row)
        self.fields.changed.connect(self._check)
        self._check()

    @property
    def folder(self) -> Path:
        return self.fields.folder

    def _check(self) -> None:
        self.save_button.setEnabled(self.fields.fits)
