"""The small window in which a pinned output is edited as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from flowloom.flows.model.edits import SetPin
from flowloom.studio.language import tr
from flowloom.studio.run.pins import as_text, pinnable
from flowloom.studio.theme.style import code_font

if TYPE_CHECKING:
    from flowloom.studio.document.flow_document import FlowDocument
    from flowloom.studio.workspace import Workspace


class EditPin(QDialog):
    """``value`` is what the text says, once it was accepted. Text that is no JSON is taken for a text where the value was one."""

    def __init__(self, name: str, value: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Pinned output of {name}", name=name))
        self.resize(640, 420)
        self._plain = isinstance(value, str)
        self.value: Any = value
        words = QLabel(tr("Runs here take this instead of asking the step. It is kept in flow.pins.json beside the flow."), self)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        words.setProperty("role", "muted")
        self.edit = QPlainTextEdit(value if isinstance(value, str) else as_text(value), self)
        self.edit.setFont(code_font())
        self.edit.setTabChangesFocus(True)
        self.edit.setAccessibleName(tr("Pinned output"))
        self._problem = QLabel("", self)
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._problem.setProperty("role", "bad")
        self.accept_button = QPushButton(tr("Pin"), self)
        self.accept_button.setProperty("kind", "primary")
        self.accept_button.setDefault(True)
        self.accept_button.clicked.connect(self.accept)
        cancel = QPushButton(tr("Cancel"), self)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(self._problem, 1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.accept_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(words)
        layout.addWidget(self.edit, 1)
        layout.addLayout(buttons)
        self.edit.textChanged.connect(self._check)
        self.edit.setFocus()

    def _check(self) -> None:
        text = self.edit.toPlainText()
        problem = ""
        if self._plain:
            self.value = text
        else:
            try:
                self.value = json.loads(text)
            except ValueError as error:
                problem = tr("This is not JSON: {reason}", reason=error)
        self._problem.setText(problem)
        self.accept_button.setEnabled(not problem)


def edit_pin(workspace: Workspace, document: FlowDocument, node: str, output: Any) -> None:
    """Let a person edit a node's pinned output, or the one of the last run where none is pinned yet."""
    pins = document.pins.values
    value, why = (pins[node], "") if node in pins else pinnable(output)
    if why:
        workspace.say(tr("This output cannot be pinned: {why}.", why=why))
        return
    dialog = EditPin(node, value, workspace.window)
    dialog.accepted.connect(lambda: document.apply(SetPin(node, dialog.value)))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
