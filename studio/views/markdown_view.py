"""Markdown as people read it, streaming too. Opens nothing; a link is followed only after a question, and only to the web."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Final

from PySide6.QtCore import QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QResizeEvent, QTextDocument
from PySide6.QtWidgets import QFrame, QMessageBox, QSizePolicy, QTextBrowser, QWidget

from flowloom.studio.language import tr
from flowloom.studio.theme import theme
from flowloom.studio.views.safe_text import link_palette, nothing, plain_document, safe_document

WEB: Final = ("http", "https")
_LONGEST_SHOWN: Final = 300


class MarkdownView(QTextBrowser):
    """``fit`` makes it as high as its text, for a place that scrolls by itself. ``own_schemes`` are those of links that ``link_asked``
    tells of instead, such as ``citation``."""

    link_asked = Signal(str)

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        fit: bool = False,
        own_schemes: Collection[str] = (),
        opener: Callable[[QUrl], Any] = QDesktopServices.openUrl,
    ) -> None:
        super().__init__(parent)
        self._fit = fit
        self._own = frozenset(own_schemes)
        self._opener = opener
        self._text = ""
        self._shown: QTextDocument | None = None
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("role", "bare")
        self.setAccessibleName(tr("Text"))
        self.setTabChangesFocus(True)
        if fit:
            self.setStyleSheet("QTextEdit { padding: 0px; }")
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.anchorClicked.connect(self._follow)
        theme.themes().changed.connect(self._redraw)
        self.set_markdown("")

    @property
    def source(self) -> str:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The text as it was given, which is what is copied as a whole."""
        return self._text

    def set_markdown(self, text: str) -> None:
        """Show another text. The place that was scrolled to stays; who was at the end stays at the end."""
        self._show(text, is_plain=False)

    def set_plain(self, text: str) -> None:
        """Show a text as it stands, nothing in it being a sign of anything."""
        self._show(text, is_plain=True)

    def _show(self, text: str, *, is_plain: bool) -> None:
        self._text, self._is_plain = text, is_plain
        bar = self.verticalScrollBar()
        at, at_end = bar.value(), bar.value() >= bar.maximum() - 4
        before, self._shown = self._shown, (plain_document if is_plain else safe_document)(text, self)
        self._shown.setTextWidth(max(1, self.viewport().width()))
        self.setPalette(link_palette(self.palette()))
        self.setDocument(self._shown)
        if before is not None:
            before.deleteLater()
        self._adapt()
        bar.setValue(bar.maximum() if at_end and at else at)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Never anything but what is held."""
        return nothing(kind)

    def sizeHint(self) -> QSize:
        if not self._fit:
            return super().sizeHint()
        return QSize(super().sizeHint().width(), self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fit and event.oldSize().width() != event.size().width():
            QTimer.singleShot(0, self, self._adapt)

    def _height(self) -> int:
        bar = self.horizontalScrollBar()
        more = bar.height() if bar.maximum() > 0 else 0
        return round(self.document().size().height()) + more + 2 * self.frameWidth() + 2

    def _adapt(self) -> None:
        if self._fit:
            self.setFixedHeight(max(1, self._height()))

    def _redraw(self) -> None:
        self._show(self._text, is_plain=self._is_plain)

    def _follow(self, link: QUrl) -> None:
        if link.scheme().lower() in self._own:
            self.link_asked.emit(link.toString())
            return
        address = bytes(link.toEncoded().data()).decode("ascii", "replace")
        if link.scheme().lower() not in WEB or not link.host():
            self._say(tr("This link is not followed, because it does not lead to the web."), address)
        elif self._ask(tr("Open this page in your browser?"), address):
            self._opener(link)

    def _say(self, words: str, address: str) -> None:
        box = self._box(words, address)
        box.setStandardButtons(QMessageBox.StandardButton.Ok)
        box.exec()

    def _ask(self, words: str, address: str) -> bool:
        box = self._box(words, address)
        opens = box.addButton(tr("Open"), QMessageBox.ButtonRole.AcceptRole)
        stays = box.addButton(tr("Stay here"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stays)
        box.setEscapeButton(stays)
        box.exec()
        return box.clickedButton() is opens

    def _box(self, words: str, address: str) -> QMessageBox:
        box = QMessageBox(self.window())
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle(tr("Link"))
        box.setText(words)
        box.setInformativeText(address if len(address) <= _LONGEST_SHOWN else f"{address[:_LONGEST_SHOWN]}…")
        return box
