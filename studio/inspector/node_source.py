"""The prompt or code of a node in its form: the editor, its variants, the messages it becomes."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from flowloom.flows.errors import FlowloomError
from flowloom.flows.model.edits import (
    DeleteVariant,
    DropVariants,
    Edit,
    Group,
    RenameVariant,
    SetDefaultVariant,
    SetInput,
    SetText,
    SetVariantDescription,
)
from flowloom.flows.model.flow import Constant, Node, Reference
from flowloom.studio.canvas.cards import PortRef
from flowloom.studio.document import wiring
from flowloom.studio.editors.completion import Completion
from flowloom.studio.inspector.messages_view import Message, content_text, read_messages
from flowloom.studio.inspector.source_editor import Kind, SourceEditor
from flowloom.studio.inspector.source_text import source_text
from flowloom.studio.inspector.sources import last_value, reference_title, run_of, waiting_for
from flowloom.studio.inspector.variant_edits import new_variant
from flowloom.studio.inspector.variants_bar import VariantsBar
from flowloom.studio.language import tr, tr_data

if TYPE_CHECKING:
    from flowloom.studio.workspace import Page


class NodeSource(QWidget):
    """``refresh`` shows the node as it is; a node without prompt or code shows only its variants, where it has any."""

    expand_asked = Signal(object)

    def __init__(self, page: Page, name: str) -> None:
        super().__init__()
        self._page, self._document, self._name = page, page.document, name
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self.view: SourceEditor | None = None
        self.variants = VariantsBar()
        self._own_bar = self.variants
        self._box.addWidget(self._own_bar, 0, Qt.AlignmentFlag.AlignLeft)
        self._hear(self._own_bar)
        self._asked = 0
        self._shown_messages: tuple[Any, ...] | None = None

    @property
    def path(self) -> str:
        node = self._document.node(self._name)
        return posixpath.normpath(node.source.path) if node is not None and node.source.path else ""

    @property
    def shows(self) -> bool:
        return self.view is not None or not self._own_bar.isHidden()

    def _hear(self, bar: VariantsBar) -> None:
        bar.chosen.connect(self._choose)
        bar.add_asked.connect(self._add)
        bar.renamed.connect(lambda old, new: self._rename(old, new))
        bar.described.connect(lambda id, text: self._apply(SetVariantDescription(self._name, id, text), f"describe:{self._name}:{id}"))
        bar.default_asked.connect(lambda id: self._apply(SetDefaultVariant(self._name, id)))
        bar.delete_asked.connect(self._delete)
        bar.keep_asked.connect(lambda id: self._apply(DropVariants(self._name, id)))

    def _apply(self, edit: Edit, merge: str = "") -> bool:
        return self._document.apply(edit, merge=merge)

    # Showing

    def refresh(self, valued: Sequence[str]) -> None:
        """``valued`` are the inputs that have a value or a wire."""
        node = self._document.node(self._name)
        if node is None:
            return
        self._make_view(_kind(node), node)
        variants = self._document.flow.variants.get(node.name)
        bar = self.view.variants if self.view is not None else self._own_bar
        bar.show_variants(variants, str(node.variant or ""))
        bar.setEnabled(self._document.editable)
        self._own_bar.setVisible(self.view is None and variants is not None)
        if self.view is None or node.source.path is None:
            return
        source = source_text(self._document, node.source.path)
        self.view.show_text(source.path, source.text)
        self.view.editor.setPlaceholderText(source.note)
        self.view.editor.setReadOnly(not (self._document.editable and source.editable))
        if self.view.kind == "prompt":
            self.view.set_known(valued, self._completions(node), chat=node.type == "llm" and (node.api or "chat") == "chat")
            if self.view.shows_messages:
                self._show_messages()

    def _make_view(self, kind: Kind | None, node: Node) -> None:
        if kind is None or node.source.path is None:
            if self.view is not None:
                self.view.deleteLater()
                self.view = None
            return
        if self.view is not None and self.view.kind == kind:
            return
        if self.view is not None:
            self.view.deleteLater()
        view = self.view = SourceEditor(kind, node.source.path)
        view.changed.connect(self._changed)
        view.messages_asked.connect(self._show_messages)
        view.expand_asked.connect(lambda: self.expand_asked.emit(self))
        view.editor.undo_asked.connect(self._document.undo_stack.undo)
        view.editor.redo_asked.connect(self._document.undo_stack.redo)
        view.editor.completed.connect(self._completed)
        self._hear(view.variants)
        self._box.addWidget(view)
        source = source_text(self._document, node.source.path)
        view.show_text(source.path, source.text)
        view.check()

    def _changed(self, path: str, text: str, merge: str) -> None:
        self._apply(SetText(path, text), merge)

    def _completions(self, node: Node) -> list[Completion]:
        """Values upstream that a prompt may speak of, under the names they would have as inputs."""
        found: list[Completion] = []
        document = self._document
        for source in self._sources():
            name = wiring.name_for(source)
            if name.isidentifier() and name not in node.inputs:
                reference = wiring.reference(document, source)
                found.append(Completion(name, tr("from {source}", source=reference_title(document, reference)), reference))
        return found

    def _sources(self) -> list[PortRef]:
        document = self._document
        found = [PortRef("@inputs", "out", name) for name in document.flow.inputs]
        after = waiting_for(document, self._name)
        for other in document.flow.nodes:
            ports = document.ports(other)
            if other != self._name and other not in after and ports is not None:
                found += [PortRef(other, "out", port) for port in ports.outputs]
        return found

    def _completed(self, offer: Completion) -> None:
        """A completed name that stands for a value upstream is wired to it at once."""
        node = self._document.node(self._name)
        if isinstance(offer.key, Reference) and node is not None and offer.text not in node.inputs:
            variant = str(node.variant) if node.variant is not None else None
            self._apply(Group(tr("Use {name} in the prompt", name=offer.text), (SetInput(self._name, offer.text, offer.key, variant),)))

    def look_at(self, path: str) -> None:
        """Show the variant whose prompt or code is that file, where there is one."""
        variants = self._document.flow.variants.get(self._name)  # pyright: ignore[reportArgumentType, reportCallIssue]
        for id, variant in variants.choices.items() if variants is not None else ():
            if variant.node.source.path and posixpath.normpath(variant.node.source.path) == path:
                self._choose(str(id))

    def go_to(self, line: int) -> None:
        if self.view is not None:
            self.view.prompt_tab.setChecked(True)
            self.view.editor.go_to(line)

    # Messages

    def refresh_run(self) -> None:
        if self.view is not None and self.view.shows_messages:
            self._show_messages()

    def _show_messages(self) -> None:
        """Fill the prompt in with the values of the last run: by the worker, else as the last run sent it."""
        node = self._document.node(self._name)
        if node is None or self.view is None:
            return
        run = run_of(self._page)
        values = {
            name: binding.value if isinstance(binding, Constant) else last_value(self._document, run, binding)
            for name, binding in node.inputs.items()
        }
        inputs = {name: value for name, value in values.items() if value is not None}
        key = (self._document.text(self.path), repr(inputs), id(run), run.status if run is not None else "")
        if key == self._shown_messages:
            return
        self._shown_messages = key
        self._asked += 1
        number = self._asked
        link, trust = self._page.parts.get("worker"), self._page.parts.get("trust")
        if link is None or (trust is not None and trust.state != "trusted"):
            self._show_sent(number, tr("Trust this folder to see the prompt filled in."))
            return
        from flowloom.flows.worker.protocol import RunRequest

        document = self._document
        request = RunRequest(
            root=str(document.root), file=document.name, overlay=dict(document.changed_files), inputs=inputs,
            variants=dict(document.chosen), node=self._name,
        )  # fmt: skip
        link.ask("preview", request, lambda answer, error: self._take(number, answer, error))

    def _take(self, number: int, answer: Any, error: FlowloomError | None) -> None:
        if not isValid(self) or number != self._asked or self.view is None:
            return
        run = run_of(self._page)
        note = tr("With the values of the last run.") if run is not None else tr("Run the flow to see it with real values; what has none yet is empty.")
        reply = self._reply()
        messages = [*read_messages(answer), *([Message(tr("reply"), reply)] if reply else [])]
        fault = " ".join(tr_data(part) for part in (error.message, error.hint) if part) if error is not None else ""
        self.view.messages.show_messages(messages, note=note, fault=fault)

    def _show_sent(self, number: int, otherwise: str) -> None:
        if self.view is None:
            return
        run = run_of(self._page)
        node = run.nodes.get(self._name) if run is not None else None
        if node is not None and node.exchanges:
            request, _answer = node.exchanges[-1]
            reply = self._reply()
            messages = [*read_messages(dict(request)), *([Message(tr("reply"), reply)] if reply else [])]
            self.view.messages.show_messages(messages, note=tr("As they were sent in the last run."))
        else:
            self.view.messages.show_messages((), note=otherwise)

    def _reply(self) -> str:
        run = run_of(self._page)
        node = run.nodes.get(self._name) if run is not None else None
        shown = node.shown if node is not None else None
        return content_text(shown) if shown not in (None, "") else ""

    # Variants

    def _choose(self, id: str) -> None:
        node = self._document.node(self._name)
        if id and node is not None and str(node.variant or "") != id:
            self._document.choose_variant(self._name, id)

    def _add(self) -> None:
        id, edit = new_variant(self._document, self._name)
        if self._apply(edit):
            self._document.choose_variant(self._name, id)

    def _rename(self, old: str, new: str) -> None:
        looked_at = self._document.chosen.get(self._name) == old
        if self._apply(RenameVariant(self._name, old, new)) and looked_at:
            self._document.choose_variant(self._name, new)

    def _delete(self, id: str) -> None:
        variants = self._document.flow.variants.get(self._name)  # pyright: ignore[reportArgumentType, reportCallIssue]
        if variants is not None and str(variants.default) != id:
            self._document.choose_variant(self._name, str(variants.default))
            self._apply(DeleteVariant(self._name, id))


def _kind(node: Node) -> Kind | None:
    """What the file of a node is; None where it has none that is edited here."""
    if not node.source.path:
        return None
    if node.source.path.endswith(".py"):
        return "python"
    return "prompt" if node.type in ("llm", "prompt", "custom_llm") else None
