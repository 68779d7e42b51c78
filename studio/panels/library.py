"""The node types one can add: searched by typing, grouped by what they are for, explained on hover and focus; dragged or double-clicked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QMimeData, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QDrag, QKeyEvent, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from flowloom.studio.document.new_node import NODE_MIME, offered
from flowloom.studio.language import tr, tr_data
from flowloom.studio.panels.matching import score
from flowloom.studio.panels.row_list import RowList
from flowloom.studio.panels.rows import Row
from flowloom.studio.theme import theme
from flowloom.studio.theme.icons import icon, node_icon, pixmap

if TYPE_CHECKING:
    from flowloom.flows.node.spec import NodeSpec
    from flowloom.studio.workspace import Workspace

CATEGORIES: Final = (
    "Models", "Prompts", "Documents", "Agents", "Code", "Flow", "Text", "Data", "Media", "Safety", "Evaluation"
)  # fmt: skip
MOST_USED: Final = 4
ENOUGH_USED: Final = 3
"""Additions after which the most used ones get a group of their own."""


class LibraryList(RowList):
    """Rows whose drag carries a node type's id; ``dragged`` once it was dropped."""

    dragged = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setDragEnabled(True)

    def startDrag(self, supportedActions: Qt.DropAction) -> None:
        row = self.row_at(self.currentIndex())
        if row is None or row.heading:
            return
        data = QMimeData()
        data.setData(NODE_MIME, row.value.encode("utf-8"))
        drag = QDrag(self)
        drag.setMimeData(data)
        picture = QPixmap(pixmap(row.icon, theme.current().kind(row.kind), 24, self.devicePixelRatioF()))
        drag.setPixmap(picture)
        if drag.exec(Qt.DropAction.CopyAction) == Qt.DropAction.CopyAction:
            self.dragged.emit(row.value)


class LibraryPanel(QWidget):
    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setMinimumWidth(180)
        self._workspace = workspace
        self._specs: dict[str, NodeSpec] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(tr("Search nodes"))
        self.search.setAccessibleName(tr("Search nodes"))
        self.search.setClearButtonEnabled(True)
        self._glass = self.search.addAction(icon("magnifying-glass", theme.current().muted), QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(self.refresh)
        self.search.returnPressed.connect(self._add_current)
        top = QVBoxLayout()
        top.setContentsMargins(8, 0, 8, 0)
        top.addWidget(self.search)
        column.addLayout(top)
        self.list = LibraryList(self)
        self.list.setAccessibleName(tr("Node types"))
        column.addWidget(self.list, 1)
        self._empty = QLabel(self)
        self._empty.setProperty("role", "small")
        self._empty.setTextFormat(Qt.TextFormat.PlainText)
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._empty.setContentsMargins(16, 24, 16, 0)
        self._empty.hide()
        column.addWidget(self._empty, 1)
        self.help = HelpCard(self)
        column.addWidget(self.help)
        self.list.chosen.connect(self.add)
        self.list.dragged.connect(workspace.settings.count_use)
        self.list.pointed.connect(self._explain)
        self.list.entered.connect(self._hovered)
        theme.themes().changed.connect(self._tint)
        workspace.settings.changed.connect(self._used)
        QTimer.singleShot(0, self, self.load)

    def load(self) -> None:
        """Read the node types that this computer has."""
        self._specs = {spec.id: spec for spec in offered(self._workspace.registry)}
        self.refresh()

    def refresh(self) -> None:
        typed = self.search.text().strip()
        self.list.show_rows(self._found(typed) if typed else self._grouped(), keep=not typed)
        if typed:
            self.list.point_first()
        nothing = bool(typed) and not self.list.rows
        self._empty.setText(tr("No node is called {text}.", text=typed) if nothing else "")
        self._empty.setVisible(nothing)
        self.list.setVisible(not nothing)

    def add(self, spec: str) -> None:
        """Add a node of a type to the flow, at a free place."""
        page = self._workspace.page
        if page is not None and page.document.editable:
            page.parts["gestures"].add_node(spec)
            self._workspace.settings.count_use(spec)

    def _add_current(self) -> None:
        if (spec := self.list.current_value) is not None:
            self.add(spec)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # What the search field lets pass: arrows move in the list below it.
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.list.step(1 if event.key() == Qt.Key.Key_Down else -1)
            return
        super().keyPressEvent(event)

    def _row(self, spec: NodeSpec) -> Row:
        return Row(tr_data(spec.title), node_icon(spec.kind, spec.icon), spec.kind, value=spec.id)

    def _found(self, typed: str) -> list[Row]:
        scored = [(self._score(typed, spec), spec) for spec in self._specs.values()]
        return [self._row(spec) for fit, spec in sorted(scored, key=lambda pair: -pair[0]) if fit]

    def _score(self, typed: str, spec: NodeSpec) -> int:
        titles = score(typed, tr_data(spec.title)) * 2 or score(typed, spec.title) * 2
        return titles or score(typed, spec.id) or (1 if typed.casefold() in tr_data(_first_paragraph(spec)).casefold() else 0)

    def _grouped(self) -> list[Row]:
        rows: list[Row] = []
        uses = self._workspace.settings.uses()
        often = [id for id, _ in sorted(uses.items(), key=lambda item: -item[1]) if id in self._specs][:MOST_USED]
        if sum(uses.values()) >= ENOUGH_USED and often:
            rows += [Row(tr("Most used"), heading=True), *(self._row(self._specs[id]) for id in often)]
        present = [spec.category for spec in self._specs.values()]
        for category in (*CATEGORIES, *sorted(set(present) - set(CATEGORIES))):
            mine = [spec for spec in self._specs.values() if spec.category == category]
            if mine:
                rows += [Row(tr_data(category), heading=True), *(self._row(spec) for spec in mine)]
        return rows

    def _hovered(self, index: QModelIndex) -> None:
        row = self.list.row_at(index)
        if row is not None and not row.heading:
            self._explain(row.value)

    def _explain(self, id: str) -> None:
        if (spec := self._specs.get(id)) is not None:
            self.help.explain(spec)

    def _used(self, key: str) -> None:
        if key == "uses" and not self.search.text():
            self.refresh()

    def _tint(self) -> None:
        self._glass.setIcon(icon("magnifying-glass", theme.current().muted))


def _first_paragraph(spec: NodeSpec) -> str:
    return " ".join(spec.help.partition("\n\n")[0].split())


class HelpCard(QFrame):
    """What a node type does, takes and gives."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("helpCard")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(4)
        line = QFrame(self)
        line.setProperty("role", "line")
        self.title = self._label("heading")
        self.words = self._label("small")
        self.ports = self._label("tiny")
        for widget in (line, self.title, self.words, self.ports):
            column.addWidget(widget)
        self.hide()

    def _label(self, role: str) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("role", role)
        label.setWordWrap(True)
        return label

    def explain(self, spec: NodeSpec) -> None:
        self.title.setText(tr_data(spec.title))
        self.words.setText(tr_data(_first_paragraph(spec)))
        inputs = [name for name, port in spec.ports.inputs.items() if not port.is_setting]
        if spec.ports.accepts_named:
            inputs.append(tr("any you name"))
        outputs = list(spec.ports.outputs)
        lines = [tr("Takes: {names}", names=", ".join(inputs))] if inputs else []
        lines += [tr("Gives: {names}", names=", ".join(outputs))] if outputs else []
        self.ports.setText("\n".join(lines))
        self.ports.setVisible(bool(lines))
        self.setAccessibleName(self.title.text())
        self.setAccessibleDescription(f"{self.words.text()} {self.ports.text()}")
        self.show()
