"""The form of the flow itself: shown while nothing is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from flowloom.flows.model.edits import ClearFlowKey, SetFlowKey
from flowloom.flows.node.spec import Port
from flowloom.studio.editors.json_editor import EMPTY, JsonEditor
from flowloom.studio.inspector.controls import Combo, Section, label, titled
from flowloom.studio.inspector.value_fields import GrowingText
from flowloom.studio.language import tr

if TYPE_CHECKING:
    from flowloom.studio.workspace import Page

_TYPES: Final = ("standard", "chat", "evaluation")
_FORMATS: Final = ("basic", "openai-vision")
_ENVIRONMENT: Final = Port("environment_variables", "object", required=False)


class FlowForm(QWidget):
    shown = Signal(object)

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page, self._document = page, page.document
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        self.name = QLineEdit()
        self.name.setAccessibleName(tr("Name of the flow"))
        self.name.textEdited.connect(lambda text: self._text("display_name", text))
        self.description = GrowingText(least=3, most=10)
        self.description.setAccessibleName(tr("Description of the flow"))
        self.description.setPlaceholderText(tr("What it does, for whom"))
        self.description.edited.connect(lambda text: self._text("description", text))
        self.type = Combo(tr("Kind of flow"))
        for words in (tr("a form: values in, values out"), tr("a chat"), tr("an evaluation of results")):
            self.type.addItem(words)
        self.type.activated.connect(lambda index: self._text("type", _TYPES[index]))
        for title, widget in ((tr("Name"), self.name), (tr("Description"), self.description), (tr("Kind"), self.type)):
            box.addWidget(titled(title, widget))
        self.numbers = label("", "small", wrap=True)
        box.addWidget(self.numbers)
        self.more = Section("flow_more", tr("Settings for engineers"))
        self.format = Combo(tr("How images are written"))
        self.format.addItems([tr("prompt flow's own form"), tr("as in OpenAI's messages")])
        self.format.activated.connect(lambda index: self._text("message_format", _FORMATS[index]))
        self.environment = JsonEditor()
        self.environment.setAccessibleName(tr("Environment variables, as JSON"))
        self.environment.setPlaceholderText('{"NAME": "value"}')
        self.environment.value_changed.connect(lambda value: self._object("environment_variables", value))
        self.includes = GrowingText(least=1, most=6)
        self.includes.setAccessibleName(tr("Files from outside the folder, one a line"))
        self.includes.setPlaceholderText("../shared/helper.py")
        self.includes.edited.connect(self._include)
        self.tags = JsonEditor()
        self.tags.setAccessibleName(tr("Tags, as JSON"))
        self.tags.setPlaceholderText('{"team": "support"}')
        self.tags.value_changed.connect(lambda value: self._object("tags", value))
        for title, widget in (
            (tr("How images are written"), self.format),
            (tr("Environment variables"), self.environment),
            (tr("Files from outside the folder"), self.includes),
            (tr("Tags"), self.tags),
        ):
            self.more.add(titled(title, widget))
        box.addWidget(self.more)
        self.refresh()

    def refresh(self) -> None:
        flow = self._document.flow
        if self.name.text() != flow.display_name:
            self.name.setText(flow.display_name)
        self.name.setPlaceholderText(self._document.root.name)
        self.description.set_text(flow.description)
        self.type.setCurrentIndex(_TYPES.index(flow.type))
        self.numbers.setText(
            tr("Steps: {steps} · inputs: {inputs} · outputs: {outputs}", steps=len(flow.nodes), inputs=len(flow.inputs), outputs=len(flow.outputs))
        )
        self.format.setCurrentIndex(_FORMATS.index(flow.message_format))
        self.environment.show_value(dict(flow.environment_variables) or EMPTY)
        self.tags.show_value(dict(flow.tags) or EMPTY)
        wanted = "\n".join(flow.additional_includes)
        if [line for line in self.includes.text().split("\n") if line.strip()] != list(flow.additional_includes):
            self.includes.set_text(wanted)
        self.setEnabled(self._document.editable)

    def refresh_run(self) -> None:
        """Nothing here depends on runs."""

    def _text(self, key: str, text: str) -> None:
        self._write(key, text or None)

    def _object(self, key: str, value: Any) -> None:
        if value is EMPTY or isinstance(value, dict):
            self._write(key, None if value is EMPTY or not value else value)

    def _include(self, text: str) -> None:
        self._write("additional_includes", [line.strip() for line in text.split("\n") if line.strip()] or None)

    def _write(self, key: str, value: Any) -> None:
        if value is not None:
            self._document.apply(SetFlowKey((key,), value), merge=f"flow:{key}")
        elif key in self._document.file.data:
            self._document.apply(ClearFlowKey((key,)), merge=f"flow:{key}")

    def show_place(self, field: str, _line: int) -> bool:
        widget = {"name": self.name, "display_name": self.name, "description": self.description, "type": self.type}.get(field)
        if widget is None and field in ("environment_variables", "additional_includes", "tags", "message_format"):
            self.more.set_open(True)
            widget = {"environment_variables": self.environment, "additional_includes": self.includes, "tags": self.tags}.get(field, self.format)
        if widget is not None:
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
            self.shown.emit(widget)
        return widget is not None

    def focus_first(self) -> None:
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
