"""The branches of a switch, by keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from flowloom.flows.model.edits import AddNode
from flowloom.flows.model.flow import Constant
from flowloom.flows.node.spec import Port
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.inspector.branches_field import BranchesField, is_branches
from flowloom.studio.inspector.node_form import NodeForm
from flowloom.studio.inspector.pick_fields import JsonField

SWITCH = {"type": "python", "source": {"type": "package", "tool": "loom.logic.switch"}}


def test_branches_are_added_named_and_removed(document: FlowDocument, choose: Callable[..., object]) -> None:
    document.apply(AddNode("route", {**SWITCH, "inputs": {"value": "${prepare.output}"}}))
    form = choose("route")
    assert isinstance(form, NodeForm)

    def cases() -> object:
        binding = document.flow.nodes["route"].inputs.get("cases")  # type: ignore[index]
        return binding.value if isinstance(binding, Constant) else binding

    field = form.rows[("inputs", "cases")].field
    assert isinstance(field, BranchesField)
    QTest.mouseClick(field.add, Qt.MouseButton.LeftButton)
    assert cases() == [{"name": "branch_1", "when": "value == ''"}]
    assert field.branches[0].name.hasFocus()
    QTest.keyClicks(field.branches[0].name, "refund")
    field.branches[0].when.selectAll()
    QTest.keyClicks(field.branches[0].when, "value == 'refund'")
    QTest.mouseClick(field.add, Qt.MouseButton.LeftButton)
    assert cases() == [{"name": "refund", "when": "value == 'refund'"}, {"name": "branch_2", "when": "value == ''"}]
    QTest.keyClick(field.branches[0].remove, Qt.Key.Key_Return)
    assert cases() == [{"name": "branch_2", "when": "value == ''"}]
    document.undo_stack.undo()
    assert [branch.name.text() for branch in field.branches] == ["refund", "branch_2"]


def test_branches_written_another_way_stay_json(document: FlowDocument, choose: Callable[..., object]) -> None:
    document.apply(AddNode("route", {**SWITCH, "inputs": {"cases": {"refund": "value == 1"}}}))
    form = choose("route")
    assert isinstance(form, NodeForm)
    assert isinstance(form.rows[("inputs", "cases")].field, JsonField)


def test_further_keys_of_a_branch_are_kept() -> None:
    field = BranchesField(Port("cases", "list"), "Cases")
    heard: list[object] = []
    field.edited.connect(heard.append)
    field.set_value([{"name": "a", "when": "value", "note": "why"}])
    QTest.keyClicks(field.branches[0].name, "b")
    assert heard == [[{"name": "ab", "when": "value", "note": "why"}]]
    assert not is_branches([{"name": "a"}])
    assert is_branches([])
