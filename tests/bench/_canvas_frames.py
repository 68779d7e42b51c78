"""What is done to every canvas that is measured, whichever program's it is: zooming through it, and dragging many cards with the mouse.

No import of ours and none of a Qt binding: each program's own Python runs this with its own binding.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from time import perf_counter, sleep
from typing import Any, NamedTuple

WIDTH, HEIGHT = 2560, 1440
STEPS = 60
"""Frames of a sweep from the one end of the zoom to the other; it goes there and back."""
NEAR, FAR = 1.5, 0.1
DRAG_ZOOMS = (0.25, 0.5, 1.0)
DRAG_FRAMES = 40
ENOUGH_S = 15.0
"""After so long a drag of some frames ends: where each takes seconds, more of them tell no more."""
SOME_FRAMES = 8
LONG_S = 8.0
"""Opening that takes longer than this is not repeated."""
DRAGGED = 200
ROUNDS = 3


class Canvas(NamedTuple):
    """One program's canvas with a graph in it. Points are (x, y) of the scene."""

    view: Any
    look: Callable[[float, tuple[float, float]], None]
    """Show a zoom with a point in the middle."""
    select: Callable[[Sequence[str]], None]
    handle: Callable[[str], tuple[float, float]]
    """A point by which a card can be dragged."""
    ready: Callable[[], bool]
    """Whether work of its own in the background is done."""


class Qt(NamedTuple):
    """The modules of a binding, and the application."""

    core: Any
    gui: Any
    app: Any


def sweep(qt: Qt, canvas: Canvas, middle: tuple[float, float]) -> float:
    """The 95th percentile of the milliseconds of a frame, while the zoom goes through its range and back."""
    _rest(qt, canvas)
    zooms = [FAR * (NEAR / FAR) ** (step / (STEPS - 1)) for step in range(STEPS)]
    times: list[float] = []
    for zoom in [*zooms, *reversed(zooms)]:
        started = perf_counter()
        canvas.look(zoom, middle)
        canvas.view.viewport().repaint()
        times.append(perf_counter() - started)
        qt.app.processEvents()
    return _p95(times)


def drag(qt: Qt, canvas: Canvas, names: Sequence[str]) -> float:
    """The 95th percentile of the milliseconds from a move of the mouse to the frame that shows it, cards being dragged by it."""
    times: list[float] = []
    held = names[len(names) // 2]
    for zoom in DRAG_ZOOMS:
        point = canvas.handle(held)
        canvas.look(zoom, point)
        _rest(qt, canvas)
        canvas.select(names)
        _rest(qt, canvas)
        viewport = canvas.view.viewport()
        at = canvas.view.mapFromScene(qt.core.QPointF(*canvas.handle(held)))
        before = canvas.handle(held)
        _mouse(qt, viewport, "MouseButtonPress", at)
        begun = perf_counter()
        for frame in range(DRAG_FRAMES):
            started = perf_counter()
            _mouse(qt, viewport, "MouseMove", at + qt.core.QPoint(3 * frame, 2 * frame))
            # A first round handles the event, a second paints what it changed.
            qt.app.processEvents()
            qt.app.processEvents()
            times.append(perf_counter() - started)
            if frame >= SOME_FRAMES and perf_counter() - begun > ENOUGH_S:
                break
        moved = canvas.handle(held)
        assert moved != before, "the cards did not move"
        _mouse(qt, viewport, "MouseButtonRelease", at + qt.core.QPoint(3 * DRAG_FRAMES, 2 * DRAG_FRAMES))
        qt.app.processEvents()
    return _p95(times)


def _mouse(qt: Qt, viewport: Any, kind: str, at: Any) -> None:
    event = qt.core.QEvent.Type
    left, none = qt.core.Qt.MouseButton.LeftButton, qt.core.Qt.MouseButton.NoButton
    button = none if kind == "MouseMove" else left
    held = none if kind == "MouseButtonRelease" else left
    place = qt.core.QPointF(at)
    screen = qt.core.QPointF(viewport.mapToGlobal(at))
    qt.app.sendEvent(
        viewport, qt.gui.QMouseEvent(getattr(event, kind), place, screen, button, held, qt.core.Qt.KeyboardModifier.NoModifier)
    )


def _rest(qt: Qt, canvas: Canvas) -> None:
    """Wait for what goes on in the background after a change, and for the moment a canvas takes to settle."""
    end = perf_counter() + 20
    while not canvas.ready() and perf_counter() < end:
        qt.app.processEvents()
        sleep(0.005)
    end = perf_counter() + 0.6
    while perf_counter() < end:
        qt.app.processEvents()
        sleep(0.005)


def opened(open_one: Callable[[], Canvas], qt: Qt, close: Callable[[], None]) -> float:
    """The median of the seconds until a graph is on the screen."""
    times: list[float] = []
    for _ in range(ROUNDS):
        started = perf_counter()
        canvas = open_one()
        canvas.view.viewport().repaint()
        times.append(perf_counter() - started)
        _rest(qt, canvas)
        close()
        if times[-1] > LONG_S:
            break
    return statistics.median(times)


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)] * 1e3
