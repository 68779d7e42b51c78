"""Lists and objects as a tree that is only built where it is looked at."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTreeView, QWidget

from flowloom.studio.language import tr
from flowloom.studio.theme import theme
from flowloom.studio.theme.style import code_font
from flowloom.studio.views.kinds import as_text

PAGE: Final = 500
"""Children that are shown at first, and that each look at their end adds."""
_LONGEST: Final = 400
_LONGEST_KEY: Final = 120
_OPENED_ROWS: Final = 40

Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()


class _Item(NamedTuple):
    parent: int
    row: int
    key: str | int
    value: Any


class JsonModel(QAbstractItemModel):
    """Two columns, name and value. Items get a number when they are first seen, which is all Qt holds of them."""

    def __init__(self, value: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[_Item] = [_Item(-1, 0, "", value)]
        self._children: dict[int, list[int]] = {}
        self._keys: dict[int, list[Any]] = {}
        self._fetching = False

    def index(self, row: int, column: int, parent: Index = _NOWHERE) -> QModelIndex:
        known = self._children.get(self._number(parent), [])
        return self.createIndex(row, column, known[row]) if 0 <= row < len(known) else QModelIndex()

    def parent(self, index: Index = _NOWHERE) -> QModelIndex:  # pyright: ignore[reportIncompatibleMethodOverride]
        number = self._items[self._number(index)].parent
        if number <= 0:
            return QModelIndex()
        return self.createIndex(self._items[number].row, 0, number)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        if parent.column() > 0:
            return 0
        number = self._number(parent)
        if number not in self._children and not parent.isValid():
            self._extend(0)
        return len(self._children.get(number, ()))

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 2

    def hasChildren(self, parent: Index = _NOWHERE) -> bool:
        return parent.column() <= 0 and _count(self._items[self._number(parent)].value) > 0

    def canFetchMore(self, parent: Index) -> bool:
        number = self._number(parent)
        return not self._fetching and len(self._children.get(number, ())) < _count(self._items[number].value)

    def fetchMore(self, parent: Index) -> None:
        number = self._number(parent)
        known = len(self._children.get(number, ()))
        last = min(known + PAGE, _count(self._items[number].value)) - 1
        if last >= known and not self._fetching:
            # Whoever listens may ask for more before this has come.
            self._fetching = True
            self.beginInsertRows(parent, known, last)
            self._extend(number)
            self._fetching = False
            self.endInsertRows()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        item = self._items[self._number(index)]
        if role == Qt.ItemDataRole.DisplayRole:
            return str(item.key)[:_LONGEST_KEY] if index.column() == 0 else _shown(item.value)
        if role == Qt.ItemDataRole.ForegroundRole:
            shown = theme.current()
            return shown.muted if index.column() == 0 or isinstance(item.value, Mapping | list) else _color(item.value)
        if role == Qt.ItemDataRole.FontRole and index.column() == 1:
            return code_font()
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{str(item.key)[:_LONGEST_KEY]}: {_shown(item.value)}"
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return tr("Name") if section == 0 else tr("Value")
        return None

    def value(self, index: Index) -> Any:
        """The value behind an index, as it is."""
        return self._items[self._number(index)].value

    def path(self, index: Index) -> str:
        """Where the value stands: ``.passages[0].text``."""
        parts: list[str] = []
        number = self._number(index)
        while number > 0:
            key = self._items[number].key
            plain = isinstance(key, str) and key.isidentifier()
            parts.append(f".{key}" if plain else f"[{key}]" if isinstance(key, int) else f"[{json.dumps(key, ensure_ascii=False)}]")
            number = self._items[number].parent
        return "".join(reversed(parts))

    def _number(self, index: Index) -> int:
        return int(index.internalId()) if index.isValid() else 0

    def _extend(self, number: int) -> None:
        value = self._items[number].value
        known = self._children.setdefault(number, [])
        if isinstance(value, Mapping):
            keys = self._keys.setdefault(number, list(value))
            fresh = [(key, value[key]) for key in keys[len(known) : len(known) + PAGE]]
        else:
            fresh = [(at, value[at]) for at in range(len(known), min(len(known) + PAGE, len(value)))] if _count(value) else []
        for key, item in fresh:
            self._items.append(_Item(number, len(known), key, item))
            known.append(len(self._items) - 1)


def _count(value: Any) -> int:
    return len(value) if isinstance(value, Mapping | list | tuple) else 0


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return tr("{count} fields", count=len(value)) if len(value) != 1 else tr("1 field")
    if isinstance(value, list | tuple):
        return tr("{count} items", count=len(value)) if len(value) != 1 else tr("1 item")
    if isinstance(value, str):
        text = value[:_LONGEST].replace("\n", "↵ ")
        return text if len(value) <= _LONGEST else f"{text}…"
    return json.dumps(value, default=str)


def _color(value: Any) -> Any:
    shown = theme.current()
    if isinstance(value, str):
        return shown.text
    if value is None:
        return shown.faint
    return shown.accent


class JsonTree(QTreeView):
    """Copies what is chosen with Ctrl+C; its menu copies the path too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Fields and values"))
        self.setUniformRowHeights(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setIndentation(16)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self._copy = QAction(tr("Copy value"), self)
        self._copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        self._copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._copy.triggered.connect(self.copy_value)
        self.addAction(self._copy)
        self._model: JsonModel | None = None

    def show_value(self, value: Any) -> None:
        before, self._model = self._model, JsonModel(value, self)
        self.setModel(self._model)
        if before is not None:
            before.deleteLater()
        header = self.header()
        header.setStretchLastSection(True)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self._open_first()
        self.resizeColumnToContents(0)
        self.setColumnWidth(0, max(120, min(320, self.columnWidth(0) + 16)))

    def copy_value(self) -> None:
        index = self.currentIndex()
        if self._model is not None and index.isValid():
            QGuiApplication.clipboard().setText(as_text(self._model.value(index)))

    def copy_path(self) -> None:
        index = self.currentIndex()
        if self._model is not None and index.isValid():
            QGuiApplication.clipboard().setText(self._model.path(index))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_value()
            return
        super().keyPressEvent(event)

    def _open_first(self) -> None:
        """Open what fits at a glance."""
        assert self._model is not None
        room = _OPENED_ROWS - self._model.rowCount()
        for row in range(min(self._model.rowCount(), _OPENED_ROWS)):
            index = self._model.index(row, 0)
            count = _count(self._model.value(index))
            if 0 < count <= room:
                room -= count
                self.expand(index)

    def _menu(self, place: QPoint) -> None:
        if self.indexAt(place).isValid():
            menu = QMenu(self)
            menu.addAction(self._copy)
            menu.addAction(tr("Copy path"), self.copy_path)
            menu.exec(self.viewport().mapToGlobal(place))
            menu.deleteLater()
