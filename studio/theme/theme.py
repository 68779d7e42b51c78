"""The colours of the studio, read from ``resources/themes/tokens.json``. Nothing else in the studio names a colour."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, Final, Literal

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor

from flowloom import resources

ThemeName = Literal["dark", "light"]

SIZES: Final = {"tiny": 11, "small": 12, "base": 13, "large": 15, "title": 18, "display": 24}
"""Type sizes in pixels; there are no others."""

_TYPE_GROUPS: Final = {
    "string": "text", "secret": "text", "prompt_template": "text", "file_path": "text", "int": "number", "double": "number",
    "bool": "bool", "list": "list", "object": "object", "assistant_definition": "object", "image": "image", "connection": "connection",
}  # fmt: skip


@dataclass(frozen=True)
class Theme:
    """One theme. Colours bear the names of the tokens."""

    name: ThemeName
    window: QColor
    canvas: QColor
    dot: QColor
    surface: QColor
    raised: QColor
    border: QColor
    borderstrong: QColor
    text: QColor
    muted: QColor
    faint: QColor
    accent: QColor
    btn: QColor
    accentsoft: QColor
    ok: QColor
    warn: QColor
    bad: QColor
    shadow: QColor
    code: QColor
    sel: QColor
    kinds: Mapping[str, QColor]
    types: Mapping[str, QColor]
    syntax: Mapping[str, QColor]
    palette: Mapping[str, QColor]
    """Colours a person may give cards, frames and notes, by name."""

    @property
    def dark(self) -> bool:
        return self.name == "dark"

    def kind(self, kind: str) -> QColor:
        """The colour of a node's icon chip."""
        return self.kinds.get(kind, self.kinds["io"])

    def type(self, type_name: str) -> QColor:
        """The colour of a port's type, by the type names of flows."""
        return self.types[type_group(type_name)]


def type_group(type_name: str) -> str:
    """``text number bool list object image connection any``: what a port's colour and shape tell of its type."""
    return _TYPE_GROUPS.get(type_name, "any")


def mixed(first: QColor, second: QColor, share: float) -> QColor:
    """A colour between two: ``share`` 0 is the first, 1 the second."""
    channels = zip(first.getRgb()[:3], second.getRgb()[:3], strict=True)  # pyright: ignore[reportIndexIssue, reportArgumentType]
    return QColor(*(round(a + (b - a) * share) for a, b in channels))


def with_alpha(color: QColor, alpha: float) -> QColor:
    """The colour with another opacity, 0 to 1."""
    faded = QColor(color)
    faded.setAlphaF(alpha)
    return faded


class _Themes(QObject):
    """Tells widgets that paint by themselves when the theme changes."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.current = load_theme("dark")


@lru_cache(maxsize=2)
def load_theme(name: ThemeName) -> Theme:
    tokens: dict[str, Any] = json.loads(resources.path("themes/tokens.json").read_text(encoding="utf-8"))
    plain = {part.name for part in fields(Theme)} & tokens["themes"][name].keys()
    colors: dict[str, Any] = {key: _color(tokens["themes"][name][key]) for key in plain}
    groups = {
        "kinds": tokens["kinds"], "types": tokens["types"][name], "syntax": tokens["syntax"][name], "palette": tokens["palette"]
    }  # fmt: skip
    colors |= {group: {key: _color(value) for key, value in found.items()} for group, found in groups.items()}
    return Theme(name=name, **colors)


def _color(text: str) -> QColor:
    if match := re.fullmatch(r"rgba\((\d+),(\d+),(\d+),([\d.]+)\)", text.replace(" ", "")):
        red, green, blue, alpha = match.groups()
        return QColor(int(red), int(green), int(blue), round(float(alpha) * 255))
    return QColor(text)


_themes: _Themes | None = None


def themes() -> _Themes:
    """``themes().changed`` is emitted with the new Theme."""
    global _themes
    if _themes is None:
        _themes = _Themes()
    return _themes


def current() -> Theme:
    return themes().current


def set_theme(name: ThemeName) -> None:
    themes().current = load_theme(name)
    themes().changed.emit(themes().current)
