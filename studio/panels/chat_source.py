"""The passage that a reply names as its source."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from flowloom.studio.language import tr
from flowloom.studio.run.citations import Citation

if TYPE_CHECKING:
    from flowloom.studio.workspace import Workspace


class SourceDialog(QDialog):
    """Shows the passage as plain text; a source that is a text file of the flow's folder can be opened from here."""

    def __init__(self, citation: Citation, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Source {number}", number=citation.number))
        self.resize(560, 380)
        title = QLabel(citation.title, self)
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setProperty("role", "large")
        title.setWordWrap(True)
        where = QLabel(citation.source, self)
        where.setTextFormat(Qt.TextFormat.PlainText)
        where.setProperty("role", "small")
        where.setWordWrap(True)
        where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        where.setVisible(bool(citation.source) and citation.source != citation.title)
        self.text = QPlainTextEdit(citation.text, self)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(tr("Passage"))
        row = QHBoxLayout()
        document = workspace.document
        self.open_button = QPushButton(tr("Open the file"), self)
        self.open_button.clicked.connect(lambda: workspace.place_asked.emit("", citation.source, 0))
        self.open_button.clicked.connect(self.accept)
        known = document is not None and not urlsplit(citation.source).scheme and document.file.exists(citation.source or ".")
        self.open_button.setVisible(bool(citation.source) and known)
        copy = QPushButton(tr("Copy"), self)
        copy.clicked.connect(lambda: QApplication.clipboard().setText(citation.text))
        close = QPushButton(tr("Close"), self)
        close.setDefault(True)
        close.clicked.connect(self.reject)
        row.addWidget(self.open_button)
        row.addStretch(1)
        row.addWidget(copy)
        row.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(title)
        layout.addWidget(where)
        layout.addWidget(self.text, 1)
        layout.addLayout(row)
