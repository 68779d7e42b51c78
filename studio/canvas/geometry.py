"""The measures of a card, from its data alone: how large it is, where its parts are, what lies under a point.

Lengths are canvas units, one pixel at 100 %; coordinates are the card's own, from its upper left corner.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSizeF

from flowloom.studio.canvas.cards import ACTIVATE, Card, PortRow, Side
from flowloom.studio.canvas.paint_text import BADGE, LINE, PORT, TITLE, width, wrapped
from flowloom.studio.canvas.run_marks import NONE, Marks
from flowloom.studio.language import tr

NARROW: Final = 200
NARROW_END: Final = 160
"""The least width of the cards of the flow's inputs and outputs."""
WIDE: Final = 240
HEADER: Final = 32
LINE_HEIGHT: Final = 16
ROW: Final = 24
RADIUS: Final = 10
PAD: Final = 12
GAP: Final = 8
CHIP: Final = 20
BADGE_HEIGHT: Final = 20
ERROR_INDENT: Final = 20
"""Room for the sign before an error's words."""
PREVIEW_LINES: Final = 4
IMAGE_HEIGHT: Final = 96
PORT_REACH: Final = 12
"""How far from its middle a port is felt."""
SNAP: Final = 8

Part = Literal["port", "title", "fold", "fix", "card"]


class CardHit(NamedTuple):
    kind: Part
    row: PortRow | None = None


@dataclass(frozen=True, slots=True)
class CardGeometry:
    """Where the parts of one card are. Parts that are not shown are empty rectangles."""

    card: Card
    width: float
    height: float
    lines: QRectF
    error: QRectF
    fix: QRectF
    """The button that leads to a fix of the error."""
    preview: QRectF
    preview_lines: tuple[str, ...]
    badges: tuple[QRectF, ...]
    points: dict[tuple[Side, str], QPointF] = field(repr=False)

    @property
    def size(self) -> QSizeF:
        return QSizeF(self.width, self.height)

    @property
    def rect(self) -> QRectF:
        return QRectF(0, 0, self.width, self.height)

    @property
    def header(self) -> QRectF:
        return QRectF(0, 0, self.width, HEADER)

    @property
    def chip(self) -> QRectF:
        return QRectF(10, (HEADER - CHIP) / 2, CHIP, CHIP)

    @property
    def state(self) -> QRectF:
        """Where the ring, tick or bolt of its state is."""
        return QRectF(self.width - 10 - 14, (HEADER - 14) / 2, 14, 14)

    @property
    def title(self) -> QRectF:
        left = self.chip.right() + GAP
        return QRectF(left, 0, self.state.left() - GAP / 2 - left, HEADER)

    def point(self, side: Side, port: str) -> QPointF:
        """The middle of a port: on the card's edge. A port the card does not show is where its header begins or ends."""
        found = self.points.get((side, port))
        return found if found is not None else QPointF(0 if side == "in" else self.width, HEADER / 2)

    def row_rect(self, row: PortRow) -> QRectF:
        """The half of a row that belongs to a port: its name can be taken hold of too."""
        middle = self.point(row.side, row.name)
        left = 0 if row.side == "in" else self.width / 2
        return QRectF(left, middle.y() - ROW / 2, self.width / 2, ROW)

    def hit(self, point: QPointF, slack: float = 0) -> CardHit | None:
        """What of the card is at a point; None beside it. ``slack`` makes ports larger, for a canvas that is zoomed out."""
        reach = PORT_REACH + slack
        x, y = point.x(), point.y()
        if not (-reach <= x <= self.width + reach and -slack <= y <= self.height + slack):
            return None
        if (row := self._port_at(x, y, reach)) is not None:
            return CardHit("port", row)
        if not (0 <= x <= self.width and 0 <= y <= self.height):
            return None
        if y <= HEADER:
            if self.chip.adjusted(-4, -4, 4, 4).contains(point):
                return CardHit("fold")
            if self.title.contains(point):
                return CardHit("title")
        if self.fix.contains(point):
            return CardHit("fix")
        return CardHit("card")

    def _port_at(self, x: float, y: float, reach: float) -> PortRow | None:
        if self.card.collapsed:
            return None
        best, nearest = None, reach * reach
        for row in self.card.ports:
            middle = self.points[row.side, row.name]
            distance = (middle.x() - x) ** 2 + (middle.y() - y) ** 2
            if distance <= nearest:
                best, nearest = row, distance
        if best is None and self.card.conditional and x * x + (y - HEADER / 2) ** 2 <= reach * reach:
            return ACTIVATE_ROW
        return best


ACTIVATE_ROW: Final = PortRow(ACTIVATE, "in", "any", filled=True)
"""The port that takes the wire of a node's condition."""


