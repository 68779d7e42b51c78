"""The words about what hands can do on the canvas."""

from __future__ import annotations

from flowloom.studio.canvas.interactions.guide import guide


def test_every_movement_is_told_once() -> None:
    lines = guide()
    assert len({words for words, _ in lines}) == len(lines)
    assert all(words and keys for words, keys in lines)
