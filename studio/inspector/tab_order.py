"""The order in which Tab goes through a form: that of the eye, also for parts that came later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea, QLayout, QWidget


@runtime_checkable
class OwnOrder(Protocol):
    """A widget whose parts are reached in another order than they stand in."""

    def tab_parts(self) -> list[QWidget]: ...


def order_tabs(first: QWidget, form: QWidget) -> None:
    """Let Tab go on from ``first`` through everything in ``form`` that takes the keyboard."""
    before = first
    for widget in stops(form):
        QWidget.setTabOrder(before, widget)
        before = widget


def stops(widget: QWidget) -> Iterator[QWidget]:
    """The widgets that Tab stops at, from the top down and along each line."""
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
        yield widget
    elif isinstance(widget, OwnOrder):
        for part in widget.tab_parts():
            yield from stops(part)
    elif not isinstance(widget, QAbstractScrollArea) and (layout := widget.layout()) is not None:
        yield from _of_layout(layout)


def _of_layout(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield from stops(widget)
        elif inner is not None:
            yield from _of_layout(inner)
