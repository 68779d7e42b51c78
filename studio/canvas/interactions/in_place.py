"""Typing on the canvas itself: titles of cards and frames, texts of notes, names of ports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

STAYS: Final = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
"""Why the keyboard may go without ending what is typed: a menu of the editor's own, another window in front for a while."""


class LineEditor(QLineEdit):
    """One line over the canvas. Enter, or leaving it, hands over the text; Escape leaves everything as it was."""

    def __init__(self, parent: QWidget, text: str, name: str, done: Callable[[str], None], after: Callable[[], None]) -> None:
        super().__init__(text, parent)
        self._room = parent
        self.setAccessibleName(name)
        self.setPlaceholderText(name)
        self._before = text
        self._done = done
        self._after = after
        self._over = False

    def open(self, rect: QRect) -> None:
        """Appear over a rectangle of the viewport, as wide as it takes to type in."""
        room = self._room.rect()
        width = max(rect.width(), 160)
        x = max(4, min(rect.x(), room.right() - width - 4))
        y = max(4, min(rect.center().y() - 15, room.bottom() - 34))
        self.setGeometry(x, y, width, 30)
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        self.selectAll()

    def finish(self, keep: bool = True) -> None:
        """Close; ``keep`` hands over what was typed, where it differs."""
        if self._over:
            return
        self._over = True
        text = self.text().strip()
        self.hide()
        self.deleteLater()
        self._after()
        if keep and text != self._before:
            self._done(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.finish(keep=False)
        elif event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # Qt's own line lets Enter through, and the canvas below would open its card.
            self.finish()
        else:
            super().keyPressEvent(event)
        # Keys that mean nothing here, such as the arrows up and down, would walk over the canvas below.
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in STAYS:
            self.finish()


class TextEditor(QPlainTextEdit):
    """The text of a note, handed over as it is typed so that nothing of it can be lost. Control+Enter or leaving it closes it; Escape
    hands over the text as it was before."""

    def __init__(self, parent: QWidget, text: str, name: str, done: Callable[[str], None], after: Callable[[], None]) -> None:
        super().__init__(text, parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(name)
        self.setTabChangesFocus(True)
        self._before = text
        self._done = done
        self._after = after
        self._over = False
        self._handed = text
        self.textChanged.connect(self._typed)

    def _typed(self) -> None:
        self._hand(self.toPlainText())

    def _hand(self, text: str) -> None:
        if text != self._handed:
            self._handed = text
            self._done(text)

    def open(self, rect: QRect) -> None:
        self.setGeometry(QRect(rect.topLeft(), rect.size()).adjusted(0, 0, max(0, 160 - rect.width()), max(0, 72 - rect.height())))
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        self.selectAll()

    def finish(self, keep: bool = True) -> None:
        if self._over:
            return
        self._over = True
        text = self.toPlainText() if keep else self._before
        self.hide()
        self.deleteLater()
        self._after()
        self._hand(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self.finish(keep=False)
        elif enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.finish()
        else:
            super().keyPressEvent(event)
        # Keys that mean nothing here, such as the arrows up and down, would walk over the canvas below.
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in STAYS:
            self.finish()
