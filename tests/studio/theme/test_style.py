"""The style sheet is whole and the fonts are in their order."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QFont, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication, QPushButton

from flowloom.studio.theme import theme
from flowloom.studio.theme.sheet import SHEET
from flowloom.studio.theme.style import CHINESE, apply_style, code_font, font, restyle, scale, style_sheet
from flowloom.studio.theme.theme import ThemeName, load_theme


@pytest.mark.parametrize("name", ["dark", "light"])
def test_every_place_is_filled_and_no_colour_is_written_in(application: QApplication, name: ThemeName) -> None:
    sheet = style_sheet(load_theme(name))
    assert "$" not in sheet
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgb", SHEET)
    assert sheet.count("{") == sheet.count("}")


def test_type_grows_as_a_whole(application: QApplication) -> None:
    apply_style(application, load_theme("dark"), larger=1.5)
    assert scale() == 1.5
    assert font().pixelSize() == 20
    assert QApplication.font().pixelSize() == 20
    assert "font-size: 36px" in application.styleSheet()
    apply_style(application, load_theme("dark"))
    assert font().pixelSize() == 13


def test_the_application_takes_the_theme(application: QApplication) -> None:
    apply_style(application, load_theme("light"))
    assert theme.current().name == "light"
    assert application.palette().color(QPalette.ColorRole.Window) == load_theme("light").window


def test_chinese_fonts_come_after_latin_ones_and_draw_no_boxes(application: QApplication) -> None:
    for made in (font(), code_font()):
        families = made.families()
        chinese = [index for index, name in enumerate(families) if name in CHINESE]
        assert not chinese or chinese[0] > 0
    widths = {QFontMetrics(font()).horizontalAdvance(letter) for letter in "运行流程图"}
    assert len(widths) == 1
    assert widths.pop() >= 12


def test_figures_have_one_width(application: QApplication) -> None:
    metrics = QFontMetrics(font(13, QFont.Weight.Normal))
    assert len({metrics.horizontalAdvance(figure) for figure in "0123456789"}) == 1


def test_a_changed_property_is_seen(application: QApplication) -> None:
    apply_style(application, load_theme("dark"))
    button = QPushButton("Run")
    button.resize(90, 30)
    before = button.grab().toImage()
    button.setProperty("kind", "primary")
    restyle(button)
    assert button.grab().toImage() != before
    button.deleteLater()
