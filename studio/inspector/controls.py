"""Small controls that the forms of the inspector share."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from flowloom.studio.language import tr
from flowloom.studio.theme.icons import icon
from flowloom.studio.theme.theme import Theme, current, mixed, themes

_LONG_WORD: Final = re.compile(r"\S{25,}")
_BREAKS: Final = re.compile(r"[._/:-]+")
"""Where a long name may be broken; the mark put there has no width."""


def label(text: str, role: str = "", *, wrap: bool = False) -> QLabel:
    """A label that shows its text as it is, never as rich text."""
    made = _WrappedLabel() if wrap else QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    if role:
        made.setProperty("role", role)
    return made


class _WrappedLabel(QLabel):
    """Lines broken to the width there is, also within long names: they never make a panel wider."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)

    def setText(self, text: str) -> None:
        super().setText(_LONG_WORD.sub(lambda word: _BREAKS.sub("\\g<0>\u200b", word.group()), text))

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())


class ElidedLabel(QLabel):
    """A line of text that ends in an ellipsis where there is no room, and says the whole of it on hovering."""

    def __init__(self, text: str = "", role: str = "", *, middle: bool = False) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._whole = text
        self._mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
        if role:
            self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setText(text)

    def setText(self, text: str) -> None:
        self._whole = text
        self._fit()

    def whole(self) -> str:
        return self._whole

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        words = " ".join(self._whole.split())
        shown = self.fontMetrics().elidedText(words, self._mode, max(0, self.width()))
        super().setText(shown)
        self.setToolTip(words if shown != words else "")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(" ".join(self._whole.split()))
        return QSize(width + 4, super().sizeHint().height())


class IconButton(QToolButton):
    """A small button that is only an icon; ``words`` say what it does, to those who hover and those who listen."""

    def __init__(self, name: str, words: str, run: Callable[[], object] | None = None, *, size: int = 24) -> None:
        super().__init__()
        self._name = name
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.setFixedSize(size, size)
        self.setIconSize(QSize(14, 14))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        themes().changed.connect(self._tint)
        self._tint(current())
        if run is not None:
            self.clicked.connect(lambda: run())

    def set_icon(self, name: str) -> None:
        self._name = name
        self._tint(current())

    def _tint(self, theme: Theme) -> None:
        self.setIcon(icon(self._name, theme.muted, active=theme.text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class Switch(QAbstractButton):
    """On or off. ``touched`` says that a person chose, by ``toggled`` also code may."""

    touched = Signal(bool)

    def __init__(self, words: str = "") -> None:
        super().__init__()
        self.setCheckable(True)
        self.setAccessibleName(words)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(QSize(36, 22))
        self.faded = False
        """Whether the state is only what holds where nobody chose."""
        self.clicked.connect(lambda checked: self.touched.emit(checked))
        themes().changed.connect(self._redraw)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def _redraw(self, _theme: Theme) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(2, 3, 32, 16)
        on = self.isChecked()
        fill = theme.btn if on else theme.borderstrong
        if self.faded or not self.isEnabled():
            fill = mixed(fill, theme.surface, 0.45)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(track, 8, 8)
        painter.setBrush(theme.surface if not theme.dark else theme.text)
        painter.drawEllipse(QPointF(track.right() - 8 if on else track.left() + 8, track.center().y()), 6, 6)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme.accent)
            painter.drawRoundedRect(QRectF(0.5, 1.5, 35, 19), 9.5, 9.5)
        painter.end()


class Combo(QComboBox):
    """A list to choose from that the wheel changes only while it has the keyboard, and that a narrow panel may squeeze."""

    def __init__(self, words: str, *, editable: bool = False) -> None:
        super().__init__()
        self.setAccessibleName(words)
        self.setEditable(editable)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        edit = self.lineEdit()
        if edit is not None:
            edit.setAccessibleName(words)
            self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class NameEdit(QLineEdit):
    """A line whose text counts when Enter is pressed or the keyboard leaves; Escape brings back what was there."""

    named = Signal(str)

    def __init__(self, words: str, text: str = "") -> None:
        super().__init__(text)
        self._kept = text
        self.setAccessibleName(words)
        self.editingFinished.connect(self._done)

    def set_name(self, text: str) -> None:
        """Show what the name is now; a text being typed stays."""
        if self._kept != text or not self.hasFocus():
            self._kept = text
            if self.text() != text:
                self.setText(text)

    def _done(self) -> None:
        text = self.text().strip()
        if text != self._kept:
            self.named.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text() != self._kept:
            self.setText(self._kept)
            self.selectAll()
        else:
            super().keyPressEvent(event)


class Section(QWidget):
    """A heading that opens and closes what is below it; ``summary`` says in short what is inside."""

    opened: dict[str, bool] = {}  # noqa: RUF012 - one memory for all forms: a section stays as it was left
    shown = Signal()

    def __init__(self, key: str, title: str, *, open: bool = False) -> None:
        super().__init__()
        self._key = key
        self._title = title
        self._button = QPushButton()
        self._button.setProperty("kind", "row")
        self._button.setCheckable(False)
        self._button.setMinimumHeight(28)
        self._button.clicked.connect(lambda: self.set_open(not self.is_open()))
        self._arrow = QLabel()
        self._words = label(title)
        self._words.setProperty("role", "muted")
        self._summary = ElidedLabel("", "muted")
        self._summary.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        inner = QHBoxLayout(self._button)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(4)
        inner.addWidget(self._arrow)
        inner.addWidget(self._words)
        inner.addWidget(self._summary, 1)
        for part in (self._arrow, self._words, self._summary):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.body = QWidget()
        self.layout_ = QVBoxLayout(self.body)
        self.layout_.setContentsMargins(0, 4, 0, 8)
        self.layout_.setSpacing(12)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._button)
        outer.addWidget(self.body)
        themes().changed.connect(self._draw)
        self.body.setVisible(Section.opened.get(key, open))
        self._draw()

    def add(self, widget: QWidget) -> None:
        self.layout_.addWidget(widget)

    def is_open(self) -> bool:
        return not self.body.isHidden()

    def set_open(self, open: bool) -> None:
        Section.opened[self._key] = open
        self.body.setVisible(open)
        self._draw()
        if open:
            self.shown.emit()

    def set_summary(self, text: str, role: str = "muted") -> None:
        self._summary.setText(text)
        if self._summary.property("role") != role:
            self._summary.setProperty("role", role)
            self._summary.style().unpolish(self._summary)
            self._summary.style().polish(self._summary)
        self._draw()

    def _draw(self, _theme: object = None) -> None:
        name = "caret-down" if self.is_open() else "caret-right"
        self._arrow.setPixmap(icon(name, current().muted).pixmap(QSize(12, 12)))
        state = tr("open") if self.is_open() else tr("closed")
        self._button.setAccessibleName(f"{self._title}, {self._summary.whole()}, {state}".replace(", ,", ","))


def column(*, margins: tuple[int, int, int, int] = (0, 0, 0, 0), spacing: int = 4) -> tuple[QWidget, QVBoxLayout]:
    """A plain widget and the layout of its column."""
    made = QWidget()
    layout = QVBoxLayout(made)
    layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
    return made, layout


def titled(title: str, widget: QWidget) -> QWidget:
    """A field below its title."""
    made, layout = column()
    layout.addWidget(label(title, "small"))
    layout.addWidget(widget)
    return made


def row(*, spacing: int = 4) -> QHBoxLayout:
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(spacing)
    return made
