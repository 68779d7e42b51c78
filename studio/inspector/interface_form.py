"""The forms of what the flow takes and what it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QPushButton, QVBoxLayout, QWidget

from flowloom.flows.document.layout import OUTPUTS_ID
from flowloom.flows.model.edits import (
    AddFlowInput,
    AddFlowOutput,
    ClearFlowKey,
    DeleteFlowInput,
    DeleteFlowOutput,
    Edit,
    Group,
    RenameFlowInput,
    RenameFlowOutput,
    SetFlowKey,
    free_name,
)
from flowloom.flows.model.flow import MISSING, Constant, FlowInput, FlowOutput, Reference
from flowloom.flows.model.types import FLOW_TYPES, SPECIAL_TYPES
from flowloom.flows.node.spec import Port
from flowloom.studio.canvas.cards import PortRef
from flowloom.studio.inspector.controls import Combo, IconButton, NameEdit, label, row, titled
from flowloom.studio.inspector.input_row import WireBox, make_field
from flowloom.studio.inspector.rows import Row, widget_for
from flowloom.studio.inspector.source_picker import Act, SourcePicker
from flowloom.studio.inspector.sources import Offer, last_value, offers, reference_title, run_of, short, type_title
from flowloom.studio.inspector.value_fields import ValueField
from flowloom.studio.language import tr

if TYPE_CHECKING:
    from flowloom.studio.workspace import Page

Section = Literal["inputs", "outputs"]

_ROLES: Final = ("", "is_chat_input", "is_chat_history")


class InterfaceForm(QWidget):
    """Every input, or output, of the flow as a card of fields."""

    shown = Signal(object)

    def __init__(self, page: Page, section: Section) -> None:
        super().__init__()
        self._page, self._document, self._section = page, page.document, section
        self.cards: dict[str, _Card] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(12)
        self.none = label(
            tr("This flow takes nothing yet. Add what a person should fill in.")
            if section == "inputs"
            else tr("This flow gives nothing yet. Add what a person should get."),
            "muted",
            wrap=True,
        )
        self.add = QPushButton(tr("Add an input") if section == "inputs" else tr("Add an output"))
        self.add.clicked.connect(self._add)
        self._box.addWidget(self.none)
        self._box.addWidget(self.add)
        self.refresh()

    def refresh(self) -> None:
        """Show them as they are now; a card that stays keeps its widgets."""
        flow = self._document.flow
        specs = flow.inputs if self._section == "inputs" else flow.outputs
        for name in [name for name, card in self.cards.items() if name not in specs or card.key != _key(specs[name])]:
            card = self.cards.pop(name)
            self._box.removeWidget(card)
            card.hide()
            card.deleteLater()
        for place, (name, spec) in enumerate(specs.items()):
            card = self.cards.get(name)
            if card is None:
                card = self.cards[name] = _InputCard(self._page, spec) if isinstance(spec, FlowInput) else _OutputCard(self._page, spec)
                card.asked.connect(self._document.apply)
                card.typed.connect(lambda edit, merge: self._document.apply(edit, merge=merge))
                card.renamed.connect(self._renamed)
            if self._box.indexOf(card) != place:
                self._box.insertWidget(place, card)
            card.show_spec(spec)  # pyright: ignore[reportArgumentType]
            card.setEnabled(self._document.editable)
        self.none.setVisible(not specs)
        self.add.setVisible(self._document.editable)

    def refresh_run(self) -> None:
        self.refresh()

    def _add(self) -> None:
        flow = self._document.flow
        if self._section == "inputs":
            name = free_name("question" if not flow.inputs else "input", flow.inputs)
            done = self._document.apply(AddFlowInput(name))
        else:
            name = free_name("answer" if not flow.outputs else "output", flow.outputs)
            done = self._document.apply(AddFlowOutput(name, _likely_source(self._page)))
        if done and name in self.cards:
            self._lead_to(name)

    def _renamed(self, _old: str, new: str) -> None:
        if new in self.cards:
            self._lead_to(new)

    def _lead_to(self, name: str) -> None:
        card = self.cards[name]
        card.name.setFocus(Qt.FocusReason.OtherFocusReason)
        card.name.selectAll()
        self.shown.emit(card)

    def show_place(self, field: str, _line: int) -> bool:
        if field in self.cards:
            self._lead_to(field)
        return field in self.cards

    def focus_first(self) -> None:
        first = next(iter(self.cards.values()), None)
        (first.name if first is not None else self.add).setFocus(Qt.FocusReason.OtherFocusReason)


def _talks(page: Page) -> bool:
    """Whether the flow is a chat, or has parts of one: only then roles in a chat mean something."""
    flow = page.document.flow
    inputs, outputs = flow.inputs.values(), flow.outputs.values()
    marked = any(spec.is_chat_input or spec.is_chat_history for spec in inputs) or any(spec.is_chat_output for spec in outputs)
    return flow.type == "chat" or marked


def _key(spec: FlowInput | FlowOutput) -> tuple[Any, ...]:
    if isinstance(spec, FlowInput):
        return ("input", spec.name, spec.type, spec.enum)
    return ("output", spec.name, isinstance(spec.binding, Reference))


def _likely_source(page: Page) -> Any:
    """The output of the last node, which most flows give."""
    nodes = list(page.document.flow.nodes)
    return Reference("node", nodes[-1]) if nodes else ""


class _Card(QFrame):
    """One input or output. ``asked`` carries an edit, ``typed`` an edit with the key under which several are one step."""

    asked = Signal(object)
    typed = Signal(object, str)
    renamed = Signal(str, str)

    def __init__(self, page: Page, name: str, section: Section) -> None:
        super().__init__()
        self.page, self.section, self.spec_name = page, section, name
        self.setProperty("role", "card")
        self.key: tuple[Any, ...] = ()
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(12, 8, 12, 12)
        self.box.setSpacing(8)
        head = row(spacing=4)
        what = tr("Name of the input") if section == "inputs" else tr("Name of the output")
        self.name = NameEdit(what, name)
        self.name.named.connect(self._rename)
        words = tr("Delete the input {name}", name=name) if section == "inputs" else tr("Delete the output {name}", name=name)
        self.delete = IconButton("trash", words, self._delete, size=28)
        head.addWidget(self.name, 1)
        head.addWidget(self.delete)
        self.box.addLayout(head)
        self.type = Combo(tr("Type of {name}", name=name))
        self.types = list(FLOW_TYPES)
        for type_name in self.types:
            self.type.addItem(type_title(type_name), type_name)
        self.type.activated.connect(lambda index: self._set("type", self.type.itemData(index)))
        self.description = QLineEdit()
        self.description.setAccessibleName(tr("Description of {name}", name=name))
        self.description.setPlaceholderText(tr("Help for the person who fills it in") if section == "inputs" else tr("What this is"))
        self.description.textEdited.connect(self._describe)

    def field(self, title: str, widget: QWidget) -> QWidget:
        """Add a widget below its title. Returns both as one."""
        made = titled(title, widget)
        self.box.addWidget(made)
        return made

    def show_spec(self, spec: Any) -> None:
        self.key = _key(spec)
        self.name.set_name(spec.name)
        index = self.type.findData(spec.type)
        if index < 0:
            self.type.addItem(type_title(spec.type), spec.type)
            index = self.type.count() - 1
        self.type.setCurrentIndex(index)
        if self.description.text() != spec.description:
            self.description.setText(spec.description)

    def _rename(self, name: str) -> None:
        kind = RenameFlowInput if self.section == "inputs" else RenameFlowOutput
        document, old = self.page.document, self.spec_name
        if not name or not document.apply(kind(old, name)):
            self.name.setText(old)
        else:
            self.renamed.emit(old, name)

    def _delete(self) -> None:
        self.asked.emit((DeleteFlowInput if self.section == "inputs" else DeleteFlowOutput)(self.spec_name))

    def _set(self, key: str, value: Any) -> None:
        self.asked.emit(SetFlowKey((self.section, self.spec_name, key), value))

    def _describe(self, text: str) -> None:
        path = (self.section, self.spec_name, "description")
        self.typed.emit(SetFlowKey(path, text) if text else ClearFlowKey(path), f"describe:{self.section}:{self.spec_name}")


class _InputCard(_Card):
    def __init__(self, page: Page, spec: FlowInput) -> None:
        super().__init__(page, spec.name, "inputs")
        if spec.type in SPECIAL_TYPES and spec.type not in self.types:
            self.type.addItem(type_title(spec.type), spec.type)
        self.field(tr("Type"), self.type)
        port = Port(spec.name, spec.type, required=False, choices=spec.enum)
        title = tr("Value of {name} where none is given", name=spec.name)
        made = Row(("inputs", spec.name), port, title, widget_for(port, Constant(spec.default) if not spec.required else None), "input")
        self.default: ValueField = make_field(made, page.document.root)
        _placeholder(self.default, tr("none: a person must fill it in"))
        self.default.edited.connect(self._give)
        self.field(tr("Value where none is given"), self.default)
        self.field(tr("Description"), self.description)
        self.role = Combo(tr("Role of {name} in a chat", name=spec.name))
        for words in (tr("none"), tr("the person's message"), tr("the conversation so far")):
            self.role.addItem(words)
        self.role.activated.connect(self._chat)
        self.role_field = self.field(tr("Role in a chat"), self.role)
        self._spec = spec

    def show_spec(self, spec: FlowInput) -> None:
        super().show_spec(spec)
        self._spec = spec
        self.default.set_value(MISSING if spec.required else spec.default)
        self.role_field.setVisible(_talks(self.page))
        self.role.setCurrentIndex(1 if spec.is_chat_input else 2 if spec.is_chat_history else 0)

    def _give(self, value: Any) -> None:
        path = ("inputs", self.spec_name, "default")
        merge = f"default:{self.spec_name}"
        if value is not MISSING:
            self.typed.emit(SetFlowKey(path, Constant(value)), merge)
        elif self._spec.default is not MISSING:
            self.typed.emit(ClearFlowKey(path), merge)

    def _chat(self, choice: int) -> None:
        edits: list[Edit] = []
        for name, spec in self.page.document.flow.inputs.items():
            for key in _ROLES[1:]:
                has = spec.is_chat_input if key == "is_chat_input" else spec.is_chat_history
                wanted = name == self.spec_name and key == _ROLES[choice]
                if wanted and not has:
                    edits.append(SetFlowKey(("inputs", name, key), True))
                elif has and not wanted and (name == self.spec_name or key == _ROLES[choice]):
                    edits.append(ClearFlowKey(("inputs", name, key)))
        if edits:
            self.asked.emit(Group(tr("Set the role of {name}", name=self.spec_name), tuple(edits)))


class _OutputCard(_Card):
    def __init__(self, page: Page, spec: FlowOutput) -> None:
        super().__init__(page, spec.name, "outputs")
        self.wire = WireBox(spec.name)
        self.wire.chip.clicked.connect(self._pick)
        self.wire.cut.hide()
        self.field(tr("Takes its value from"), self.wire)
        self.field(tr("Type"), self.type)
        self.field(tr("Description"), self.description)
        self.role = Combo(tr("Role of {name} in a chat", name=spec.name))
        for words in (tr("none"), tr("the answer")):
            self.role.addItem(words)
        self.role.activated.connect(self._chat)
        self.role_field = self.field(tr("Role in a chat"), self.role)
        self.picker: SourcePicker | None = None

    def show_spec(self, spec: FlowOutput) -> None:
        super().show_spec(spec)
        document = self.page.document
        if isinstance(spec.binding, Reference):
            value = short(last_value(document, run_of(self.page), spec.binding))
            self.wire.show_source(spec.name, reference_title(document, spec.binding), value)
        else:
            self.wire.show_source(spec.name, short(spec.binding.value) or tr("Choose a value…"), "")
        self.role_field.setVisible(_talks(self.page))
        self.role.setCurrentIndex(1 if spec.is_chat_output else 0)

    def _pick(self) -> None:
        target = PortRef(OUTPUTS_ID, "in", self.spec_name)
        found = offers(self.page.document, target, run_of(self.page), self.page.scene.cards)
        self.picker = SourcePicker(self, self.spec_name, found)

        def picked(choice: Offer | Act) -> None:
            if isinstance(choice, Offer):
                self.asked.emit(SetFlowKey(("outputs", self.spec_name, "reference"), choice.reference))

        self.picker.picked.connect(picked)
        self.picker.open_below(self.wire)

    def _chat(self, choice: int) -> None:
        edits: list[Edit] = []
        for name, spec in self.page.document.flow.outputs.items():
            wanted = name == self.spec_name and choice == 1
            if wanted and not spec.is_chat_output:
                edits.append(SetFlowKey(("outputs", name, "is_chat_output"), True))
            elif spec.is_chat_output and not wanted and (choice == 1 or name == self.spec_name):
                edits.append(ClearFlowKey(("outputs", name, "is_chat_output")))
        if edits:
            self.asked.emit(Group(tr("Set the role of {name}", name=self.spec_name), tuple(edits)))


def _placeholder(field: ValueField, words: str) -> None:
    setter = getattr(field.main(), "setPlaceholderText", None)
    if setter is not None:
        setter(words)
