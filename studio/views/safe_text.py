"""Markdown of others, shown without reaching out: no file is opened, no address asked, whatever the text names.

Qt's own document reads a picture's file by its name where nobody gives it the picture, also where ``loadResource`` gives nothing. So the
pictures are taken out of a document before it is ever laid out: those whose bytes stand in the text itself (``data:image/png;base64``)
are put back as pixels, of all others their words remain.
"""

from __future__ import annotations

import re
from typing import Any, Final

from PySide6.QtCore import QByteArray, QSize, QUrl
from PySide6.QtGui import (
    QFont,
    QImage,
    QPalette,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
    QTextTableFormat,
)

from flowloom.studio.language import tr
from flowloom.studio.theme import theme
from flowloom.studio.theme.style import code_font, font
from flowloom.studio.theme.theme import SIZES, Theme
from flowloom.studio.views import pictures
from flowloom.studio.views.kinds import media_of
from flowloom.studio.views.long_lines import broken

MOST_CHARACTERS: Final = 30_000
MOST_LINES: Final = 600
"""Of a longer text the beginning is shown as Markdown."""
MOST_PICTURE_CHARACTERS: Final = 8_000_000
_MOST_PICTURES: Final = 20
_DEEPEST: Final = 12
_MOST_CELLS: Final = 4_000
_LONGEST_LINE: Final = 10_000
_HELD: Final = "held:"
_NO_HTML: Final = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
_NESTED: Final = re.compile(r"(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))+")
_MARK: Final = re.compile(r">|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])")
_INDENTED: Final = re.compile(r"[ \t]*")
_PICTURE: Final = re.compile(r"!\[[^\]\n]{0,500}\]\(<?(data:image/[\w.+-]{1,40};base64,[A-Za-z0-9+/=]++)>?[^)\n]{0,200}\)")
_HEADINGS: Final = {1: SIZES["title"], 2: SIZES["large"], 3: SIZES["large"]}


