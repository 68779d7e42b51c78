"""The form of one node: what it asks, what it takes, its prompt or code, and how it behaves."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from flowloom.flows.model.edits import ClearInput, ClearNodeKey, Edit, SetInput, SetNodeKey, SetText
from flowloom.flows.model.flow import MISSING, Constant, Node, Reference
from flowloom.flows.node.spec import Ports
from flowloom.studio.document import wiring
from flowloom.studio.inspector.behaviour import Behaviour, summary
from flowloom.studio.inspector.controls import Section, label
from flowloom.studio.inspector.input_row import InputRow
from flowloom.studio.inspector.node_details import Details, Help, LastRun, YamlView
from flowloom.studio.inspector.node_problems import sorted_by_field
from flowloom.studio.inspector.node_source import NodeSource
from flowloom.studio.inspector.pick_fields import PickField
from flowloom.studio.inspector.picking import namesake, pick_condition, pick_input, variant_of
from flowloom.studio.inspector.row_list import RowList, settings_summary
from flowloom.studio.inspector.rows import Row, node_rows
from flowloom.studio.inspector.source_picker import SourcePicker
from flowloom.studio.inspector.sources import Offer, last_value, reference_title, run_of, short
from flowloom.studio.inspector.suggestions import LOCAL, Suggestions
from flowloom.studio.language import tr, tr_data

if TYPE_CHECKING:
    from flowloom.flows.model.problem import Problem
    from flowloom.studio.workspace import Page


_BEHAVIOUR: Final = ("activate", "when", "is", "retry", "timeout_seconds", "aggregation", "enable_cache", "cache")
_DETAILS: Final = ("name", "api", "comment", "type", "module", "provider")


class NodeForm(QWidget):
    """Shows the node as the document has it, and asks the document for edits. Rows that stay keep their widgets, and the keyboard."""

    command_asked = Signal(str)
    """Carry out the command of this id."""
    shown = Signal(object)
    """A widget that should be scrolled to."""

    def __init__(self, page: Page, name: str, suggestions: Suggestions) -> None:
        super().__init__()
        self._page, self._document, self._suggestions = page, page.document, suggestions
        self.name = name
        self.rows: dict[tuple[str, ...], InputRow] = {}
        self.picker: SourcePicker | None = None
        self._ports: Ports | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        self.fault = label("", "bad", wrap=True)
        self._main = RowList()
        self._settings = RowList()
        self.add = QPushButton(tr("Add an input"))
        self.add.setProperty("kind", "link")
        self.add.clicked.connect(self._begin_input)
        self.new_name = QLineEdit()
        self.new_name.setPlaceholderText(tr("Name of the input, then Enter"))
        self.new_name.setAccessibleName(tr("Name of the new input"))
        self.new_name.returnPressed.connect(self._add_input)
        self.new_name.editingFinished.connect(self._end_input)
        self.new_name.hide()
        self.more = Section("settings", tr("Settings"))
        self._more = RowList()
        self.more.add(self._more)
        self.more.shown.connect(self._open_apart)
        self._apart: list[Row] = []
        self.source = NodeSource(page, name)
        self.behaviour = Behaviour()
        self.behaviour.set_key.connect(self._set_key)
        self.behaviour.clear_key.connect(self._clear_key)
        self.behaviour.when_asked.connect(self._pick_when)
        self.when = Section("behaviour", tr("Only when, retry, cache"))
        self.when.add(self.behaviour)
        self.last = LastRun()
        self.last_run = Section("last_run", tr("Last run"))
        self.last_run.add(self.last)
        self.details = Details(page, name)
        self.details_section = Section("details", tr("Name, note and file"))
        self.details_section.add(self.details)
        self.help = Help()
        self.help_section = Section("help", tr("Help"))
        self.help_section.add(self.help)
        self.yaml = YamlView()
        self.yaml_section = Section("yaml", tr("As text (YAML)"))
        self.yaml_section.add(self.yaml)
        self.yaml_section.shown.connect(self._show_yaml)
        for widget in (self.fault, self._main, self.add, self.new_name, self._settings, self.source):
            box.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft if widget is self.add else Qt.AlignmentFlag(0))
        sections = QVBoxLayout()
        sections.setSpacing(0)
        for section in (self.more, self.when, self.last_run, self.details_section, self.help_section, self.yaml_section):
            sections.addWidget(section)
        box.addLayout(sections)
        suggestions.changed.connect(self._suggest)
        self.refresh()

    # Showing

    @property
    def node(self) -> Node | None:
        return self._document.node(self.name)

    @property
    def variant(self) -> str | None:
        """The variant edits act on."""
        node = self.node
        return variant_of(node) if node is not None else None

    def refresh(self) -> None:
        """Show the node as it is now."""
        node = self.node
        if node is None:
            return
        spec, fault = self._document.spec(self.name), self._document.fault(self.name)
        self._ports = self._document.ports(self.name)
        if fault is not None and (self._ports is not None or (fault.file and posixpath.normpath(fault.file) == self.source.path)):
            fault = None  # the editor says it, on its line
        words = (fault.message, fault.hint) if fault is not None else ()
        self.fault.setText(" ".join(tr_data(part) for part in words if part))
        self.fault.setVisible(bool(self.fault.text()))
        rows = node_rows(node, self._ports, spec)
        self._fill(self._main, [row for row in rows if row.group in ("model", "input")])
        apart = any(row.group == "more" for row in rows)
        settings = [row for row in rows if row.group == "setting"]
        self._fill(self._settings, [] if apart else settings)
        self._apart = [row for row in rows if row.group in ("setting", "more")] if apart else []
        self._fill_apart()
        self.more.setVisible(apart)
        self.more.set_summary(settings_summary(settings))
        named = self._ports is not None and self._ports.accepts_named
        self.add.setVisible(named and self.new_name.isHidden() and self._document.editable)
        self._suggest()
        self._offer_wires(rows)
        self.source.refresh(self._valued(rows))
        self.source.setVisible(self.source.shows)
        when = node.activate.when if node.activate else None
        self.behaviour.show_node(node, reference_title(self._document, when) if isinstance(when, Reference) else "")
        self.when.set_summary(summary(node))
        self.details.refresh()
        self.help.show_spec(spec, self._ports)
        self.refresh_run()
        self._show_yaml()

    def refresh_run(self) -> None:
        """Show what the run that is looked at did here."""
        run = run_of(self._page)
        view = run.nodes.get(self.name) if run is not None else None
        self.last_run.setVisible(view is not None)
        if view is not None:
            words, role = self.last.show_node(view)
            self.last_run.set_summary(words, role)
        for row in self.rows.values():
            self._show_row(row, row.row)
        self.source.refresh_run()

    def _fill(self, group: RowList, rows: list[Row]) -> None:
        group.fill(rows, self._make)
        for widget, row in zip(group.shown(), rows, strict=True):
            self._show_row(widget, row)

    def _fill_apart(self) -> None:
        """Rows in the section that opens are made when it does: there are many, and most people never need them."""
        self._fill(self._more, self._apart if self.more.is_open() else [])
        self.rows = {row.row.path: row for group in (self._main, self._settings, self._more) for row in group.shown()}

    def _open_apart(self) -> None:
        self._fill_apart()
        self._suggest()

    def _make(self, row: Row) -> InputRow:
        made = InputRow(row, self._document.root)
        made.changed.connect(self._give)
        made.pick_asked.connect(self._pick)
        made.cut.connect(self._cut)
        made.removed.connect(self._remove)
        made.quick_taken.connect(self._wire)
        made.opened.connect(self._look_up)
        made.setup_asked.connect(self._set_up)
        made.setEnabled(self._document.editable)
        return made

    def show_problems(self, problems: Sequence[Problem]) -> list[Problem]:
        """Say beside each field what is wrong with it. Returns the problems that no field or editor here speaks of."""
        own = [problem for problem in problems if not (problem.file == self.source.path and problem.field == "source")]
        beside, left = sorted_by_field(own, self.rows)
        for path, row in self.rows.items():
            found = beside.get(path, [])
            severity = "error" if any(problem.severity == "error" for problem in found) else "warning"
            row.complain("\n".join(f"{tr_data(problem.message)} {tr_data(problem.fix)}".rstrip() for problem in found), severity)
        return left

    def _show_row(self, widget: InputRow, row: Row) -> None:
        if isinstance(row.binding, Reference):
            value = short(last_value(self._document, run_of(self._page), row.binding))
            widget.show_row(row, reference_title(self._document, row.binding), value)
        else:
            widget.show_row(row)

    def _valued(self, rows: list[Row]) -> list[str]:
        return [row.name for row in rows if row.group == "input" and row.binding is not None]

    def _offer_wires(self, rows: Iterable[Row]) -> None:
        """Beside an empty input, the value upstream that bears its name."""
        document = self._document
        for row in rows:
            widget = self.rows.get(row.path)
            if widget is None:
                continue
            offer = None
            if row.group == "input" and row.binding is None and row.is_input and document.editable:
                offer = namesake(document, self.name, row.name)
            widget.offer(offer)

    # Editing

    def apply(self, edit: Edit, merge: str = "") -> bool:
        return self._document.apply(edit, merge=merge)

    def _give(self, row: Row, value: Any) -> None:
        field = self.rows[row.path].field
        merge = f"set:{self.name}:{'.'.join(row.path)}:{field.chapter if field is not None else 0}"
        if value is MISSING:
            if row.binding is not None:
                self._clear(row, merge)
        elif row.is_input:
            self.apply(SetInput(self.name, row.name, Constant(value), self.variant), merge)
        else:
            self.apply(SetNodeKey(self.name, row.path, value, self.variant), merge)

    def _clear(self, row: Row, merge: str = "") -> None:
        if row.is_input and row.removable and merge:
            self.apply(SetInput(self.name, row.name, "", self.variant), merge)
            return
        clear = ClearInput(self.name, row.name, self.variant) if row.is_input else ClearNodeKey(self.name, row.path, self.variant)
        self.apply(clear, merge)

    def _cut(self, row: Row) -> None:
        self._clear(row)
        self._focus(row.path)

    def _remove(self, row: Row) -> None:
        if row.binding is not None:
            self.apply(ClearInput(self.name, row.name, self.variant))

    def _wire(self, row: Row, offer: Offer) -> None:
        self.apply(SetInput(self.name, row.name, offer.reference, self.variant))
        self._focus(row.path)

    def _set_key(self, path: tuple[str, ...], value: Any) -> None:
        self.apply(SetNodeKey(self.name, path, value, self.variant), f"set:{self.name}:{'.'.join(path)}")

    def _clear_key(self, path: tuple[str, ...]) -> None:
        if self._has_key(path):
            self.apply(ClearNodeKey(self.name, path, self.variant), f"set:{self.name}:{'.'.join(path)}")

    def _has_key(self, path: tuple[str, ...]) -> bool:
        value: Any = self._document.file.data
        for part in (*self._document.built.paths.get(self.name, ()), *path):  # pyright: ignore[reportArgumentType, reportCallIssue]
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                return False
        return True

    def _begin_input(self) -> None:
        self.add.hide()
        self.new_name.clear()
        self.new_name.show()
        self.new_name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add_input(self) -> None:
        """A further input; a prompt speaks of it at once."""
        name = self.new_name.text().strip()
        node = self.node
        self.new_name.clear()
        self._end_input()
        if not name or node is None:
            return
        if name not in node.inputs and (self._ports is None or name not in self._ports.inputs):
            variables = wiring.variable_edits(self._document, self.name, name)
            if variables and isinstance(variables[0], SetText):
                self.apply(variables[0])
            else:
                self.apply(SetInput(self.name, name, "", self.variant))
        self._focus(("inputs", name))

    def _end_input(self) -> None:
        if not self.new_name.isHidden() and not self.new_name.text():
            self.new_name.hide()
            self.add.show()

    # Picking

    def _pick(self, row: Row, below: QWidget) -> None:
        node = self.node

        def take(edit: Edit | None) -> None:
            if edit is None:
                self._clear(row)
            else:
                self.apply(edit)
            self._focus(row.path)

        if node is not None:
            self.picker = pick_input(self._page, node, row, below, take)

    def _pick_when(self, below: QWidget) -> None:
        node = self.node

        def take(edit: Edit | None) -> None:
            if edit is not None and self.apply(edit):
                self.behaviour.value.line.setFocus(Qt.FocusReason.OtherFocusReason)

        if node is not None:
            self.picker = pick_condition(self._page, node, below, take)

    def _focus(self, path: tuple[str, ...]) -> None:
        widget = self.rows.get(path)
        if widget is not None:
            widget.main().setFocus(Qt.FocusReason.OtherFocusReason)
            self.shown.emit(widget)

    # Connections and models

    def _look_up(self, widget: InputRow) -> None:
        if widget.row.widget == "connection":
            self._suggestions.look_for_connections()
        else:
            self._suggestions.look_for_models(self._connection(), self._page)

    def _set_up(self) -> None:
        self.command_asked.emit("run.connections")

    def _connection(self) -> str:
        node = self.node
        if node is None:
            return ""
        binding = node.inputs.get("connection")
        return node.connection or (str(binding.value) if isinstance(binding, Constant) and binding.value else "")

    def _suggest(self) -> None:
        for widget in self.rows.values():
            field = widget.field
            if not isinstance(field, PickField):
                continue
            if widget.row.widget == "connection":
                field.set_choices(self._suggestions.connections(self._document, widget.row.port.connection_kinds))
            else:
                field.set_choices(self._suggestions.models(self._connection(), self._document))
                local = self._connection() == LOCAL
                field.line.setPlaceholderText(tr("the model on this computer") if local else tr("Name of the model"))

    # Places

    def show_place(self, field: str, line: int) -> bool:
        """Lead to a field by its name, or to a line of the file it shows; False where there is no such thing here."""
        if line and field and field != self.source.path:
            self.source.look_at(field)
        if line and (field == self.source.path or not field):
            self.source.go_to(line)
            self.shown.emit(self.source)
            return True
        if any(row.name == field for row in self._apart):
            self.more.set_open(True)
        path = next((path for path in self.rows if path[-1] == field), None)
        if path is not None:
            self._focus(path)
            return True
        if field == "source":
            self.source.go_to(line or 1)
            self.shown.emit(self.source)
            return True
        if field not in _BEHAVIOUR and field not in _DETAILS:
            return False
        section = self.when if field in _BEHAVIOUR else self.details_section
        section.set_open(True)
        self.shown.emit(section)
        return True

    def focus_first(self) -> None:
        """Give the keyboard to the first field."""
        first = next(iter(self.rows.values()), None)
        if first is not None:
            first.main().setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_yaml(self) -> None:
        if self.yaml_section.is_open():
            self.yaml.show_node(self._document, self.name)
