"""Draws what a run leaves on a card: the ring of its state, the preview of its output, badges, the error's first line."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from functools import lru_cache
from math import ceil
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter, QPen

from flowloom.studio.canvas.geometry import ERROR_INDENT, GAP, LINE_HEIGHT
from flowloom.studio.canvas.paint_text import BADGE, LINE, MEDIUM, Style, elided, font, width, wrapped
from flowloom.studio.canvas.run_marks import Marks
from flowloom.studio.language import tr
from flowloom.studio.theme import icons
from flowloom.studio.theme.theme import Theme, mixed

LEAD: Final[Style] = (12, MEDIUM)
FIX: Final[Style] = (11, MEDIUM)
LARGEST_IMAGE: Final = 4096
"""Pictures wider or higher than this many pixels show a sign in place of a thumbnail."""


def paint_state(painter: QPainter, rect: QRectF, marks: Marks, theme: Theme, scale: float) -> None:
    """The state's sign. That of a running node is an open ring: the part that turns is drawn by the item."""
    state = marks.state
    if state in ("", "waiting"):
        if state:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.faint, 1.4))
            painter.drawEllipse(rect.adjusted(2, 2, -2, -2))
        return
    if state == "running":
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(mixed(theme.surface, theme.accent, 0.25), 2))
        painter.drawEllipse(rect.adjusted(1, 1, -1, -1))
        return
    name, color = _SIGNS[state]
    if marks.cached:
        name, color = "lightning-fill", "ok"
    _icon(painter, rect.center(), name, getattr(theme, color), 15, scale)


_SIGNS: Final = {
    "completed": ("check-circle-fill", "ok"), "failed": ("x-circle-fill", "bad"),
    "bypassed": ("skip-forward", "faint"), "cancelled": ("minus-circle", "warn"),
}  # fmt: skip


def paint_spinner(painter: QPainter, rect: QRectF, color: QColor, turn: float) -> None:
    """The turning part of a running node's ring; ``turn`` is in whole turns."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawArc(rect.adjusted(1, 1, -1, -1), round(-turn * 5760) % 5760, 1500)


def paint_error(painter: QPainter, rect: QRectF, button: QRectF, words: str, theme: Theme, scale: float) -> None:
    """What went wrong, in two lines at most, and the button that leads to a fix."""
    room = rect.width() - ERROR_INDENT
    lines = wrapped(words, LINE, room, 2)
    top = rect.top()
    _icon(painter, QPointF(rect.left() + 7, top + LINE_HEIGHT / 2), "warning-circle", theme.bad, 14, scale)
    painter.setFont(font(LINE))
    painter.setPen(theme.bad)
    for number, line in enumerate(lines[:2]):
        shown = f"{line}…" if number == 1 and len(lines) > 2 else line
        box = QRectF(rect.left() + ERROR_INDENT, top + number * LINE_HEIGHT, room, LINE_HEIGHT)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, elided(shown, LINE, room))
    painter.setPen(QPen(mixed(theme.surface, theme.bad, 0.5), 1))
    painter.setBrush(theme.raised)
    painter.drawRoundedRect(button.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
    painter.setPen(theme.text)
    painter.setFont(font(FIX))
    painter.drawText(button, Qt.AlignmentFlag.AlignCenter, tr("Fix"))


def paint_preview(painter: QPainter, rect: QRectF, lines: tuple[str, ...], marks: Marks, theme: Theme) -> None:
    """The output so far in a quiet box: lines of a text with a caret while it streams, rows, or a thumbnail."""
    painter.setPen(QPen(theme.border, 1))
    painter.setBrush(theme.code)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
    inner = rect.adjusted(GAP, GAP, -GAP, -GAP)
    if marks.image:
        _thumbnail(painter, rect.adjusted(4, 4, -4, -4), marks.image, theme)
        return
    painter.setFont(font(LINE))
    if marks.rows:
        _rows(painter, inner, marks, theme)
        return
    painter.setPen(theme.text)
    for number, words in enumerate(lines):
        box = QRectF(inner.left(), inner.top() + number * LINE_HEIGHT, inner.width() + 4, LINE_HEIGHT)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, elided(words, LINE, inner.width() + 2))
    if marks.streaming:
        end = min(width(lines[-1], LINE) + 2, inner.width() - 5) if lines else 0
        top = inner.top() + (len(lines) - 1) * LINE_HEIGHT + 2
        painter.fillRect(QRectF(inner.left() + end, top, 5, LINE_HEIGHT - 4), theme.accent)


def _rows(painter: QPainter, inner: QRectF, marks: Marks, theme: Theme) -> None:
    leads = [elided(row.lead, LEAD, inner.width() * 0.45) for row in marks.rows]
    lead_wide = max(width(lead, LEAD) for lead in leads)
    for number, (lead, row) in enumerate(zip(leads, marks.rows, strict=True)):
        top = inner.top() + number * LINE_HEIGHT
        painter.setFont(font(LEAD))
        painter.setPen(theme.ok if row.lead[:1].isdigit() or row.lead[:1] == "-" else theme.muted)
        painter.drawText(QRectF(inner.left(), top, lead_wide + 1, LINE_HEIGHT), Qt.AlignmentFlag.AlignVCenter, lead)
        room = inner.width() - lead_wide - GAP
        painter.setFont(font(LINE))
        painter.setPen(theme.text)
        box = QRectF(inner.left() + lead_wide + GAP, top, room, LINE_HEIGHT)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, elided(row.text, LINE, room))


@lru_cache(maxsize=64)
def thumbnail(text: str) -> QImage:
    """A small copy of a picture given as base64; a null one where it cannot be read or is too large."""
    try:
        data = b64decode(text, validate=True)
    except (Base64Error, ValueError):
        return QImage()
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.width() > LARGEST_IMAGE or size.height() > LARGEST_IMAGE:
        return QImage()
    reader.setScaledSize(size.scaled(QSize(480, 240), Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


def _thumbnail(painter: QPainter, rect: QRectF, text: str, theme: Theme) -> None:
    picture = thumbnail(text)
    if picture.isNull():
        _icon(painter, rect.center(), "image", theme.faint, 24, 1.0)
        return
    share = min(rect.width() / picture.width(), rect.height() / picture.height())
    wide, tall = picture.width() * share, picture.height() * share
    target = QRectF(rect.center().x() - wide / 2, rect.center().y() - tall / 2, wide, tall)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(target, picture)


def paint_badges(painter: QPainter, boxes: tuple[QRectF, ...], marks: Marks, theme: Theme, scale: float) -> None:
    painter.setFont(font(BADGE))
    for number, (box, words) in enumerate(zip(boxes, marks.badges, strict=False)):
        painter.setPen(QPen(theme.border, 1))
        painter.setBrush(theme.raised)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        left = 7.0
        if marks.cached and number == 0:
            _icon(painter, QPointF(box.left() + 13, box.center().y()), "lightning", theme.ok, 12, scale)
            left += 14
        painter.setPen(theme.muted)
        room = box.width() - left - 5
        painter.drawText(
            QRectF(box.left() + left, box.top(), room + 2, box.height()), Qt.AlignmentFlag.AlignVCenter, elided(words, BADGE, room)
        )


def _icon(painter: QPainter, middle: QPointF, name: str, color: QColor, size: int, scale: float) -> None:
    picture = icons.pixmap(name, color, size, max(1.0, ceil(scale * 2) / 2))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(QRectF(middle.x() - size / 2, middle.y() - size / 2, size, size), picture, QRectF(picture.rect()))
