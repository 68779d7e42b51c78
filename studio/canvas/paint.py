"""Draws a card: all of it that stays the same while it is moved, chosen or lit. What changes with those is drawn over it by the item."""

from __future__ import annotations

from math import ceil
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from flowloom.studio.canvas.cards import ACTIVATE, PortRow
from flowloom.studio.canvas.geometry import CHIP, GAP, HEADER, PAD, RADIUS, CardGeometry, beside_words
from flowloom.studio.canvas.paint_marks import paint_badges, paint_error, paint_preview, paint_state
from flowloom.studio.canvas.paint_patch import paint_around
from flowloom.studio.canvas.paint_ports import paint_port
from flowloom.studio.canvas.paint_text import (
    BADGE,
    BOLD,
    LINE,
    NORMAL,
    PORT,
    TITLE,
    Style,
    elided,
    font,
    width,
    wrapped,
)
from flowloom.studio.canvas.run_marks import Marks
from flowloom.studio.theme import icons
from flowloom.studio.theme.theme import Theme, mixed

MARGIN: Final = 20
"""How far shadow and glow reach beyond a card."""
PLAIN_BELOW: Final = 0.5
"""Below this zoom a card shows its title large, and ports without names."""
LARGE: Final[Style] = (18, BOLD)
LARGE_TEXT: Final[Style] = (15, NORMAL)
LARGE_LINE: Final = 20


def paint_card(painter: QPainter, geometry: CardGeometry, marks: Marks, theme: Theme, scale: float) -> None:
    """Draw a card at (0, 0) of a painter that is scaled by ``scale`` device pixels a unit."""
    card = geometry.card
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    bypassed = marks.state == "bypassed"
    if bypassed:
        painter.setOpacity(0.55)
    _body(painter, geometry, marks, theme)
    if scale < PLAIN_BELOW:
        _plain(painter, geometry, marks, theme, scale)
        return
    _header(painter, geometry, marks, theme, scale)
    if not card.collapsed:
        if card.lines:
            _lines(painter, geometry, theme)
        if marks.error:
            paint_error(painter, geometry.error, geometry.fix, marks.error, theme, scale)
        if not geometry.preview.isNull():
            paint_preview(painter, geometry.preview, geometry.preview_lines, marks, theme)
        paint_badges(painter, geometry.badges, marks, theme, scale)
    paint_ports(painter, geometry, theme)
    if not card.collapsed:
        _names(painter, geometry, theme)


def paint_words(painter: QPainter, geometry: CardGeometry, marks: Marks, theme: Theme) -> None:
    """Draw the preview alone, over an older one in the same place: all that changes of a card while it streams."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(geometry.preview.adjusted(-1, -1, 1, 1), theme.surface)
    paint_preview(painter, geometry.preview, geometry.preview_lines, marks, theme)


def _body(painter: QPainter, geometry: CardGeometry, marks: Marks, theme: Theme) -> None:
    rect = geometry.rect
    card = geometry.card
    paint_around(painter, rect, "shadow", theme.shadow, RADIUS)
    if marks.state == "running":
        paint_around(painter, rect, "glow", theme.accent, RADIUS)
    border = QPen(theme.border if theme.dark else mixed(theme.border, theme.borderstrong, 0.5), 1)
    if marks.state == "running":
        border = QPen(theme.accent, 1.5)
    elif marks.state == "failed":
        border = QPen(theme.bad, 1.5)
    elif marks.state == "bypassed" or card.unknown:
        border = QPen(theme.borderstrong, 1.2, Qt.PenStyle.DashLine)
    painter.setPen(border)
    painter.setBrush(theme.surface)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
    tint = theme.palette.get(card.color)
    if tint is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        painter.drawRoundedRect(QRectF(RADIUS, 0, rect.width() - 2 * RADIUS, 3), 1.5, 1.5)


def paint_chip(painter: QPainter, rect: QRectF, name: str, color: QColor, theme: Theme, scale: float) -> None:
    """The icon of a node's kind on its tinted ground."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(mixed(theme.surface, color, 0.26 if theme.dark else 0.16))
    radius = rect.width() * 0.26
    painter.drawRoundedRect(rect, radius, radius)
    size = round(rect.width() * 0.66)
    strong = mixed(color, theme.text, 0.25 if theme.dark else 0.18)
    paint_icon(painter, rect.center(), name, strong, size, scale)


