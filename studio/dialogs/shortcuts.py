"""Every action with its key, to read and to search."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from flowloom.studio.canvas.interactions.guide import guide
from flowloom.studio.commands.command import Command
from flowloom.studio.commands.table import MENUS, commands
from flowloom.studio.language import tr, tr_data
from flowloom.studio.theme import theme
from flowloom.studio.theme.style import font


def _keys(command: Command) -> str:
    return "   ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in command.keys)


class ShortcutsDialog(QDialog):
    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self.resize(560, 640)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(tr("Search actions and keys"))
        self.search.setAccessibleName(tr("Search actions and keys"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        column.addWidget(self.search)
        self.table = QTreeWidget(self)
        self.table.setAccessibleName(tr("Keyboard shortcuts"))
        self.table.setHeaderLabels([tr("Action"), tr("Shortcut")])
        self.table.setIndentation(16)
        self.table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.table.header().setStretchLastSection(False)
        for menu in (*MENUS, ""):
            mine = [command for command in commands().values() if command.menu == menu and command.keys]
            if mine:
                self._add_group(tr_data(menu) if menu else tr("Elsewhere"), [(tr_data(command.title), _keys(command)) for command in mine])
        self._add_group(tr("With the hands on the canvas"), guide())
        column.addWidget(self.table, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        close = QPushButton(tr("Close"), self)
        close.clicked.connect(self.accept)
        row.addWidget(close)
        column.addLayout(row)

    def _add_group(self, title: str, lines: list[tuple[str, str]]) -> None:
        group = QTreeWidgetItem([title, ""])
        group.setFont(0, font(weight=font().Weight.DemiBold))
        group.setForeground(0, theme.current().muted)
        group.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.table.addTopLevelItem(group)
        for words, keys in lines:
            group.addChild(QTreeWidgetItem([words, keys]))
        group.setExpanded(True)

    def _filter(self, text: str) -> None:
        wanted = text.casefold().split()
        for index in range(self.table.topLevelItemCount()):
            group = self.table.topLevelItem(index)
            if group is None:
                continue
            seen = 0
            for number in range(group.childCount()):
                item = group.child(number)
                if item is None:
                    continue
                fits = all(word in f"{item.text(0)} {item.text(1)}".casefold() for word in wanted)
                item.setHidden(not fits)
                seen += fits
            group.setHidden(not seen)
