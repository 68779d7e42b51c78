"""Fields for values with a shape or a place of their own: JSON, one of what is known, a file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from flowloom.flows.model.flow import MISSING
from flowloom.flows.node.spec import Port
from flowloom.studio.editors.json_editor import EMPTY, JsonEditor
from flowloom.studio.inspector.controls import Combo, IconButton, row
from flowloom.studio.inspector.value_fields import ValueField
from flowloom.studio.language import tr


class JsonField(ValueField):
    """A list or an object, written as JSON. A text that is JSON shows as what it says."""

    def __init__(self, port: Port, words: str) -> None:
        super().__init__(port, words)
        self.editor = JsonEditor()
        self.editor.setAccessibleName(tr("{name}, as JSON", name=words))
        example = '["a", "b"]' if port.type == "list" else '{"key": "value"}'
        self.editor.setPlaceholderText(self.hint() if port.default not in (MISSING, None) else example)
        self.editor.value_changed.connect(self._changed)
        self.editor.edited.connect(lambda _text: self._judge())
        self.box.addWidget(self.editor)
        self.box.addWidget(self._fault)

    def main(self) -> QWidget:
        return self.editor

    def set_value(self, value: Any) -> None:
        if isinstance(value, str) and value.strip():
            import json

            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                pass
        self.editor.show_value(EMPTY if value is MISSING or value is None or value == "" else value)
        if not self.editor.marks:
            self.complain("")

    def _changed(self, value: Any) -> None:
        if self.port.type == "list" and value is not EMPTY and not isinstance(value, list):
            self.complain(tr('Write a list, such as ["a", "b"].'))
            return
        self.complain("")
        self.edited.emit(MISSING if value is EMPTY else value)

    def _judge(self) -> None:
        if self.editor.marks:
            self.complain(self.editor.marks[0].message)


class PickField(ValueField):
    """A text that is mostly one of some known ones: a connection, a model. ``set_choices`` gives them, with what they are."""

    opened = Signal()
    """The list is about to be shown: choices may be asked for."""

    def __init__(self, port: Port, words: str, *, hint: str = "") -> None:
        super().__init__(port, words)
        self.combo = _Picker(words)
        self.combo.opened.connect(self.opened)
        line = self.combo.lineEdit()
        assert line is not None
        self.line = line
        self.line.setPlaceholderText(hint or self.hint())
        self.line.textEdited.connect(lambda text: self._emit(text))
        self.combo.activated.connect(self._chosen)
        self.box.addWidget(self.combo)

    def main(self) -> QWidget:
        return self.combo

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Value and words of each choice."""
        shown = [(self.combo.itemData(index), self.combo.itemText(index)) for index in range(self.combo.count())]
        if shown == list(choices):
            return
        text = self.line.text()
        self.combo.blockSignals(True)
        self.combo.clear()
        for value, words in choices:
            self.combo.addItem(words, value)
        self.combo.setCurrentIndex(-1)
        self.combo.blockSignals(False)
        self.line.setText(text)

    def set_value(self, value: Any) -> None:
        text = "" if value is MISSING or value is None else str(value)
        if self.line.text() != text:
            self.line.setText(text)

    def _chosen(self, index: int) -> None:
        value = self.combo.itemData(index)
        self.combo.setCurrentIndex(-1)
        self.line.setText(value)
        self._emit(value)

    def _emit(self, text: str) -> None:
        text = text.strip()
        self.edited.emit(text if text else MISSING)


class _Picker(Combo):
    opened = Signal()

    def __init__(self, words: str) -> None:
        super().__init__(words, editable=True)
        self.setCompleter(None)  # pyright: ignore[reportArgumentType]

    def showPopup(self) -> None:
        self.opened.emit()
        super().showPopup()


class PathField(ValueField):
    """A file or folder, written relative to the flow's folder where it lies in it."""

    def __init__(self, port: Port, words: str, root: Path, *, folder: bool = False, filters: str = "") -> None:
        super().__init__(port, words)
        self._root, self._folder, self._filters = root, folder, filters
        self.line = QLineEdit()
        self.line.setAccessibleName(words)
        self.line.setPlaceholderText(self.hint())
        self.line.textEdited.connect(lambda text: self.edited.emit(text if text else MISSING))
        words = tr("Choose a folder for {name}…", name=words) if folder else tr("Choose a file for {name}…", name=words)
        self.button = IconButton("folder-open", words, self._browse, size=28)
        inner = row()
        inner.addWidget(self.line, 1)
        inner.addWidget(self.button)
        self.box.addLayout(inner)

    def main(self) -> QWidget:
        return self.line

    def set_value(self, value: Any) -> None:
        text = "" if value is MISSING or value is None else str(value)
        if self.line.text() != text:
            self.line.setText(text)

    def _browse(self) -> None:
        start = str(self._root / self.line.text()) if self.line.text() else str(self._root)
        if self._folder:
            found = QFileDialog.getExistingDirectory(self, self.words, start)
        else:
            found, _ = QFileDialog.getOpenFileName(self, self.words, start, self._filters)
        if found:
            self.take(found)

    def take(self, path: str) -> None:
        """Use a file that was chosen."""
        text = relative(path, self._root)
        self.line.setText(text)
        self.edited.emit(text)


def relative(path: str, root: Path) -> str:
    """A path as a flow writes it: from its folder on, with forward slashes; whole where it lies elsewhere."""
    inside = os.path.relpath(path, root) if os.path.splitdrive(path)[0] == os.path.splitdrive(root)[0] else path
    return path if inside.startswith("..") else inside.replace(os.sep, "/")
