"""Every word on the screen has its room and its glyphs, in both languages, in a small window and in a large one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QFontDatabase, QTextLayout
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QSizePolicy, QWidget

from flowloom.studio.application import Studio
from flowloom.studio.language import catalogue
from flowloom.studio.panels.elided import Elided
from flowloom.studio.theme.style import CHINESE, code_font, font
from flowloom.studio.workspace import Page


def settle() -> None:
    for _ in range(8):
        QApplication.processEvents()


def cut(root: QWidget) -> Iterator[str]:
    """Words of labels and buttons that have less room than they need; what shortens itself on purpose is left out."""
    for widget in root.findChildren(QWidget):
        if not widget.isVisible() or widget.visibleRegion().isEmpty() or isinstance(widget, Elided):
            continue
        if isinstance(widget, QLabel) and not widget.wordWrap() and widget.text() and not widget.text().startswith("<"):
            text = max(widget.text().splitlines(), key=len, default="")
        elif isinstance(widget, QAbstractButton):
            text = widget.text().replace("&", "")
        else:
            continue
        if widget.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Ignored or text.endswith("…"):
            continue
        need = widget.fontMetrics().horizontalAdvance(text)
        if need > widget.width() + 1:
            yield f"{type(widget).__name__} {text!r}: {need} of {widget.width()}"
        if isinstance(widget, QLabel) and widget.fontMetrics().height() > widget.height() + 2:
            yield f"{type(widget).__name__} {text!r}: {widget.height()} high"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", [(1280, 800), (2560, 1440)])
def test_no_word_is_cut(studio: Studio, page: Page, language: str, size: tuple[int, int]) -> None:
    if language != "en":
        studio.settings.set("language", language)
        settle()
    window = studio.window
    window.resize(*size)
    settle()
    found: list[str] = []

    def look(where: str) -> None:
        settle()
        found.extend(f"{where}: {words}" for words in cut(window))

    for chosen in (["answer"], ["prepare"], ["@inputs"], ["@outputs"], ["answer", "prepare"], []):
        page.scene.select(chosen)
        look(", ".join(chosen) or "the flow")
    for tab in ("timeline", "data", "problems", "log", "history", "comparison", "lanes"):
        window.bottom.show_tab(tab)
        look(tab)
    page.parts["trust"].distrust()
    look("restricted")
    window.show_face("use")
    look("use")
    assert not found, "\n".join(dict.fromkeys(found))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_no_word_of_the_welcome_page_is_cut(studio: Studio, language: str) -> None:
    if language != "en":
        studio.settings.set("language", language)
    settle()
    assert not list(cut(studio.window))


def test_every_letter_of_the_catalogue_has_a_glyph(studio: Studio) -> None:
    if not set(CHINESE) & set(QFontDatabase.families()):
        pytest.skip("no Chinese font here")
    letters = "".join(sorted({letter for words in catalogue("zh_CN").values() for letter in words if letter.isprintable()}))
    for made in (font(), code_font()):
        layout = QTextLayout(letters, made)
        layout.beginLayout()
        layout.createLine().setLineWidth(1e6)
        layout.endLayout()
        missing = [run for run in layout.glyphRuns() if 0 in run.glyphIndexes()]
        assert not missing


def test_a_cut_word_would_be_seen(studio: Studio) -> None:
    settle()
    studio.window.title.menu_button.setFixedWidth(40)
    settle()
    assert [words for words in cut(studio.window) if "Flowloom" in words]
