"""The Use face: a flow as a form or a chat made from its inputs and outputs, with no graph to be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from flowloom.flows.engine.codec import to_json
from flowloom.flows.model.chat import chat_of, history_input
from flowloom.flows.model.flow import Constant, FlowOutput, Reference
from flowloom.studio.language import tr, tr_data
from flowloom.studio.panels.chat import ChatPanel
from flowloom.studio.panels.inputs_form import InputFields
from flowloom.studio.run.fixes import fixes
from flowloom.studio.run.scope import run_inputs
from flowloom.studio.run.words import run_words, title_of
from flowloom.studio.theme import theme
from flowloom.studio.views.kinds import as_text, kinds_of
from flowloom.studio.views.markdown_view import MarkdownView
from flowloom.studio.views.value_view import ValueView

if TYPE_CHECKING:
    from flowloom.studio.run.run_view import RunView
    from flowloom.studio.run.runner import Runner
    from flowloom.studio.workspace import Page, Workspace

WIDTH: Final = 720
"""The column's width, in pixels: lines of a text should not be longer."""
REFRESH_MS: Final = 80
MOST_PLAIN: Final = 20_000
"""Characters of a text that are laid out whole."""


class OutputView(QFrame):
    """One output of the flow: its name, and its value as it streams and as it stands."""

    def __init__(self, spec: FlowOutput, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec = spec
        self.value: Any = None
        self.setProperty("role", "card")
        title = QLabel(spec.name, self)
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setProperty("role", "heading")
        title.setToolTip(spec.description)
        self.copy_button = QPushButton(tr("Copy"), self)
        self.copy_button.setProperty("kind", "link")
        self.copy_button.setAccessibleName(tr("Copy {name}", name=spec.name))
        self.copy_button.clicked.connect(self._copy)
        self.copy_button.hide()
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self.copy_button)
        self.text = MarkdownView(self, fit=True)
        self.text.setAccessibleName(spec.name)
        self.plain = QLabel("", self)
        self.plain.setTextFormat(Qt.TextFormat.PlainText)
        self.plain.setWordWrap(True)
        self.plain.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.plain.hide()
        self.tree = ValueView(self)
        self.tree.setMinimumHeight(220)
        self.tree.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.text)
        column.addWidget(self.plain)
        column.addWidget(self.tree)

    def _copy(self) -> None:
        QApplication.clipboard().setText(as_text(self.value))

    def show_text(self, text: str) -> None:
        """Show how far it is."""
        self.copy_button.hide()
        self.plain.setText(text)
        self._only(self.plain)

    def show_value(self, value: Any) -> None:
        self.value = to_json(value)
        self.copy_button.show()
        kind = kinds_of(self.value)[0]
        if isinstance(self.value, bool):
            self.plain.setText(tr("yes") if self.value else tr("no"))
            self._only(self.plain)
        elif kind == "markdown":
            self.text.set_markdown(self.value)
            self._only(self.text)
        elif kind == "text" and len(as_text(self.value)) <= MOST_PLAIN:
            self.plain.setText(as_text(self.value))
            self._only(self.plain)
        else:
            self.tree.show_value(self.value)
            self._only(self.tree)

    def _only(self, shown: QWidget) -> None:
        for widget in (self.text, self.plain, self.tree):
            widget.setVisible(widget is shown)


