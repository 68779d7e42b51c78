"""How Qt's own widgets look: one style sheet made from a Theme, with the fonts. Widgets choose a look by two properties.

    QPushButton  kind: primary quiet danger segment
    QLabel       role: display title heading muted faint small tiny code ok warn bad chip
    QFrame       role: card well line bar
    QWidget      role: panel
"""

from __future__ import annotations

from functools import lru_cache
from string import Template
from typing import Final

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from flowloom.studio.theme.glyphs import glyphs
from flowloom.studio.theme.sheet import SHEET
from flowloom.studio.theme.theme import SIZES, Theme, mixed, set_theme, with_alpha

LATIN: Final = ("Inter",)
CHINESE: Final = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei")
CODE: Final = ("JetBrains Mono", "Cascadia Mono", "SF Mono", "Menlo", "Consolas", "DejaVu Sans Mono", "Noto Sans Mono")

_scale = 1.0


def scale() -> float:
    """How much larger than usual type is: 1.5 while presenting."""
    return _scale


@lru_cache(maxsize=1)
def _families() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Families of words and of code; the Chinese ones come after the Latin ones."""
    known = set(QFontDatabase.families())
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
    words = [name for name in LATIN if name in known] + [system] + [name for name in CHINESE if name in known]
    code = [name for name in CODE if name in known] + [fixed] + [name for name in CHINESE if name in known]
    return tuple(dict.fromkeys(words)), tuple(dict.fromkeys(code))


def font(pixels: int = SIZES["base"], weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The font of words at a size of SIZES, with figures of one width."""
    found = QFont()
    found.setFamilies(list(_families()[0]))
    found.setPixelSize(round(pixels * _scale))
    found.setWeight(weight)
    found.setFeature(QFont.Tag("tnum"), 1)
    return found


def code_font(pixels: int = SIZES["small"]) -> QFont:
    """The font of code and prompts."""
    found = QFont()
    found.setFamilies(list(_families()[1]))
    found.setPixelSize(round(pixels * _scale))
    found.setFixedPitch(True)
    return found


def apply_style(application: QApplication, theme: Theme, *, larger: float = 1.0) -> None:
    """Dress the whole application, and tell widgets that paint by themselves."""
    global _scale
    _scale = larger
    if application.style().objectName() != "fusion":
        application.setStyle("Fusion")
    application.setFont(font())
    application.setPalette(palette(theme))
    application.setStyleSheet(style_sheet(theme, larger))
    set_theme(theme.name)


def on_button() -> QColor:
    """The colour of words and icons on a primary button."""
    return QColor("white")


def restyle(widget: QWidget) -> None:
    """Look at a widget's properties again after one was changed."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def palette(theme: Theme) -> QPalette:
    made = QPalette()
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    for which, color in (
        (role.Window, theme.window), (role.WindowText, theme.text), (role.Base, theme.surface), (role.AlternateBase, theme.raised),
        (role.Text, theme.text), (role.PlaceholderText, theme.faint), (role.Button, theme.raised), (role.ButtonText, theme.text),
        (role.BrightText, theme.bad), (role.ToolTipBase, theme.raised), (role.ToolTipText, theme.text), (role.Link, theme.accent),
        (role.LinkVisited, theme.accent), (role.Highlight, theme.sel), (role.HighlightedText, theme.text),
        (role.Light, theme.raised), (role.Midlight, theme.border), (role.Mid, theme.border), (role.Dark, theme.borderstrong),
        (role.Shadow, theme.border), (role.Accent, theme.accent),
    ):  # fmt: skip
        made.setColor(which, color)
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(group.Disabled, which, mixed(theme.faint, theme.surface, 0.3))
    return made


def style_sheet(theme: Theme, larger: float = 1.0) -> str:
    words, code = _families()
    values = {
        name: getattr(theme, name).name()
        for name in (
            "window", "canvas", "surface", "raised", "border", "borderstrong", "text", "muted", "faint", "accent", "btn",
            "accentsoft", "ok", "warn", "bad", "code", "sel",
        )
    }  # fmt: skip
    values |= {
        "words": _quoted(words),
        "mono": _quoted(code),
        "onbtn": on_button().name(),
        "btnhover": mixed(theme.btn, QColor("white"), 0.12).name(),
        "btnpress": mixed(theme.btn, QColor("black"), 0.12).name(),
        "hover": _rgba(with_alpha(theme.text, 0.06)),
        "press": _rgba(with_alpha(theme.text, 0.11)),
        "scroll": _rgba(with_alpha(theme.muted, 0.32)),
        "scrollhover": _rgba(with_alpha(theme.muted, 0.6)),
        "badsoft": mixed(theme.surface, theme.bad, 0.14).name(),
        "warnsoft": mixed(theme.surface, theme.warn, 0.13).name(),
        "oksoft": mixed(theme.surface, theme.ok, 0.13).name(),
        "disabled": mixed(theme.faint, theme.surface, 0.3).name(),
    }
    values |= {f"glyph_{name.replace('-', '_')}": f'url("{path}")' for name, path in glyphs(theme).items()}
    values |= {f"px{size}": f"{round(size * larger)}px" for size in SIZES.values()}
    values |= {"control": f"{round(28 * larger)}px", "field": f"{round(26 * larger)}px"}
    return Template(SHEET).substitute(values)


def _quoted(families: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in families)


def _rgba(color: QColor) -> str:
    return f"rgba({color.red()}, {color.green()}, {color.blue()}, {color.alphaF():.3f})"
