"""Cards as they are painted, near and from afar."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from flowloom.studio.canvas.cards import Card, PortRow
from flowloom.studio.canvas.geometry import CardGeometry, card_geometry
from flowloom.studio.canvas.paint import MARGIN, paint_card
from flowloom.studio.canvas.run_marks import NONE, Marks, Row
from flowloom.studio.theme.theme import Theme, load_theme

CARD = Card(
    "answer", "llm", "sparkle", "Answer", ("SmolLM2", "You are kind."),
    (PortRow("question", "in", "string"), PortRow("tone", "in", "string", filled=False), PortRow("output", "out", "list")),
)  # fmt: skip
DARK = load_theme("dark")


def _painted(card: Card, marks: Marks = NONE, theme: Theme = DARK, scale: float = 2.0) -> tuple[QImage, CardGeometry]:
    geometry = card_geometry(card, marks)
    image = QImage(int((geometry.width + 2 * MARGIN) * scale), int((geometry.height + 2 * MARGIN) * scale), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(theme.canvas)
    painter = QPainter(image)
    painter.scale(scale, scale)
    painter.translate(MARGIN, MARGIN)
    paint_card(painter, geometry, marks, theme, scale)
    painter.end()
    return image, geometry


def _at(image: QImage, point: QPointF, scale: float = 2.0) -> QColor:
    return image.pixelColor(((point + QPointF(MARGIN, MARGIN)) * scale).toPoint())


@pytest.mark.parametrize("name", ["dark", "light"])
def test_a_port_has_its_types_colour_and_is_hollow_where_it_is_unset(application: QApplication, name: str) -> None:
    theme = load_theme(name)  # pyright: ignore[reportArgumentType]
    image, geometry = _painted(CARD, theme=theme)
    assert _at(image, geometry.point("in", "question")) == theme.type("string")
    assert _at(image, geometry.point("out", "output")) == theme.type("list")
    assert _at(image, geometry.point("in", "tone")) == theme.surface, "hollow"


def test_states_have_borders_of_their_colours(application: QApplication) -> None:
    for marks, color in ((Marks("failed", error="It broke."), DARK.bad), (Marks("running"), DARK.accent)):
        image, geometry = _painted(CARD, marks)
        border = _at(image, QPointF(geometry.width / 2, 0.5))
        assert abs(border.hue() - color.hue()) < 14, marks.state
    plain, geometry = _painted(CARD)
    running, _ = _painted(CARD, Marks("running"))
    beside = QPointF(-6, geometry.height / 2 + 8)
    assert _at(running, beside).blue() > _at(plain, beside).blue(), "it glows"


def test_a_bypassed_card_is_dimmed(application: QApplication) -> None:
    plain, geometry = _painted(CARD)
    dimmed, _ = _painted(CARD, Marks("bypassed"))
    point = geometry.point("out", "output")
    assert _at(dimmed, point) != _at(plain, point)
    assert _at(dimmed, point).green() < _at(plain, point).green()


def test_the_words_are_drawn(application: QApplication) -> None:
    """Each part that holds words differs from the empty card."""
    for scale in (2.0, 0.45):
        with_words, geometry = _painted(CARD, Marks("completed", text="Gifts can be returned.", badges=("0.8 s",)), scale=scale)
        without, _ = _painted(replace(CARD, title=" "), Marks("completed", text=" \u2003", badges=(" ",)), scale=scale)
        assert with_words != without
        assert geometry.preview.height() > 0


def test_cards_of_every_sort_can_be_painted(application: QApplication) -> None:
    """From any distance, with all that may be on them."""
    cards = [
        CARD, replace(CARD, collapsed=True), replace(CARD, unknown=True, lines=()), replace(CARD, ports=(), lines=(), title=""),
        replace(CARD, conditional=True, pinned=True, variant="variant_with_a_long_name", color="green"),
        replace(CARD, id="@inputs", kind="io", ports=(PortRow("question", "out", "string", value="Why?", note="the question"),)),
        replace(CARD, title="问题改写", lines=("本机模型", "根据对话改写问题")),
    ]  # fmt: skip
    marks = [
        NONE, Marks("waiting"), Marks("running", text="so far"), Marks("cancelled"), Marks("failed", error="It broke: " * 20),
        Marks("completed", cached=True, badges=("from cache",)), Marks("completed", rows=(Row("0.91", "Returns"), Row("2", "x" * 200))),
        Marks("completed", image="not a picture"),
    ]  # fmt: skip
    for card in cards:
        for mark in marks:
            for scale in (0.3, 0.45, 1.0, 2.5):
                image, _ = _painted(card, mark, scale=scale)
                assert not image.isNull()
