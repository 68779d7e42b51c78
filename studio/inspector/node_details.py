"""The quieter parts of a node's form: its name and note, its last run, its help, and the text the flow file has of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from flowloom.flows.model.edits import ClearNodeKey, RenameNode, SetNodeKey
from flowloom.flows.node.spec import NodeSpec, Port, Ports
from flowloom.studio.editors.code_editor import CodeEditor
from flowloom.studio.inspector.controls import Combo, NameEdit, label
from flowloom.studio.inspector.sources import type_title
from flowloom.studio.inspector.value_fields import GrowingText
from flowloom.studio.language import tr, tr_data

if TYPE_CHECKING:
    from flowloom.studio.document.flow_document import FlowDocument
    from flowloom.studio.run.run_view import NodeView
    from flowloom.studio.workspace import Page

_MOST: Final = 3000
"""Characters of an output that are shown here; the Data pane has all."""


class Details(QWidget):
    """Name, note, file and form of asking of a node."""

    def __init__(self, page: Page, name: str) -> None:
        super().__init__()
        self._page, self._document, self._name = page, page.document, name
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(4)
        self.name = NameEdit(tr("Name in the flow"), name)
        self.name.named.connect(self._rename)
        self.note = GrowingText(least=2, most=6)
        self.note.setAccessibleName(tr("Note"))
        self.note.setPlaceholderText(tr("Why this step is here"))
        self.note.edited.connect(self._describe)
        self.path = NameEdit(tr("File"))
        self.path.named.connect(self._move)
        self.api = Combo(tr("How the model is asked"))
        self.api.addItems([tr("as a chat"), tr("to complete a text")])
        self.api.activated.connect(lambda index: self._set("api", ("chat", "completion")[index]))
        self._api_title = label(tr("How the model is asked"), "small")
        self._path_title = label(tr("File"), "small")
        self.kind = label("", "tiny", wrap=True)
        for title, widget in (
            (label(tr("Name in the flow, which references use"), "small"), self.name),
            (label(tr("Note"), "small"), self.note),
            (self._path_title, self.path),
            (self._api_title, self.api),
        ):
            self._box.addWidget(title)
            self._box.addWidget(widget)
            self._box.addSpacing(8)
        self._box.addWidget(self.kind)

    def refresh(self) -> None:
        node = self._document.node(self._name)
        if node is None:
            return
        self.name.set_name(self._name)
        self.note.set_text(node.comment)
        self.path.set_name(node.source.path or "")
        for widget in (self.path, self._path_title):
            widget.setVisible(node.source.path is not None)
        is_model = node.type == "llm" and node.source.type == "code"
        for widget in (self.api, self._api_title):
            widget.setVisible(is_model)
        self.api.setCurrentIndex(1 if node.api == "completion" else 0)
        spec = self._document.spec(self._name)
        words = tr_data(spec.title) if spec else tr("Not installed")
        tool = node.source.tool or (spec.id if spec else node.type)
        self.kind.setText(f"{words} · {tool}" + (f" · {spec.package}" if spec and spec.package != "flowloom" else ""))
        for widget in (self.name, self.note, self.path, self.api):
            widget.setEnabled(self._document.editable)

    def _variant(self) -> str | None:
        node = self._document.node(self._name)
        return str(node.variant) if node is not None and node.variant is not None else None

    def _rename(self, name: str) -> None:
        if not name or not self._document.apply(RenameNode(self._name, name)):
            self.name.setText(self._name)
        else:
            self._page.scene.select([name])

    def _describe(self, text: str) -> None:
        merge = f"note:{self._name}"
        if text:
            self._document.apply(SetNodeKey(self._name, ("comment",), text, self._variant()), merge=merge)
        else:
            self._document.apply(ClearNodeKey(self._name, ("comment",), self._variant()), merge=merge)

    def _move(self, path: str) -> None:
        if path:
            self._set("source.path", path)

    def _set(self, key: str, value: Any) -> None:
        self._document.apply(SetNodeKey(self._name, tuple(key.split(".")), value, self._variant()))


class LastRun(QWidget):
    """What the run that is shown did in this node, in short."""

    def __init__(self) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        self.words = label("", "small", wrap=True)
        self.fault = label("", "bad", wrap=True)
        self.output = GrowingText(most=10)
        self.output.setReadOnly(True)
        self.output.setAccessibleName(tr("Output of the last run"))
        for widget in (self.words, self.fault, self.output):
            box.addWidget(widget)

    def show_node(self, view: NodeView) -> tuple[str, str]:
        """Shows it, and gives the words for the closed section with the role of their colour."""
        parts = [_status(view)]
        if view.seconds is not None:
            parts.append(tr("{seconds} s", seconds=f"{view.seconds:.1f}" if view.seconds >= 0.05 else f"{view.seconds:.2f}"))
        tokens = view.usage.total_tokens if view.usage is not None else None
        if tokens:
            parts.append(tr("{count} tokens", count=f"{tokens:,}"))
        self.words.setText(" · ".join([*parts, *([tr_data(view.why)] if view.why else [])]))
        fault = view.error
        self.fault.setText(" ".join(part for part in (tr_data(fault.message), tr_data(fault.hint)) if part) if fault else "")
        self.fault.setVisible(fault is not None)
        text = _text(view.shown)
        self.output.set_text(text)
        self.output.setVisible(bool(text))
        role = {"completed": "ok", "failed": "bad"}.get(view.status, "muted")
        return (parts[-1] if len(parts) > 1 else parts[0]), role


def _status(view: NodeView) -> str:
    if view.cached:
        return tr("from cache")
    return {
        "waiting": tr("waiting"), "running": tr("running"), "completed": tr("done"), "failed": tr("failed"),
        "bypassed": tr("left out"), "cancelled": tr("stopped"),
    }[view.status]  # fmt: skip


def _text(value: Any) -> str:
    if value is None:
        return ""
    from flowloom.studio.editors.json_editor import as_json

    text = value if isinstance(value, str) else as_json(value)
    return text if len(text) <= _MOST else f"{text[:_MOST]}…"


class Help(QWidget):
    """What a node type does, what it takes and what it gives."""

    linked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(4)
        self._shown: tuple[Any, ...] = ()

    def show_spec(self, spec: NodeSpec | None, ports: Ports | None) -> None:
        if self._shown == (spec, ports):
            return
        self._shown = (spec, ports)
        while (item := self._box.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        if spec is None:
            self._say(tr("This node type is not installed here. Everything written for it is kept."), "muted")
            return
        for paragraph in spec.help.split("\n\n"):
            self._say(tr_data(" ".join(paragraph.split())))
        known = ports or spec.ports
        self._list(tr("It takes"), [port for port in known.inputs.values() if port.description])
        self._list(tr("It gives"), [port for port in known.outputs.values() if port.description])

    def _list(self, title: str, ports: list[Port]) -> None:
        if ports:
            self._say(title, "section")
        for port in ports:
            kind = type_title(port.type)
            self._say(f"{port.name}{f' ({kind})' if kind else ''}: {tr_data(port.description)}", "small")

    def _say(self, text: str, role: str = "") -> None:
        made = label(text, role, wrap=True)
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._box.addWidget(made)


class YamlView(QWidget):
    """The lines of the flow file that speak of a node, to read and copy."""

    def __init__(self) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        self.text = CodeEditor()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(tr("The node as the flow file has it"))
        box.addWidget(self.text)

    def show_node(self, document: FlowDocument, name: str) -> None:
        self.text.set_text(node_text(document, name))


def node_text(document: FlowDocument, name: str) -> str:
    """The lines of the flow file where a node's body stands, without their common indent."""
    path = document.built.paths.get(name)  # pyright: ignore[reportArgumentType, reportCallIssue]
    location = document.file.location(path) if path is not None else None
    if location is None:
        return ""
    import textwrap

    text = document.file.text
    begin = text.rfind("\n", 0, location.start) + 1
    return textwrap.dedent(text[begin : location.end]).strip("\n")
