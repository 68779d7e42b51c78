"""Both themes are whole, and what is written in them can be read."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor

from flowloom.flows.model.types import FLOW_TYPES
from flowloom.studio.theme.theme import ThemeName, current, load_theme, mixed, set_theme, themes, type_group, with_alpha


def luminance(color: QColor) -> float:
    def channel(value: float) -> float:
        return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * channel(color.redF()) + 0.7152 * channel(color.greenF()) + 0.0722 * channel(color.blueF())


def contrast(first: QColor, second: QColor) -> float:
    """WCAG 2.2's contrast ratio, 1 to 21."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", ["dark", "light"])
def test_text_can_be_read(name: ThemeName) -> None:
    theme = load_theme(name)
    for background in (theme.window, theme.surface, theme.raised, theme.code):
        for text in (theme.text, theme.muted, theme.faint, theme.accent, theme.ok, theme.warn, theme.bad):
            assert contrast(text, background) >= 4.5, (text.name(), background.name())
    for text in theme.syntax.values():
        assert contrast(text, theme.code) >= 4.5, text.name()
    assert contrast(QColor("white"), theme.btn) >= 4.5


@pytest.mark.parametrize("name", ["dark", "light"])
def test_every_type_of_a_flow_has_a_colour(name: ThemeName) -> None:
    theme = load_theme(name)
    assert all(theme.type(type_name).isValid() for type_name in (*FLOW_TYPES, "any", "acme.Thing"))
    assert type_group("int") == type_group("double") == "number"
    assert len({theme.type(type_name).name() for type_name in ("string", "int", "bool", "list", "object", "image")}) == 6


def test_changing_the_theme_is_told() -> None:
    heard: list[object] = []
    themes().changed.connect(heard.append)
    set_theme("light")
    themes().changed.disconnect(heard.append)
    assert heard == [current()]
    assert not current().dark


def test_colours_between_and_faded() -> None:
    assert mixed(QColor(0, 0, 0), QColor(200, 100, 50), 0.5) == QColor(100, 50, 25)
    assert with_alpha(QColor(1, 2, 3), 0.5).alpha() == 128
