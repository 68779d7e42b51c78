"""The inspector: the form of what is chosen on the canvas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QMenu,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from flowloom.flows.document.layout import INPUTS_ID, OUTPUTS_ID, Place
from flowloom.studio.canvas.cards import Card
from flowloom.studio.document.delta import Delta
from flowloom.studio.document.positions import set_places
from flowloom.studio.inspector.controls import label
from flowloom.studio.inspector.flow_form import FlowForm
from flowloom.studio.inspector.header import Header
from flowloom.studio.inspector.interface_form import InterfaceForm
from flowloom.studio.inspector.node_form import NodeForm
from flowloom.studio.inspector.node_problems import NodeProblems
from flowloom.studio.inspector.several_form import SeveralForm
from flowloom.studio.inspector.suggestions import Suggestions
from flowloom.studio.inspector.tab_order import order_tabs, stops
from flowloom.studio.language import tr, tr_data

if TYPE_CHECKING:
    from flowloom.studio.workspace import Page, Workspace

_MENU: Final = (("run.to_here", "run.only", "run.pin"), ("node.rename_name", "edit.duplicate", "node.color", "node.bypass"), ("edit.delete",))
"""Ids of the commands in the menu of the header, by section."""

Form = NodeForm | InterfaceForm | FlowForm | SeveralForm


class Inspector(QWidget):
    """One node, the flow's inputs or outputs, several cards, or the flow itself, whichever is chosen. ``form`` is what is shown."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._page: Page | None = None
        self._shown: tuple[Page, tuple[str, ...]] | None = None
        self.form: Form | None = None
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Inspector"))
        self.setMinimumWidth(240)
        self._suggestions = Suggestions(self)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._choose)
        self._run_later = QTimer(self)
        self._run_later.setSingleShot(True)
        self._run_later.setInterval(100)
        self._run_later.timeout.connect(self._refresh_run)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        self.header = Header()
        self.header.titled.connect(self._retitle)
        self.header.more.clicked.connect(self._menu)
        box.addWidget(self.header)
        line = QFrame()
        line.setProperty("role", "line")
        box.addWidget(line)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        box.addWidget(self.area, 1)
        self._inside = QWidget()
        self._inside.setProperty("role", "panel")
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(16, 12, 16, 24)
        self._column.setSpacing(12)
        self.problems = NodeProblems()
        self.problems.place_asked.connect(self.show_place)
        self.empty = label(tr("Open a flow to see its settings here."), "muted", wrap=True)
        self._column.addWidget(self.problems)
        self._column.addWidget(self.empty)
        self._column.addStretch(1)
        self.area.setWidget(self._inside)
        workspace.parts["inspector"] = self
        workspace.page_changed.connect(self._page_changed)
        workspace.selection_changed.connect(self._selection_changed)
        self._page_changed()

    # What is shown

    def _page_changed(self) -> None:
        page = self._workspace.page
        if page is self._page:
            return
        if self._page is not None:
            self._disconnect(self._page)
        self._page = page
        if page is not None:
            page.document.changed.connect(self._changed)
            page.document.problems_changed.connect(self._show_problems)
            runner = page.parts.get("runner")
            if runner is not None:
                runner.changed.connect(self._run_changed)
                runner.finished.connect(self._run_changed)
                runner.view_changed.connect(self._run_changed)
        self._choose()

    def _disconnect(self, page: Page) -> None:
        page.document.changed.disconnect(self._changed)
        page.document.problems_changed.disconnect(self._show_problems)
        runner = page.parts.get("runner")
        if runner is not None:
            runner.changed.disconnect(self._run_changed)
            runner.finished.disconnect(self._run_changed)
            runner.view_changed.disconnect(self._run_changed)

    def _selection_changed(self) -> None:
        self._later.start()

    def _chosen(self) -> tuple[str, ...]:
        """The chosen cards; frames and notes have their own handles on the canvas."""
        page = self._page
        if page is None:
            return ()
        flow = page.document.flow
        return tuple(id for id in self._workspace.selection if id in flow.nodes or id in (INPUTS_ID, OUTPUTS_ID))

    def _choose(self) -> None:
        """Show the form of what is chosen now."""
        self._later.stop()
        page, chosen = self._page, self._chosen()
        shown = (page, chosen) if page is not None else None
        if shown != self._shown or self.form is None:
            self._shown = shown
            self._set_form(self._make_form(page, chosen) if page is not None else None)
        self._show_header()
        self._show_problems()

    def _make_form(self, page: Page, chosen: tuple[str, ...]) -> Form:
        if not chosen:
            return FlowForm(page)
        if len(chosen) > 1:
            return SeveralForm(page, chosen, self._suggestions)
        name = next(iter(chosen))
        if name in (INPUTS_ID, OUTPUTS_ID):
            return InterfaceForm(page, "inputs" if name == INPUTS_ID else "outputs")
        form = NodeForm(page, name, self._suggestions)
        form.source.expand_asked.connect(self._expand)
        form.command_asked.connect(self._workspace.do)
        return form

    def _set_form(self, form: Form | None) -> None:
        if self.form is not None:
            self._column.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
        self.form = form
        self.empty.setVisible(form is None)
        if form is not None:
            form.shown.connect(self._scroll_to)
            self._column.insertWidget(1, form)
            form.show()
            self._take_keys(form)
        self.area.verticalScrollBar().setValue(0)

    def _changed(self, delta: Delta) -> None:
        """Something of the document changed. A renamed node stays shown under its new name."""
        form = self.form
        if delta.everything and isinstance(form, SeveralForm):
            self._set_form(None)
            self._choose()
            return
        if isinstance(form, NodeForm) and self._page is not None and self._page.document.node(form.name) is None:
            self._later.start()
            return
        if form is not None:
            self._steadily(form.refresh)
            self._take_keys(form)
        self._show_header()

    def _steadily(self, refresh: Callable[[], None]) -> None:
        """Refresh, and keep what a person is typing in where it is on the screen while rows come and go above it."""
        focus = QApplication.focusWidget()
        held = focus if focus is not None and self._inside.isAncestorOf(focus) else None
        before = held.mapTo(self._inside, QPoint(0, 0)).y() if held is not None else 0
        refresh()
        if held is not None and isValid(held) and self._inside.isAncestorOf(held) and held.isVisible():
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
            moved = held.mapTo(self._inside, QPoint(0, 0)).y() - before
            if moved:
                bar = self.area.verticalScrollBar()
                bar.setValue(bar.value() + moved)

    def _run_changed(self, _names: object = None) -> None:
        if not self._run_later.isActive():
            self._run_later.start()

    def _refresh_run(self) -> None:
        if self.form is not None:
            self.form.refresh_run()

    # The header

    def _card(self) -> Card | None:
        page, chosen = self._page, self._chosen()
        if page is None or len(chosen) != 1:
            return None
        return page.scene.cards.cards.get(chosen[0])

    def _show_header(self) -> None:
        page, chosen, card = self._page, self._chosen(), self._card()
        if page is None:
            self.header.show_plain(tr("Inspector"), "")
        elif len(chosen) > 1:
            self.header.show_plain(tr("{count} steps chosen", count=len(chosen)), "")
        elif card is None:
            self.header.show_plain(page.document.title, tr("The flow"))
        else:
            spec = page.document.spec(card.id) if card.is_node else None
            what = tr_data(spec.title) if spec else tr("Not installed") if card.is_node else ""
            subtitle = what or (tr("What the flow takes") if card.id == INPUTS_ID else tr("What the flow gives"))
            self.header.show_card(card, subtitle, editable=page.document.editable)

    def _retitle(self, title: str) -> None:
        page, chosen = self._page, self._chosen()
        if page is None or len(chosen) != 1:
            return
        places = page.scene.places()
        plain = "" if title == chosen[0] else title
        place = replace(places.get(chosen[0], Place()), title=plain)
        page.document.apply(set_places(page.document, places, {chosen[0]: place}, tr("Name {name}", name=title)))

    def _menu(self) -> None:
        self.menu().popup(self.header.more.mapToGlobal(self.header.more.rect().bottomLeft()))

    def menu(self) -> QMenu:
        """What else can be done with what is chosen."""
        from flowloom.studio.commands.table import commands, key_text

        made = QMenu(self)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        known = commands()
        for section in _MENU:
            made.addSeparator()
            for id in section:
                command = known.get(id)
                if command is not None:
                    action = made.addAction(f"{tr_data(command.title)}\t{key_text(command)}".rstrip())
                    action.setEnabled(command.enabled(self._workspace))
                    action.triggered.connect(lambda _checked=False, id=id: self._workspace.do(id))
        return made

    # Problems and places

    def _show_problems(self) -> None:
        page, chosen = self._page, self._chosen()
        found: list[Any] = []
        if page is not None and len(chosen) == 1:
            found = [problem for problem in page.document.problems if problem.node == chosen[0]]
        if isinstance(self.form, NodeForm):
            found = self.form.show_problems(found)
        self.problems.show_problems(found)

    def show_place(self, node: str, field: str, line: int) -> bool:
        """Lead to a field of a card (or of the flow, where ``node`` is empty), or to a line of its file. False where it is not here."""
        page = self._page
        if page is None:
            return False
        flow = page.document.flow
        card = node or (INPUTS_ID if field in flow.inputs else OUTPUTS_ID if field in flow.outputs else "")
        if tuple(page.scene.selected) != ((card,) if card else ()):
            page.scene.select([card] if card else [])
        self._choose()
        return self.form is not None and self.form.show_place(field, line)

    def focus_first(self) -> None:
        """Give the keyboard to the first field of what is chosen."""
        self._choose()
        if self.form is not None:
            self.form.focus_first()

    def _scroll_to(self, widget: QWidget) -> None:
        QTimer.singleShot(0, widget, lambda: self.area.ensureWidgetVisible(widget, 0, 40))

    def _expand(self, source: Any) -> None:
        from flowloom.studio.inspector.large_editor import LargeEditor

        LargeEditor(self.window(), source).show()

    # Keys

    def _take_keys(self, form: QWidget) -> None:
        """Hear the keys of every field, and let Tab go through them as the eye does; again whenever fields came."""
        for part in stops(form):
            part.installEventFilter(self)
        order_tabs(self.header.more, form)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Undo is the flow's, in every field: a field's own would leave the two at odds."""
        page = self._page
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and page is not None:
            if event.matches(QKeySequence.StandardKey.Undo):
                page.document.undo_stack.undo()
                return True
            if event.matches(QKeySequence.StandardKey.Redo):
                page.document.undo_stack.redo()
                return True
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        return QSize(320, 600)
