"""The row at the bottom: the worker, the model, what was just done; when it was saved, tokens and cost of this session, the language."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QStatusBar, QToolButton, QWidget

from flowloom.flows.model.flow import Constant
from flowloom.studio.language import LANGUAGES, language, tr
from flowloom.studio.theme import theme
from flowloom.studio.theme.icons import pixmap

if TYPE_CHECKING:
    from flowloom.flows.engine.events import Usage
    from flowloom.studio.workspace import Page, Workspace

NOTICE_MS: Final = 8000
TICK_MS: Final = 30_000
MOST_MODELS: Final = 2


class StatusBar(QStatusBar):
    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.setContentsMargins(8, 0, 8, 0)
        self._workspace = workspace
        self._saved_at: dict[int, float] = {}
        self._state = ""
        self._page: Page | None = None
        self._worker_link: Any = None
        self._worker_mark = self._label("")
        self._worker = self._label(tr("State of what runs flows"))
        self._model_mark = self._label("")
        self._model = self._label(tr("The model in use"))
        self._notice = self._label(tr("What was just done"))
        self._notice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._saved = self._label(tr("Whether everything is saved"))
        self._usage = self._label(tr("Tokens and cost since the start"))
        for label in (self._worker_mark, self._worker, self._model_mark, self._model):
            self.addWidget(label)
        self.addWidget(self._notice, 1)
        self.addPermanentWidget(self._saved)
        self.addPermanentWidget(self._usage)
        self._language = QToolButton(self)
        self._language.setProperty("role", "small")
        self._language.setText(LANGUAGES[language()])
        self._language.setAccessibleName(tr("Language"))
        self._language.setToolTip(tr("Change the language"))
        self._language.clicked.connect(self._choose_language)
        self.addPermanentWidget(self._language)
        self._clear = QTimer(self)
        self._clear.setSingleShot(True)
        self._clear.setInterval(NOTICE_MS)
        self._clear.timeout.connect(self._notice.clear)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self.refresh)
        self._tick.start()
        workspace.notice.connect(self.say)
        workspace.page_changed.connect(self._page_changed)
        workspace.page_opened.connect(self._opened)
        for page in workspace.pages:
            self._opened(page)
        self._show_session()
        theme.themes().changed.connect(self._tint)
        self._page_changed()
        self._tint()

    def say(self, sentence: str) -> None:
        """Show a sentence for a few seconds."""
        self._notice.setText(sentence)
        self._notice.setToolTip(sentence)
        self._clear.start()

    def set_worker(self, state: str, words: str) -> None:
        """``state``: starting, ready, busy, crashed, closed or empty."""
        self._state = state
        self._worker.setText(words)
        self._tint()

    def set_model(self, words: str) -> None:
        self._model.setText(words)
        self._tint()

    def set_usage(self, words: str) -> None:
        self._usage.setText(words)

    def refresh(self) -> None:
        """Say how long ago the flow was saved."""
        page = self._workspace.page
        if page is None:
            self._saved.clear()
        elif page.document.modified:
            self._saved.setText(tr("Not saved yet"))
        elif (at := self._saved_at.get(id(page))) is not None:
            minutes = int(monotonic() - at) // 60
            words = tr("Saved {count} min ago", count=minutes) if minutes else tr("Saved just now")
            self._saved.setText(words)
        else:
            self._saved.setText(tr("Saved"))

    def _label(self, name: str) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setAccessibleName(name)
        return label

    def _page_changed(self) -> None:
        if self._page is not None:
            self._page.document.modified_changed.disconnect(self._modified)
            self._page.document.changed.disconnect(self._show_models)
        self._page = self._workspace.page
        if self._page is not None:
            self._page.document.modified_changed.connect(self._modified)
            self._page.document.changed.connect(self._show_models)
        self._show_models()
        self._follow_worker()
        self.refresh()

    def _show_models(self) -> None:
        """Who answers in the flow that is shown: models by name, with where they are."""
        nodes = self._page.document.flow.nodes.values() if self._page is not None else ()
        found: dict[str, None] = {}
        for node in nodes:
            if node.connection:
                given = next((node.inputs[key] for key in ("deployment_name", "model") if key in node.inputs), None)
                model = str(given.value) if isinstance(given, Constant) and given.value else ""
                where = (tr("this computer") if model else tr("the model on this computer")) if node.connection == "local" else node.connection
                found[" · ".join(part for part in (model, where) if part)] = None
        words = ", ".join(list(found)[:MOST_MODELS])
        self.set_model(words + ("…" if len(found) > MOST_MODELS else ""))

    def _follow_worker(self) -> None:
        """Show the state of what runs the flow that is shown, as long as nobody else says it."""
        if self._worker_link is not None:
            self._worker_link.state_changed.disconnect(self._worker_changed)
        self._worker_link = self._page.parts.get("worker") if self._page is not None else None
        if self._worker_link is not None:
            self._worker_link.state_changed.connect(self._worker_changed)
            self._worker_changed(str(self._worker_link.state))
        else:
            self.set_worker("", "")

    def _worker_changed(self, state: str) -> None:
        trust = self._page.parts.get("trust") if self._page is not None else None
        if trust is not None and not trust.trusted:
            self.set_worker("closed", tr("Restricted: nothing runs"))
            return
        words = {
            "starting": tr("Getting ready"), "ready": tr("Ready to run"), "busy": tr("Running"), "crashed": tr("Stopped; a new one starts"),
            "closed": tr("Not started"),
        }  # fmt: skip
        self.set_worker(state, words.get(state, state))
        from flowloom.studio.run.words import bounds_words

        bounds = bounds_words(self._worker_link.confinement) if self._worker_link is not None else ""
        self._worker.setToolTip(bounds)
        self._worker.setAccessibleDescription(bounds)

    def _modified(self, modified: bool) -> None:
        if self._page is not None and not modified:
            self._saved_at[id(self._page)] = monotonic()
        self.refresh()

    def _opened(self, page: Page) -> None:
        if (runner := page.parts.get("runner")) is not None:
            runner.finished.connect(self._count_runs)
        if (trust := page.parts.get("trust")) is not None:
            trust.changed.connect(self._trust_changed)

    def _count_runs(self) -> None:
        """Add what the runs that ended since took; the sum stays with the workspace, also when the window is built anew."""
        session: dict[str, Usage] = self._workspace.parts.setdefault("session", {})
        for page in self._workspace.pages:
            runner = page.parts.get("runner")
            if runner is not None and runner.last is not None and not runner.last.running:
                session[runner.last.run_id] = runner.last.usage
        self._show_session()

    def _show_session(self) -> None:
        from flowloom.studio.run.words import price_words

        session: dict[str, Usage] = self._workspace.parts.get("session", {})
        spent = [usage for usage in session.values() if usage.calls]
        if not spent:
            self.set_usage("")
            return
        whole = spent[0]
        for usage in spent[1:]:
            whole = whole + usage
        tokens = tr("{count} tokens", count=f"{whole.total_tokens:,}")
        self.set_usage(" · ".join(part for part in (tokens, price_words(whole.price, whole.total_tokens)) if part))

    def _trust_changed(self) -> None:
        if self._worker_link is not None:
            self._worker_changed(str(self._worker_link.state))

    def _choose_language(self) -> None:
        menu = QMenu(self)
        for code, name in LANGUAGES.items():
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(code == language())
            action.setData(code)
        place = self._language.mapToGlobal(self._language.rect().topLeft())
        place.setY(place.y() - menu.sizeHint().height())
        chosen = menu.exec(place)
        menu.deleteLater()
        if chosen is not None and chosen.data() != language():
            self._workspace.settings.set("language", chosen.data())

    def _tint(self) -> None:
        shown = theme.current()
        color = {"ready": shown.ok, "busy": shown.accent, "starting": shown.warn, "crashed": shown.bad}.get(self._state, shown.faint)
        name = {"ready": "check-circle", "busy": "spinner-gap", "starting": "hourglass", "crashed": "warning-circle"}.get(
            self._state, "circle"
        )
        ratio = self.devicePixelRatioF()
        if self._state:
            self._worker_mark.setPixmap(pixmap(name, color, 14, ratio))
        if self._model.text():
            self._model_mark.setPixmap(pixmap("cpu", shown.muted, 14, ratio))
        else:
            self._model_mark.clear()
