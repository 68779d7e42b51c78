"""One wire on the canvas. Qt draws it without asking Python; only a condition's words are painted here."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QStyleOptionGraphicsItem, QWidget

from flowloom.studio.canvas.cards import Wire
from flowloom.studio.canvas.paint_text import BADGE, elided, font, width
from flowloom.studio.canvas.wires import Route
from flowloom.studio.theme import theme as themes
from flowloom.studio.theme.theme import Theme, ThemeName, mixed

Z_WIRE: Final = 5.0
Z_LIT_WIRE: Final = 6.0
WIDTH: Final = 2.0
DASHES: Final = (4.0, 3.0)
MOST_WORDS: Final = 200.0
"""How wide the words of a condition may be."""


class WireItem(QGraphicsPathItem):
    """``state`` is ``idle``, ``lit`` (an end is chosen or pointed at), ``flow`` (data moves), ``marked`` (a card would go in here)."""

    def __init__(self, wire: Wire, route: Route) -> None:
        super().__init__(route.path())
        self.wire = wire
        self.route = route
        self.state = "idle"
        self.setZValue(Z_WIRE)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._beside = _beside(route)
        self.line = _line(route)
        self.bounds = route.bounds

    def set_route(self, route: Route) -> None:
        self.route = route
        self._beside = _beside(route)
        self.line = _line(route)
        self.bounds = route.bounds
        self.setPos(0, 0)
        self.setPath(route.path())

    def set_state(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.setZValue(Z_WIRE if state == "idle" else Z_LIT_WIRE)
            self.dress(themes.current())

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pen = self.pen()
        if not self.wire.is_condition and getattr(self.scene(), "hurried", False):
            # While all moves, two lines of one pixel beside each other take the place of a wide one: a third of its cost.
            if self.state == "flow":
                # Dashes are counted in widths of the pen.
                pen.setDashPattern([WIDTH * part for part in DASHES])
                pen.setDashOffset(WIDTH * pen.dashOffset())
            pen.setWidth(1)
            pen.setCosmetic(True)
            painter.setPen(pen)
            if painter.worldTransform().m11() >= 0.55:
                painter.drawPath(self.path())
                painter.translate(*self._beside)
        else:
            painter.setPen(pen)
        painter.drawPath(self.path())

    def dress(self, theme: Theme, phase: float = 0.0) -> None:
        """Take the pen of its state; ``phase`` moves the dashes of one that flows, in units."""
        self.setPen(wire_pen(theme, self.state, condition=self.wire.is_condition, phase=phase))


def _line(route: Route) -> QLineF:
    """From end to end: the wire from afar."""
    first, last = route.cubics[0], route.cubics[-1]
    return QLineF(first.x0, first.y0, last.x3, last.y3)


def _beside(route: Route) -> tuple[float, float]:
    """A step across the way of a wire that runs to the right."""
    first, last = route.cubics[0], route.cubics[-1]
    return (0.6, -0.6) if last.y3 > first.y0 else (0.6, 0.6)


class ConditionItem(WireItem):
    """A dashed wire with words: when the card at its end runs."""

    def boundingRect(self) -> QRectF:
        return super().boundingRect().united(self._label())

    def _words(self) -> str:
        return elided(self.wire.words, BADGE, MOST_WORDS)

    def _label(self) -> QRectF:
        wide = width(self._words(), BADGE) + 16
        middle = self.route.middle
        return QRectF(middle.x() - wide / 2, middle.y() - 10, wide, 20)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        super().paint(painter, option, widget)
        if painter.worldTransform().m11() < 0.5 or not self.wire.words:
            return
        theme = themes.current()
        label = self._label()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.border if self.state == "idle" else theme.accent, 1))
        painter.setBrush(theme.surface)
        painter.drawRoundedRect(label.adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        painter.setPen(theme.muted)
        painter.setFont(font(BADGE))
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, self._words())


def words_width(words: str) -> float:
    """How wide the label of a condition is."""
    return min(width(words, BADGE), MOST_WORDS) + 16


def wire_item(wire: Wire, route: Route) -> WireItem:
    item = ConditionItem(wire, route) if wire.is_condition else WireItem(wire, route)
    item.dress(themes.current())
    return item


def wire_pen(theme: Theme, state: str, *, condition: bool = False, phase: float = 0.0) -> QPen:
    """The pen for a state of WireItem, and ``bad`` and ``open`` for a wire that hangs on the pointer."""
    pen = QPen(_pen(theme.name, state, condition))
    if phase:
        pen.setDashOffset(-phase)
    return pen


@lru_cache(maxsize=64)
def _pen(theme_name: ThemeName, state: str, condition: bool) -> QPen:
    theme = themes.load_theme(theme_name)
    grey = mixed(theme.borderstrong, theme.faint, 0.35) if theme.dark else mixed(theme.borderstrong, theme.faint, 0.25)
    colors = {"idle": grey, "bad": theme.bad, "marked": theme.ok, "open": theme.faint}
    pen = QPen(colors.get(state, theme.accent), WIDTH + (1 if state == "marked" else 0))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    if state == "flow":
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern(DASHES)
    elif condition:
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern((3, 2.5))
    elif state in ("open", "bad"):
        pen.setDashPattern((3, 3))
    return pen


def end_near(route: Route, point: QPointF) -> bool:
    """Whether a point of a wire is close enough to where it ends to take hold of that end."""
    last = route.cubics[-1]
    dx, dy = last.x3 - point.x(), last.y3 - point.y()
    return dx * dx + dy * dy <= 32 * 32
