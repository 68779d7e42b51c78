"""Connections and models: a list on the left, one of them on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from flowloom.studio.dialogs.connections import keeping
from flowloom.studio.dialogs.connections.edit_page import EditPage
from flowloom.studio.dialogs.connections.keeping import LOCAL, Everything
from flowloom.studio.dialogs.connections.local_page import LocalPage
from flowloom.studio.language import tr
from flowloom.studio.run.background import Background
from flowloom.studio.theme import theme
from flowloom.studio.theme.icons import icon

if TYPE_CHECKING:
    from flowloom.studio.workspace import Workspace

_NAME: Final = Qt.ItemDataRole.UserRole


class ConnectionsDialog(QDialog):
    """``wanted`` is the connection to show first; one that does not exist yet is offered to be added."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None, *, wanted: str = "") -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._wanted = wanted
        self._all = Everything((), True)
        self.setWindowTitle(tr("Connections and models"))
        self.resize(880, 600)
        self._background = Background(self)
        self.list = QListWidget(self)
        self.list.setAccessibleName(tr("Connections"))
        self.list.setIconSize(QSize(16, 16))
        self.list.currentRowChanged.connect(self._chosen)
        self.add_button = QPushButton(tr("Add a connection"), self)
        self.add_button.setIcon(icon("plus", theme.current().text))
        self.add_button.clicked.connect(lambda: self.add())
        left = QWidget(self)
        left.setProperty("role", "panel")
        left.setFixedWidth(248)
        column = QVBoxLayout(left)
        column.setContentsMargins(8, 12, 8, 12)
        column.setSpacing(8)
        column.addWidget(self.list, 1)
        column.addWidget(self.add_button)
        self.local = LocalPage(workspace, self)
        self.edit = EditPage(self._background, self)
        self.edit.saved.connect(self._saved)
        self.edit.deleted.connect(lambda _name: self._saved(LOCAL))
        self.stack = QStackedWidget(self)
        self.stack.setProperty("role", "panel")
        self.stack.addWidget(self.local)
        self.stack.addWidget(self.edit)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        row.addWidget(left)
        row.addWidget(self.stack, 1)
        self.list.addItem(self._local_item())
        if not wanted:
            self.list.setCurrentRow(0)
        self.look()
        self.local.look()

    def look(self) -> None:
        """Look all connections up anew."""
        self._background.do(keeping.everything, self._show)

    def add(self, name: str = "") -> None:
        """Offer empty fields for another connection."""
        self.list.setCurrentRow(-1)
        self.edit.show_known(None, self._all.keyring, name)
        self.stack.setCurrentIndex(1)
        self.edit.name.setFocus() if not name else self.edit.form and self.edit.form.focus_first()

    def _local_item(self) -> QListWidgetItem:
        item = QListWidgetItem(icon("cpu", theme.current().ok), tr("The model on this computer"))
        item.setData(_NAME, LOCAL)
        return item

    def _show(self, found: Everything) -> None:
        self._all = found
        shown = theme.current()
        self.list.blockSignals(True)
        self.list.clear()
        self.list.addItem(self._local_item())
        for known in found.known:
            if known.entry.name == LOCAL and known.entry.where == "built in":
                continue
            broken = bool(known.entry.problem)
            item = QListWidgetItem(icon("warning-circle" if broken else "link-simple", shown.bad if broken else shown.muted), known.entry.name)
            item.setData(_NAME, known.entry.name)
            item.setToolTip(known.entry.host or known.entry.problem or known.entry.kind)
            self.list.addItem(item)
        self.list.blockSignals(False)
        names = [self.list.item(row).data(_NAME) for row in range(self.list.count())]
        if self._wanted and self._wanted not in names:
            self.add(self._wanted)
        else:
            row = names.index(self._wanted) if self._wanted else 0
            self.list.setCurrentRow(row)
            self._chosen(row)
        self._wanted = ""

    def _chosen(self, row: int) -> None:
        item = self.list.item(row)
        if item is None:
            return
        name = item.data(_NAME)
        known = next((one for one in self._all.known if one.entry.name == name), None)
        if row == 0 or known is None:
            self.stack.setCurrentIndex(0)
        else:
            self.edit.show_known(known, self._all.keyring)
            self.stack.setCurrentIndex(1)

    def _saved(self, name: str) -> None:
        self._wanted = name
        self.look()
        for page in self._workspace.pages:
            if (runner := page.parts.get("runner")) is not None:
                runner.connections_changed()

    def done(self, result: int) -> None:
        self._settle()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._settle()
        super().closeEvent(event)

    def _settle(self) -> None:
        self._background.forget()
        self.local.close_child()


def show_connections(workspace: Workspace, wanted: str = "") -> ConnectionsDialog:
    """Open the dialog over the window, at a connection where one is wanted."""
    dialog = ConnectionsDialog(workspace, workspace.window, wanted=wanted)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog
