"""The field for a number."""

from __future__ import annotations

import math
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSlider, QWidget

from flowloom.flows.model.flow import MISSING
from flowloom.flows.node.spec import Port
from flowloom.studio.inspector.controls import row
from flowloom.studio.inspector.value_fields import ValueField, shown_value
from flowloom.studio.language import tr

_STEPS: Final = 100


class NumberField(ValueField):
    """A number within the port's bounds: typed, stepped by the arrow keys, or drawn along a line where it has both bounds."""

    def __init__(self, port: Port, words: str) -> None:
        super().__init__(port, words)
        self.whole = port.type == "int"
        self.line = _NumberLine(self)
        self.line.setAccessibleName(words)
        self.line.setAccessibleDescription(self._bounds())
        self.line.setPlaceholderText(self.hint())
        self.line.textEdited.connect(self._typed)
        inner = row(spacing=12)
        inner.addWidget(self.line, 1)
        self.slider: QSlider | None = None
        if port.minimum is not None and port.maximum is not None and not self.whole:
            self.line.setMaximumWidth(76)
            self.slider = _Slider()
            self.slider.setRange(0, _STEPS)
            self.slider.setAccessibleName(tr("{name}, as a slider", name=words))
            self.slider.valueChanged.connect(self._slid)
            inner.addWidget(self.slider, 2)
        self.box.addLayout(inner)
        self.box.addWidget(self._fault)

    def main(self) -> QWidget:
        return self.line

    def set_value(self, value: Any) -> None:
        if value is MISSING or value is None:
            if self.read() is not None or (self.line.text() and not self.line.hasFocus()):
                self.line.setText("")
        elif self.read() != value and self.line.text() != shown_value(value):
            self.line.setText(shown_value(value))
        self.complain(self._misfit(self.line.text()))
        self._show_slider()

    def read(self) -> int | float | None:
        """The number in the field; None where it is none."""
        text = self.line.text().strip()
        try:
            return int(text) if self.whole else _plain(float(text))
        except ValueError:
            return None

    def step(self, steps: int) -> None:
        """Count up or down."""
        low, high = self.port.minimum, self.port.maximum
        size = 1 if self.whole else 0.1
        found = self.read()
        if found is None:
            default = self.port.default
            found = default if isinstance(default, int | float) and not isinstance(default, bool) else (low or 0)
        value: float = found + steps * size
        value = max(low, value) if low is not None else value
        value = min(high, value) if high is not None else value
        self.line.setText(shown_value(int(value) if self.whole else _plain(round(value, 6))))
        self._typed(self.line.text())

    def _typed(self, text: str) -> None:
        if not text.strip():
            self.complain("")
            self.edited.emit(MISSING)
        else:
            words = self._misfit(text)
            self.complain(words)
            if not words:
                self.edited.emit(self.read())
        self._show_slider()

    def _misfit(self, text: str) -> str:
        if not text.strip():
            return ""
        value = self.read()
        low, high = self.port.minimum, self.port.maximum
        if value is None or not math.isfinite(value):
            return tr("Write a whole number.") if self.whole else tr("Write a number, such as 0.5.")
        if (low is not None and value < low) or (high is not None and value > high):
            return tr("It must be {bounds}.", bounds=self._bounds())
        return ""

    def _bounds(self) -> str:
        low, high = self.port.minimum, self.port.maximum
        if low is not None and high is not None:
            return tr("between {low} and {high}", low=shown_value(_plain(low)), high=shown_value(_plain(high)))
        if low is not None:
            return tr("at least {low}", low=shown_value(_plain(low)))
        return tr("at most {high}", high=shown_value(_plain(high))) if high is not None else ""

    def _slid(self, place: int) -> None:
        low, high = self.port.minimum or 0.0, self.port.maximum or 1.0
        value = _plain(round(low + (high - low) * place / _STEPS, 2))
        if self.read() != value:
            self.line.setText(shown_value(value))
            self._typed(self.line.text())

    def _show_slider(self) -> None:
        if self.slider is None:
            return
        value = self.read()
        state = "unset" if value is None else ""
        if self.slider.property("state") != state:
            self.slider.setProperty("state", state)
            self.slider.style().unpolish(self.slider)
            self.slider.style().polish(self.slider)
        if value is None:
            default = self.port.default
            value = default if isinstance(default, int | float) else 0.0
        low, high = self.port.minimum or 0.0, self.port.maximum or 1.0
        self.slider.blockSignals(True)
        self.slider.setValue(round((max(low, min(high, value)) - low) / (high - low) * _STEPS))
        self.slider.blockSignals(False)


class _NumberLine(QLineEdit):
    def __init__(self, field: NumberField) -> None:
        super().__init__()
        self._field = field

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}.get(Qt.Key(event.key()))
        if steps is None:
            super().keyPressEvent(event)
        else:
            self._field.step(steps)


class _Slider(QSlider):
    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setMinimumWidth(40)

    def wheelEvent(self, event: Any) -> None:
        event.ignore()


def _plain(value: float) -> int | float:
    """A whole number without its point."""
    return int(value) if math.isfinite(value) and float(value).is_integer() else value
