"""Icons: the Phosphor family as QtAwesome brings it, tinted."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from flowloom.flows.errors import MissingExtra

_SHARE: Final = 0.875
"""How high a character is within its square."""

_KINDS: Final = {
    "llm": "sparkle", "prompt": "text-align-left", "python": "code", "retrieval": "magnifying-glass", "agent": "robot",
    "logic": "git-branch", "io": "sign-in", "out": "sign-out",
}  # fmt: skip
_SPEC_ICONS: Final = {"model": "sparkle", "text": "text-align-left", "vector": "dots-nine", "path": "path"}


def icon(name: str, color: QColor, *, active: QColor | None = None) -> QIcon:
    """The Phosphor icon of that name (``play``, ``magnifying-glass``), in one colour. A name the family lacks gives a plain dot."""
    return _icon(name, color.name(QColor.NameFormat.HexArgb), active.name(QColor.NameFormat.HexArgb) if active else "")


def pixmap(name: str, color: QColor, size: int, ratio: float = 1.0) -> QPixmap:
    """The icon as a picture ``size`` logical pixels wide for a screen of that pixel ratio."""
    return _pixmap(name, color.name(QColor.NameFormat.HexArgb), size, ratio)


def node_icon(kind: str, wanted: str = "") -> str:
    """The icon's name for a node of a kind whose spec asks for ``wanted``."""
    return _SPEC_ICONS.get(wanted, wanted) or _KINDS.get(kind, "circle")


@lru_cache(maxsize=1024)
def _icon(name: str, color: str, active: str) -> QIcon:
    characters = _characters()
    return QIcon(_Glyph(characters.get(name) or characters["circle"], QColor(color), QColor(active or color)))


@lru_cache(maxsize=2048)
def _pixmap(name: str, color: str, size: int, ratio: float) -> QPixmap:
    found = _icon(name, color, "").pixmap(QSize(size, size), ratio)
    found.setDevicePixelRatio(ratio)
    return found


class _Glyph(QIconEngine):
    """One character of the icon font, at every size and in every state."""

    def __init__(self, character: str, color: QColor, active: QColor) -> None:
        super().__init__()
        self._character, self._color, self._active = character, color, active

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        color = self._active if mode in (QIcon.Mode.Active, QIcon.Mode.Selected) else self._color
        if mode == QIcon.Mode.Disabled:
            color = QApplication.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
        font = QFont(_family())
        font.setPixelSize(max(1, round(rect.height() * _SHARE)))
        painter.save()
        painter.setPen(color)
        painter.setFont(font)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._character)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        return _Glyph(self._character, self._color, self._active)


@lru_cache(maxsize=1)
def _fonts() -> Path:
    """Where QtAwesome keeps its fonts. The package itself is not imported: that would take a quarter of the studio's start."""
    found = find_spec("qtawesome")
    if found is None or found.origin is None:
        raise MissingExtra("The icons of the studio are not installed.", hint="Install them: pip install 'flowloom[studio]'")
    return Path(found.origin).parent / "fonts"


@lru_cache(maxsize=1)
def _family() -> str:
    """The family of the icon font, made known to Qt."""
    number = QFontDatabase.addApplicationFont(str(next(_fonts().glob("phosphor-*.ttf"))))
    return QFontDatabase.applicationFontFamilies(number)[0]


@lru_cache(maxsize=1)
def _characters() -> dict[str, str]:
    """The character of each icon, by its name in the family."""
    named = json.loads(next(_fonts().glob("phosphor-charmap-*.json")).read_text(encoding="utf-8"))
    return {name: chr(int(code, 16)) for name, code in named.items()}
