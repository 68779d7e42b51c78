"""Cards, by the mouse and by keys: choose, move, add, rename, collapse, arrange; and looking around."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt

from tests.e2e.studio_gestures.hands import CONTROL, MIDDLE, SHIFT

if TYPE_CHECKING:
    from tests.e2e.studio_gestures.hands import Hands


def places(hands: Hands) -> dict[str, dict[str, object]]:
    hands.save()
    return json.loads(hands.saved("flow.layout.json"))["nodes"]


def accents(hands: Hands, card: str) -> bool:
    """Whether a card is painted as chosen: with the accent along its border."""
    from flowloom.studio.theme import theme

    image = hands.picture()
    rect = hands.view.mapFromScene(hands.scene.rect(card)).boundingRect()
    wanted = theme.current().accent
    for y in range(rect.center().y() - 3, rect.center().y() + 3):
        for x in range(rect.left() - 3, rect.left() + 4):
            color = image.pixelColor(x, y)
            if abs(color.hue() - wanted.hue()) < 12 and color.value() > 150 and color.saturation() > 60:
                return True
    return False


# Choosing


def test_choose_with_the_mouse(hands: Hands) -> None:
    hands.click(hands.title("prepare"))
    hands.click(hands.title("answer"), SHIFT)
    assert accents(hands, "prepare")
    assert accents(hands, "answer")
    hands.click(hands.title("answer"), CONTROL)
    hands.key(Qt.Key.Key_Delete)
    hands.save()
    assert "- name: answer" in hands.saved()
    assert "- name: prepare" not in hands.saved()


def test_choose_with_keys(hands: Hands) -> None:
    hands.walk_to("prepare")
    hands.key(Qt.Key.Key_Right, SHIFT)
    assert accents(hands, "answer")
    hands.key(Qt.Key.Key_Space, CONTROL)
    hands.key(Qt.Key.Key_Delete)
    hands.save()
    assert "- name: answer" in hands.saved()
    assert "- name: prepare" not in hands.saved()


def test_rubber_band_with_the_mouse(hands: Hands) -> None:
    first = hands.scene.rect("prepare").united(hands.scene.rect("answer")).adjusted(-12, -12, -60, 0)
    start, end = hands.at(first.topLeft()), hands.at(first.bottomRight())
    hands.press(start)
    hands.move((start + end) / 2)
    hands.move(end)
    assert hands.ink(_spot(start + QPoint(8, 3))) > 0.5, "the band is seen"
    hands.release(end)
    hands.key(Qt.Key.Key_Delete)
    hands.save()
    assert "nodes: []" in hands.saved() or "- name" not in hands.saved()


def test_everything_with_keys(hands: Hands) -> None:
    hands.key(Qt.Key.Key_A, CONTROL)
    hands.key(Qt.Key.Key_Delete)
    hands.save()
    assert "- name" not in hands.saved()


def _spot(point: QPoint):
    from PySide6.QtCore import QRect

    return QRect(point.x(), point.y(), 3, 3)


# Moving


def test_move_and_snap_with_the_mouse(hands: Hands) -> None:
    start = hands.title("prepare")
    hands.press(start)
    hands.move(start + QPoint(0, 40))
    hands.move(start + QPoint(5, 91))
    hands.release(start + QPoint(5, 91))
    saved = places(hands)
    assert set(saved) == {"@inputs", "prepare", "answer", "@outputs"}, "nothing may jump later"
    assert saved["prepare"]["x"] % 8 == 0 or saved["prepare"]["x"] in {entry["x"] for name, entry in saved.items() if name != "prepare"}  # pyright: ignore[reportOperatorIssue]
    assert hands.sees_card("prepare")
    hands.undo_to_nothing()
    assert hands.sees_card("prepare")


def test_a_guide_is_painted_while_cards_are_in_line(hands: Hands) -> None:
    start = hands.title("answer")
    hands.press(start)
    hands.move(start + QPoint(0, 20))
    hands.move(start + QPoint(14, 2))
    assert hands.scene.overlay.guides > 0
    hands.release(start + QPoint(14, 2))
    assert hands.scene.overlay.guides == 0
    mine = hands.scene.rect("answer")
    others = [hands.scene.rect(card) for card in ("@inputs", "prepare", "@outputs")]
    edges = {edge for rect in others for edge in (rect.top(), rect.bottom())}
    in_line = {mine.top(), mine.bottom()} & edges or mine.center().y() in {rect.center().y() for rect in others}
    assert in_line, "the card came to rest where the guide was"


def test_move_with_keys(hands: Hands) -> None:
    hands.walk_to("answer")
    before = hands.scene.rect("answer").topLeft()
    hands.key(Qt.Key.Key_Down, CONTROL, times=5)
    saved = places(hands)["answer"]
    assert (saved["x"], saved["y"]) == (before.x(), before.y() + 40)
    hands.key(Qt.Key.Key_Z, CONTROL)
    assert hands.scene.rect("answer").topLeft() == before, "five steps are undone at once"


# Adding


def test_quick_add_with_the_mouse(hands: Hands) -> None:
    at = hands.empty(0.25)
    hands.double_click(at)
    hands.pick("Prompt template")
    hands.save()
    assert "- name: prompt_template\n  type: prompt\n" in hands.saved()
    assert hands.saved("prompt_template.jinja2") == "{{text}}\n"
    assert hands.sees_card("prompt_template")


def test_quick_add_with_keys(hands: Hands) -> None:
    hands.key(Qt.Key.Key_Tab)
    hands.choose("prompt t")
    hands.save()
    assert "- name: prompt_template\n  type: prompt\n" in hands.saved()
    assert hands.sees_card("prompt_template")


def test_a_wire_let_go_over_empty_canvas_offers_what_fits(hands: Hands) -> None:
    hands.drag(hands.port("prepare", "out", "output"), hands.empty(0.4))
    assert "Write CSV" not in hands.lines
    hands.pick("Split a text")
    hands.save()
    assert "    text: ${prepare.output}\n" in hands.saved().split("- name: split_a_text")[1]
    assert hands.sees_wire("split_a_text", "text")


def test_a_node_that_fits_with_keys(hands: Hands) -> None:
    hands.walk_to("prepare")
    hands.key(Qt.Key.Key_C)
    hands.choose("output")
    hands.choose("new node")
    hands.choose("split")
    hands.save()
    assert "    text: ${prepare.output}\n" in hands.saved().split("- name: split_a_text")[1]


def test_the_library_adds_with_a_double_click(hands: Hands) -> None:
    from PySide6.QtCore import QAbstractItemModel
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QAbstractItemView

    library = hands.studio.window.docks["library"]
    lists = [found for found in library.findChildren(QAbstractItemView) if found.accessibleName() == "Node types"]
    model: QAbstractItemModel = lists[0].model()
    index = next(model.index(row, 0) for row in range(model.rowCount()) if "Join texts" in str(model.index(row, 0).data()))
    spot = lists[0].visualRect(index).center()
    QTest.mouseClick(lists[0].viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
    QTest.mouseDClick(lists[0].viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
    hands.settle()
    hands.save()
    assert "- name: join_texts\n" in hands.saved()


# What cards look like


def test_rename_with_the_mouse(hands: Hands) -> None:
    hands.double_click(hands.title("answer"))
    hands.type("Reply")
    hands.click(hands.empty())
    assert places(hands)["answer"]["title"] == "Reply"


def test_rename_with_keys(hands: Hands) -> None:
    hands.walk_to("answer")
    hands.key(Qt.Key.Key_F2)
    hands.type("Reply")
    hands.key(Qt.Key.Key_Return)
    hands.key(Qt.Key.Key_F2, SHIFT)
    hands.type("reply")
    hands.key(Qt.Key.Key_Return)
    assert places(hands)["reply"]["title"] == "Reply"
    assert "reference: ${reply.output}" in hands.saved()


def test_collapse_with_the_mouse(hands: Hands) -> None:
    before = hands.scene.rect("prepare").height()
    hands.menu(hands.title("prepare"), "Collapse")
    assert places(hands)["prepare"]["collapsed"] is True
    assert hands.scene.rect("prepare").height() < before
    gone = hands.at(hands.scene.rect("prepare").center() + QPointF(0, before * 0.8))
    assert hands.ink(_spot(gone)) < 0.5


def test_collapse_with_keys(hands: Hands) -> None:
    hands.walk_to("prepare")
    hands.key(Qt.Key.Key_M)
    assert places(hands)["prepare"]["collapsed"] is True


def test_hide_wires_with_the_mouse_and_keys(hands: Hands) -> None:
    hands.menu(hands.title("prepare"), "Hide wires")
    assert places(hands)["prepare"]["hide_wires"] is True
    hands.key(Qt.Key.Key_Escape)
    hands.key(Qt.Key.Key_Escape)
    middle = hands.wire("answer", "question")
    hands.click(hands.empty())
    assert hands.ink(_spot(middle)) < 0.3, "the wires of a card nobody has chosen are out of sight"
    hands.walk_to("prepare")
    hands.key(Qt.Key.Key_H)
    assert "hide_wires" not in places(hands)["prepare"]


def test_colour_with_the_mouse_and_keys(hands: Hands) -> None:
    hands.menu(hands.title("prepare"), "Colour…")
    hands.pick("Green")
    assert places(hands)["prepare"]["color"] == "green"
    hands.walk_to("answer")
    hands.key(Qt.Key.Key_O)
    hands.choose("purple")
    assert places(hands)["answer"]["color"] == "purple"


def test_arrange_with_the_mouse(hands: Hands) -> None:
    hands.drag(hands.title("answer"), hands.title("answer") + QPoint(-120, 60))
    hands.menu(hands.empty(), "Arrange")
    _check_arranged(hands)


def test_arrange_with_keys(hands: Hands) -> None:
    hands.walk_to("answer")
    hands.key(Qt.Key.Key_Left, CONTROL, times=20)
    hands.key(Qt.Key.Key_L)
    _check_arranged(hands)


def _check_arranged(hands: Hands) -> None:
    saved = places(hands)
    order = [saved[name]["x"] for name in ("@inputs", "prepare", "answer", "@outputs")]
    assert order == sorted(order)  # pyright: ignore[reportArgumentType]
    hands.wait(lambda: all(hands.scene.rect(name).x() == place["x"] for name, place in saved.items()))
    rects = [hands.scene.rect(name) for name in saved]
    assert not any(a.intersects(b) for number, a in enumerate(rects) for b in rects[number + 1 :])


# Looking around


def test_pan_with_the_mouse_and_keys(hands: Hands) -> None:
    before = hands.title("prepare")
    hands.drag(before, before + QPoint(40, 30), button=MIDDLE)
    assert hands.title("prepare") - before == QPoint(40, 30)
    hands.click(hands.empty(0.9, 0.15))
    hands.key(Qt.Key.Key_Down, CONTROL)
    assert hands.title("prepare") - before == QPoint(40, 30 - 64)
    assert hands.sees_card("prepare")


def test_zoom_with_the_mouse_and_keys(hands: Hands) -> None:
    point = hands.title("prepare")
    under = hands.view.mapToScene(point)
    width = hands.view.mapFromScene(hands.scene.rect("prepare")).boundingRect().width()
    hands.turn_wheel(point, 2)
    assert hands.view.mapFromScene(hands.scene.rect("prepare")).boundingRect().width() > width * 1.3
    assert (hands.view.mapFromScene(under) - point).manhattanLength() <= 2, "what is under the pointer stays there"
    hands.key(Qt.Key.Key_Minus, times=2)
    hands.key(Qt.Key.Key_F)
    assert hands.view.visible_rect().contains(hands.scene.content_rect())


def test_from_afar_cards_are_plain_shapes(hands: Hands) -> None:
    hands.key(Qt.Key.Key_Minus, times=7)
    assert hands.view.zoom < 0.35
    assert hands.sees_card("answer")
    hands.key(Qt.Key.Key_0, CONTROL)
    assert hands.view.zoom == 1
