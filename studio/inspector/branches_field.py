"""The field for the branches of a switch: each with its name and its condition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QPushButton, QVBoxLayout, QWidget

from flowloom.flows.model.flow import MISSING
from flowloom.flows.node.spec import Port
from flowloom.studio.inspector.controls import IconButton, row
from flowloom.studio.inspector.value_fields import ValueField
from flowloom.studio.language import tr


class BranchesField(ValueField):
    """The value is a list of objects with ``name`` and ``when``; further keys of theirs are kept."""

    def __init__(self, port: Port, words: str) -> None:
        super().__init__(port, words)
        self.branches: list[Branch] = []
        self._inner = QVBoxLayout()
        self._inner.setContentsMargins(0, 0, 0, 0)
        self._inner.setSpacing(8)
        self.add = QPushButton(tr("Add a branch"))
        self.add.setProperty("kind", "link")
        self.add.setAccessibleName(tr("{name}: add a branch", name=words))
        self.add.clicked.connect(self._add)
        self.box.addLayout(self._inner)
        self.box.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)

    def main(self) -> QWidget:
        return self.branches[0].name if self.branches else self.add

    def set_value(self, value: Any) -> None:
        cases: list[Mapping[str, Any]] = list(value) if is_branches(value) else []
        while len(self.branches) > len(cases):
            gone = self.branches.pop()
            self._inner.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        while len(self.branches) < len(cases):
            made = Branch(len(self.branches) + 1)
            made.edited.connect(self._give)
            made.removed.connect(self._remove)
            self._inner.addWidget(made)
            made.show()
            self.branches.append(made)
        for branch, case in zip(self.branches, cases, strict=True):
            branch.show_case(case)

    def _give(self) -> None:
        self.edited.emit([branch.case() for branch in self.branches] or MISSING)

    def _add(self) -> None:
        taken = {branch.name.text() for branch in self.branches}
        number = len(taken) + 1
        while f"branch_{number}" in taken:
            number += 1
        self._step([*(branch.case() for branch in self.branches), {"name": f"branch_{number}", "when": "value == ''"}])
        if self.branches:
            self.branches[-1].name.setFocus(Qt.FocusReason.OtherFocusReason)
            self.branches[-1].name.selectAll()

    def _remove(self, branch: QWidget) -> None:
        self._step([other.case() for other in self.branches if other is not branch] or MISSING)

    def _step(self, value: Any) -> None:
        """An edit that is a step of undo of its own."""
        self.chapter += 1
        self.edited.emit(value)
        self.chapter += 1


class Branch(QFrame):
    """One branch; ``number`` counts from 1."""

    edited = Signal()
    removed = Signal(object)

    def __init__(self, number: int) -> None:
        super().__init__()
        self._case: dict[str, Any] = {}
        self.name = QLineEdit()
        self.name.setAccessibleName(tr("Name of branch {number}", number=number))
        self.name.setPlaceholderText(tr("Name"))
        self.when = QLineEdit()
        self.when.setAccessibleName(tr("Condition of branch {number}", number=number))
        self.when.setPlaceholderText("value == 'refund'")
        self.when.setToolTip(tr("Such as value == 'refund', or value.contains('late')"))
        for line in (self.name, self.when):
            line.textEdited.connect(lambda _text: self.edited.emit())
        self.remove = IconButton("x", tr("Remove branch {number}", number=number), lambda: self.removed.emit(self), size=28)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        head = row()
        head.addWidget(self.name, 1)
        head.addWidget(self.remove)
        box.addLayout(head)
        box.addWidget(self.when)

    def show_case(self, case: Mapping[str, Any]) -> None:
        self._case = dict(case)
        for line, key in ((self.name, "name"), (self.when, "when")):
            if line.text() != case[key]:
                line.setText(case[key])

    def case(self) -> dict[str, Any]:
        return {**self._case, "name": self.name.text(), "when": self.when.text()}


def is_branches(value: Any) -> bool:
    """Whether a value is a list of branches, each with a name and a condition."""
    return isinstance(value, list) and all(
        isinstance(case, Mapping) and isinstance(case.get("name"), str) and isinstance(case.get("when"), str) for case in value
    )
