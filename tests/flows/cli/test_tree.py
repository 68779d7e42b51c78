from __future__ import annotations

import io
import re

import pytest

from flowloom.flows.cli import sink
from flowloom.flows.cli.draw_text import cells
from flowloom.flows.cli.tree import LiveTree
from flowloom.flows.connections.redact import Redactor
from flowloom.flows.engine import events
from flowloom.flows.errors import ToolError


class Screen(io.TextIOWrapper):
    """A terminal that remembers what was written to it."""

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(), encoding=encoding, write_through=True, newline="\n")

    def isatty(self) -> bool:
        return True

    @property
    def text(self) -> str:
        return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", self.buffer.getvalue().decode(self.encoding))  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("LINES", "20")
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)


def drawn(tree: LiveTree, width: int = 60, height: int = 20, *, final: bool = False) -> list[str]:
    return [line.plain.rstrip() for line in tree.lines(width, height, final=final)]


def started(*nodes: str, encoding: str = "utf-8") -> tuple[LiveTree, Screen]:
    screen = Screen(encoding)
    tree = LiveTree("flow", screen)
    tree.show(events.RunStarted("r", "my flow", nodes, 0.0))
    return tree, screen


def test_states_seconds_and_tokens() -> None:
    tree, _ = started("ask", "answer", "old", "skip", "bad", "later")
    for event in (
        events.NodeFinished("ask", "x", 0.25),
        events.NodeFinished("answer", "x", 61.0, events.Usage(400, 12, 412, 1, 0.0012, "m")),
        events.NodeFinished("old", "x", 0.0, cached=True),
        events.NodeSkipped("skip", "activate", "It runs only when x is y."),
        events.NodeFailed("bad", ToolError("it broke", node="bad"), 1.5),
    ):
        tree.show(event)
    lines = drawn(tree)
    tree.close()
    assert lines[0].startswith("my flow  0.")
    assert lines[1:] == [
        " ✓ ask       0.25 s",
        " ✓ answer  1 min 01 s  412 tokens, $0.0012",
        " ↯ old               from cache",
        " – skip              skipped: It runs only when x is y.",
        " ✗ bad        1.5 s  failed: it broke",
        " ○ later",
    ]


def test_text_streams_under_its_node_and_goes_when_it_is_done() -> None:
    tree, _ = started("write", "next")
    tree.show(events.NodeStarted("write", 0.0))
    for number in range(100):
        tree.show(events.NodeDelta("write", f"word{number} "))
    lines = drawn(tree)
    shown = [line for line in lines if line.startswith("   │ ")]
    assert 1 <= len(shown) <= 6
    assert shown[-1].endswith("word99")
    assert lines.index(shown[0]) == 2
    tree.show(events.NodeFinished("write", "x", 1.0))
    assert not any("word" in line for line in drawn(tree))
    tree.close()


@pytest.mark.parametrize(("width", "height"), [(20, 5), (33, 9), (60, 20), (240, 60)])
def test_it_fits_every_window(width: int, height: int) -> None:
    tree, _ = started(*(f"节点 number {number}" for number in range(70)))
    for number in range(40):
        tree.show(events.NodeFinished(f"节点 number {number}", "x", 1.0))
    for number in range(40, 43):
        tree.show(events.NodeStarted(f"节点 number {number}", 0.0))
        tree.show(events.NodeDelta(f"节点 number {number}", "流式文本 with words " * 30))
    tree.show(events.NodeFailed("节点 number 60", ToolError("a long story " * 20, node="x"), 1.0))
    lines = drawn(tree, width, height)
    tree.close()
    assert len(lines) <= height
    assert max(cells(line) for line in lines) <= width
    assert any("✗" in line for line in lines)
    assert "and " in lines[-1]


def test_a_retry_says_so_and_goes_on_running() -> None:
    tree, _ = started("ask")
    tree.show(events.NodeStarted("ask", 0.0))
    tree.show(events.NodeFailed("ask", ToolError("busy", node="ask"), 0.1, will_retry=True))
    tree.show(events.NodeStarted("ask", 0.0, attempt=2))
    assert "attempt 2" in drawn(tree)[1]
    tree.close()


def test_nodes_of_an_inner_flow_stand_below_the_node_that_calls_it() -> None:
    tree, _ = started("call", "after")
    tree.show(events.NodeStarted("call", 0.0))
    tree.show(events.RunStarted("inner", "other", ("x",), 0.0))
    tree.show(events.NodeFinished("call/x", "v", 0.1))
    assert [re.sub(r" +[\d.]+ s.*", "", line)[3:] for line in drawn(tree)[1:]] == ["call", "  x", "after"]
    tree.close()


def test_secrets_are_masked_also_where_they_stream_in_pieces() -> None:
    sink.use(Redactor("sk-1234567890"))
    tree, screen = started("ask", "bad")
    tree.show(events.NodeStarted("ask", 0.0))
    tree.show(events.NodeDelta("ask", "the key sk-1234"))
    tree.show(events.NodeDelta("ask", "567890 is it"))
    assert "   │ the key *** is it" in drawn(tree)
    tree.show(events.NodeFailed("bad", ToolError("with sk-1234567890"), 0.1))
    tree.show(events.Log("ask", "logged sk-1234567890"))
    tree.close()
    assert "sk-1234567890" not in screen.text
    assert "logged ***" in screen.text


def test_control_characters_of_a_model_do_not_reach_the_terminal() -> None:
    tree, screen = started("ask")
    tree.show(events.NodeStarted("ask", 0.0))
    tree.show(events.NodeDelta("ask", "\x1b]0;owned\x07[bold]"))
    assert any("\\x1b]0;owned\\x07[bold]" in line for line in drawn(tree))
    tree.close()
    assert "\x07" not in screen.buffer.getvalue().decode()  # type: ignore[attr-defined]


def test_prints_stand_above_and_an_unfinished_line_is_not_lost() -> None:
    tree, screen = started("ask")
    tree.printed("one\ntw")
    tree.printed("o\nthree")
    tree.close()
    text = screen.text
    assert text.index("one") < text.index("two") < text.index("three")
    assert text.rstrip().splitlines()[-1].startswith(" ○ ask")


def test_the_end_says_what_it_came_to_and_gives_the_cursor_back() -> None:
    tree, screen = started("ask")
    tree.show(events.RunFinished("r", "completed", {}, None, 2.0))
    tree.close()
    tree.close()
    assert "my flow  done in 2.0 s" in screen.text
    assert screen.buffer.getvalue().decode().rfind("\x1b[?25h") > screen.buffer.getvalue().decode().rfind("\x1b[?25l")  # type: ignore[attr-defined]


def test_no_colour_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    tree, screen = started("ask")
    tree.show(events.NodeFailed("ask", ToolError("x"), 0.1))
    tree.close()
    assert not re.search(r"\x1b\[[\d;]*3[0-7]", screen.buffer.getvalue().decode())  # type: ignore[attr-defined]


def test_a_terminal_without_unicode_gets_plain_signs() -> None:
    tree, screen = started("ask", encoding="ascii")
    tree.show(events.NodeFinished("ask", "x", 0.1))
    tree.close()
    assert " + ask" in screen.text
