"""Rows of a form one below the other."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from flowloom.flows.model.flow import Constant
from flowloom.studio.inspector.input_row import InputRow
from flowloom.studio.inspector.rows import Row
from flowloom.studio.inspector.value_fields import shown_value

_MOST_WORDS = 3


class RowList(QWidget):
    """Filling it anew keeps the widgets of rows that are the same, and with them the keyboard."""

    def __init__(self) -> None:
        super().__init__()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(12)
        self._widgets: list[InputRow] = []

    def shown(self) -> list[InputRow]:
        return list(self._widgets)

    def fill(self, rows: list[Row], make: Callable[[Row], InputRow]) -> None:
        before = {widget.row.path: widget for widget in self._widgets}
        wanted = []
        for row in rows:
            known = before.get(row.path)
            wanted.append(before.pop(row.path) if known is not None and known.row.key == row.key else make(row))
        for widget in before.values():
            self._box.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        for place, widget in enumerate(wanted):
            if self._box.indexOf(widget) != place:
                self._box.insertWidget(place, widget)
                widget.show()
        self._widgets = wanted
        self.setVisible(bool(rows))


def settings_summary(rows: list[Row]) -> str:
    """What is set, in a few words: ``temperature 0, max tokens 60``."""
    words = []
    for row in rows:
        value = row.binding.value if isinstance(row.binding, Constant) else None
        if isinstance(value, str | int | float) and value != "":
            words.append(f"{row.title.lower()} {shown_value(value)}")
    return ", ".join(words[:_MOST_WORDS])
