from __future__ import annotations

import pytest

from flowloom.flows.errors import UsageError
from flowloom.flows.model.edits import Change, DeleteNodes, Group, RenameNode, SetInput, SetText, apply

FILES = {
    "flow.dag.yml": "nodes:\n- {name: a, type: python, source: {path: a.py}}\n- {name: b, type: python, source: {path: b.py}, inputs: {x: '${a}'}}\n",
    "a.py": "",
}


def test_a_change_unpacks_as_files_and_inverse() -> None:
    files, inverse = apply(FILES, RenameNode("a", "c"))
    assert isinstance(inverse, Change)
    assert inverse.title == "Rename a to c"
    restored, redo = apply(files, inverse)
    assert restored == FILES
    assert apply(restored, redo).files == files


def test_a_group_is_one_change() -> None:
    group = Group("Tidy", (RenameNode("a", "c"), SetInput("c", "y", 1), SetText("note.md", "hi"), DeleteNodes(("b",))))
    applied = apply(FILES, group)
    assert applied.change.title == "Tidy"
    assert applied.trash == ("b.py",)
    assert apply(applied.files, applied.inverse).files == FILES


def test_a_refused_edit_changes_nothing() -> None:
    before = dict(FILES)
    with pytest.raises(UsageError):
        apply(FILES, Group("half", (SetText("note.md", "hi"), RenameNode("a", "b"))))
    assert before == FILES


def test_a_change_of_another_text_does_not_go_astray() -> None:
    applied = apply(FILES, DeleteNodes(("b",)))
    with pytest.raises(ValueError, match="outside"):
        apply({**FILES, "flow.dag.yml": "nodes: []\n"}, applied.change)
