"""The first page: try the demo, start a flow, open one, go on with a recent one, or begin from a template."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from flowloom.studio.language import tr, tr_data
from flowloom.studio.theme import theme
from flowloom.studio.theme.icons import pixmap
from flowloom.studio.theme.logo import logo

if TYPE_CHECKING:
    from flowloom.studio.document.new_flow import Template
    from flowloom.studio.workspace import Workspace

WIDTH: Final = 1040
PICTURE: Final = (196, 84)
_SHOWN: Final = ("question", "chat", "classify", "python", "evaluation", "empty")
MOST_RECENT: Final = 8


def _label(text: str, role: str, parent: QWidget, *, wrap: bool = False) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setProperty("role", role)
    label.setWordWrap(wrap)
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return label


def _ordered(templates: list[Template]) -> list[Template]:
    """Those to start from, the simplest first; the others are in the dialog for a new flow."""
    return sorted((found for found in templates if found.name in _SHOWN), key=lambda found: _SHOWN.index(found.name))


class Tile(QPushButton):
    """A large button with a picture, a title and a line of words."""

    def __init__(self, title: str, words: str, does: Callable[[], object], parent: QWidget, *, primary: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("kind", "tile")
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.picture = QLabel(self)
        self.picture.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 16, 16, 16)
        self.column.setSpacing(4)
        self.column.addWidget(self.picture)
        self.column.addSpacing(4)
        self.column.addWidget(_label(title, "heading", self))
        self.words = _label(words, "small", self, wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.column.addWidget(self.words, 1)
        self.clicked.connect(lambda _checked=False: does())

    def sizeHint(self) -> QSize:
        return self.column.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.column.heightForWidth(self.width()) if self.column.hasHeightForWidth() else self.column.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setMinimumHeight(self.column.heightForWidth(self.width()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)


class RecentRow(QPushButton):
    """A flow that was open before: its title over its folder."""

    def __init__(self, title: str, path: str, there: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "row")
        self.setAccessibleName(title)
        self.setAccessibleDescription(path)
        self.setToolTip(path)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(0)
        column.addWidget(_label(title, "", self))
        home = str(Path.home())
        short = f"~{path[len(home):]}" if path.startswith(home) else path
        self._place = _label(short if there else tr("Not there any more: {folder}", folder=short), "tiny", self)
        column.addWidget(self._place)
        for label in self.findChildren(QLabel):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        return QSize(200, 44)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)


class WelcomePage(QScrollArea):
    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Welcome"))
        ground = QWidget(self)
        ground.setObjectName("welcome")
        ground.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        outer = QHBoxLayout(ground)
        outer.setContentsMargins(24, 24, 24, 24)
        self._body = QWidget(ground)
        self._body.setMaximumWidth(WIDTH)
        outer.addStretch(1)
        outer.addWidget(self._body, 100)
        outer.addStretch(1)
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(12)
        column.addStretch(1)
        self._add_head(column)
        column.addSpacing(12)
        self._add_actions(column)
        column.addSpacing(12)
        lower = QHBoxLayout()
        lower.setSpacing(24)
        self._gallery = QVBoxLayout()
        self._recent = QVBoxLayout()
        lower.addLayout(self._gallery, 5)
        lower.addLayout(self._recent, 2)
        column.addLayout(lower)
        column.addStretch(3)
        self.setWidget(ground)
        self._gallery.addWidget(_label(tr("Start from a template"), "section", self._body))
        self._gallery.setSpacing(8)
        self._grid = QGridLayout()
        self._grid.setSpacing(12)
        self._gallery.addLayout(self._grid)
        self._gallery.addStretch(1)
        self._tiles: list[tuple[Tile, Template]] = []
        self._recent.setSpacing(4)
        theme.themes().changed.connect(self._tint)
        workspace.page_changed.connect(self._list_recent)
        self._tint()
        self._list_recent()
        QTimer.singleShot(0, self, self._fill_gallery)

    # Made of

    def _add_head(self, column: QVBoxLayout) -> None:
        row = QHBoxLayout()
        row.setSpacing(16)
        self._mark = QLabel(self._body)
        row.addWidget(self._mark)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(_label("Flowloom", "display", self._body))
        words.addWidget(_label(tr("Wire prompts, models and Python into a flow, and watch it run."), "muted", self._body))
        row.addLayout(words)
        row.addStretch(1)
        column.addLayout(row)

    def _add_actions(self, column: QVBoxLayout) -> None:
        do = self._workspace.do
        row = QHBoxLayout()
        row.setSpacing(12)
        self.tiles: dict[str, Tile] = {}
        for id, icon, title, words in (
            ("file.demo", "sparkle", tr("Try the demo"), tr("A real model on this computer. No key, no network, no cost.")),
            ("file.new", "plus", tr("New flow"), tr("Give it a name and a place, and start from a template.")),
            ("file.open", "folder-open", tr("Open folder"), tr("A flow of yours, or one made for Prompt flow.")),
        ):
            tile = Tile(title, words, lambda id=id: do(id), self._body)
            tile.setProperty("iconName", icon)
            self.tiles[id] = tile
            row.addWidget(tile, 1)
        column.addLayout(row)

    def _fill_gallery(self) -> None:
        from flowloom.studio.document.new_flow import template_list

        for index, template in enumerate(_ordered(template_list())):
            title, words = tr_data(template.title), tr_data(template.description.partition("\n")[0])
            tile = Tile(title, words, lambda template=template: self._start(template), self._body)
            self._tiles.append((tile, template))
            self._grid.addWidget(tile, index // 3, index % 3)
        for column in range(3):
            self._grid.setColumnStretch(column, 1)
        self._chain()
        self._tint()

    def _start(self, template: Template) -> None:
        from flowloom.studio.commands.file import new_from

        new_from(self._workspace, template.name, template.title)

    def _list_recent(self) -> None:
        from flowloom.studio.document.recent import recent

        while (item := self._recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._recent.addWidget(_label(tr("Recent"), "section", self._body))
        found = recent()[:MOST_RECENT]
        for entry in found:
            row = RecentRow(entry.title, entry.path, entry.exists, self._body)
            row.clicked.connect(lambda _checked=False, path=entry.path: self._open(path))
            self._recent.addWidget(row)
        if not found:
            self._recent.addWidget(_label(tr("Flows you open will be listed here."), "small", self._body, wrap=True))
        self._recent.addStretch(1)
        self._chain()

    def _chain(self) -> None:
        """Tab goes as one reads: actions, templates, recent flows."""
        recent = [self._recent.itemAt(index).widget() for index in range(self._recent.count())]  # pyright: ignore[reportOptionalMemberAccess]
        chain = [*self.tiles.values(), *(tile for tile, _ in self._tiles), *(row for row in recent if isinstance(row, RecentRow))]
        for first, second in pairwise(chain):
            QWidget.setTabOrder(first, second)

    def _open(self, path: str) -> None:
        from flowloom.studio.commands.file import open_at
        from flowloom.studio.document.recent import forget

        if not open_at(self._workspace, path) and not Path(path).exists():
            forget(path)
            self._list_recent()

    def _tint(self) -> None:
        from flowloom.flows.document.layout import LAYOUT_FILE, Layout, parse_layout
        from flowloom.studio.panels.flow_picture import flow_picture

        ratio = self.devicePixelRatioF()
        self._mark.setPixmap(logo(44, ratio))
        for tile in self.tiles.values():
            tile.picture.setPixmap(pixmap(str(tile.property("iconName")), theme.current().accent, 24, ratio))
        for tile, template in self._tiles:
            place = template.folder / LAYOUT_FILE
            layout = parse_layout(place.read_text(encoding="utf-8")) if place.is_file() else Layout()
            tile.picture.setPixmap(flow_picture(template.flow, layout, *PICTURE, ratio))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.ignore()
