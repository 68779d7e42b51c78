from __future__ import annotations

import io
import sys

import pytest

from flowloom.flows.batch.runner import BatchResult
from flowloom.flows.cli.batch_progress import make_progress
from flowloom.flows.cli.capture import Terminal
from flowloom.flows.engine.events import Usage


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def screen(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    return Screen()


def test_a_bar_shows_rows_failures_and_cost_and_leaves_prints_readable(screen):
    terminal = Terminal(io.StringIO(), screen)
    before = terminal.forward
    with make_progress(terminal, 40) as progress:
        usage = Usage(prompt_tokens=300, completion_tokens=12, total_tokens=312, calls=3, price=0.5)
        progress.show(BatchResult("run", completed=9, failed=1, usage=usage))
        terminal.forward("printed [bold]by a tool[/bold]\n")
    assert terminal.forward == before
    assert "10 of 40 rows, 1 failed" in screen.getvalue()
    assert "312 tokens, $0.5000" in screen.getvalue()
    assert "printed [bold]by a tool[/bold]" in screen.getvalue()


def test_without_a_terminal_a_line_now_and_then(monkeypatch, capsys):
    clock = iter([0.0, 1.0, 11.0, 12.0])
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    with make_progress(Terminal(sys.stdout, sys.stderr), None) as progress:
        for ended in (1, 2000, 2001):
            progress.show(BatchResult("run", completed=ended))
    assert capsys.readouterr().err == "2,000 rows\n"
