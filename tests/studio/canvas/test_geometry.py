"""Where the parts of a card are."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from flowloom.studio.canvas.cards import ACTIVATE, Card, PortRow
from flowloom.studio.canvas.geometry import HEADER, PREVIEW_LINES, WIDE, card_geometry
from flowloom.studio.canvas.run_marks import Marks

CARD = Card(
    "answer", "llm", "sparkle", "Answer", ("SmolLM2", "You are kind."),
    (PortRow("question", "in", "string"), PortRow("tone", "in", "string", filled=False), PortRow("output", "out", "string")),
)  # fmt: skip


def test_ports_stand_at_the_edges_in_rows_below_the_lines(application: QApplication) -> None:
    geometry = card_geometry(CARD)
    question, tone, output = (geometry.point(side, name) for side, name in (("in", "question"), ("in", "tone"), ("out", "output")))
    assert (question.x(), output.x()) == (0, geometry.width)
    assert question.y() == output.y() > geometry.lines.bottom()
    assert tone.y() == question.y() + 24
    assert geometry.height > tone.y() + 12
    assert geometry.width % 8 == 0


def test_a_point_finds_the_port_the_title_or_the_card(application: QApplication) -> None:
    geometry = card_geometry(CARD)
    found = geometry.hit(geometry.point("in", "tone") + QPointF(-6, 4))
    assert found is not None
    assert found.row is not None
    assert (found.kind, found.row.name) == ("port", "tone")
    for point, kind in ((geometry.title.center(), "title"), (geometry.chip.center(), "fold"), (geometry.lines.center(), "card")):
        hit = geometry.hit(point)
        assert hit is not None
        assert hit.kind == kind
    assert geometry.hit(QPointF(-40, 40)) is None
    assert geometry.hit(QPointF(-24, geometry.point("in", "tone").y())) is None
    assert geometry.hit(QPointF(-24, geometry.point("in", "tone").y()), slack=14) is not None, "from afar ports are felt wider"


def test_between_two_ports_the_nearer_one_is_meant(application: QApplication) -> None:
    geometry = card_geometry(CARD)
    middle = (geometry.point("in", "question") + geometry.point("in", "tone")) / 2
    for shift, name in ((-2, "question"), (2, "tone")):
        hit = geometry.hit(middle + QPointF(0, shift))
        assert hit is not None
        assert hit.row is not None
        assert hit.row.name == name


def test_the_port_of_a_condition_is_there_where_there_is_one(application: QApplication) -> None:
    at = QPointF(0, HEADER / 2)
    plain = card_geometry(CARD).hit(at)
    assert plain is not None
    assert plain.kind != "port"
    hit = card_geometry(replace(CARD, conditional=True)).hit(at)
    assert hit is not None
    assert hit.row is not None
    assert hit.row.name == ACTIVATE


def test_a_collapsed_card_is_its_header_and_its_wires_end_there(application: QApplication) -> None:
    geometry = card_geometry(replace(CARD, collapsed=True))
    assert geometry.height == HEADER
    assert geometry.point("in", "tone") == QPointF(0, HEADER / 2)
    assert geometry.point("out", "output") == QPointF(geometry.width, HEADER / 2)


def test_long_words_do_not_make_a_card_wider_than_allowed(application: QApplication) -> None:
    assert card_geometry(replace(CARD, title="A very long title " * 5)).width == WIDE


def test_a_preview_grows_with_its_text_and_shows_the_end_while_it_streams(application: QApplication) -> None:
    words = "\n".join(f"line {number}" for number in range(20))
    streaming = card_geometry(CARD, Marks("running", text=words))
    assert streaming.preview_lines == tuple(f"line {number}" for number in range(16, 20))
    whole = card_geometry(CARD, Marks("completed", text=words, badges=("0.8 s", "12 tokens")))
    assert whole.preview_lines[0] == "line 0"
    assert whole.preview_lines[-1].endswith("…")
    assert len(whole.preview_lines) == PREVIEW_LINES
    assert card_geometry(CARD).height < streaming.height < whole.height
    assert len(whole.badges) == 2
    assert whole.rect.contains(whole.badges[-1])


def test_beside_an_error_is_a_button(application: QApplication) -> None:
    geometry = card_geometry(CARD, Marks("failed", error="The tool broke, and this is what it said about it at length."))
    hit = geometry.hit(geometry.fix.center())
    assert hit is not None
    assert hit.kind == "fix"
    assert geometry.rect.contains(geometry.fix)
    assert not geometry.fix.intersects(geometry.error)
    plain = card_geometry(CARD).hit(geometry.fix.center())
    assert plain is None or plain.kind != "fix"


def test_badges_that_do_not_fit_are_left_out(application: QApplication) -> None:
    geometry = card_geometry(CARD, Marks("completed", badges=tuple(f"{number} tokens of many" for number in range(8))))
    assert 1 <= len(geometry.badges) < 8
    assert all(box.right() <= geometry.width - 8 for box in geometry.badges)