class SafeDocument(QTextDocument):
    """A document that is given what it shows and fetches nothing."""

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Whatever is asked for: one invisible pixel. Giving nothing would make Qt look for a file of that name."""
        return nothing(kind)


def nothing(kind: int) -> Any:
    """What stands for a resource that is not held."""
    if kind == QTextDocument.ResourceType.ImageResource.value:
        pixel = QImage(1, 1, QImage.Format.Format_ARGB32)
        pixel.fill(0)
        return pixel
    return QByteArray(b" ")


def is_tame(text: str) -> bool:
    """Whether a text can be laid out in no time: no heap of nested lists and quotes, no giant table, no endless line."""
    cells = 0
    for line in text.split("\n"):
        if len(line) > _LONGEST_LINE:
            return False
        nested = _NESTED.match(line)
        if nested and len(_MARK.findall(nested[0])) > _DEEPEST:
            return False
        indented = _INDENTED.match(line)
        if indented and len(indented[0].expandtabs(4)) > 4 * _DEEPEST:
            return False
        cells += line.count("|")
    return cells <= _MOST_CELLS and text.count("[") + text.count("*") + text.count("_") + text.count("`") <= 3 * _MOST_CELLS


def beginning_of(text: str) -> str:
    """As much of a text as is shown as Markdown."""
    start = text[:MOST_CHARACTERS]
    lines = start.split("\n", MOST_LINES)
    return "\n".join(lines[:MOST_LINES]) if len(lines) > MOST_LINES else start


def plain_document(text: str, parent: Any = None) -> SafeDocument:
    """A text as it stands, as a document. Only its first MOST_CHARACTERS count."""
    document = _empty(parent)
    document.setPlainText(broken(text[:MOST_CHARACTERS]))
    return document


def safe_document(text: str, parent: Any = None) -> SafeDocument:
    """A text as a document: Markdown where it is tame, as it stands otherwise. Only its beginning counts."""
    held: list[str] = []
    text = beginning_of(_hold_pictures(text, held))
    if not is_tame(text):
        return plain_document(text, parent)
    document = _empty(parent)
    # Two blanks at its end keep a line a line, as people who are no Markdown writers mean it.
    document.setMarkdown("\n".join(f"{line}  " if line.strip() else line for line in text.split("\n")), _NO_HTML)
    _replace_pictures(document, held)
    _dress(document, theme.current())
    return document


def _empty(parent: Any) -> SafeDocument:
    document = SafeDocument(parent)
    document.setDocumentMargin(0)
    document.setDefaultFont(font())
    document.setUndoRedoEnabled(False)
    return document


def _hold_pictures(text: str, held: list[str]) -> str:
    """The text with the pictures in it named instead, so that their bytes count neither as text nor as an endless line."""
    if "data:image/" not in text:
        return text

    def hold(found: re.Match[str]) -> str:
        if len(held) >= _MOST_PICTURES:
            return tr("[picture]")
        held.append(found[1])
        return f"![{tr('picture')}]({_HELD}{len(held) - 1})"

    return _PICTURE.sub(hold, text[:MOST_PICTURE_CHARACTERS])


def _replace_pictures(document: QTextDocument, held: list[str]) -> None:
    places: list[tuple[int, QTextCharFormat]] = []
    block = document.begin()
    while block.isValid():
        pieces = block.begin()
        while not pieces.atEnd():
            piece = pieces.fragment()
            if piece.charFormat().isImageFormat():
                places += [(piece.position() + at, piece.charFormat()) for at in range(piece.length())]
            pieces += 1
        block = block.next()
    cursor = QTextCursor(document)
    for position, form in reversed(places):
        image = form.toImageFormat()
        cursor.setPosition(position)
        cursor.setPosition(position + 1, QTextCursor.MoveMode.KeepAnchor)
        picture = _held_picture(image.name(), held)
        if picture is None:
            plain = QTextCharFormat()
            plain.setFontItalic(True)
            words = str(image.property(QTextFormat.Property.ImageAltText) or "").strip()
            cursor.insertText(tr("[picture: {words}]", words=words) if words else tr("[picture]"), plain)
        else:
            document.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(image.name()), picture)
            image.setWidth(picture.width())
            image.setHeight(picture.height())
            cursor.setCharFormat(image)


def _held_picture(name: str, held: list[str]) -> QImage | None:
    if not name.startswith(_HELD) or not name[len(_HELD) :].isdigit() or int(name[len(_HELD) :]) >= len(held):
        return None
    media = media_of(held[int(name[len(_HELD) :])])
    return pictures.decode(media.data, QSize(480, 360)) if media is not None else None


def _dress(document: QTextDocument, shown: Theme) -> None:
    """Sizes, spaces and colours of the studio's own, instead of a browser's."""
    document.setIndentWidth(20)
    mono = code_font()
    cursor = QTextCursor(document)
    block = document.begin()
    while block.isValid():
        form = block.blockFormat()
        level, quoted = form.headingLevel(), form.hasProperty(QTextFormat.Property.BlockQuoteLevel)
        cursor.setPosition(block.position())
        change = QTextBlockFormat()
        change.setLineHeight(135, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        change.setTopMargin(8 if level and block.blockNumber() else 0)
        change.setBottomMargin(_below(block) if cursor.currentTable() is None else 0)
        if _is_code(block):
            change.setBackground(shown.code)
            change.setLeftMargin(8)
        elif quoted:
            change.setLeftMargin(16)
            change.setRightMargin(0)
        cursor.mergeBlockFormat(change)
        pieces = block.begin()
        while not pieces.atEnd():
            piece = pieces.fragment()
            found = piece.charFormat()
            if not found.isImageFormat():
                made = _dressed(found, level, _is_code(block), mono, shown)
                if quoted and not found.isAnchor():
                    made.setForeground(shown.muted)
                cursor.setPosition(piece.position())
                cursor.setPosition(piece.position() + piece.length(), QTextCursor.MoveMode.KeepAnchor)
                cursor.setCharFormat(made)
            pieces += 1
        block = block.next()
    _dress_tables(document, shown)


def _is_code(block: QTextBlock) -> bool:
    form = block.blockFormat()
    fence, language = QTextFormat.Property.BlockCodeFence, QTextFormat.Property.BlockCodeLanguage
    return form.hasProperty(fence) or form.hasProperty(language)


def _below(block: QTextBlock) -> int:
    """The space under a block: little between the lines of a list, none between lines of code."""
    following = block.next()
    if _is_code(block) and following.isValid() and _is_code(following):
        return 0
    return 2 if block.textList() is not None and following.isValid() and following.textList() is not None else 8


def _dressed(found: QTextCharFormat, level: int, is_code: bool, mono: QFont, shown: Theme) -> QTextCharFormat:
    made = QTextCharFormat(found)
    if level:
        made.clearProperty(QTextFormat.Property.FontSizeAdjustment.value)
        made.setFont(
            font(_HEADINGS.get(level, SIZES["base"]), QFont.Weight.DemiBold),
            QTextCharFormat.FontPropertiesInheritanceBehavior.FontPropertiesSpecifiedOnly,
        )
    if found.fontFixedPitch() or is_code:
        made.setFont(mono, QTextCharFormat.FontPropertiesInheritanceBehavior.FontPropertiesSpecifiedOnly)
        if not is_code:
            made.setBackground(shown.code)
    if found.isAnchor():
        made.setForeground(shown.accent)
        made.setFontUnderline(True)
    return made


def _dress_tables(document: QTextDocument, shown: Theme) -> None:
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            form = QTextTableFormat(frame.format())
            form.setBorder(1)
            form.setBorderCollapse(True)
            form.setBorderBrush(shown.border)
            form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
            form.setCellPadding(4)
            form.setCellSpacing(0)
            form.setTopMargin(0)
            form.setBottomMargin(8)
            form.setWidth(QTextLength())
            frame.setFormat(form)


def link_palette(palette: QPalette) -> QPalette:
    """The palette with links in the theme's accent."""
    found = QPalette(palette)
    found.setColor(QPalette.ColorRole.Link, theme.current().accent)
    return found
