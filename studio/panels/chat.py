"""A chat flow as a conversation: questions and replies that stream, with pictures, sources, another try and a stop."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from flowloom.flows.document.flow_file import MAX_FILE_BYTES, read_regular_file
from flowloom.flows.errors import FlowloomError
from flowloom.flows.model.chat import Chat, chat_of
from flowloom.flows.model.flow import Reference
from flowloom.studio.language import tr, tr_data
from flowloom.studio.panels.chat_source import SourceDialog
from flowloom.studio.panels.chat_turn import TurnView
from flowloom.studio.run.citations import Citation, cited
from flowloom.studio.run.conversation import Conversation, Turn, pictures_of, words_of
from flowloom.studio.run.fixes import AGAIN, Fix, fixes
from flowloom.studio.run.input_field import TextBox
from flowloom.studio.run.run_view import RunView
from flowloom.studio.run.runner import Ask
from flowloom.studio.theme import theme
from flowloom.studio.theme.icons import icon
from flowloom.studio.views import pictures

if TYPE_CHECKING:
    from flowloom.studio.run.runner import Runner
    from flowloom.studio.workspace import Page, Workspace

REFRESH_MS: Final = 50
"""A reply that streams is shown at most this often."""
MOST_STREAMED: Final = 12_000
"""Characters of a reply under way that are shown: its end."""
_PICTURES: Final = "*.png *.jpg *.jpeg *.gif *.webp *.bmp"


class ChatPanel(QWidget):
    """Follows the page that is shown; each flow keeps its own conversation while it is open."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None, *, framed: bool = True) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._page: Page | None = None
        self._runner: Runner | None = None
        self._turns: list[TurnView] = []
        self._live: tuple[Turn, TurnView, RunView] | None = None
        self._pictures: list[dict[str, str]] = []
        self.setProperty("role", "panel")
        self.setMinimumWidth(280)
        self._column = QVBoxLayout()
        self._column.setContentsMargins(16, 16, 16, 16)
        self._column.setSpacing(16)
        self._column.addStretch(1)
        inner = QWidget(self)
        inner.setProperty("role", "panel")
        inner.setLayout(self._column)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inner)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._follow_end)
        self._at_end = True
        self._scroll.verticalScrollBar().valueChanged.connect(self._moved)
        self._stack = QStackedWidget(self)
        self._hint = QLabel("", self)
        self._hint.setTextFormat(Qt.TextFormat.PlainText)
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setMargin(24)
        self._stack.addWidget(self._hint)
        self._stack.addWidget(self._scroll)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        if framed:
            layout.addLayout(self._head())
        layout.addWidget(self._stack, 1)
        self._composer = self._make_composer()
        layout.addWidget(self._composer)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self._refresh)
        workspace.page_changed.connect(self._show_page)
        self._show_page()

    # What is on the screen

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(16, 8, 8, 8)
        title = QLabel(tr("Chat"), self)
        title.setProperty("role", "large")
        self.new_button = QToolButton(self)
        self.new_button.setIcon(icon("note-pencil", theme.current().muted))
        self.new_button.setToolTip(tr("New conversation"))
        self.new_button.setAccessibleName(tr("New conversation"))
        self.new_button.clicked.connect(self.start_anew)
        row.addWidget(title, 1)
        row.addWidget(self.new_button)
        return row

    def _make_composer(self) -> QWidget:
        box = QWidget(self)
        self.edit = TextBox(box, enter_submits=True, most=6)
        self.edit.setAccessibleName(tr("Your message"))
        self.edit.setPlaceholderText(tr("Write a message"))
        self.edit.submitted.connect(self.send)
        self.attach_button = QToolButton(box)
        self.attach_button.setIcon(icon("image", theme.current().muted))
        self.attach_button.setToolTip(tr("Add a picture"))
        self.attach_button.setAccessibleName(tr("Add a picture"))
        self.attach_button.clicked.connect(self._choose_picture)
        self.send_button = QPushButton(tr("Send"), box)
        self.send_button.setProperty("kind", "primary")
        self.send_button.clicked.connect(self._send_or_stop)
        self._attached = QLabel("", box)
        self._attached.setProperty("role", "tiny")
        self._attached.hide()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.edit, 1)
        row.addWidget(self.attach_button, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.send_button, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(box)
        column.setContentsMargins(16, 8, 16, 16)
        column.setSpacing(4)
        column.addWidget(self._attached)
        column.addLayout(row)
        return box

    def sizeHint(self) -> QSize:
        return QSize(360, 480)

    # Following the page

    @property
    def conversation(self) -> Conversation | None:
        """That of the flow that is shown."""
        return self._page.parts.setdefault("conversation", Conversation()) if self._page is not None else None

    @property
    def chat(self) -> Chat | None:
        """Which inputs and outputs make the conversation; None where the flow is none."""
        return chat_of(self._page.document.flow) if self._page is not None else None

    def _show_page(self) -> None:
        page = self._workspace.page
        if page is self._page:
            return
        if self._runner is not None:
            self._runner.changed.disconnect(self._changed)
            self._runner.finished.disconnect(self._finished)
            self._runner.started.disconnect(self._tell)
        if self._page is not None:
            self._page.document.changed.disconnect(self._tell)
        self._page = page
        self._runner = page.parts.get("runner") if page is not None else None
        if self._runner is not None:
            self._runner.changed.connect(self._changed)
            self._runner.finished.connect(self._finished)
            self._runner.started.connect(self._tell)
        if page is not None:
            page.document.changed.connect(self._tell)
        self._refill()

    def _refill(self) -> None:
        """Show the turns of the conversation anew."""
        for view in self._turns:
            self._column.removeWidget(view)
            view.hide()
            view.deleteLater()
        self._turns = []
        for turn in self.conversation.turns if self.conversation is not None else ():
            self._add(turn)
        self._resume()
        self._tell()

    def _resume(self) -> None:
        """Take up a turn that went on while something else was shown here."""
        self._live = None
        view = self._turns[-1] if self._turns else None
        run = self._runner.last if self._runner is not None else None
        if view is None or view.turn.state != "running":
            return
        if run is None or run.run_id != view.turn.run_id:
            view.turn.state = "stopped"
            view.settle(())
            return
        self._live = (view.turn, view, run)
        if run.running:
            self._refresh()
        else:
            self._finished()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.conversation is not None and [view.turn for view in self._turns] != self.conversation.turns:
            # The same conversation was led elsewhere, beside the canvas or on the Use face.
            self._refill()

    def _add(self, turn: Turn) -> TurnView:
        view = TurnView(turn, self._scroll.widget())
        view.edit_asked.connect(self._edit)
        view.retry_asked.connect(self._retry)
        view.citation_asked.connect(self._open_source)
        view.fix_asked.connect(self._do)
        self._column.insertWidget(self._column.count() - 1, view)
        self._turns.append(view)
        self._at_end = True
        return view

    def _tell(self, _delta: object = None) -> None:
        """Bring words and buttons in line with what can be done."""
        chat = self.chat
        running = self._runner is not None and self._runner.running
        self.send_button.setText(tr("Stop") if running else tr("Send"))
        self._composer.setEnabled(chat is not None)
        can_attach = chat is not None and self._page is not None and self._page.document.flow.inputs[chat.input].type == "list"
        self.attach_button.setVisible(can_attach)
        if chat is None:
            self._hint.setText(tr("This flow is no conversation. Mark an input as the question and an output as the answer, and you can chat with it here."))
        else:
            self._hint.setText(tr("Say something: what comes back streams here, and on the canvas you see how."))
        self._stack.setCurrentIndex(1 if self._turns else 0)

    # Talking

    def send(self) -> bool:
        """Ask what is written. False where nothing is, or a run is under way."""
        runner, chat, conversation = self._runner, self.chat, self.conversation
        text = self.edit.toPlainText().strip()
        if runner is None or chat is None or conversation is None or runner.running or not (text or self._pictures):
            return False
        question: Any = [*([text] if text else []), *self._pictures] if self._pictures else text
        if self._page is not None and self._page.document.flow.inputs[chat.input].type == "list":
            question = question if isinstance(question, list) else [question]
        self.edit.clear()
        self._pictures = []
        self._attached.hide()
        return self._ask(question)

    def start_anew(self) -> None:
        """Begin another conversation."""
        if self.conversation is not None and not (self._runner is not None and self._runner.running):
            self.conversation.turns.clear()
            self._refill()
            self.edit.setFocus()

    def add_picture(self, data: bytes) -> bool:
        """Send a picture with the next message; False where the bytes are none that can be shown."""
        found = pictures.measure(data)
        if found is None or not found.fits:
            self._workspace.say(tr("This file is no picture that can be sent."))
            return False
        self._pictures.append({f"data:image/{found.format};base64": base64.b64encode(data).decode("ascii")})
        count = len(self._pictures)
        self._attached.setText(tr("1 picture goes along") if count == 1 else tr("{count} pictures go along", count=count))
        self._attached.show()
        return True

    def _ask(self, question: Any) -> bool:
        runner, chat, conversation = self._runner, self.chat, self.conversation
        if runner is None or chat is None or conversation is None:
            return False
        turn, inputs = conversation.ask(chat, question, runner.inputs)
        if not runner.run(Ask(inputs=inputs)):
            conversation.cut(turn)
            self.edit.setPlainText(words_of(question))
            return False
        assert runner.last is not None
        turn.run_id = runner.last.run_id
        self._live = (turn, self._add(turn), runner.last)
        self._tell()
        return True

    def _send_or_stop(self) -> None:
        if self._runner is not None and self._runner.running:
            self._runner.stop()
        else:
            self.send()

    def _edit(self, turn: Turn) -> None:
        if self._forget_from(turn):
            self.edit.setPlainText(words_of(turn.question))
            self._pictures = list(pictures_of(turn.question))
            self.edit.setFocus()

    def _retry(self, turn: Turn) -> None:
        if self._forget_from(turn):
            self._ask(turn.question)

    def _forget_from(self, turn: Turn) -> bool:
        """Take a turn and all after it out of the conversation, unless a run is under way."""
        if self.conversation is None or (self._runner is not None and self._runner.running):
            return False
        self.conversation.cut(turn)
        self._refill()
        return True

    def _choose_picture(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("Choose a picture"), "", tr("Pictures ({endings})", endings=_PICTURES))
        if path:
            try:
                self.add_picture(read_regular_file(Path(path), Path(path).name, MAX_FILE_BYTES))
            except FlowloomError as error:
                self._workspace.say(tr_data(error.message))

    # What comes back

    def _changed(self, _names: object) -> None:
        if self._live is not None and not self._timer.isActive():
            self._timer.start()

    def _refresh(self) -> None:
        if self._live is not None:
            _turn, view, run = self._live
            view.stream(self._streamed(run))

    def _streamed(self, run: RunView) -> str:
        """How far the node is that gives the answer."""
        chat = self.chat
        output = self._page.document.flow.outputs.get(chat.output or "") if chat is not None and self._page is not None else None
        if output is None or not isinstance(output.binding, Reference):
            return ""
        node = run.nodes.get(output.binding.name)
        return node.tail(MOST_STREAMED) if node is not None else ""

    def _finished(self) -> None:
        self._timer.stop()
        live, self._live = self._live, None
        if live is None or self._page is None:
            self._tell()
            return
        turn, view, run = live
        chat = self.chat
        view.stream(self._streamed(run))
        turn.seconds = run.seconds
        turn.outputs = dict(run.outputs)
        if run.status == "completed":
            turn.state = "completed"
            turn.answer = run.outputs.get(chat.output or "") if chat is not None else run.outputs
            if isinstance(turn.answer, str):
                turn.citations = cited(turn.answer, run.outputs, {name: node.output for name, node in run.nodes.items()})
        elif run.status == "cancelled":
            turn.state = "stopped"
        else:
            turn.state, turn.fault = "failed", run.error
        view.settle(self._fixes(turn))
        view.tell_length()
        self._tell()

    def _fixes(self, turn: Turn) -> tuple[Fix, ...]:
        """What can be done about a turn that failed: a conversation goes on by asking again."""
        if turn.fault is None or self._page is None:
            return ()
        found = fixes(turn.fault, self._page.document)
        if turn.fault.kind in AGAIN:
            return (Fix(tr("Ask again"), lambda _workspace: self._retry(turn)), *found[1:])
        return found

    def _do(self, fix: Fix) -> None:
        fix.run(self._workspace)

    def _open_source(self, citation: Citation) -> None:
        dialog = SourceDialog(citation, self._workspace, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # Staying at the end

    def _moved(self, value: int) -> None:
        self._at_end = value >= self._scroll.verticalScrollBar().maximum() - 8

    def _follow_end(self, _least: int, most: int) -> None:
        if self._at_end:
            self._scroll.verticalScrollBar().setValue(most)
