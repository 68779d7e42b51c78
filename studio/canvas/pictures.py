"""Pictures of cards, drawn once for each size they are seen at.

Painting a card takes a fraction of a millisecond, and hundreds are in view: a frame copies pictures instead. While the zoom changes, a
picture of another size stands in, scaled; sharp ones follow, a few each frame, so that no frame waits for all of them.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap, QTransform

from flowloom.studio.canvas.geometry import CardGeometry
from flowloom.studio.canvas.paint import MARGIN, PLAIN_BELOW, paint_card, paint_words
from flowloom.studio.canvas.run_marks import Marks
from flowloom.studio.theme.theme import Theme

MOST_PIXELS: Final = 24_000_000
"""Kept at most, some hundred megabytes; the ones not seen for longest go first."""
MAKING: Final = 0.0025
"""Seconds of one frame that go into drawing pictures anew, while the zoom changes."""
SMOOTHING: Final = 0.0025
"""Seconds of one frame that go into scaling stand-ins smoothly; the others are scaled by the nearest pixel, five times faster."""
FAR: Final = 2.2
"""A picture this many times too small is no good stand-in."""


@dataclass(slots=True)
class Picture:
    pixmap: QPixmap
    scale: float
    geometry: CardGeometry
    marks: Marks
    theme: Theme

    def shows(self, geometry: CardGeometry, marks: Marks, theme: Theme) -> bool:
        return self.geometry is geometry and self.marks is marks and self.theme is theme


class Pictures:
    """``hurried`` is set while the zoom changes: frames then take little time for new pictures, and use what there is."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Picture] = OrderedDict()
        self._pixels = 0
        self.hurried = False
        self._making = 0.0
        self._smoothing = 0.0

    def begin(self) -> None:
        """A frame begins."""
        self._making = self._smoothing = 0.0

    def draw(
        self, painter: QPainter, key: str, geometry: CardGeometry, marks: Marks, theme: Theme, ratio: float
    ) -> None:
        """Draw a card at the origin of the painter. ``ratio`` is device pixels a logical one."""
        transform = painter.worldTransform()
        scale = transform.m11() * ratio
        found = self._kept.get(key)
        if found is not None and found.scale == scale and found.shows(geometry, marks, theme):
            self._kept.move_to_end(key)
            self._copy(painter, transform, found, ratio)
            return
        if found is not None and found.scale == scale and found.theme is theme and only_words_differ(found, geometry, marks):
            self._rewrite(found, geometry, marks)
            self._copy(painter, transform, found, ratio)
            return
        started = perf_counter()
        if self.hurried and self._making >= MAKING:
            if found is not None and found.geometry is geometry and found.scale * FAR >= scale:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._smoothing < SMOOTHING)
                self._stand_in(painter, found)
                self._smoothing += perf_counter() - started
            else:
                self._rough(painter, geometry, theme)
            return
        self._copy(painter, transform, self._make(key, geometry, marks, theme, scale), ratio)
        self._making += perf_counter() - started

    def drop(self, keys: set[str] | None = None) -> None:
        """Forget the pictures of these cards, or of all."""
        for key in list(self._kept) if keys is None else keys:
            self._forget(key)

    def _make(self, key: str, geometry: CardGeometry, marks: Marks, theme: Theme, scale: float) -> Picture:
        self._forget(key)
        wide = int((geometry.width + 2 * MARGIN) * scale) + 1
        tall = int((geometry.height + 2 * MARGIN) * scale) + 1
        pixmap = QPixmap(wide, tall)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.scale(scale, scale)
        painter.translate(MARGIN, MARGIN)
        paint_card(painter, geometry, marks, theme, scale)
        painter.end()
        made = Picture(pixmap, scale, geometry, marks, theme)
        self._kept[key] = made
        self._pixels += wide * tall
        while self._pixels > MOST_PIXELS and len(self._kept) > 1:
            self._forget(next(iter(self._kept)))
        return made

    @staticmethod
    def _rewrite(picture: Picture, geometry: CardGeometry, marks: Marks) -> None:
        painter = QPainter(picture.pixmap)
        painter.scale(picture.scale, picture.scale)
        painter.translate(MARGIN, MARGIN)
        paint_words(painter, geometry, marks, picture.theme)
        painter.end()
        picture.geometry, picture.marks = geometry, marks

    def _forget(self, key: str) -> None:
        gone = self._kept.pop(key, None)
        if gone is not None:
            self._pixels -= gone.pixmap.width() * gone.pixmap.height()

    @staticmethod
    def _copy(painter: QPainter, transform: QTransform, picture: Picture, ratio: float) -> None:
        """Copy a picture of the very size, pixel by pixel: placed on whole ones, it needs no filter."""
        reach = MARGIN * transform.m11()
        x = round((transform.dx() - reach) * ratio) / ratio
        y = round((transform.dy() - reach) * ratio) / ratio
        painter.setWorldTransform(QTransform.fromTranslate(x, y))
        if ratio == 1:
            painter.drawPixmap(0, 0, picture.pixmap)
        else:
            size = picture.pixmap.size() / ratio
            painter.drawPixmap(QRectF(0, 0, size.width(), size.height()), picture.pixmap, QRectF(picture.pixmap.rect()))
        painter.setWorldTransform(transform)

    @staticmethod
    def _stand_in(painter: QPainter, picture: Picture) -> None:
        pixmap = picture.pixmap
        target = QRectF(-MARGIN, -MARGIN, pixmap.width() / picture.scale, pixmap.height() / picture.scale)
        painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))

    @staticmethod
    def _rough(painter: QPainter, geometry: CardGeometry, theme: Theme) -> None:
        """A card of which there is no picture yet."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(geometry.rect, theme.surface)
        painter.fillRect(QRectF(geometry.chip), theme.kind(geometry.card.kind))
        painter.setPen(theme.borderstrong)
        painter.drawRect(geometry.rect)


def only_words_differ(before: Picture, geometry: CardGeometry, marks: Marks) -> bool:
    """Whether a picture need only show other words in its preview, where nothing else of the card changed."""
    old = before.geometry
    if old.card is not geometry.card or old.preview != geometry.preview or geometry.preview.isNull() or before.scale < PLAIN_BELOW:
        return False
    if (old.width, old.height, old.badges) != (geometry.width, geometry.height, geometry.badges):
        return False
    return not marks.image and replace(before.marks, text="", rows=()) == replace(marks, text="", rows=())


def picture_of(geometry: CardGeometry, marks: Marks, theme: Theme, scale: float) -> QPixmap:
    """One card as a picture of its own, without shadow around it: for what is dragged."""
    pixmap = QPixmap(int(geometry.width * scale) + 1, int(geometry.height * scale) + 1)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.scale(scale, scale)
    painter.translate(QPointF(0, 0))
    paint_card(painter, geometry, marks, theme, scale)
    painter.end()
    return pixmap
