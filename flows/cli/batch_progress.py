"""How far a batch is: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Protocol

from flowloom.flows.cli import sink, words

if TYPE_CHECKING:
    from flowloom.flows.batch.runner import BatchResult
    from flowloom.flows.cli.capture import Terminal

_SECONDS_BETWEEN_LINES = 10.0


class Progress(Protocol):
    def show(self, result: BatchResult) -> None:
        """Called after every row."""

    def abandon(self) -> None:
        """Give the terminal back at once, for a process that is about to end."""

    def __enter__(self) -> Progress: ...
    def __exit__(self, *exception: object) -> None: ...


def make_progress(terminal: Terminal, total: int | None) -> Progress:
    """For ``total`` rows, or an unknown number of them."""
    return _Bar(terminal, total) if sink.is_terminal(terminal.people) else _Lines(total)


class _Lines:
    def __init__(self, total: int | None) -> None:
        self._total = total
        self._next = time.monotonic() + _SECONDS_BETWEEN_LINES

    def show(self, result: BatchResult) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + _SECONDS_BETWEEN_LINES
        ended = result.completed + result.failed
        of = f" of {self._total:,}" if self._total is not None else ""
        failed = f", {result.failed:,} failed" if result.failed else ""
        sink.say(f"{ended:,}{of} rows{failed}")

    def abandon(self) -> None:
        """Nothing is drawn."""

    def __enter__(self) -> _Lines:
        return self

    def __exit__(self, *exception: object) -> None:
        """Nothing is drawn."""


class _Bar:
    def __init__(self, terminal: Terminal, total: int | None) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self._terminal = terminal
        self._before = terminal.forward
        self._console = Console(file=terminal.people, markup=False, emoji=False, highlight=False)
        self._bar: Any = Progress(
            TextColumn("{task.fields[ended]}"),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[spent]}", markup=False),
            TimeRemainingColumn(compact=True),
            console=self._console,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._total = total
        self._task = self._bar.add_task("", total=total, ended="starting", spent="")
        self._drawn = 0.0

    def show(self, result: BatchResult) -> None:
        now = time.monotonic()
        if now - self._drawn < 0.05:
            return
        self._drawn = now
        ended = result.completed + result.failed
        of = f" of {self._total:,}" if self._total is not None else ""
        failed = f", {result.failed:,} failed" if result.failed else ""
        self._bar.update(self._task, completed=ended, ended=f"{ended:,}{of} rows{failed}", spent=words.usage(result.usage))

    def abandon(self) -> None:
        self._console.show_cursor(True)

    def _printed(self, text: str) -> None:
        if text.strip():
            from rich.text import Text

            self._console.print(Text(sink.clean(text.rstrip("\n")), style="dim"))

    def __enter__(self) -> _Bar:
        self._terminal.forward = self._printed
        self._bar.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._bar.stop()
        self._terminal.forward = self._before
