"""Any value of a run, in the way that suits it: text, Markdown, a tree, a table, a picture, a sound, a model call. All of it can be copied."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QDir, QSaveFile, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from flowloom.flows.errors import FlowloomError
from flowloom.studio.language import tr, tr_data
from flowloom.studio.run.background import Background
from flowloom.studio.theme import theme
from flowloom.studio.theme.icons import icon
from flowloom.studio.views.audio_view import AudioView
from flowloom.studio.views.conversation import ConversationView
from flowloom.studio.views.held import held
from flowloom.studio.views.image_view import ImageView
from flowloom.studio.views.json_tree import JsonTree
from flowloom.studio.views.kinds import Kind, as_text, beginning, kinds_of, media_of, parsed, plain_words
from flowloom.studio.views.markdown_view import MarkdownView
from flowloom.studio.views.safe_text import beginning_of
from flowloom.studio.views.table_view import RowsView
from flowloom.studio.views.text_view import TextView

Calls = Sequence[tuple[Mapping[str, Any], Mapping[str, Any] | None]]

_NOTHING: Final = object()
_ORDER: Final[tuple[Kind, ...]] = ("messages", "markdown", "table", "image", "audio", "tree", "text", "raw")
_ENDINGS: Final = {"markdown": ".md", "text": ".txt", "tree": ".json", "table": ".json", "messages": ".json", "raw": ".json"}


def kind_words(kind: Kind) -> str:
    """What a way of showing a value is called."""
    words = {
        "text": tr("Text"),
        "markdown": tr("Markdown"),
        "tree": tr("Tree"),
        "table": tr("Table"),
        "image": tr("Picture"),
        "audio": tr("Sound"),
        "messages": tr("Messages"),
        "raw": tr("Raw"),
    }
    return words[kind]


def size_words(value: Any) -> str:
    """How large a value is, in words."""
    unit, count = plain_words(value)
    if unit == "characters":
        return tr("{count} characters", count=f"{count:,}") if count != 1 else tr("1 character")
    if unit == "items":
        return tr("{count} items", count=f"{count:,}") if count != 1 else tr("1 item")
    if unit == "fields":
        return tr("{count} fields", count=f"{count:,}") if count != 1 else tr("1 field")
    return f"{count / 1024:,.0f} KB" if unit == "bytes" else ""


class ValueView(QWidget):
    """The way a person chose stays chosen for the next values it suits."""

    shown = Signal(str)
    """The kind that is now in sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value: Any = _NOTHING
        self._calls: Calls | None = None
        self._kinds: tuple[Kind, ...] = ()
        self._kind: Kind = "text"
        self._wanted: Kind | None = None
        self._views: dict[Kind, QWidget] = {}
        self._group = QButtonGroup(self)
        self._segments = QFrame(self)
        self._segments.setProperty("role", "segments")
        self._segments_row = QHBoxLayout(self._segments)
        self._segments_row.setContentsMargins(1, 1, 1, 1)
        self._segments_row.setSpacing(0)
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setProperty("role", "small")
        self._copy = self._button(tr("Copy"), self.copy)
        self._save = self._button(tr("Save as …"), self._save_all)
        self._all = QPushButton(tr("Load all of it"), self)
        self._all.setProperty("kind", "link")
        self._all.clicked.connect(self.load)
        self._loading = Background(self)
        self._load: Callable[[], Any] | None = None
        self._missing = ""
        self._head = QWidget(self)
        head = QHBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(8)
        head.addWidget(self._segments)
        head.addWidget(self._words)
        head.addWidget(self._all)
        head.addStretch(1)
        head.addWidget(self._copy)
        head.addWidget(self._save)
        self._message = QLabel(self)
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.setProperty("role", "muted")
        self._message.setWordWrap(True)
        self._message.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._message)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._head)
        layout.addWidget(self._stack, 1)
        theme.themes().changed.connect(self._tint)
        self._tint()
        self.show_nothing("")

    @property
    def kind(self) -> Kind:
        """The way the value is shown now."""
        return self._kind

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The ways it can be shown."""
        return self._kinds

    @property
    def current_view(self) -> QWidget:
        """What shows the value, or says why there is none."""
        return self._stack.currentWidget() or self._message

    def show_value(self, value: Any, *, kind_hint: str = "") -> None:
        """Show a value of a run. ``kind_hint`` is a kind to begin with, unless a person has chosen another."""
        found = held(value)
        self._loading.forget()
        self._load, self._missing = found.load, found.words
        value = found.value
        if value is None:
            self.show_nothing(tr("There is no value."))
        elif value == "":
            self.show_nothing(tr("It is an empty text."))
        else:
            self._value, self._calls = value, None
            self._offer(kinds_of(value, kind_hint), self._missing or size_words(value))

    def show_exchange(self, calls: Calls) -> None:
        """Show model calls: messages and reply together, or raw as they were sent."""
        self._load, self._missing = None, ""
        self._value, self._calls = [{"request": request, "reply": reply} for request, reply in calls], calls
        words = tr("{count} calls", count=len(calls)) if len(calls) != 1 else ""
        self._offer(("messages", "tree", "raw"), words)

    def show_nothing(self, words: str) -> None:
        """Say in the place of a value why there is none."""
        self._value, self._calls, self._kinds, self._load = _NOTHING, None, (), None
        self._head.hide()
        self._message.setText(words)
        self._stack.setCurrentWidget(self._message)

    def choose(self, kind: Kind) -> None:
        """Show the value in this way from now on, wherever it is possible."""
        self._wanted = kind
        self._show(kind)

    def load(self) -> None:
        """Read the rest of a value that was too large to come along, and show it."""
        if self._load is not None:
            self._words.setText(tr("Reading …"))
            self._loading.do(self._load, self.show_value, self._could_not)

    def _could_not(self, error: FlowloomError) -> None:
        self._words.setText(tr_data(error.message))

    def copy(self) -> None:
        """Copy all of the value: a picture as a picture, all else as text."""
        if self._value is _NOTHING:
            return
        if self._load is not None:
            self._words.setText(tr("Reading …"))
            self._loading.do(self._load, self._copy_loaded, self._could_not)
            return
        view = self._views.get("image")
        image = view.image if self._kind == "image" and isinstance(view, ImageView) else None
        if image is not None:
            QGuiApplication.clipboard().setImage(image)
        else:
            QGuiApplication.clipboard().setText(as_text(self._value))

    def _copy_loaded(self, value: Any) -> None:
        self.show_value(value)
        self.copy()

    def save(self) -> None:
        """Ask for a file and write the value into it."""
        name, data = self.file_of()
        chosen, _ = QFileDialog.getSaveFileName(self.window(), tr("Save as"), str(Path(QDir.homePath()) / name))
        if chosen:
            self.write(chosen, data)

    def file_of(self) -> tuple[str, bytes]:
        """A name and the bytes for a file of the value."""
        media = media_of(self._value)
        if media is not None:
            return f"{tr('value')}.{media.subtype.partition('+')[0] or 'bin'}", media.data
        return f"{tr('value')}{_ENDINGS.get(self._kind, '.txt')}", as_text(self._value).encode("utf-8", "replace")

    def write(self, path: str, data: bytes) -> None:
        """Write a file whole or not at all, and say where that fails."""
        file = QSaveFile(path)
        if not (file.open(QSaveFile.OpenModeFlag.WriteOnly) and file.write(data) == len(data) and file.commit()):
            self._words.setText(tr("It could not be saved: {reason}", reason=file.errorString()))

    # How it is shown

    def _offer(self, kinds: tuple[Kind, ...], words: str) -> None:
        self._words.setText(words)
        self._all.setVisible(self._load is not None)
        self._head.show()
        if kinds != self._kinds:
            self._kinds = kinds
            self._make_segments()
        self._show(self._wanted if self._wanted is not None and self._wanted in kinds else kinds[0])

    def _make_segments(self) -> None:
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._segments_row.removeWidget(button)
            button.hide()
            button.deleteLater()
        for kind in _ORDER:
            if kind not in self._kinds:
                continue
            button = QPushButton(kind_words(kind), self._segments)
            button.setProperty("kind", "segment")
            button.setCheckable(True)
            button.setAccessibleName(tr("Show as: {kind}", kind=kind_words(kind)))
            button.clicked.connect(partial(self._chosen, kind))
            button.setProperty("shows", kind)
            self._group.addButton(button)
            self._segments_row.addWidget(button)
        self._segments.setVisible(len(self._kinds) > 1)

    def _chosen(self, kind: Kind, _checked: bool = False) -> None:
        self.choose(kind)

    def _show(self, kind: Kind) -> None:
        self._kind = kind
        for button in self._group.buttons():
            button.setChecked(button.property("shows") == kind)
        if kind not in self._views:
            self._views[kind] = made = _MAKERS[kind](self)
            self._stack.addWidget(made)
        self._fill(self._views[kind])
        self._stack.setCurrentWidget(self._views[kind])
        self.shown.emit(kind)

    def _fill(self, view: QWidget) -> None:
        value = self._value
        if isinstance(view, ConversationView):
            view.show_calls(self._calls or ())
        elif isinstance(view, TextView):
            text, is_whole = beginning(value)
            view.show_text(text, is_whole=is_whole)
        elif isinstance(view, MarkdownView):
            view.set_markdown(value)
            if len(beginning_of(value)) < len(value):
                self._words.setText(tr("Only the beginning is shown; 'Text' has it all."))
        elif isinstance(view, JsonTree):
            view.show_value(parsed(value) if isinstance(value, str) else value)
        elif isinstance(view, RowsView):
            view.show_value(value)
        elif (media := media_of(value)) is not None:
            if isinstance(view, ImageView):
                view.show_picture(media.data)
            elif isinstance(view, AudioView):
                view.show_sound(media)

    def _save_all(self) -> None:
        if self._load is None:
            self.save()
        else:
            self._loading.do(self._load, self._save_loaded, self._could_not)

    def _save_loaded(self, value: Any) -> None:
        self.show_value(value)
        self.save()

    def _button(self, words: str, act: Callable[[], None]) -> QToolButton:
        button = QToolButton(self)
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.clicked.connect(act)
        return button

    def _tint(self) -> None:
        shown = theme.current()
        self._copy.setIcon(icon("copy", shown.muted))
        self._save.setIcon(icon("download-simple", shown.muted))


_MAKERS: Final[dict[Kind, Callable[[QWidget], QWidget]]] = {
    "text": TextView,
    "markdown": MarkdownView,
    "tree": JsonTree,
    "table": RowsView,
    "image": ImageView,
    "audio": AudioView,
    "messages": ConversationView,
    "raw": lambda parent: TextView(parent, code=True),
}
