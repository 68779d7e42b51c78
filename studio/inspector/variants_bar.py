"""The variants of a node as tabs: A, B, and one more for the asking."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from flowloom.flows.model.flow import Variants
from flowloom.studio.inspector.controls import Combo, IconButton, NameEdit, label
from flowloom.studio.language import tr

_MOST_TABS: Final = 5
"""More variants than these are a list to choose from."""
_NUMBERED = re.compile(r"variant_(\d+)")


class VariantsBar(QFrame):
    """Emits what a person asks for; the form makes the edits. Ids are those of the flow, tabs show letters for numbered ones."""

    chosen = Signal(str)
    add_asked = Signal()
    renamed = Signal(str, str)
    described = Signal(str, str)
    default_asked = Signal(str)
    delete_asked = Signal(str)
    keep_asked = Signal(str)
    """Go on without variants, with this one."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "segments")
        self.setAccessibleName(tr("Variants"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(2, 2, 2, 2)
        self._row.setSpacing(2)
        self._group = QButtonGroup(self)
        self._buttons: list[VariantTab] = []
        self._variants: Variants | None = None
        self._current = ""
        self.add = IconButton("plus", tr("Add a variant to compare with"), self.add_asked.emit, size=24)
        self.more = IconButton("dots-three", tr("Name, description and default of the variant"), self.open_details, size=24)
        self.list = Combo(tr("Variant"))
        self.list.setMinimumWidth(120)
        self.list.activated.connect(lambda index: self.chosen.emit(self.list.itemData(index)))
        self.list.hide()
        self._row.addWidget(self.list)
        self._row.addWidget(self.add)
        self._row.addWidget(self.more)
        self.details: VariantDetails | None = None

    def show_variants(self, variants: Variants | None, current: str) -> None:
        """The variants and the id of the one that is looked at; a node without any shows as its own A."""
        ids = [str(id) for id in variants.choices] if variants else [""]
        self._variants, self._current = variants, current if variants else ""
        if [tab.id for tab in self._buttons] != ids:
            for tab in self._buttons:
                self._group.removeButton(tab)
                tab.deleteLater()
            self._buttons = [VariantTab(id) for id in ids]
            for place, tab in enumerate(self._buttons):
                self._group.addButton(tab)
                self._row.insertWidget(place, tab)
                tab.clicked.connect(lambda _checked=False, tab=tab: self.chosen.emit(tab.id))
                tab.details_asked.connect(self._details_of)
        letters = _letters(ids)
        many = len(ids) > _MOST_TABS
        self.list.clear()
        for id in ids if many else ():
            self.list.addItem(letters[id], id)
        self.list.setCurrentIndex(self.list.findData(self._current))
        self.list.setVisible(many)
        for tab in self._buttons:
            tab.setVisible(not many)
            tab.setChecked(tab.id == self._current)
            description = variants.choices[tab.id].description if variants else ""  # pyright: ignore[reportArgumentType]
            tab.show_variant(letters[tab.id], variants is not None and tab.id == str(variants.default), description)
        self.more.setVisible(variants is not None)

    def tabs(self) -> list[VariantTab]:
        return list(self._buttons)

    def _details_of(self, id: str) -> None:
        if self._variants is not None:
            self.chosen.emit(id)
            self.open_details()

    def open_details(self) -> None:
        """Show name, description and what else can be done with the variant that is looked at."""
        if self._variants is None:
            return
        variant = self._variants.choices[self._current]  # pyright: ignore[reportArgumentType]
        details = VariantDetails(self, self._current, variant.description, is_default=self._current == str(self._variants.default))
        details.renamed.connect(lambda name: self.renamed.emit(self._current, name))
        details.described.connect(lambda text: self.described.emit(self._current, text))
        details.default.clicked.connect(lambda: (details.close(), self.default_asked.emit(self._current)))
        details.delete.clicked.connect(lambda: (details.close(), self.delete_asked.emit(self._current)))
        details.keep.clicked.connect(lambda: (details.close(), self.keep_asked.emit(self._current)))
        self.details = details
        details.destroyed.connect(self._closed)
        details.adjustSize()
        details.move(self.mapToGlobal(QPoint(0, self.height() + 4)))
        details.show()
        details.name.setFocus(Qt.FocusReason.PopupFocusReason)

    def _closed(self) -> None:
        self.details = None


class VariantTab(QPushButton):
    details_asked = Signal(str)

    def __init__(self, id: str) -> None:
        super().__init__()
        self.id = id
        self.setProperty("kind", "segment")
        self.setCheckable(True)
        self.setMinimumWidth(30)
        self.setStyleSheet("padding: 0 8px;")

    def show_variant(self, letter: str, is_default: bool, description: str) -> None:
        self.setText(f"{letter} ●" if is_default and self.id else letter)
        words = tr("Variant {name}", name=self.id or letter)
        parts = [words, description, tr("runs by default") if is_default and self.id else ""]
        self.setAccessibleName(", ".join(part for part in parts if part))
        self.setToolTip("\n".join(part for part in parts if part))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.details_asked.emit(self.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() == Qt.Key.Key_F2:
            self.details_asked.emit(self.id)
        else:
            super().keyPressEvent(event)


class VariantDetails(QFrame):
    """A small card: name and description of a variant, and what can be done with it."""

    renamed = Signal(str)
    described = Signal(str)

    def __init__(self, parent: QWidget, id: str, description: str, *, is_default: bool) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("role", "float")
        self.setMinimumWidth(260)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 12, 12, 12)
        box.setSpacing(8)
        self.name = NameEdit(tr("Name of the variant"), id)
        self.name.named.connect(self._rename)
        self.description = QLineEdit(description)
        self.description.setAccessibleName(tr("What is different in this variant"))
        self.description.setPlaceholderText(tr("What is different?"))
        self.description.textEdited.connect(self.described)
        self.default = _choice(tr("Run this one by default"))
        self.delete = _choice(tr("Delete this variant"), "danger")
        self.keep = _choice(tr("Keep only this one"))
        self.default.setEnabled(not is_default)
        self.delete.setEnabled(not is_default)
        self.delete.setToolTip(tr("Make another variant the default first.") if is_default else "")
        for title, widget in ((tr("Name"), self.name), (tr("Description"), self.description)):
            box.addWidget(label(title, "small"))
            box.addWidget(widget)
        for button in (self.default, self.keep, self.delete):
            box.addWidget(button)

    def _rename(self, name: str) -> None:
        self.renamed.emit(name)
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)


def _choice(words: str, kind: str = "") -> QPushButton:
    made = QPushButton(words)
    made.setAutoDefault(False)
    if kind:
        made.setProperty("kind", kind)
    return made


def _letters(ids: list[str]) -> Mapping[str, str]:
    """``variant_0 variant_1`` -> A, B; other ids stay, in short."""
    found: dict[str, str] = {}
    for id in ids:
        match = _NUMBERED.fullmatch(id)
        if not id:
            found[id] = "A"
        elif match and int(match.group(1)) < 26:
            found[id] = chr(ord("A") + int(match.group(1)))
        else:
            found[id] = id if len(id) <= 14 else f"{id[:13]}…"
    return found
