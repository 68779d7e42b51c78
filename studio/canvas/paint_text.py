"""Text on the canvas: fonts by size and weight, and how wide, how short and on how many lines a text fits."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QGuiApplication, QTextLayout, QTextOption

NORMAL: Final = QFont.Weight.Normal
MEDIUM: Final = QFont.Weight.Medium
BOLD: Final = QFont.Weight.DemiBold

TITLE: Final = (13, BOLD)
LINE: Final = (12, NORMAL)
PORT: Final = (12, NORMAL)
BADGE: Final = (11, NORMAL)

Style = tuple[int, QFont.Weight]
"""Size in pixels at 100 %, and weight."""


class _Base:
    """The application's font, as a text that caches are keyed by: to write it out takes longer than to look a width up."""

    font = QFont()
    text = ""


def _base() -> str:
    current = QGuiApplication.font()
    if not _Base.text or current != _Base.font:
        _Base.font, _Base.text = current, current.toString()
    return _Base.text


def font(style: Style) -> QFont:
    """The application's font in that size and weight. Hinting would make words change their length with the zoom."""
    return _font(style, _base())


@lru_cache(maxsize=64)
def _font(style: Style, base: str) -> QFont:
    found = QFont()
    found.fromString(base)
    found.setPixelSize(style[0])
    found.setWeight(style[1])
    found.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return found


@lru_cache(maxsize=64)
def _metrics(style: Style, base: str) -> QFontMetricsF:
    return QFontMetricsF(_font(style, base))


def metrics(style: Style) -> QFontMetricsF:
    return _metrics(style, _base())


@lru_cache(maxsize=16384)
def _width(text: str, style: Style, base: str) -> float:
    return _metrics(style, base).horizontalAdvance(text)


def width(text: str, style: Style) -> float:
    """How wide a text is, in canvas units."""
    return _width(text, style, _base())


def elided(text: str, style: Style, room: float, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> str:
    """The text, shortened with an ellipsis where it is wider than ``room``."""
    return text if width(text, style) <= room else metrics(style).elidedText(text, mode, room)


@lru_cache(maxsize=2048)
def _wrapped(text: str, style: Style, room: float, most: int, base: str) -> tuple[str, ...]:
    layout = QTextLayout(text, _font(style, base))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    lines: list[str] = []
    # Qt counts in UTF-16, where letters beyond the first plane take two places.
    units = text.encode("utf-16-le", "replace")
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(room)
        start, length = line.textStart(), line.textLength()
        lines.append(units[2 * start : 2 * (start + length)].decode("utf-16-le", "replace").rstrip())
        if len(lines) > most:
            break
    layout.endLayout()
    return tuple(lines)


def wrapped(text: str, style: Style, room: float, most: int) -> tuple[str, ...]:
    """The lines of a text within ``room``; no more than one line beyond ``most``, which tells that there is more."""
    lines: list[str] = []
    base = _base()
    for paragraph in text.splitlines():
        lines.extend(_wrapped(paragraph, style, room, most, base) or ("",))
        if len(lines) > most:
            break
    return tuple(lines[: most + 1])
