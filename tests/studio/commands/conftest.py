"""A canvas with its gestures, as the tests of gestures have it."""

from __future__ import annotations

from tests.studio.canvas.interactions.conftest import canvas, open_canvas

__all__ = ["canvas", "open_canvas"]
