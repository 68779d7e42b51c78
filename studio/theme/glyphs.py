"""The few small marks a style sheet can only take from files: ticks and arrows, drawn in the theme's colours into a folder of this run."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPointF, Qt, QTemporaryDir
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from flowloom.studio.theme.theme import Theme

SIDE: Final = 12

_LINES: Final[dict[str, tuple[tuple[float, float], ...]]] = {
    "down": ((2.5, 4.5), (6, 8), (9.5, 4.5)),
    "up": ((2.5, 7.5), (6, 4), (9.5, 7.5)),
    "right": ((4.5, 2.5), (8, 6), (4.5, 9.5)),
    "left": ((7.5, 2.5), (4, 6), (7.5, 9.5)),
    "check": ((2.2, 6.4), (4.8, 9), (9.8, 3.4)),
    "dash": ((2.5, 6), (9.5, 6)),
    "cross": ((3, 3), (9, 9)),
    "dot": ((6, 6), (6, 6)),
}


@lru_cache(maxsize=1)
def _folder() -> QTemporaryDir:
    return QTemporaryDir()


_made: dict[str, dict[str, str]] = {}


def glyphs(theme: Theme) -> dict[str, str]:
    """Paths of the marks by name, ``down``, ``check-on`` (for coloured grounds), ``down-faint`` ..., with forward slashes."""
    if theme.name in _made:
        return _made[theme.name]
    found = _made[theme.name] = {}
    for name in _LINES:
        for suffix, color in (("", theme.muted), ("-faint", theme.borderstrong), ("-on", QColor(Qt.GlobalColor.white))):
            found[f"{name}{suffix}"] = _draw(f"{theme.name}-{name}{suffix}", name, color)
    return found


def _draw(file: str, name: str, color: QColor) -> str:
    path = Path(_folder().path()) / f"{file}.png"
    for ratio, target in ((1, path), (2, path.with_name(f"{file}@2x.png"))):
        image = QImage(SIDE * ratio, SIDE * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(ratio, ratio)
        width = 5.0 if name == "dot" else 1.6
        painter.setPen(QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in _LINES[name]]))
        if name == "cross":
            painter.drawPolyline(QPolygonF([QPointF(9, 3), QPointF(3, 9)]))
        if name == "dot":
            painter.drawPoint(QPointF(6, 6))
        painter.end()
        image.save(str(target))
    return path.as_posix()
