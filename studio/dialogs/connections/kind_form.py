"""The fields of one connection. A secret that is stored is never shown again: its field stays empty, and left empty keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from flowloom.flows.connections import registry
from flowloom.studio.language import tr, tr_data

if TYPE_CHECKING:
    from collections.abc import Mapping


def _line(secret: bool, stored: bool, name: str, parent: QWidget) -> QLineEdit:
    edit = QLineEdit(parent)
    edit.setAccessibleName(name)
    if secret:
        edit.setEchoMode(QLineEdit.EchoMode.Password)
        edit.setPlaceholderText(tr("stored; leave empty to keep it") if stored else "")
    return edit


def _words(key: str) -> str:
    """A key as people read it: ``API key`` for ``api_key``."""
    words = key.replace("_", " ")
    words = " ".join({"api": "API", "url": "URL", "id": "ID"}.get(word, word) for word in words.split())
    return words[:1].upper() + words[1:]


class KindForm(QWidget):
    """``values`` are what is typed, ``kept`` the stored secrets whose fields were left empty."""

    changed = Signal()

    def __init__(self, kind: str, values: Mapping[str, Any], secrets: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self._stored = secrets
        self.fields: dict[str, QLineEdit] = {}
        self._secret: set[str] = set()
        cls = registry.kind_class(kind)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(8)
        form.setHorizontalSpacing(16)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for key, setting in cls.settings().items():
            edit = _line(setting.secret, key in secrets, key, self)
            if setting.secret:
                self._secret.add(key)
            else:
                edit.setText(str(values.get(key) or setting.default or ""))
                edit.setPlaceholderText(tr_data(setting.help) if setting.help else "https://" if setting.url else "")
            edit.setToolTip(tr_data(setting.help))
            edit.textChanged.connect(self.changed)
            self.fields[key] = edit
            words = tr_data(_words(key))
            label = QLabel(f"{words} *" if setting.required else words, self)
            label.setToolTip(key)
            label.setBuddy(edit)
            form.addRow(label, edit)

    def lock(self) -> None:
        """What is kept elsewhere can be looked at, not changed."""
        self.setEnabled(False)
        for key in self._stored:
            self.fields[key].setPlaceholderText(tr("set; never shown"))

    @property
    def values(self) -> dict[str, Any]:
        typed = {key: edit.text().strip() for key, edit in self.fields.items()}
        return {"type": self.kind, **{key: value for key, value in typed.items() if value}}

    @property
    def kept(self) -> tuple[str, ...]:
        return tuple(key for key in self._stored if key in self.fields and not self.fields[key].text().strip())

    def focus_first(self) -> None:
        empty = next((edit for edit in self.fields.values() if not edit.text()), next(iter(self.fields.values()), None))
        if empty is not None:
            empty.setFocus()


class CustomForm(QWidget):
    """A connection of any keys: a row each, with a tick for those that are secret."""

    changed = Signal()

    def __init__(self, values: Mapping[str, Any], secrets: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = "custom"
        self._stored = secrets
        self.rows: list[tuple[QLineEdit, QLineEdit, QCheckBox]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.add_button = QPushButton(tr("Add a key"), self)
        self.add_button.setProperty("kind", "link")
        self.add_button.clicked.connect(lambda: self.add_row())
        self._column.addWidget(self.add_button)
        for key, value in values.items():
            self.add_row(key, str(value))
        for key in secrets:
            self.add_row(key, "", secret=True)
        if not self.rows:
            self.add_row()

    def add_row(self, key: str = "", value: str = "", *, secret: bool = False) -> None:
        name = QLineEdit(key, self)
        name.setPlaceholderText(tr("key"))
        name.setAccessibleName(tr("Key"))
        edit = _line(secret, secret and bool(key), key or tr("Value"), self)
        edit.setText(value)
        tick = QCheckBox(tr("secret"), self)
        tick.setChecked(secret)
        tick.toggled.connect(lambda on: edit.setEchoMode(QLineEdit.EchoMode.Password if on else QLineEdit.EchoMode.Normal))
        if secret:
            tick.setEnabled(False)  # what is stored as a secret cannot be made to be shown
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(name, 2)
        row.addWidget(edit, 3)
        row.addWidget(tick)
        self._column.insertLayout(len(self.rows), row)
        self.rows.append((name, edit, tick))
        for widget in (name, edit):
            widget.textChanged.connect(self.changed)
        tick.toggled.connect(self.changed)

    def lock(self) -> None:
        """What is kept elsewhere can be looked at, not changed."""
        self.setEnabled(False)
        for _name, edit, tick in self.rows:
            if tick.isChecked():
                edit.setPlaceholderText(tr("set; never shown"))

    @property
    def values(self) -> dict[str, Any]:
        configs: dict[str, str] = {}
        secrets: dict[str, str] = {}
        for name, edit, tick in self.rows:
            key, value = name.text().strip(), edit.text()
            if key and value:
                (secrets if tick.isChecked() or registry.looks_secret(key) else configs)[key] = value
        return {"type": "custom", "configs": configs, "secrets": secrets}

    @property
    def kept(self) -> tuple[str, ...]:
        empty = {name.text().strip() for name, edit, _tick in self.rows if not edit.text()}
        return tuple(key for key in self._stored if key in empty)

    def focus_first(self) -> None:
        self.rows[0][0].setFocus()


def make_form(kind: str, values: Mapping[str, Any], secrets: tuple[str, ...], parent: QWidget) -> KindForm | CustomForm:
    """The form of a kind. Raises ConnectionFault for one that is not installed."""
    return CustomForm(values, secrets, parent) if kind == "custom" else KindForm(kind, values, secrets, parent)
