"""The variants of a node as tabs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from flowloom.flows.model.flow import Node, NodeName, Source, Variant, VariantId, Variants
from flowloom.studio.inspector.variants_bar import VariantsBar

NODE = Node(NodeName("answer"), "llm", Source("code", "answer.jinja2"))


def variants(*ids: str, default: str) -> Variants:
    return Variants(VariantId(default), {VariantId(id): Variant(VariantId(id), NODE, f"about {id}") for id in ids})


def test_numbered_variants_are_letters_and_the_default_is_marked() -> None:
    bar = VariantsBar()
    bar.show_variants(variants("variant_0", "variant_1", "short words", default="variant_0"), "variant_1")
    assert [tab.text() for tab in bar.tabs()] == ["A ●", "B", "short words"]
    assert [tab.isChecked() for tab in bar.tabs()] == [False, True, False]
    assert bar.tabs()[0].accessibleName() == "Variant variant_0, about variant_0, runs by default"


def test_a_node_without_variants_is_its_own_first() -> None:
    bar = VariantsBar()
    bar.show_variants(None, "")
    assert [tab.text() for tab in bar.tabs()] == ["A"]
    assert bar.more.isHidden()
    asked: list[bool] = []
    bar.add_asked.connect(lambda: asked.append(True))
    QTest.mouseClick(bar.add, Qt.MouseButton.LeftButton)
    assert asked == [True]


def test_keys_choose_a_tab_and_open_its_details() -> None:
    bar = VariantsBar()
    bar.show_variants(variants("variant_0", "variant_1", default="variant_0"), "variant_1")
    bar.show()
    heard: list[tuple[str, ...]] = []
    bar.chosen.connect(lambda id: heard.append(("chosen", id)))
    bar.renamed.connect(lambda old, new: heard.append(("renamed", old, new)))
    bar.described.connect(lambda id, text: heard.append(("described", id, text)))
    bar.default_asked.connect(lambda id: heard.append(("default", id)))
    QTest.keyClick(bar.tabs()[0], Qt.Key.Key_Return)
    assert heard == [("chosen", "variant_0")]
    bar.open_details()
    assert bar.details is not None
    assert bar.details.delete.isEnabled()
    QTest.keyClicks(bar.details.description, "!")
    QTest.mouseClick(bar.details.default, Qt.MouseButton.LeftButton)
    assert heard[1:] == [("described", "variant_1", "about variant_1!"), ("default", "variant_1")]
    bar.open_details()
    assert bar.details is not None
    bar.details.name.selectAll()
    QTest.keyClicks(bar.details.name, "warm")
    QTest.keyClick(bar.details.name, Qt.Key.Key_Return)
    assert heard[-1] == ("renamed", "variant_1", "warm")
    bar.close()


def test_many_variants_are_a_list() -> None:
    bar = VariantsBar()
    heard: list[str] = []
    bar.chosen.connect(heard.append)
    ids = [f"variant_{number}" for number in range(9)]
    bar.show_variants(variants(*ids, default="variant_0"), "variant_3")
    assert all(tab.isHidden() for tab in bar.tabs())
    assert bar.list.currentText() == "D"
    QTest.keyClick(bar.list, Qt.Key.Key_Down)
    assert heard == ["variant_4"]
    bar.show_variants(variants("variant_0", "variant_1", default="variant_0"), "variant_0")
    assert bar.list.isHidden()
    assert not any(tab.isHidden() for tab in bar.tabs())


def test_the_default_cannot_be_deleted() -> None:
    bar = VariantsBar()
    bar.show_variants(variants("variant_0", default="variant_0"), "variant_0")
    bar.open_details()
    assert bar.details is not None
    assert not bar.details.delete.isEnabled()
    assert bar.details.delete.toolTip()
    bar.details.close()
