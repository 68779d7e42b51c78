"""Shows every payload in every way the studio has, and prints how many seconds of computing each took. A program of its own, so that one
which waits for ever can be ended, and every call it makes of the system be seen."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, str(Path(__file__).parent))

from preview_payloads import Baits, bombs, call, payloads
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QWidget

from flowloom.studio.theme.style import apply_style
from flowloom.studio.theme.theme import load_theme
from flowloom.studio.views.diff_view import DiffView
from flowloom.studio.views.markdown_view import MarkdownView
from flowloom.studio.views.value_view import ValueView

PLAIN = {"text", "raw", "tree", "stream", "difference"}
"""Ways that show all texts alike: some of the texts stand for all, but for those that are costly."""


def show(application: QApplication, view: QWidget) -> None:
    """Have a view laid out and painted, as on a screen."""
    view.resize(900, 500)
    view.show()
    for _ in range(3):
        application.processEvents()
    view.grab(QRect(0, 0, 900, 500))


def ways(value: Any) -> dict[str, Callable[[ValueView, MarkdownView, DiffView], QWidget]]:
    """Each way to show a value, by name; gives the widget to look at."""
    found: dict[str, Callable[[ValueView, MarkdownView, DiffView], QWidget]] = {}

    calls = [call(value)]

    def as_value(kind: Any) -> Callable[[ValueView, MarkdownView, DiffView], QWidget]:
        def way(view: ValueView, _markdown: MarkdownView, _diff: DiffView) -> QWidget:
            if kind in ("messages", "raw"):
                view.show_exchange(calls)
            else:
                view.show_value(value)
            view.choose(kind)
            return view

        return way

    probe = ValueView()
    probe.show_value(value)
    kinds = [*probe.kinds, "messages", "raw"]
    probe.deleteLater()
    found |= {kind: as_value(kind) for kind in kinds}
    if isinstance(value, str):

        def as_markdown(_view: ValueView, markdown: MarkdownView, _diff: DiffView) -> QWidget:
            markdown.set_markdown(value)
            return markdown

        def as_stream(_view: ValueView, markdown: MarkdownView, _diff: DiffView) -> QWidget:
            for part in (1, 2, 3):
                markdown.set_markdown(value[: len(value) * part // 3])
            return markdown

        found |= {"bubble": as_markdown, "stream": as_stream}

    def as_difference(_view: ValueView, _markdown: MarkdownView, diff: DiffView) -> QWidget:
        diff.show_values(value, "something else")
        return diff

    return {**found, "difference": as_difference}


def main(folder: str, port: str) -> None:
    application = QApplication(["preview"])
    apply_style(application, load_theme("dark"))
    view, markdown, diff = ValueView(), MarkdownView(fit=True), DiffView()
    costly = {name for name, _ in bombs()}
    for number, (name, value) in enumerate(payloads(Baits(Path(folder), int(port)))):
        for way, make in ways(value).items():
            if way in PLAIN and number % 9 and name not in costly:
                continue
            started = time.process_time()
            show(application, make(view, markdown, diff))
            print(f"{time.process_time() - started:.3f}\t{way}\t{name}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:3])
