"""A new flow: which template to start from, its name, its place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from flowloom.flows.document.layout import LAYOUT_FILE, Layout, parse_layout
from flowloom.flows.errors import FlowloomError
from flowloom.studio.commands.file import flows_folder
from flowloom.studio.dialogs.folder_fields import FolderFields
from flowloom.studio.dialogs.message import tell
from flowloom.studio.document.new_flow import free_folder, new_flow, template_list
from flowloom.studio.language import tr, tr_data
from flowloom.studio.panels.flow_picture import flow_picture

if TYPE_CHECKING:
    from flowloom.studio.workspace import Workspace

PICTURE: Final = (168, 76)
_FIRST: Final = ("question", "chat", "empty", "blank", "python", "classify", "evaluation", "demo")


class NewFlowDialog(QDialog):
    """``made`` is the new folder once accepted."""

    def __init__(self, workspace: Workspace, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("New flow"))
        self.resize(680, 660)
        self.made: Path | None = None
        self._named = False
        self._place = flows_folder(workspace)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        heading = QLabel(tr("What do you start from?"), self)
        heading.setProperty("role", "large")
        column.addWidget(heading)
        self.templates = QListWidget(self)
        self.templates.setAccessibleName(tr("Templates"))
        self.templates.setViewMode(QListView.ViewMode.IconMode)
        self.templates.setResizeMode(QListView.ResizeMode.Adjust)
        self.templates.setMovement(QListView.Movement.Static)
        self.templates.setIconSize(QSize(*PICTURE))
        self.templates.setGridSize(QSize(PICTURE[0] + 28, PICTURE[1] + 48))
        self.templates.setWordWrap(True)
        self.templates.setProperty("role", "gallery")
        order = {name: number for number, name in enumerate(_FIRST)}
        for template in sorted(template_list(), key=lambda found: order.get(found.name, len(order))):
            place = template.folder / LAYOUT_FILE
            layout = parse_layout(place.read_text(encoding="utf-8")) if place.is_file() else Layout()
            picture = flow_picture(template.flow, layout, *PICTURE, self.devicePixelRatioF())
            icon = QIcon(picture)
            icon.addPixmap(picture, QIcon.Mode.Selected)
            item = QListWidgetItem(icon, tr_data(template.title))
            item.setData(Qt.ItemDataRole.UserRole, template)
            item.setToolTip(tr_data(template.description.partition("\n")[0]))
            self.templates.addItem(item)
        column.addWidget(self.templates, 1)
        self.words = QLabel(self)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setProperty("role", "muted")
        self.words.setWordWrap(True)
        column.addWidget(self.words)
        self.fields = FolderFields("", self._place, self)
        self.fields.name.textEdited.connect(self._set_named)
        column.addWidget(self.fields)
        row = QHBoxLayout()
        row.addStretch(1)
        cancel = QPushButton(tr("Cancel"), self)
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.create_button = QPushButton(tr("Create"), self)
        self.create_button.setProperty("kind", "primary")
        self.create_button.setDefault(True)
        self.create_button.clicked.connect(self.create_flow)
        row.addWidget(cancel)
        row.addWidget(self.create_button)
        column.addLayout(row)
        self.templates.currentItemChanged.connect(self._chosen)
        self.templates.itemDoubleClicked.connect(lambda _item: self.create_flow())
        self.fields.changed.connect(lambda: self.create_button.setEnabled(self.fields.fits))
        self.templates.setCurrentRow(0)
        self.fields.name.selectAll()
        self.fields.name.setFocus()

    def _set_named(self) -> None:
        self._named = True

    def _chosen(self) -> None:
        template = self.templates.currentItem().data(Qt.ItemDataRole.UserRole)
        self.words.setText(tr_data(template.description.partition("\n")[0]))
        if not self._named:
            self.fields.name.setText(free_folder(Path(self.fields.place.text()), template.title).name)
        self.create_button.setEnabled(self.fields.fits)

    def create_flow(self) -> None:
        """Make the folder, or say why not."""
        if not self.fields.fits:
            return
        template = self.templates.currentItem().data(Qt.ItemDataRole.UserRole)
        try:
            self.made = new_flow(self.fields.folder, template.name)
        except FlowloomError as error:
            tell(self, error)
            return
        self.accept()
