"""One input of a node in the form: its name, and either the field for its value or the wire it takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from flowloom.flows.model.flow import MISSING, Constant, Reference
from flowloom.studio.inspector.branches_field import BranchesField
from flowloom.studio.inspector.controls import ElidedLabel, IconButton, label, row
from flowloom.studio.inspector.number_field import NumberField
from flowloom.studio.inspector.pick_fields import JsonField, PathField, PickField
from flowloom.studio.inspector.rows import Row
from flowloom.studio.inspector.sources import type_title
from flowloom.studio.inspector.value_fields import ChoiceField, LinesField, SwitchField, TextField, ValueField
from flowloom.studio.language import tr, tr_data


class InputRow(QWidget):
    """Signals carry the Row as it is now. ``changed`` brings the value, MISSING where the field was emptied."""

    changed = Signal(object, object)
    pick_asked = Signal(object, object)
    """The Row, and the widget to show the list below."""
    cut = Signal(object)
    """Take the wire away."""
    removed = Signal(object)
    quick_taken = Signal(object, object)
    """The Row and the Offer of the wire that was offered beside it."""
    setup_asked = Signal()
    """Set up a connection."""
    opened = Signal(object)
    """The list of a connection or model is about to be shown."""

    def __init__(self, row_: Row, root: Path) -> None:
        super().__init__()
        self.row = row_
        self.field: ValueField | None = None
        self.wire: WireBox | None = None
        self._offer: Any = None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addLayout(self._head())
        if isinstance(row_.binding, Reference):
            self.wire = WireBox(row_.title)
            self.wire.chip.clicked.connect(lambda: self.pick_asked.emit(self.row, self.wire))
            self.wire.cut.clicked.connect(lambda: self.cut.emit(self.row))
            box.addWidget(self.wire)
        else:
            self.field = make_field(row_, root)
            self.field.edited.connect(lambda value: self.changed.emit(self.row, value))
            if isinstance(self.field, PickField):
                self.field.opened.connect(lambda: self.opened.emit(self))
            box.addWidget(self.field)
        self.quick = QPushButton()
        self.quick.setProperty("kind", "link")
        self.quick.clicked.connect(lambda: self.quick_taken.emit(self.row, self._offer))
        self.quick.hide()
        box.addWidget(self.quick, 0, Qt.AlignmentFlag.AlignLeft)
        self.note = label(row_.note, "warn", wrap=True)
        box.addWidget(self.note)
        self.note.setVisible(bool(row_.note))
        self.show_row(row_)

    def _head(self) -> QHBoxLayout:
        row_ = self.row
        head = row(spacing=4)
        self._buttons: list[IconButton] = []
        self.name = ElidedLabel(row_.title, "small")
        self.state = label("", "tiny")
        head.addWidget(self.name, 1)
        head.addWidget(self.state)
        help_ = tr_data(row_.port.description)
        self.setToolTip("\n".join(part for part in (help_, type_title(row_.port.type)) if part))
        if row_.is_input and row_.port.type != "connection":
            self.link = IconButton("flow-arrow", tr("Choose where {name} comes from", name=row_.title), size=22)
            self.link.clicked.connect(lambda: self.pick_asked.emit(self.row, self))
            self._buttons.append(self.link)
        if row_.widget == "connection":
            self._buttons.append(IconButton("gear-six", tr("Set up connections and models"), self.setup_asked.emit, size=22))
        if row_.removable:
            self._buttons.append(IconButton("x", tr("Remove {name}", name=row_.title), lambda: self.removed.emit(self.row), size=22))
        for button in self._buttons:
            head.addWidget(button)
        return head

    def tab_parts(self) -> list[QWidget]:
        """What one types in comes before the buttons above it."""
        field = self.wire if self.wire is not None else self.field
        return [part for part in (field, *self._buttons, self.quick) if part is not None]

    def main(self) -> QWidget:
        """The widget that takes the keyboard."""
        if self.wire is not None:
            return self.wire.chip
        assert self.field is not None
        return self.field.main()

    def show_row(self, row_: Row, wire_words: str = "", value: str = "") -> None:
        """Show what is written now. ``wire_words`` name the wire's other end, ``value`` is what it brought in the last run."""
        self.row = row_
        if self.wire is not None and isinstance(row_.binding, Reference):
            self.wire.show_source(row_.title, wire_words or str(row_.binding), value)
        elif self.field is not None:
            written = row_.binding.value if isinstance(row_.binding, Constant) else MISSING
            self.field.set_value(written)
        self.state.setText(self._state())

    def _state(self) -> str:
        if isinstance(self.row.binding, Constant) and self.row.group == "input":
            return tr("literal")
        if self.row.binding is None and self.row.port.required and self.row.group == "input":
            return tr("needed")
        return ""

    def complain(self, words: str, severity: str = "warning") -> None:
        """Say below the input what is wrong with it; what the row itself has to say comes first."""
        text = "\n".join(part for part in (self.row.note, words) if part)
        if self.note.text() != text:
            self.note.setText(text)
            self.note.setProperty("role", "bad" if severity == "error" else "warn")
            self.note.style().unpolish(self.note)
            self.note.style().polish(self.note)
        self.note.setVisible(bool(text))

    def offer(self, offer: Any) -> None:
        """Offer a wire beside an empty input; None takes the offer back."""
        self._offer = offer
        self.quick.setVisible(offer is not None)
        if offer is not None:
            words = tr("Take it from {source}", source=offer.title)
            self.quick.setText(words if len(words) < 44 else f"{words[:43]}…")
            self.quick.setToolTip(words)
            self.quick.setAccessibleName(tr("{name}: take it from {source}", name=self.row.title, source=offer.title))


