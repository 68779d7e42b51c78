"""Icons: QtAwesome's Phosphor family, tinted."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPixmap

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
    import qtawesome

    options = {"color": QColor(color), "color_active": QColor(active) if active else QColor(color)}
    if f"ph.{name}" not in _known():
        name = "circle"
    return qtawesome.icon(f"ph.{name}", **options)


@lru_cache(maxsize=2048)
def _pixmap(name: str, color: str, size: int, ratio: float) -> QPixmap:
    found = _icon(name, color, "").pixmap(QSize(size, size), ratio)
    found.setDevicePixelRatio(ratio)
    return found if not found.isNull() else QPixmap(size, size).scaled(size, size, Qt.AspectRatioMode.KeepAspectRatio)


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    import qtawesome

    qtawesome.icon("ph.circle")
    charmap = qtawesome._resource["iconic"].charmap["ph"]  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue, reportOptionalMemberAccess]
    return frozenset(f"ph.{name}" for name in charmap)