class UseForm(QWidget):
    """A flow that is no chat: its inputs, a button, its outputs."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._page: Page | None = None
        self._runner: Runner | None = None
        self.outputs: dict[str, OutputView] = {}
        self.fields = InputFields(self)
        self.fields.changed.connect(self._edited)
        self.fields.submitted.connect(self._run_or_stop)
        self.button = QPushButton(tr("Run"), self)
        self.button.setProperty("kind", "primary")
        self.button.setMinimumWidth(120)
        self.button.clicked.connect(self._run_or_stop)
        self._status = QLabel("", self)
        self._status.setTextFormat(Qt.TextFormat.PlainText)
        self._status.setProperty("role", "muted")
        self._progress = QProgressBar(self)
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(tr("Progress"))
        self._progress.hide()
        self._fault = QFrame(self)
        self._fault.setProperty("role", "bar")
        self._fault.setProperty("tone", "bad")
        self._fault_words = QLabel("", self._fault)
        self._fault_words.setTextFormat(Qt.TextFormat.PlainText)
        self._fault_words.setWordWrap(True)
        self._fix = QPushButton("", self._fault)
        fault_row = QHBoxLayout(self._fault)
        fault_row.setContentsMargins(12, 8, 12, 8)
        fault_row.addWidget(self._fault_words, 1)
        fault_row.addWidget(self._fix)
        self._fault.hide()
        self._fix_run: Any = None
        self._fix.clicked.connect(self._do_fix)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.button)
        row.addWidget(self._status, 1)
        self._results = QVBoxLayout()
        self._results.setSpacing(12)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self.fields)
        column.addLayout(row)
        column.addWidget(self._progress)
        column.addWidget(self._fault)
        column.addLayout(self._results)
        column.addStretch(1)
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self._refresh)

    def show_page(self, page: Page | None) -> None:
        if page is self._page:
            self.follow()
            return
        if self._runner is not None:
            self._runner.started.disconnect(self._show_run)
            self._runner.view_changed.disconnect(self._show_run)
            self._runner.finished.disconnect(self._show_run)
            self._runner.inputs_needed.disconnect(self.fields.ask_for)
            self._runner.refused.disconnect(self._refused)
        self._page = page
        self._runner = page.parts.get("runner") if page is not None else None
        if self._runner is not None:
            self._runner.started.connect(self._show_run)
            self._runner.view_changed.connect(self._show_run)
            self._runner.finished.connect(self._show_run)
            self._runner.inputs_needed.connect(self.fields.ask_for)
            self._runner.refused.connect(self._refused)
        self.fields.set_inputs((), {})
        self.follow()
        self._show_run()

    def follow(self) -> None:
        """The flow changed: show fields and outputs that it has now."""
        if self._page is None or self._runner is None:
            return
        flow = self._page.document.flow
        history = history_input(flow)
        specs = tuple(spec for name, spec in run_inputs(self._page.document).items() if name != history)
        self.fields.set_inputs(specs, self._runner.inputs)
        if flow.kind == "dag" or flow.outputs:
            self._offer(tuple(flow.outputs.values()))

    def _offer(self, specs: tuple[FlowOutput, ...]) -> None:
        """Have a place for each of these outputs."""
        if tuple(view.spec for view in self.outputs.values()) != specs:
            for view in self.outputs.values():
                self._results.removeWidget(view)
                view.hide()
                view.deleteLater()
            self.outputs = {spec.name: OutputView(spec, self) for spec in specs}
            for view in self.outputs.values():
                self._results.addWidget(view)
                view.hide()

    def _edited(self) -> None:
        if self._runner is not None:
            self._runner.inputs = self.fields.values

    def _run_or_stop(self) -> None:
        if self._runner is None:
            return
        if self._runner.running:
            self._runner.stop()
        elif self.fields.check():
            self._edited()
            self._workspace.do("run.run")

    def _show_run(self) -> None:
        runner = self._runner
        view = runner.view if runner is not None else None
        running = view is not None and view.running
        self.button.setText(tr("Stop") if running else tr("Run"))
        self._timer.start() if running else self._timer.stop()
        self._progress.setVisible(running)
        self._fault.hide()
        if view is None or self._page is None:
            self._status.setText("")
            for output in self.outputs.values():
                output.hide()
            return
        self._refresh()
        if view.status == "completed":
            if not self._page.document.flow.outputs:
                # A flow that is one program says what it gives by giving it.
                self._offer(tuple(FlowOutput(name, "any", Constant(None)) for name in view.outputs))
            for name, output in self.outputs.items():
                if name in view.outputs:
                    output.show_value(view.outputs[name])
                output.setVisible(name in view.outputs)
        elif view.error is not None and view.status == "failed":
            found = fixes(view.error, self._page.document)
            self._show_fault(view.error.message, view.error.hint, found[0].title, found[0].run)

    def _refresh(self) -> None:
        view = self._runner.view if self._runner is not None else None
        if view is None or self._page is None:
            return
        self._status.setText(self._words(view))
        own = [node for name, node in view.nodes.items() if "/" not in name]
        self._progress.setRange(0, max(1, len(own)))
        self._progress.setValue(sum(node.ended for node in own))
        if not view.running:
            return
        for output in self.outputs.values():
            binding = output.spec.binding
            node = view.nodes.get(binding.name) if isinstance(binding, Reference) and binding.source == "node" else None
            text = node.tail(MOST_PLAIN) if node is not None and isinstance(binding, Reference) and not binding.path else ""
            if text:
                output.show_text(text)
            output.setVisible(bool(text))

    def _words(self, view: RunView) -> str:
        if self._page is None or not view.running:
            return run_words(view)
        busy = [name for name, node in view.nodes.items() if node.status == "running" and "/" not in name]
        if not busy:
            return tr("Starting...")
        return tr("Working on: {names}", names=", ".join(title_of(self._page.document, name) for name in busy[:3]))

    def _do_fix(self) -> None:
        self._fix_run(self._workspace)

    def _refused(self, error: Any) -> None:
        self._show_fault(error.message, error.hint, "", None)

    def _show_fault(self, message: str, hint: str, title: str, run: Any) -> None:
        self._fault_words.setText("\n".join(tr_data(part) for part in (message, hint) if part))
        self._fix.setText(title)
        self._fix.setVisible(bool(title))
        self._fix_run = run
        self._fault.show()


class UsePanel(QWidget):
    """The whole face: what the flow is, and its form or its chat; below, what leaves this computer."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._page: Page | None = None
        self.setProperty("role", "panel")
        self._title = QLabel("", self)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setProperty("role", "display")
        self._title.setWordWrap(True)
        self._about = QLabel("", self)
        self._about.setTextFormat(Qt.TextFormat.PlainText)
        self._about.setProperty("role", "muted")
        self._about.setWordWrap(True)
        self._privacy = QLabel("", self)
        self._privacy.setTextFormat(Qt.TextFormat.PlainText)
        self._privacy.setProperty("role", "tiny")
        self._privacy.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.form = UseForm(workspace, self)
        self.chat = ChatPanel(workspace, self, framed=False)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(_scrolled(self.form))
        self._stack.addWidget(_centred(self.chat))
        head = QWidget(self)
        head_column = QVBoxLayout(head)
        head_column.setContentsMargins(0, 24, 0, 12)
        head_column.setSpacing(8)
        head_column.addWidget(self._title)
        head_column.addWidget(self._about)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(_centred(head))
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._privacy)
        self._privacy.setContentsMargins(0, 4, 0, 8)
        workspace.page_changed.connect(self._show_page)
        self._show_page()

    def _show_page(self) -> None:
        page = self._workspace.page
        if page is not self._page and self._page is not None:
            self._page.document.changed.disconnect(self._follow)
            if (before := self._page.parts.get("runner")) is not None:
                before.privacy_changed.disconnect(self._tell_privacy)
        if page is not None and page is not self._page:
            page.document.changed.connect(self._follow)
            if (runner := page.parts.get("runner")) is not None:
                runner.privacy_changed.connect(self._tell_privacy)
        self._page = page
        self.form.show_page(page)
        self._follow()
        self._tell_privacy()

    def _follow(self, _delta: object = None) -> None:
        if self._page is None:
            return
        document = self._page.document
        self._title.setText(document.title)
        self._about.setText(" ".join(document.flow.description.split()))
        self._about.setVisible(bool(document.flow.description))
        self.form.follow()
        self._stack.setCurrentIndex(1 if chat_of(document.flow) is not None else 0)

    def _tell_privacy(self) -> None:
        runner = self._page.parts.get("runner") if self._page is not None else None
        if runner is not None:
            self._privacy.setText(runner.privacy.sentence)
            self._privacy.setToolTip(runner.privacy.details)
            shown = theme.current()
            color = shown.ok if runner.privacy.nothing else shown.muted
            self._privacy.setStyleSheet(f"color: {color.name()};")


def _centred(widget: QWidget) -> QWidget:
    """A column of a readable width in the middle."""
    holder = QWidget()
    holder.setProperty("role", "panel")
    widget.setMaximumWidth(WIDTH)
    row = QHBoxLayout(holder)
    row.setContentsMargins(24, 0, 24, 0)
    row.addStretch(1)
    row.addWidget(widget, 100)
    row.addStretch(1)
    return holder


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    holder = _centred(widget)
    holder.setContentsMargins(0, 12, 0, 24)
    area.setWidget(holder)
    return area
