from __future__ import annotations

import time

from PySide6.QtWidgets import QApplication

from flowloom.studio.theme import theme
from flowloom.studio.views.diff_view import DiffView, differences


def pieces(a: str, b: str) -> tuple[list[str], list[str]]:
    ours, theirs = differences(a, b)
    return [a[at : at + length] for at, length in ours], [b[at : at + length] for at, length in theirs]


def test_words_that_differ() -> None:
    assert pieces("Gifts can be returned", "Gifts may be returned") == (["can"], ["may"])
    assert pieces("same\nold\nsame", "same\nsame") == (["old\n"], [])
    assert pieces("same", "same") == ([], [])
    assert pieces("a", "a\nb") == ([], ["\nb"])


def test_long_texts_are_compared_in_no_time() -> None:
    started = time.process_time()
    differences("".join(f"word{number} " for number in range(100_000)), "".join(f"word{number} " for number in range(1, 100_000)))
    differences("x" * 1_000_000, "y" * 1_000_000)
    assert time.process_time() - started < 1


def test_what_differs_is_marked_in_both(application: QApplication) -> None:
    view = DiffView()
    view.set_titles("First", "Second")
    view.show_values("Yes 😀 now", "Yes 😀 later")
    view.resize(600, 200)
    view.show()
    assert view.marked == (["now"], ["later"])
    image = view.grab().toImage()
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    assert any(color.red() > color.green() + 15 for color in pixels[: len(pixels) // 2])
    assert any(color.green() > color.red() + 15 for color in pixels[len(pixels) // 2 :])
    theme.set_theme("light")
    view.show_values({"a": 1}, None)
    assert view.marked == ([], [])
    view.close()
