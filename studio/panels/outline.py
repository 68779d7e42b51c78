"""The same graph as a list: each card with what it takes and gives, for keyboards and screen readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from flowloom.studio.language import tr
from flowloom.studio.theme import theme
from flowloom.studio.theme.icons import icon

if TYPE_CHECKING:
    from flowloom.studio.canvas.cards import Card, Cards, PortRow
    from flowloom.studio.workspace import Page, Workspace


class OutlinePanel(QWidget):
    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._workspace = workspace
        self._page: Page | None = None
        self._following = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.tree = _Tree(self)
        self.tree.setHeaderHidden(True)
        self.tree.setIndentation(16)
        self.tree.setAccessibleName(tr("Outline of the flow"))
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        column.addWidget(self.tree)
        self.tree.currentItemChanged.connect(self._pointed)
        self.tree.itemActivated.connect(self._open)
        workspace.page_changed.connect(self._page_changed)
        workspace.selection_changed.connect(self._follow)
        theme.themes().changed.connect(self.refresh)
        self._page_changed()

    def _page_changed(self) -> None:
        if self._page is not None:
            self._page.scene.cards_changed.disconnect(self.refresh)
        self._page = self._workspace.page
        if self._page is not None:
            self._page.scene.cards_changed.connect(self.refresh)
        QTimer.singleShot(0, self, self.refresh)

    def refresh(self) -> None:
        """List the cards as the flow stands."""
        self._following = True
        opened = {item.data(0, Qt.ItemDataRole.UserRole) for item in self._items() if item.isExpanded()}
        self.tree.clear()
        if self._page is not None:
            cards = self._page.scene.cards
            for card in cards.cards.values():
                item = self._item(card, cards)
                self.tree.addTopLevelItem(item)
                item.setExpanded(card.id in opened)
        self._following = False
        self._follow()

    def _items(self) -> list[QTreeWidgetItem]:
        found = (self.tree.topLevelItem(index) for index in range(self.tree.topLevelItemCount()))
        return [item for item in found if item is not None]

    def _item(self, card: Card, cards: Cards) -> QTreeWidgetItem:
        item = QTreeWidgetItem([card.title])
        item.setIcon(0, icon(card.icon, theme.current().kind(card.kind)))
        item.setData(0, Qt.ItemDataRole.UserRole, card.id)
        item.setToolTip(0, "\n".join(card.lines))
        lines = [*(self._input(card, row, cards) for row in card.inputs), *(self._output(card, row, cards) for row in card.outputs)]
        for wire in cards.wires.values():
            if wire.target.card == card.id and wire.is_condition:
                lines.insert(0, wire.words)
        spoken = tr("{title}, {count} connections", title=card.title, count=len(cards.wires_of(card.id)))
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, spoken)
        for words in lines:
            child = QTreeWidgetItem([words])
            child.setData(0, Qt.ItemDataRole.UserRole, card.id)
            child.setForeground(0, theme.current().muted)
            child.setToolTip(0, words)
            item.addChild(child)
        return item

    def _input(self, card: Card, row: PortRow, cards: Cards) -> str:
        wire = cards.wires.get(row.ref(card.id))
        if wire is not None and wire.source.card in cards.cards:
            source = cards.cards[wire.source.card]
            return tr("{port} from {card}, {output}", port=row.name, card=source.title, output=wire.source.port)
        if row.value:
            return tr("{port} is {value}", port=row.name, value=row.value)
        return tr("{port}: nothing yet", port=row.name) if row.required else tr("{port}: not set", port=row.name)

    def _output(self, card: Card, row: PortRow, cards: Cards) -> str:
        ref = row.ref(card.id)
        targets = [cards.cards[w.target.card].title for w in cards.wires.values() if w.source == ref and w.target.card in cards.cards]
        if targets:
            return tr("{port} goes to {cards}", port=row.name, cards=", ".join(dict.fromkeys(targets)))
        return tr("{port}: goes nowhere yet", port=row.name)

    def _pointed(self, item: QTreeWidgetItem | None) -> None:
        if self._following or item is None or self._page is None:
            return
        self._following = True
        card = item.data(0, Qt.ItemDataRole.UserRole)
        self._page.scene.select([card])
        self._page.view.reveal(card)
        self._following = False

    def _open(self, item: QTreeWidgetItem) -> None:
        """Enter goes on into the inspector."""
        self._workspace.place_asked.emit(item.data(0, Qt.ItemDataRole.UserRole), "", 0)

    def _follow(self) -> None:
        """Point at the card that is chosen on the canvas."""
        if self._following:
            return
        chosen = self._workspace.current_node
        now = self.tree.currentItem()
        if now is not None and now.data(0, Qt.ItemDataRole.UserRole) == chosen:
            return
        self._following = True
        for item in self._items():
            if item.data(0, Qt.ItemDataRole.UserRole) == chosen:
                self.tree.setCurrentItem(item)
        self._following = False


class _Tree(QTreeWidget):
    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            self.itemActivated.emit(item, 0)
            return
        super().keyPressEvent(event)
