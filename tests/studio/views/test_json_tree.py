from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication

from flowloom.studio.views.json_tree import PAGE, JsonModel, JsonTree

VALUE: dict[str, Any] = {"passages": [{"text": "a\nb", "score": 0.9}], "ok": True, "none": None, "strange key": "x"}


def texts(model: JsonModel, parent: QModelIndex = QModelIndex()) -> list[tuple[str, str]]:  # noqa: B008
    return [
        (model.index(row, 0, parent).data(), model.index(row, 1, parent).data()) for row in range(model.rowCount(parent))
    ]


def test_names_and_values(application: QApplication) -> None:
    model = JsonModel(VALUE)
    assert texts(model) == [("passages", "1 item"), ("ok", "true"), ("none", "null"), ("strange key", "x")]
    passages = model.index(0, 0)
    model.fetchMore(passages)
    first = model.index(0, 0, passages)
    model.fetchMore(first)
    assert texts(model, first) == [("text", "a↵ b"), ("score", "0.9")]
    text = model.index(0, 1, first)
    assert model.value(text) == "a\nb"
    assert model.path(text) == ".passages[0].text"
    assert model.path(model.index(3, 0)) == '["strange key"]'
    assert model.parent(text) == first
    assert not model.parent(passages).isValid()


def test_the_model_keeps_qts_rules(application: QApplication) -> None:
    model = JsonModel([*range(3 * PAGE), {"a": {"b": [1]}}])
    assert model.rowCount() == PAGE
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    tester.setUseFetchMore(False)
    while model.canFetchMore(QModelIndex()):
        model.fetchMore(QModelIndex())
    assert model.rowCount() == 3 * PAGE + 1
    last = model.index(3 * PAGE, 0)
    assert model.hasChildren(last)
    if model.canFetchMore(last):
        model.fetchMore(last)
    assert model.rowCount(last) == 1
    del tester


def test_what_is_chosen_is_copied(application: QApplication) -> None:
    tree = JsonTree()
    tree.show_value(VALUE)
    tree.resize(400, 300)
    tree.show()
    tree.setFocus()
    tree.setCurrentIndex(tree.model().index(0, 0))
    QTest.keyClick(tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert application.clipboard().text() == '[\n  {\n    "text": "a\\nb",\n    "score": 0.9\n  }\n]'
    tree.copy_path()
    assert application.clipboard().text() == ".passages"
    tree.show_value([1])
    assert tree.model().rowCount() == 1
    tree.close()


def test_a_glance_is_opened_and_not_more(application: QApplication) -> None:
    tree = JsonTree()
    tree.show_value({"few": [1, 2], "many": list(range(10_000))})
    assert tree.isExpanded(tree.model().index(0, 0))
    assert not tree.isExpanded(tree.model().index(1, 0))
