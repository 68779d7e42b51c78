"""The prompt or code of a node in a window of its own size. It shows the same text: what is typed here is typed there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from flowloom.studio.inspector.controls import label
from flowloom.studio.language import tr

if TYPE_CHECKING:
    from flowloom.studio.inspector.node_source import NodeSource


class LargeEditor(QDialog):
    def __init__(self, parent: QWidget, source: NodeSource) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(source.path)
        self.resize(min(980, int(parent.width() * 0.8)), min(820, int(parent.height() * 0.85)))
        self._source = source
        view = source.view
        assert view is not None
        self._view, self.editor = view, view.editor
        self._was_shown = self.editor.lines_shown
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 16, 16, 16)
        box.setSpacing(12)
        self._large = view.lend_editor()
        box.addWidget(self._large, 1)
        foot = QHBoxLayout()
        foot.addWidget(label(source.path, "tiny"), 1)
        close = QPushButton(tr("Done"))
        close.setProperty("kind", "primary")
        close.setAutoDefault(False)
        close.clicked.connect(self.accept)
        foot.addWidget(close)
        box.addLayout(foot)
        self._large.setFocus()
        self.finished.connect(self._give_back)
        view.destroyed.connect(self.close)

    def _give_back(self) -> None:
        if isValid(self._view):
            self._view.take_editor_back()
