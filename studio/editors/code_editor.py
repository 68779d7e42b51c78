"""What the editors for prompts, Python and JSON share: line numbers, marks on lines, suggestions, the theme's colours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QToolTip, QWidget

from flowloom.flows.document.splice import difference
from flowloom.studio.editors.completion import Completion, CompletionList, fitting
from flowloom.studio.editors.line_ends import shown
from flowloom.studio.theme.style import code_font
from flowloom.studio.theme.theme import SIZES, Theme, current, themes

_GUTTER: Final = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """Something to mend in a line, counted from 1. ``word`` is underlined where the line holds it, else the whole line."""

    line: int
    message: str
    severity: Literal["error", "warning"] = "error"
    word: str = ""


class CodeEditor(QPlainTextEdit):
    """A text of many lines. Undo is the document's: its keys only emit ``undo_asked`` and ``redo_asked``."""

    edited = Signal(str)
    """The whole text, after a person changed it."""
    undo_asked = Signal()
    redo_asked = Signal()
    completed = Signal(object)
    """The Completion a person chose, after it was inserted."""
    marked = Signal()
    """There are other marks now."""
    left = Signal()
    """The keyboard went elsewhere."""

    lines_shown: tuple[int, int] = (3, 20)
    """The least and the most lines the editor is high; more are scrolled to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._setting = False
        self._marks: tuple[Mark, ...] = ()
        self._last = ""
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setCenterOnScroll(False)
        self.document().setDocumentMargin(6)
        self._numbers = _LineNumbers(self)
        self.completions = CompletionList(self)
        self.completions.chosen.connect(self._insert)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._scrolled)
        self.textChanged.connect(self._changed)
        self.cursorPositionChanged.connect(self._moved)
        # Lines wrap anew after the size is known, so the height they need is asked for once all has settled.
        self._measure = QTimer(self)
        self._measure.setSingleShot(True)
        self._measure.setInterval(0)
        self._measure.timeout.connect(self._ask_for_height)
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self._measure.start())
        self.horizontalScrollBar().rangeChanged.connect(lambda _low, _high: self._measure.start())
        themes().changed.connect(self._dress)
        self._dress(current())
        self._make_room()

    # Its text

    def text(self) -> str:
        """The whole text, every character as it is (Qt's plain text has a space for one that does not break)."""
        return self.document().toRawText().replace("\u2029", "\n")

    def set_text(self, text: str) -> None:
        """Show another text. Only what differs is replaced, so that the cursor and the place scrolled to stay."""
        before = self.text()
        wanted = shown(text)
        if wanted == before:
            return
        self._setting = True
        try:
            cursor = QTextCursor(self.document())
            cursor.beginEditBlock()
            for splice in sorted(difference("", before, wanted), key=lambda part: -part.start):
                cursor.setPosition(_utf16(before, splice.start))
                cursor.setPosition(_utf16(before, splice.end), QTextCursor.MoveMode.KeepAnchor)
                cursor.insertText(splice.text)
            cursor.endEditBlock()
        finally:
            self._setting = False
            self._last = wanted

    def _changed(self) -> None:
        text = self.text()
        if self._setting or text == self._last:
            return
        self._last = text
        self.edited.emit(text)
        if self.hasFocus() and self.completions.isVisible():
            self.suggest()

    # Marks on lines

    @property
    def marks(self) -> tuple[Mark, ...]:
        return self._marks

    def set_marks(self, marks: Sequence[Mark]) -> None:
        if self._marks == tuple(marks):
            return
        self._marks = tuple(marks)
        self._show_extras()
        self._numbers.update()
        self.marked.emit()

    def mark_of(self, line: int) -> Mark | None:
        found = [mark for mark in self._marks if mark.line == line]
        return next((mark for mark in found if mark.severity == "error"), found[0] if found else None)

    def go_to(self, line: int) -> None:
        """Put the cursor at the beginning of a line, counted from 1, and show it."""
        block = self.document().findBlockByNumber(max(0, min(line, self.blockCount()) - 1))
        self.setTextCursor(QTextCursor(block))
        self.ensureCursorVisible()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_extras(self) -> None:
        theme = current()
        extras: list[QTextEdit.ExtraSelection] = []
        if self.hasFocus() and not self.textCursor().hasSelection() and not self.isReadOnly():
            line = QTextEdit.ExtraSelection()
            line.format.setBackground(theme.raised if theme.dark else theme.sel)  # pyright: ignore[reportAttributeAccessIssue]
            line.format.setProperty(QTextCharFormat.Property.FullWidthSelection, True)  # pyright: ignore[reportAttributeAccessIssue]
            line.cursor = self.textCursor()  # pyright: ignore[reportAttributeAccessIssue]
            extras.append(line)
        for mark in self._marks:
            block = self.document().findBlockByNumber(mark.line - 1)
            if not block.isValid():
                continue
            selection = QTextEdit.ExtraSelection()
            cursor = QTextCursor(block)
            text = block.text()
            at = text.find(mark.word) if mark.word else -1
            begin = at if at >= 0 else len(text) - len(text.lstrip())
            length = len(mark.word) if at >= 0 else len(text.strip())
            cursor.setPosition(block.position() + _utf16(text, begin))
            cursor.setPosition(block.position() + _utf16(text, begin + length), QTextCursor.MoveMode.KeepAnchor)
            style = QTextCharFormat()
            style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            style.setUnderlineColor(theme.bad if mark.severity == "error" else theme.warn)
            selection.cursor, selection.format = cursor, style  # pyright: ignore[reportAttributeAccessIssue]
            extras.append(selection)
        self.setExtraSelections(extras)

    # Suggestions

    def offers(self) -> tuple[str, list[Completion]]:
        """What was typed of the word at the cursor, and what it may become. Editors say."""
        return "", []

    def before_word(self) -> bool:
        """Whether the cursor stands right before a letter: nobody wants a word completed there."""
        cursor = self.textCursor()
        after = self.document().characterAt(cursor.position())
        return after.isalnum() or after == "_"

    def suggest(self) -> None:
        """Show what fits at the cursor."""
        typed, offers = self.offers()
        self.completions.offer(fitting(offers, typed), self.cursorRect())

    def _insert(self, offer: Completion) -> None:
        typed, _offers = self.offers()
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, _utf16(typed, len(typed)))
        cursor.insertText(offer.text)
        self.setTextCursor(cursor)
        self.completions.hide()
        self.completed.emit(offer)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.completions.handle_key(event.key()):
            event.accept()
            return
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_asked.emit()
        elif event.matches(QKeySequence.StandardKey.Redo) or (
            event.key() == Qt.Key.Key_Y and event.modifiers() == Qt.KeyboardModifier.ControlModifier
        ):
            self.redo_asked.emit()
        elif event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.suggest()
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        elif not self.special_key(event):
            super().keyPressEvent(event)
            self.typed(event.text())

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab chooses a suggestion while some are shown."""
        return False if self.completions.isVisible() else super().focusNextPrevChild(next)

    def special_key(self, event: QKeyEvent) -> bool:
        """A key with a meaning of its own in this editor; True where it was handled."""
        return False

    def typed(self, text: str) -> None:
        """A key was pressed that gave ``text``; editors may offer what fits."""

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            block = self.cursorForPosition(self.viewport().mapFrom(self, event.pos())).blockNumber()
            mark = self.mark_of(block + 1)
            if mark is not None:
                QToolTip.showText(event.globalPos(), mark.message, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """What cannot be scrolled here scrolls what the editor stands in."""
        bar = self.verticalScrollBar()
        down = event.angleDelta().y() < 0
        at_end = bar.value() >= bar.maximum() if down else bar.value() <= bar.minimum()
        if event.modifiers() == Qt.KeyboardModifier.NoModifier and at_end:
            event.ignore()
            return
        super().wheelEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_extras()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.completions.hide()
        self._show_extras()
        self.left.emit()

    def _moved(self) -> None:
        self._show_extras()
        self._numbers.update()

    # Looks

    def _dress(self, theme: Theme) -> None:
        font = code_font(SIZES["base"])
        families = ", ".join(f'"{family}"' for family in font.families())
        self.setStyleSheet(f"font-family: {families}; font-size: {font.pixelSize()}px;")
        self.setFont(font)
        self.setTabStopDistance(4 * self.fontMetrics().horizontalAdvance(" "))
        palette = self.palette()
        for role, color in (
            (QPalette.ColorRole.Base, theme.code),
            (QPalette.ColorRole.Text, theme.text),
            (QPalette.ColorRole.PlaceholderText, theme.faint),
            (QPalette.ColorRole.Highlight, theme.sel),
            (QPalette.ColorRole.HighlightedText, theme.text),
        ):
            palette.setColor(role, color)
        self.setPalette(palette)
        self._show_extras()
        self._numbers.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self._height_for(self._visual_lines()))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self._height_for(self.lines_shown[0]))

    def _visual_lines(self) -> int:
        lines, block = 0, self.document().begin()
        while block.isValid() and lines <= self.lines_shown[1]:
            self.blockBoundingRect(block)  # lays the block out, which may not have been needed so far
            lines += max(1, block.lineCount())
            block = block.next()
        return max(self.lines_shown[0], min(lines, self.lines_shown[1]))

    def _height_for(self, lines: int) -> int:
        # One pixel more than the lines take: Qt scrolls a text that fills its viewport to the last.
        margins = self.contentsMargins()
        around = margins.top() + margins.bottom() + 1
        bar = self.horizontalScrollBar()
        if self.lineWrapMode() == QPlainTextEdit.LineWrapMode.NoWrap and bar.maximum() > 0:
            around += bar.sizeHint().height()
        return lines * self._line_height() + 2 * int(self.document().documentMargin()) + around

    def _line_height(self) -> int:
        layout = self.document().begin().layout()
        if layout is not None and layout.lineCount():
            return math.ceil(layout.lineAt(0).height())
        return self.fontMetrics().lineSpacing()

    def number_width(self) -> int:
        digits = max(2, len(str(self.blockCount())))
        return _GUTTER + digits * self.fontMetrics().horizontalAdvance("9") + _GUTTER

    def _make_room(self) -> None:
        self.setViewportMargins(self.number_width(), 0, 0, 0)
        self.updateGeometry()

    def _scrolled(self, rect: QRect, moved: int) -> None:
        if moved:
            self._numbers.scroll(0, moved)
        else:
            self._numbers.update(0, rect.y(), self._numbers.width(), rect.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        inner = self.contentsRect()
        self._numbers.setGeometry(QRect(inner.left(), inner.top(), self.number_width(), inner.height()))
        self._measure.start()

    def _ask_for_height(self) -> None:
        if self.sizeHint().height() != self.height():
            self.updateGeometry()

    def paint_numbers(self, event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self._numbers)
        painter.fillRect(event.rect(), theme.code)
        painter.setFont(self.font())
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        here = self.textCursor().blockNumber()
        while block.isValid() and top <= event.rect().bottom():
            bottom = top + self.blockBoundingRect(block).height()
            if block.isVisible() and bottom >= event.rect().top():
                self._paint_number(painter, theme, block.blockNumber(), round(top), here)
            block, top = block.next(), bottom
        painter.end()

    def _paint_number(self, painter: QPainter, theme: Theme, number: int, top: int, here: int) -> None:
        mark = self.mark_of(number + 1)
        color: QColor = theme.muted if number == here and self.hasFocus() else theme.faint
        height = self.fontMetrics().lineSpacing()
        if mark is not None:
            color = theme.bad if mark.severity == "error" else theme.warn
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawEllipse(QRect(3, top + height // 2 - 2, 5, 5))
        painter.setPen(color)
        width = self._numbers.width() - _GUTTER
        painter.drawText(QRect(0, top, width, height), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(number + 1))


class _LineNumbers(QWidget):
    def __init__(self, editor: CodeEditor) -> None:
        super().__init__(editor)
        self._editor = editor

    def sizeHint(self) -> QSize:
        return QSize(self._editor.number_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._editor.paint_numbers(event)


def _utf16(text: str, place: int) -> int:
    """The place in Qt's text of a place in Python's."""
    return place if text.isascii() else len(text[:place].encode("utf-16-le", "surrogatepass")) // 2
