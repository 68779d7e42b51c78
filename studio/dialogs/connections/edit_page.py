"""One connection: its fields, Test, Save and Delete. What the service lists is shown below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from flowloom.flows.errors import FlowloomError
from flowloom.studio.dialogs.connections import keeping
from flowloom.studio.dialogs.connections.kind_form import CustomForm, KindForm, make_form
from flowloom.studio.language import tr, tr_data
from flowloom.studio.theme.style import restyle

if TYPE_CHECKING:
    from flowloom.studio.dialogs.connections.keeping import Known
    from flowloom.studio.run.background import Background


class EditPage(QWidget):
    """``saved`` gives the connection's name, ``deleted`` the name it had."""

    saved = Signal(str)
    deleted = Signal(str)

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._known: Known | None = None
        self._keyring = True
        self.form: KindForm | CustomForm | None = None
        self.title = _label("", "title", self)
        self.where = _label("", "small", self)
        self.name = QLineEdit(self)
        self.name.setAccessibleName(tr("Name of the connection"))
        self.name.setPlaceholderText(tr("a name, as flows write it"))
        self.kind = QComboBox(self)
        self.kind.setAccessibleName(tr("Kind of service"))
        for kind, words in keeping.kinds():
            self.kind.addItem(tr_data(words), kind)
        self.kind.currentIndexChanged.connect(lambda _index: self._make_form())
        self._holder = QVBoxLayout()
        self.test_button = QPushButton(tr("Test"), self)
        self.test_button.clicked.connect(self.test)
        self.save_button = QPushButton(tr("Save"), self)
        self.save_button.setProperty("kind", "primary")
        self.save_button.clicked.connect(self.save)
        self.delete_button = QPushButton(tr("Delete"), self)
        self.delete_button.setProperty("kind", "danger")
        self.delete_button.clicked.connect(self._delete)
        self.message = _label("", "muted", self)
        self.models = QListWidget(self)
        self.models.setAccessibleName(tr("What the service offers"))
        self.models.hide()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.test_button)
        buttons.addWidget(self.delete_button)
        buttons.addStretch(1)
        buttons.addWidget(self.save_button)
        inner = QWidget(self)
        inner.setProperty("role", "panel")
        column = QVBoxLayout(inner)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(self.title)
        column.addWidget(self.where)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.name, 1)
        row.addWidget(self.kind, 1)
        column.addLayout(row)
        line = QFrame(inner)
        line.setProperty("role", "line")
        column.addWidget(line)
        column.addLayout(self._holder)
        column.addLayout(buttons)
        column.addWidget(self.message)
        column.addWidget(self.models, 1)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)

    def show_known(self, known: Known | None, keyring: bool, name: str = "") -> None:
        """Show a connection, or empty fields for a new one, named ``name`` as a start."""
        self._known, self._keyring = known, keyring
        editable = known is None or known.editable
        self.title.setText(known.entry.name if known is not None else tr("New connection"))
        places = {"keyring": tr("Kept in this computer's keyring"), "environment": tr("From environment variables")}
        where = known.entry.where if known is not None else "keyring"
        self.where.setText(places.get(where, tr("From {file}", file=where)) if known is not None or keyring else "")
        self.where.setVisible(bool(self.where.text()))
        self.name.setText(known.entry.name if known is not None else name)
        self.name.setEnabled(editable)
        self.kind.blockSignals(True)
        index = self.kind.findData(known.entry.kind if known is not None else _likely(name))
        self.kind.setCurrentIndex(max(0, index))
        self.kind.blockSignals(False)
        self.kind.setEnabled(known is None)
        self.delete_button.setVisible(known is not None and known.editable)
        self.save_button.setVisible(editable)
        self.save_button.setEnabled(keyring)
        self.models.hide()
        self._make_form()
        if known is not None and known.entry.problem:
            self._say(tr_data(known.entry.problem), "bad")
        elif not keyring and editable:
            self._say(tr("This computer has no working keyring, so nothing is stored. Keep the connection in environment variables: {name}_TYPE, {name}_API_KEY.", name=(name or "MY_CONNECTION").upper()), "warn")  # fmt: skip
        else:
            self._say("", "muted")

    def _make_form(self) -> None:
        if self.form is not None:
            self._holder.removeWidget(self.form)
            self.form.deleteLater()
            self.form = None
        known = self._known
        kind = str(self.kind.currentData())
        if known is not None and known.entry.problem:
            return
        values = known.values if known is not None else {}
        self.form = make_form(kind, values, known.secrets if known is not None else (), self)
        if known is not None and not known.editable:
            self.form.lock()
        self._holder.addWidget(self.form)

    def test(self) -> None:
        """Ask the service whether it takes these values, and what it lists."""
        if self.form is None:
            return
        name = self._known.entry.name if self._known is not None else self.name.text().strip()
        values = self.form.values if self._known is None or self._known.editable else None
        kept = self.form.kept
        self._say(tr("Asking the service..."), "muted")
        self.test_button.setEnabled(False)
        self._background.do(lambda: keeping.try_out(name, values, kept), self._works, self._fails)

    def save(self) -> None:
        """Store it in the keyring."""
        if self.form is None:
            return
        before = self._known.entry.name if self._known is not None else ""
        name, values, kept = self.name.text().strip(), self.form.values, self.form.kept
        self._background.do(lambda: keeping.keep(name, values, kept, before), lambda _none: self.saved.emit(name), self._fails)

    def _delete(self) -> None:
        known = self._known
        if known is None:
            return
        name = known.entry.name
        if self.delete_button.property("sure") != name:
            self.delete_button.setProperty("sure", name)
            self.delete_button.setText(tr("Really delete"))
            self._say(tr("Flows that use {name} will not find it any more.", name=name), "warn")
            return
        self._background.do(lambda: keeping.forget(name), lambda _none: self.deleted.emit(name), self._fails)

    def _works(self, answer: tuple[str, tuple[str, ...], str]) -> None:
        host, names, what = answer
        self.test_button.setEnabled(True)
        count = len(names)
        words = tr("Works: {host} takes this connection.", host=host)
        if count:
            words += " " + tr("It offers {count} {what}:", count=count, what=tr_data(what))
        self._say(words, "ok")
        self.models.clear()
        self.models.addItems(list(names))
        self.models.setVisible(bool(names))

    def _fails(self, error: FlowloomError) -> None:
        self.test_button.setEnabled(True)
        self.models.hide()
        self._say("\n".join(tr_data(part) for part in (error.message, error.hint) if part), "bad")

    def _say(self, words: str, role: str) -> None:
        self.message.setText(words)
        self.message.setProperty("role", role)
        restyle(self.message)
        if role != "warn" and self.delete_button.property("sure"):
            self.delete_button.setProperty("sure", "")
            self.delete_button.setText(tr("Delete"))


def _likely(name: str) -> str:
    """The kind that a connection of this name most likely has."""
    plain = name.lower().replace("_", "").replace("-", "")
    if "azure" in plain or "aoai" in plain:
        return "azure_open_ai"
    return "custom" if name and not any(part in plain for part in ("openai", "llm", "gpt")) else "open_ai"


def _label(text: str, role: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("role", role)
    return label