def paint_icon(painter: QPainter, middle: QPointF, name: str, color: QColor, size: int, scale: float) -> None:
    """An icon ``size`` units wide around a point, sharp at this scale."""
    picture = icons.pixmap(name, color, size, max(1.0, ceil(scale * 2) / 2))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(QRectF(middle.x() - size / 2, middle.y() - size / 2, size, size), picture, QRectF(picture.rect()))


def _header(painter: QPainter, geometry: CardGeometry, marks: Marks, theme: Theme, scale: float) -> None:
    card = geometry.card
    paint_chip(painter, geometry.chip, card.icon, theme.kind(card.kind), theme, scale)
    title = geometry.title
    right = title.right()
    if card.pinned:
        right -= 16
        paint_icon(painter, QPointF(right + 8, HEADER / 2), "push-pin", theme.warn, 13, scale)
    if card.variant:
        right -= paint_variant(painter, right, card.variant, theme)
    painter.setFont(font(TITLE))
    painter.setPen(theme.text)
    room = QRectF(title.left(), title.top(), right - title.left(), title.height())
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, elided(card.title, TITLE, room.width()))
    paint_state(painter, geometry.state, marks, theme, scale)
    if not card.collapsed:
        painter.setPen(QPen(theme.border, 1))
        painter.drawLine(QPointF(1, HEADER + 0.5), QPointF(geometry.width - 1, HEADER + 0.5))


def paint_variant(painter: QPainter, right: float, name: str, theme: Theme) -> float:
    """The name of the chosen variant in a small frame that ends at ``right``. Returns how much room it took."""
    words = elided(name, BADGE, 56)
    wide = width(words, BADGE) + 10
    box = QRectF(right - wide, (HEADER - 16) / 2, wide, 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.accentsoft)
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(theme.accent)
    painter.setFont(font(BADGE))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
    return wide + 6


def _lines(painter: QPainter, geometry: CardGeometry, theme: Theme) -> None:
    painter.setFont(font(LINE))
    painter.setPen(theme.muted)
    lines = geometry.lines
    tall = lines.height() / len(geometry.card.lines)
    for number, words in enumerate(geometry.card.lines):
        room = QRectF(lines.left(), lines.top() + number * tall, lines.width(), tall)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, elided(words, LINE, room.width()))


def paint_ports(painter: QPainter, geometry: CardGeometry, theme: Theme) -> None:
    """Draw the shapes of a card's ports."""
    card = geometry.card
    if card.conditional:
        paint_port(painter, geometry.point("in", ACTIVATE), "any", theme.muted, theme.surface, filled=True)
    if card.collapsed:
        for side in ("in", "out"):
            row = next((row for row in card.ports if row.side == side), None)
            if row is not None and not (side == "in" and card.conditional):
                paint_port(painter, geometry.point(side, row.name), "any", theme.faint, theme.surface, filled=True)
        return
    for row in card.ports:
        color = theme.type(row.type)
        paint_port(painter, geometry.point(row.side, row.name), row.type, color, theme.surface, filled=_is_filled(row))


def _names(painter: QPainter, geometry: CardGeometry, theme: Theme) -> None:
    inputs, outputs = geometry.card.inputs, geometry.card.outputs
    for number in range(max(len(inputs), len(outputs))):
        row_in = inputs[number] if number < len(inputs) else None
        row_out = outputs[number] if number < len(outputs) else None
        _row_names(painter, geometry, row_in, row_out, theme)


def _is_filled(row: PortRow) -> bool:
    return row.filled or row.side == "out"


