"""The row at the top: mark and menus, open flows, Use or Build, find or do, chat, what leaves this computer, Run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)

from flowloom.studio.commands.table import MENUS, Actions, commands, key_text
from flowloom.studio.flow_tabs import FlowTabs
from flowloom.studio.language import tr
from flowloom.studio.panels.buttons import KeyButton
from flowloom.studio.panels.elided import Elided
from flowloom.studio.theme import theme
from flowloom.studio.theme.icons import icon, pixmap
from flowloom.studio.theme.logo import logo
from flowloom.studio.theme.style import on_button, restyle

if TYPE_CHECKING:
    from flowloom.studio.workspace import Page, Workspace

HEIGHT: Final = 42


class TitleBar(QWidget):
    """Listens to the workspace; what it offers goes through commands."""

    face_chosen = Signal(str)
    """``use`` or ``build``."""

    def __init__(self, workspace: Workspace, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("titleBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumHeight(HEIGHT)
        self._workspace, self._actions = workspace, actions
        self._watched: Page | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 12, 4)
        row.setSpacing(8)
        self.menu_button = self._button("Flowloom", "quiet", tr("Menu"), tr("All menus ({key})", key="F10"))
        self.menu_button.setIconSize(QSize(16, 16))
        self.menu_button.setStyleSheet("font-weight: 600; padding: 0 8px;")
        self.menu_button.clicked.connect(lambda: self.open_menu())
        self.tabs = FlowTabs(workspace, self)
        self.add_button = QToolButton(self)
        self.add_button.setAccessibleName(tr("New flow"))
        self.add_button.setToolTip(f"{tr('New flow')}  {key_text(commands()['file.new'])}")
        self.add_button.clicked.connect(lambda: workspace.do("file.new"))
        self._segments = QFrame(self)
        self._segments.setProperty("role", "segments")
        inner = QHBoxLayout(self._segments)
        inner.setContentsMargins(2, 2, 2, 2)
        inner.setSpacing(2)
        self._faces = QButtonGroup(self)
        self.use_button = self._segment("use", tr("Use"), tr("Use the flow: a form or a chat, no graph"), inner)
        self.build_button = self._segment("build", tr("Build"), tr("Build the flow: the graph"), inner)
        self.find_button = KeyButton(tr("Find or do anything"), key_text(commands()["view.palette"]), "", self)
        self.find_button.clicked.connect(lambda: workspace.do("view.palette"))
        self.chat_button = self._button(tr("Chat"), "", "", tr("Talk to the flow beside its graph"))
        self.chat_button.setCheckable(True)
        self.chat_button.clicked.connect(lambda: workspace.do("view.chat"))
        self.privacy_icon = QLabel(self)
        self.privacy = Elided(self, least=80)
        self.run_button = KeyButton(tr("Run"), "F5", "primary", self)
        self.run_button.clicked.connect(self._run_or_stop)
        for widget in (self.menu_button, self.tabs, self.add_button):
            row.addWidget(widget)
        row.addSpacing(8)
        row.addWidget(self._segments)
        row.addStretch(1)
        for widget in (self.find_button, self.chat_button, self.privacy_icon, self.privacy, self.run_button):
            row.addWidget(widget)
        self._quiet, self._running = True, False
        workspace.page_changed.connect(self._page_changed)
        theme.themes().changed.connect(self._tint)
        self._page_changed()
        self._tint()

    # Made of

    def _button(self, text: str, kind: str, name: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("kind", kind)
        button.setAccessibleName(name or text)
        if tip:
            button.setToolTip(tip)
        return button

    def _segment(self, face: str, text: str, tip: str, layout: QHBoxLayout) -> QPushButton:
        button = self._button(text, "segment", "", tip)
        button.setCheckable(True)
        button.clicked.connect(lambda: self.face_chosen.emit(face))
        self._faces.addButton(button)
        layout.addWidget(button)
        return button

    # What it does

    def open_menu(self, name: str = "") -> None:
        """All menus below the mark, or the one of that name."""
        menu = self._actions.menu(name, self) if name else QMenu(self)
        for each in () if name else MENUS:
            menu.addMenu(self._actions.menu(each, menu))
        menu.exec(self.menu_button.mapToGlobal(self.menu_button.rect().bottomLeft()))
        menu.deleteLater()

    def show_face(self, face: str) -> None:
        (self.use_button if face == "use" else self.build_button).setChecked(True)
        self.chat_button.setVisible(face == "build" and self._workspace.page is not None)

    def set_privacy(self, words: str, quiet: bool) -> None:
        """The line of what leaves this computer; ``quiet`` where nothing does."""
        self._quiet = quiet
        self.privacy.say(words)
        self.privacy.setProperty("role", "ok" if quiet else "warn")
        restyle(self.privacy)
        self._tint()

    def set_running(self, running: bool) -> None:
        """Run becomes Stop while a run is under way."""
        self._running = running
        self.run_button.setText(tr("Stop") if running else tr("Run"))
        self.run_button.set_key(self._key("run.stop" if running else "run.run"))
        self._tint()

    def _run_or_stop(self) -> None:
        self._workspace.do("run.stop" if self._running else "run.run")

    def _key(self, id: str) -> str:
        return key_text(commands()[id]) if id in commands() else ""

    def _page_changed(self) -> None:
        page = self._workspace.page
        if self._watched is not None and (runner := self._watched.parts.get("runner")) is not None:
            runner.started.disconnect(self._follow)
            runner.finished.disconnect(self._follow)
            runner.privacy_changed.disconnect(self._follow)
        self._watched = page
        if page is not None and (runner := page.parts.get("runner")) is not None:
            runner.started.connect(self._follow)
            runner.finished.connect(self._follow)
            runner.privacy_changed.connect(self._follow)
        self.chat_button.setVisible(page is not None and not self.use_button.isChecked())
        for widget in (self._segments, self.run_button, self.privacy, self.privacy_icon):
            widget.setVisible(page is not None)
        self._follow()

    def _follow(self) -> None:
        """Show the runner of the page as it stands."""
        runner = self._watched.parts.get("runner") if self._watched is not None else None
        self.set_running(bool(runner is not None and runner.running))
        leaving = runner.privacy if runner is not None else None
        self.set_privacy(leaving.sentence if leaving is not None else "", leaving is None or leaving.nothing)
        self._actions.refresh()

    # How it looks

    def _tint(self) -> None:
        shown = theme.current()
        self.menu_button.setIcon(logo(16, self.devicePixelRatioF()))
        self.add_button.setIcon(icon("plus", shown.muted))
        self.find_button.setIcon(icon("magnifying-glass", shown.text))
        self.chat_button.setIcon(icon("chat-circle", shown.text))
        self.run_button.setIcon(icon("stop" if self._running else "play", on_button()))
        tone = shown.ok if self._quiet else shown.warn
        name = "lock-simple" if self._quiet else "paper-plane-tilt"
        self.privacy_icon.setPixmap(pixmap(name, tone, 14, self.devicePixelRatioF()))
        self.privacy_icon.setVisible(bool(self.privacy.text()) and self._workspace.page is not None)