class WireBox(QFrame):
    """A chip that names where a value comes from."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("role", "well")
        self.chip = ChipButton()
        self.value = ElidedLabel("", "tiny")
        self.cut = IconButton("x", tr("Take the wire of {name} away", name=name), size=22)
        inner = QHBoxLayout(self)
        inner.setContentsMargins(6, 3, 3, 3)
        inner.setSpacing(8)
        inner.addWidget(self.chip, 2)
        inner.addWidget(self.value, 1)
        inner.addWidget(self.cut)

    def show_source(self, name: str, source: str, value: str) -> None:
        self.chip.set_words(source)
        self.chip.setAccessibleName(tr("{name} takes {source}", name=name, source=source))
        self.chip.setToolTip(source)
        self.value.setText(value)
        self.value.setVisible(bool(value))


class ChipButton(QPushButton):
    """A button that looks like a chip and shortens its words in the middle where there is no room."""

    def __init__(self) -> None:
        super().__init__()
        self._words = ""
        self.setProperty("kind", "chip")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMinimumWidth(40)

    def set_words(self, words: str) -> None:
        self._words = words
        self._fit()

    def _fit(self) -> None:
        room = max(24, self.width() - 18)
        self.setText(self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideMiddle, room))

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> Any:
        hint = super().sizeHint()
        hint.setWidth(self.fontMetrics().horizontalAdvance(self._words) + 20)
        return hint

    def minimumSizeHint(self) -> Any:
        hint = super().minimumSizeHint()
        hint.setWidth(40)
        return hint

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()


def make_field(row_: Row, root: Path) -> ValueField:
    """The field that a row asks for."""
    port, words = row_.port, row_.title
    if row_.widget == "path":
        return PathField(port, words, root)
    if row_.widget == "folder":
        return PathField(port, words, root, folder=True)
    if row_.widget == "image":
        return PathField(port, words, root, filters=tr("Images") + " (*.png *.jpg *.jpeg *.gif *.webp *.bmp)")
    if row_.widget == "connection":
        return PickField(port, words, hint=tr("Choose a connection"))
    if row_.widget == "model":
        return PickField(port, words, hint=tr("the connection's own"))
    kinds: dict[str, type[ValueField]] = {
        "choice": ChoiceField, "switch": SwitchField, "number": NumberField, "text": TextField, "lines": LinesField, "json": JsonField,
        "branches": BranchesField,
    }  # fmt: skip
    return kinds[row_.widget](port, words)


