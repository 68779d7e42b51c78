"""The form of several chosen cards: what can be set for all of them at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from flowloom.flows.document.layout import Place
from flowloom.flows.model.edits import DeleteNodes, Edit, Group, SetInput, SetNodeKey
from flowloom.flows.model.flow import MISSING, Constant, Node
from flowloom.studio.document.positions import set_places
from flowloom.studio.document.wiring import title_of
from flowloom.studio.inspector.controls import label, titled
from flowloom.studio.inspector.input_row import make_field
from flowloom.studio.inspector.rows import Row, node_rows
from flowloom.studio.inspector.suggestions import Suggestions
from flowloom.studio.inspector.value_fields import ValueField
from flowloom.studio.language import tr
from flowloom.studio.theme.theme import current

if TYPE_CHECKING:
    from flowloom.studio.workspace import Page

_MOST_NAMES = 8


class SeveralForm(QWidget):
    """``ids`` are cards of the page."""

    shown = Signal(object)

    def __init__(self, page: Page, ids: tuple[str, ...], suggestions: Suggestions) -> None:
        super().__init__()
        self._page, self._document, self.ids = page, page.document, ids
        self._suggestions = suggestions
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        self.names = label("", "muted", wrap=True)
        box.addWidget(self.names)
        box.addWidget(titled(tr("Colour"), self._colours()))
        self.fields: dict[tuple[str, ...], ValueField] = {}
        for shared in self._shared():
            field = self.fields[shared.path] = make_field(shared, self._document.root)
            field.edited.connect(lambda value, shared=shared: self._give(shared, value))
            box.addWidget(titled(shared.title, field))
        self.delete = QPushButton(tr("Delete these steps"))
        self.delete.setProperty("kind", "danger")
        self.delete.clicked.connect(self._delete)
        box.addWidget(self.delete)
        self.refresh()

    @property
    def nodes(self) -> list[Node]:
        found = (self._document.node(id) for id in self.ids)
        return [node for node in found if node is not None]

    def _colours(self) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        names = ["", *current().palette]
        for place, name in enumerate(names):
            button = ColourButton(name)
            button.clicked.connect(lambda _checked=False, name=name: self._paint(name))
            grid.addWidget(button, place // 9, place % 9, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(9, 1)
        return made

    def _shared(self) -> list[Row]:
        """Settings that all the chosen nodes have, with the same type."""
        tables: list[dict[tuple[str, ...], Row]] = []
        for node in self.nodes:
            rows = node_rows(node, self._document.ports(node.name), self._document.spec(node.name))
            tables.append({row.path: row for row in rows if row.group in ("model", "setting") and not row.removable})
        if len(tables) < 2:
            return []
        first = tables[0]
        return [
            row for path, row in first.items()
            if all(path in table and table[path].widget == row.widget and table[path].port.type == row.port.type for table in tables[1:])
        ]  # fmt: skip

    def refresh(self) -> None:
        titles = [title_of(self._document, id) for id in self.ids if id.startswith("@") or self._document.node(id)]
        more = len(titles) - _MOST_NAMES
        words = ", ".join(titles[:_MOST_NAMES])
        self.names.setText(tr("{names} and {count} more", names=words, count=more) if more > 0 else words)
        self.delete.setVisible(bool(self.nodes))
        for path, field in self.fields.items():
            values = [_written(node, path) for node in self.nodes]
            same = all(value == values[0] and type(value) is type(values[0]) for value in values[1:])
            field.set_value(values[0] if same and values else MISSING)
            setter = getattr(field.main(), "setPlaceholderText", None)
            if setter is not None and not same:
                setter(tr("several values"))
        self._suggest()
        self.setEnabled(self._document.editable)

    def _suggest(self) -> None:
        from flowloom.studio.inspector.pick_fields import PickField

        for path, field in self.fields.items():
            if isinstance(field, PickField):
                connection = self.nodes[0].connection or "" if self.nodes else ""
                if path[-1] == "connection":
                    field.set_choices(self._suggestions.connections(self._document))
                else:
                    field.set_choices(self._suggestions.models(connection, self._document))

    def refresh_run(self) -> None:
        """Nothing here depends on runs."""

    def _give(self, shared: Row, value: Any) -> None:
        if value is MISSING:
            value = ""
        edits: list[Edit] = []
        for node in self.nodes:
            variant = str(node.variant) if node.variant is not None else None
            if shared.is_input:
                edits.append(SetInput(node.name, shared.name, Constant(value), variant))
            else:
                edits.append(SetNodeKey(node.name, shared.path, value, variant))
        title = tr("Set {name} of {count} steps", name=shared.title, count=len(edits))
        self._document.apply(Group(title, tuple(edits)), merge=f"several:{'.'.join(shared.path)}:{','.join(self.ids)}")

    def _paint(self, color: str) -> None:
        effective = self._page.scene.places()
        places = {id: replace(effective.get(id, Place()), color=color) for id in self.ids if id in effective}
        self._document.apply(set_places(self._document, effective, places, tr("Colour")))

    def _delete(self) -> None:
        self._document.apply(DeleteNodes(tuple(node.name for node in self.nodes)))

    def show_place(self, _field: str, _line: int) -> bool:
        return False

    def focus_first(self) -> None:
        first = next(iter(self.fields.values()), None)
        (first.main() if first is not None else self.delete).setFocus(Qt.FocusReason.OtherFocusReason)


class ColourButton(QPushButton):
    """A dot of one of the colours that cards may have; the empty name takes the colour away."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        words = tr("No colour") if not name else tr("Colour: {name}", name=name)
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.setProperty("kind", "quiet")
        self.setFixedSize(24, 24)

    def paintEvent(self, event: Any) -> None:
        from PySide6.QtCore import QPointF
        from PySide6.QtGui import QPainter

        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.accent if self.hasFocus() else theme.borderstrong)
        if self._name:
            painter.setBrush(theme.palette[self._name])
        painter.drawEllipse(QPointF(12, 12), 7.5, 7.5)
        if not self._name:
            painter.drawLine(QPointF(7, 17), QPointF(17, 7))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(12, 12), 10.5, 10.5)
        painter.end()


def _written(node: Node, path: tuple[str, ...]) -> Any:
    if path[0] == "connection":
        return node.connection if node.connection is not None else MISSING
    binding = node.inputs.get(path[-1])
    return binding.value if isinstance(binding, Constant) else MISSING


