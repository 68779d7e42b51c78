"""One card on the canvas: one flat item. Its ports are painted, and found by geometry; it has no children."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget

from flowloom.studio.canvas.cards import ACTIVATE, Card, PortRef
from flowloom.studio.canvas.geometry import HEADER, RADIUS, CardGeometry, card_geometry
from flowloom.studio.canvas.paint import MARGIN, paint_card, paint_icon, paint_ports
from flowloom.studio.canvas.paint_marks import paint_spinner
from flowloom.studio.canvas.paint_patch import paint_around
from flowloom.studio.canvas.paint_ports import paint_port
from flowloom.studio.canvas.run_marks import NONE, Marks
from flowloom.studio.theme import theme as themes
from flowloom.studio.theme.theme import Theme, mixed, with_alpha

if TYPE_CHECKING:
    from flowloom.studio.canvas.scene import CanvasScene

Z_CARD: Final = 10.0
Z_CHOSEN: Final = 11.0


class CardItem(QGraphicsRectItem):
    """The rectangle is what it paints on, shadow and glow too: Qt then needs no answer from Python to find what is in view."""

    def __init__(self, card: Card, scene: CanvasScene) -> None:
        super().__init__()
        self._scene = scene
        self.card = card
        self.marks: Marks = NONE
        self.geometry: CardGeometry = card_geometry(card)
        self.chosen = False
        self.hovered = False
        self._fold = False
        self.at = QPointF()
        """Where the upper left corner stands, as the document says."""
        self.setPen(QPen(Qt.PenStyle.NoPen))
        self.setZValue(Z_CARD)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable, False)
        self._fit()

    def _fit(self) -> None:
        wanted = self.geometry.rect.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        if wanted != self.rect():
            self.setRect(wanted)

    def set_card(self, card: Card) -> None:
        self.card = card
        self.geometry = card_geometry(card, self.marks)
        self._fit()
        self.update()

    def set_marks(self, marks: Marks) -> bool:
        """Show what a run says. Returns whether the card changed its size."""
        if marks == self.marks:
            return False
        before, old = self.geometry, self.marks
        self.marks = marks
        if _measured(marks) != _measured(old):
            self.geometry = card_geometry(self.card, marks)
            self._fit()
        same_place = before.preview == self.geometry.preview and before.height == self.geometry.height
        if same_place and marks.text != old.text and replace(marks, text="") == replace(old, text=""):
            self.update(self.geometry.preview)
        else:
            self.update()
        return before.height != self.geometry.height

    def set_chosen(self, chosen: bool) -> None:
        self.chosen = chosen
        self.setZValue(Z_CHOSEN if chosen else Z_CARD)
        self.update()

    def set_hovered(self, hovered: bool, fold: bool = False) -> None:
        """Show that the pointer is over the card, and whether a press would fold it."""
        if (hovered, fold) != (self.hovered, self._fold):
            self.hovered, self._fold = hovered, fold
            self.update()

    @property
    def card_rect(self) -> QRectF:
        """The card in the scene, without its shadow."""
        return self.geometry.rect.translated(self.pos())

    def port_point(self, ref: PortRef) -> QPointF:
        return self.pos() + self.geometry.point(ref.side, ref.port)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        theme = themes.current()
        lit = self._scene.lit
        dimmed = lit is not None and not self._fits(lit)
        if dimmed:
            painter.setOpacity(0.4)
        if widget is None:
            painter.save()
            paint_card(painter, self.geometry, self.marks, theme, painter.worldTransform().m11())
            painter.restore()
        else:
            self._scene.pictures.draw(painter, self.card.id, self.geometry, self.marks, theme, widget.devicePixelRatio())
        if dimmed:
            painter.setOpacity(1)
        if self.chosen or self.hovered or self._scene.current == self.card.id:
            self._outline(painter, theme, widget.devicePixelRatio() if widget is not None else 1.0)
            if self.chosen and not self._scene.hurried:
                # Ports lie over the ring, as they do over the border.
                paint_ports(painter, self.geometry, theme)
        if self._fold:
            self._caret(painter, theme)
        if self.marks.state == "running":
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_spinner(painter, self.geometry.state, theme.accent, self._scene.show.turn)
        if lit is not None and not dimmed:
            self._lit_ports(painter, lit, theme)

    def _fits(self, lit: dict[PortRef, str]) -> bool:
        """Whether any port of the card fits, or is the one that the wire comes from."""
        return self.card.id in self._scene.lit_cards

    def _outline(self, painter: QPainter, theme: Theme, ratio: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        rect = self.geometry.rect
        if self.chosen and self._scene.hurried:
            painter.setPen(QPen(theme.accent, 2))
            painter.drawRoundedRect(rect, RADIUS, RADIUS)
        elif self.chosen:
            paint_around(painter, rect, "ring", theme.accent, RADIUS, ratio)
        elif self.hovered:
            painter.setPen(QPen(theme.faint, 1.2))
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        if self._scene.current == self.card.id and self._scene.shows_focus:
            painter.setPen(QPen(theme.accent, 1.5, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(rect.adjusted(-5, -5, 5, 5), RADIUS + 4, RADIUS + 4)

    def _caret(self, painter: QPainter, theme: Theme) -> None:
        """In place of the icon: pressing here folds the card or opens it."""
        chip = self.geometry.chip
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.raised)
        painter.drawRoundedRect(chip, 5, 5)
        name = "caret-down" if self.card.collapsed else "caret-up"
        paint_icon(painter, chip.center(), name, theme.text, 14, painter.worldTransform().m11())

    def _lit_ports(self, painter: QPainter, lit: dict[PortRef, str], theme: Theme) -> None:
        """Light the ports that fit and fade those that do not."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown: list[QPointF] = []
        for row in () if self.card.collapsed else self.card.ports:
            why = lit.get(row.ref(self.card.id))
            if why is None:
                continue
            middle = self.geometry.point(row.side, row.name)
            color, filled = theme.type(row.type), row.filled or row.side == "out"
            if why:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(with_alpha(theme.surface, 0.68))
                painter.drawRect(self.geometry.row_rect(row).adjusted(1, 2, -1, -2))
                color = mixed(theme.surface, color, 0.35)
            else:
                self._halo(painter, middle, theme)
            paint_port(painter, middle, row.type, color, theme.surface, filled=filled)
        if self.card.collapsed:
            fitting = (ref for ref, why in lit.items() if ref.card == self.card.id and not why)
            shown = [self.geometry.point(ref.side, ref.port) for ref in fitting]
        elif lit.get(PortRef(self.card.id, "in", ACTIVATE)) == "":
            shown = [QPointF(0, HEADER / 2)]
        for middle in shown[:1]:
            self._halo(painter, middle, theme)

    @staticmethod
    def _halo(painter: QPainter, middle: QPointF, theme: Theme) -> None:
        painter.setPen(QPen(with_alpha(theme.accent, 0.55), 2))
        painter.setBrush(with_alpha(theme.accent, 0.22))
        painter.drawEllipse(middle, 9, 9)


def _measured(marks: Marks) -> tuple[object, ...]:
    """What of the marks a card is measured by; a state alone changes no size."""
    return marks.text, marks.rows, marks.image, marks.badges, marks.error, marks.streaming and bool(marks.text), marks.cached and bool(marks.badges)