def _row_names(painter: QPainter, geometry: CardGeometry, row_in: PortRow | None, row_out: PortRow | None, theme: Theme) -> None:
    """The names of a row's two ports, what is written for the left one beside it."""
    row = row_in or row_out
    if row is None:
        return
    y = geometry.point(row.side, row.name).y() - 12
    room = geometry.width - 2 * PAD - 2
    right_wide = min(width(row_out.name, PORT), room if row_in is None else room * 0.55) if row_out is not None else 0.0
    left_room = room - right_wide - (GAP if row_in and row_out else 0)
    painter.setFont(font(PORT))
    if row_out is not None:
        box = QRectF(geometry.width - PAD - 1 - right_wide, y, right_wide + 1, 24)
        painter.setPen(theme.text)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, elided(row_out.name, PORT, right_wide))
        _beside(painter, row_out, PAD + 1, geometry.width - PAD - 1 - right_wide - 6 if row_in is None else 0, y, theme, right=True)
    if row_in is not None:
        words = elided(row_in.name, PORT, left_room)
        used = width(words, PORT)
        missing = row_in.required and not row_in.filled
        painter.setPen(theme.warn if missing else (theme.text if row_in.filled else theme.muted))
        painter.drawText(QRectF(PAD + 1, y, used + 2, 24), Qt.AlignmentFlag.AlignVCenter, words)
        _beside(painter, row_in, PAD + 1 + used + 6, PAD + 1 + left_room, y, theme, right=False)


def _beside(painter: QPainter, row: PortRow, left: float, end: float, y: float, theme: Theme, *, right: bool) -> None:
    """What is written for a port, or what it is for, small beside its name, where there is room."""
    words = beside_words(row)
    if not words or end - left < 24:
        return
    painter.setFont(font(BADGE))
    painter.setPen(theme.faint)
    where = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(QRectF(left, y, end - left, 24), Qt.AlignmentFlag.AlignVCenter | where, elided(words, BADGE, end - left))
    painter.setFont(font(PORT))


def _plain(painter: QPainter, geometry: CardGeometry, marks: Marks, theme: Theme, scale: float) -> None:
    """A card from afar: chip, large title, state, and its ports."""
    card = geometry.card
    chip = QRectF(12, 12, CHIP + 8, CHIP + 8) if not card.collapsed else geometry.chip
    paint_chip(painter, chip, card.icon, theme.kind(card.kind), theme, scale)
    paint_state(painter, geometry.state, marks, theme, scale)
    left = chip.right() + 10
    room = geometry.state.left() - 6 - left
    painter.setPen(theme.text)
    painter.setFont(font(LARGE))
    lines = [card.title] if card.collapsed or geometry.height < 76 else list(wrapped(card.title, LARGE, room, 2))
    shown = lines[:2]
    if len(lines) > 2:
        shown[1] = f"{shown[1]}…"
    for number, words in enumerate(shown):
        top = chip.top() + (chip.height() - 22) / 2 + 23 * number
        painter.drawText(QRectF(left, top, room, 22), Qt.AlignmentFlag.AlignVCenter, elided(words, LARGE, room))
    if not card.collapsed:
        _plain_words(painter, geometry, marks, theme, chip.top() + (chip.height() - 22) / 2 + 23 * len(shown) + 6)
    paint_ports(painter, geometry, theme)


def _plain_words(painter: QPainter, geometry: CardGeometry, marks: Marks, theme: Theme, top: float) -> None:
    """What came out of a card so far, or what went wrong, in letters that are large enough from afar."""
    if marks.image and not marks.error:
        paint_preview(painter, geometry.preview, (), marks, theme)
        return
    words = marks.error or marks.text or "\n".join(f"{row.lead}  {row.text}" for row in marks.rows)
    room = geometry.width - 2 * PAD - 8
    most = int((geometry.height - top - 8) // LARGE_LINE)
    if not words or most < 1:
        return
    lines = wrapped(words, LARGE_TEXT, room, 60 if marks.streaming else most)
    painter.setFont(font(LARGE_TEXT))
    painter.setPen(theme.bad if marks.error else theme.muted)
    for number, line in enumerate(lines[-most:] if marks.streaming else lines[:most]):
        box = QRectF(PAD + 4, top + number * LARGE_LINE, room, LARGE_LINE)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, elided(line, LARGE_TEXT, room))
