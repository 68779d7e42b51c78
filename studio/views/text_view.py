"""Text exactly as it is, a page at a time: a gigabyte costs no more than its beginning."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QTextCursor, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from flowloom.studio.language import tr
from flowloom.studio.theme.style import code_font
from flowloom.studio.views.long_lines import BREAK, broken

PAGE: Final = 50_000
"""Characters that are shown at first, and that each 'Show more' adds."""
MOST_SHOWN: Final = 1_000_000


class _Shown(QPlainTextEdit):
    def createMimeDataFromSelection(self) -> QMimeData:
        found = QMimeData()
        found.setText(self.textCursor().selectedText().replace("\u2029", "\n").replace(BREAK, ""))
        return found


class TextView(QWidget):
    """``code`` shows it in the font of code."""

    def __init__(self, parent: QWidget | None = None, *, code: bool = False) -> None:
        super().__init__(parent)
        self._text = ""
        self._is_whole = True
        self._pages = 1
        self._edit = _Shown(self)
        self._edit.setReadOnly(True)
        self._edit.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._edit.setProperty("role", "bare")
        self._edit.setTabChangesFocus(True)
        self._edit.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._edit.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        if code:
            mono = code_font()
            families = ", ".join(f'"{family}"' for family in mono.families())
            self._edit.setStyleSheet(f"font-family: {families}; font-size: {mono.pixelSize()}px;")
        self._edit.document().setDocumentMargin(0)
        self._edit.document().setUndoRedoEnabled(False)
        self._edit.setAccessibleName(tr("Text"))
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setProperty("role", "small")
        self._more = QPushButton(tr("Show more"), self)
        self._more.setProperty("kind", "link")
        self._more.clicked.connect(self.show_more)
        self._foot = QWidget(self)
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, 4, 0, 0)
        foot.setSpacing(8)
        foot.addWidget(self._words)
        foot.addWidget(self._more)
        foot.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._edit, 1)
        layout.addWidget(self._foot)
        self.setFocusProxy(self._edit)
        self._fill()

    @property
    def text(self) -> str:
        """All of it."""
        return self._text

    @property
    def editor(self) -> QPlainTextEdit:
        return self._edit

    def show_text(self, text: str, *, is_whole: bool = True) -> None:
        """``is_whole`` says that the text is all there is; otherwise it says below that a copy has more."""
        if is_whole != self._is_whole:
            self._text, self._is_whole = "", is_whole
        if text.startswith(self._text) and self._text and len(text) <= self._pages * PAGE:
            self._append(text)
            return
        self._text = text
        self._pages = 1
        self._fill()

    def show_more(self) -> None:
        self._pages += 1
        bar = self._edit.verticalScrollBar()
        at = bar.value()
        self._fill()
        bar.setValue(at)

    def _append(self, text: str) -> None:
        """More of a text that streams: what stands there stays, with its selection."""
        bar = self._edit.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 4
        chosen = self._edit.textCursor()
        start, end = chosen.anchor(), chosen.position()
        cursor = QTextCursor(self._edit.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(broken(text[len(self._text) :]))
        self._text = text
        if start != end:
            # What was chosen up to the end would take the new words in.
            chosen.setPosition(start)
            chosen.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            self._edit.setTextCursor(chosen)
        if at_end:
            bar.setValue(bar.maximum())

    def _fill(self) -> None:
        most = min(self._pages * PAGE, MOST_SHOWN)
        shown = self._text[:most]
        self._edit.setPlainText(broken(shown))
        left = len(self._text) - len(shown)
        self._foot.setVisible(left > 0 or not self._is_whole)
        self._more.setVisible(left > 0 and most < MOST_SHOWN)
        if not self._is_whole:
            self._words.setText(tr("Only the beginning is shown; a copy has it all."))
        elif left > 0:
            self._words.setText(tr("{shown} of {all} characters are shown.", shown=f"{len(shown):,}", all=f"{len(self._text):,}"))