def card_geometry(card: Card, marks: Marks = NONE) -> CardGeometry:
    """Measure a card with what a run shows on it."""
    wide = _width(card)
    points: dict[tuple[Side, str], QPointF] = {("in", ACTIVATE): QPointF(0, HEADER / 2)}
    if card.collapsed:
        for row in card.ports:
            points[row.side, row.name] = QPointF(0 if row.side == "in" else wide, HEADER / 2)
        empty = QRectF()
        return CardGeometry(card, wide, HEADER, empty, empty, empty, empty, (), (), points)
    y = float(HEADER)
    lines = QRectF(PAD, y + GAP, wide - 2 * PAD, LINE_HEIGHT * len(card.lines)) if card.lines else QRectF()
    y = lines.bottom() + 4 if card.lines else y + GAP / 2
    counts = {"in": 0, "out": 0}
    for row in card.ports:
        points[row.side, row.name] = QPointF(0 if row.side == "in" else wide, y + ROW * counts[row.side] + ROW / 2)
        counts[row.side] += 1
    y += ROW * max(counts.values())
    error = _error(marks, wide, y)
    if marks.error:
        y = error.bottom() + 4
    preview, shown = _preview(marks, wide, y)
    if not preview.isNull():
        y = preview.bottom() + 4
    fix = _fix(marks, wide, y)
    badges = _badges(marks, (fix.left() - 6 + PAD) if marks.error else wide, y)
    if badges or marks.error:
        y += 4 + BADGE_HEIGHT + 4
    bottom = y + (6 if preview.isNull() and not badges and fix.isNull() else 4)
    return CardGeometry(card, wide, bottom, lines, error, fix, preview, shown, badges, points)


def _width(card: Card) -> float:
    """As wide as its words want, within bounds, on the grid."""
    wanted = [10 + CHIP + GAP + width(card.title, TITLE) + GAP + 14 + 10 + 4]
    wanted += [2 * PAD + width(line, LINE) for line in card.lines]
    inputs = [row for row in card.ports if row.side == "in"]
    outputs = [row for row in card.ports if row.side == "out"]
    for number in range(max(len(inputs), len(outputs))):
        left = _label(inputs[number]) if number < len(inputs) else 0
        right = _label(outputs[number]) if number < len(outputs) else 0
        wanted.append(2 * PAD + 2 + left + (2 * GAP if left and right else 0) + right)
    least = NARROW if card.is_node else NARROW_END
    found = min(max(max(wanted), least), WIDE)
    return -(-found // SNAP) * SNAP


def beside_words(row: PortRow) -> str:
    """What stands small beside a port's name: the value written for it, or what it is for where that says more."""
    return row.note if row.note and row.value in ("", "[]", "{}") else row.value or row.note


def _label(row: PortRow) -> float:
    beside = beside_words(row)
    return width(row.name, PORT) + (6 + min(width(beside, BADGE), 80) if beside else 0)


def _error(marks: Marks, wide: float, y: float) -> QRectF:
    """Two lines at most of what went wrong."""
    if not marks.error:
        return QRectF()
    room = wide - 2 * PAD
    return QRectF(PAD, y + 4, room, LINE_HEIGHT * min(2, len(wrapped(marks.error, LINE, room - ERROR_INDENT, 2))))


def _preview(marks: Marks, wide: float, y: float) -> tuple[QRectF, tuple[str, ...]]:
    """The box of the preview and, for a text, its lines: the end of one that streams, the beginning of one that is whole."""
    room = wide - 2 * PAD
    if marks.image:
        return QRectF(PAD, y + 4, room, IMAGE_HEIGHT), ()
    if marks.rows:
        return QRectF(PAD, y + 4, room, LINE_HEIGHT * len(marks.rows) + 2 * GAP), ()
    if not marks.text:
        return QRectF(), ()
    if marks.streaming:
        lines = wrapped(marks.text, LINE, room - 2 * GAP, 60)[-PREVIEW_LINES:]
    else:
        lines = wrapped(marks.text, LINE, room - 2 * GAP, PREVIEW_LINES)
        if len(lines) > PREVIEW_LINES:
            lines = (*lines[: PREVIEW_LINES - 1], f"{lines[PREVIEW_LINES - 1]}…")
    return QRectF(PAD, y + 4, room, LINE_HEIGHT * len(lines) + 2 * GAP), lines


def _badges(marks: Marks, wide: float, y: float) -> tuple[QRectF, ...]:
    """A row of badges, as many as fit."""
    found: list[QRectF] = []
    x = float(PAD)
    for number, badge in enumerate(marks.badges):
        bolt = 14 if marks.cached and number == 0 else 0
        wanted = width(badge, BADGE) + 14 + bolt
        if found and x + wanted > wide - PAD:
            break
        found.append(QRectF(x, y + 4, min(wanted, wide - 2 * PAD), BADGE_HEIGHT))
        x += wanted + 6
    return tuple(found)


def _fix(marks: Marks, wide: float, y: float) -> QRectF:
    """The button at the right of the badges' row."""
    if not marks.error:
        return QRectF()
    button = width(tr("Fix"), BADGE) + 24
    return QRectF(wide - PAD - button, y + 4, button, BADGE_HEIGHT)
