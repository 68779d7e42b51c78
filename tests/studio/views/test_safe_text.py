from __future__ import annotations

import base64

from PySide6.QtCore import QBuffer, QIODevice, QUrl
from PySide6.QtGui import QColor, QImage, QTextDocument, QTextFormat, QTextTable
from PySide6.QtWidgets import QApplication

from flowloom.studio.theme import theme
from flowloom.studio.views.safe_text import (
    MOST_CHARACTERS,
    MOST_LINES,
    beginning_of,
    is_tame,
    plain_document,
    safe_document,
)

IMAGE = QTextDocument.ResourceType.ImageResource.value


def picture() -> str:
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.ReadWrite)
    image.save(buffer, "PNG")
    return base64.b64encode(bytes(buffer.data().data())).decode()


def formats(document: QTextDocument) -> list[QTextFormat]:
    return [form for form in document.allFormats() if form.isImageFormat()]


def test_markdown_becomes_what_it_means(application: QApplication) -> None:
    document = safe_document("# Title\n\nSome **bold** words and `code`.\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    assert document.begin().blockFormat().headingLevel() == 1
    assert document.begin().begin().fragment().charFormat().font().pixelSize() == 18
    assert [type(frame) for frame in document.rootFrame().childFrames()] == [QTextTable]
    assert "**" not in document.toPlainText()


def test_single_ends_of_lines_stay(application: QApplication) -> None:
    assert safe_document("Dear customer,\nthank you\n\nKind regards").toPlainText().replace("\u2028", "\n") == (
        "Dear customer,\nthank you\nKind regards"
    )


def test_html_is_text(application: QApplication) -> None:
    assert safe_document("<b>x</b> <img src='/etc/passwd'>").toPlainText() == "<b>x</b> <img src='/etc/passwd'>"


def test_of_pictures_that_are_only_named_the_words_remain(application: QApplication) -> None:
    document = safe_document("See ![a cat](/tmp/cat.png) and ![b][r]\n\n[r]: file:///z.png")
    assert document.toPlainText() == "See [picture: a cat] and [picture: b]"
    pieces = [piece for block in [document.begin()] for piece in (at.fragment() for at in block)]
    assert not any(piece.charFormat().isImageFormat() for piece in pieces)


def test_pictures_in_the_text_itself_are_shown(application: QApplication) -> None:
    document = safe_document(f"Look: ![red](data:image/png;base64,{picture()}) there")
    (form,) = [form.toImageFormat() for form in formats(document) if form.toImageFormat().width() == 30]
    shown = document.resource(IMAGE, QUrl(form.name()))
    assert isinstance(shown, QImage)
    assert (shown.width(), shown.height(), form.height()) == (30, 20, 20)
    assert document.toPlainText().startswith("Look: \ufffc there")


def test_nothing_is_fetched_whatever_is_asked_for(application: QApplication) -> None:
    document = safe_document("x")
    found = document.resource(IMAGE, QUrl("file:///etc/passwd"))
    assert isinstance(found, QImage)
    assert (found.width(), found.height()) == (1, 1)


def test_what_would_take_too_long_stands_as_it_is(application: QApplication) -> None:
    for text in (">" * 50 + " x", "- " * 60 + "x", " " * 200 + "- x", "|" * 5_000, "x" * 20_000, "[" * 20_000):
        assert not is_tame(text)
    assert safe_document("> " * 60 + "**x**").toPlainText() == "> " * 60 + "**x**"
    assert is_tame("> > a\n\n1. b\n   - c\n\n    code")


def test_the_beginning_is_what_counts(application: QApplication) -> None:
    assert beginning_of("a\n" * 10_000).count("\n") == MOST_LINES - 1
    assert len(beginning_of("x" * 1_000_000)) == MOST_CHARACTERS
    assert beginning_of("short\n") == "short\n"
    assert plain_document("**a** <b>\n").toPlainText() == "**a** <b>\n"


def test_links_have_the_colour_of_the_theme(application: QApplication) -> None:
    for name in ("dark", "light"):
        theme.set_theme(name)
        document = safe_document("[a](http://x)")
        assert document.begin().begin().fragment().charFormat().foreground().color() == theme.current().accent
