"""Shows a run on a terminal as it goes: the flow's nodes with their states, seconds and tokens, and text under the node
that streams.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TextIO

from flowloom.flows.cli import sink, words
from flowloom.flows.engine import events

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.text import Text

State = Literal["waiting", "running", "done", "cached", "failed", "skipped", "stopped"]

# State is told by sign and word, never by colour alone.
_SIGNS: Final = {"waiting": "○", "done": "✓", "cached": "↯", "failed": "✗", "skipped": "–", "stopped": "■"}
_PLAIN_SIGNS: Final = {
    "waiting": ".",
    "done": "+",
    "cached": "=",
    "failed": "x",
    "skipped": "-",
    "stopped": "#",
    "running": "*",
}
_STYLES: Final = {
    "waiting": "dim", "running": "bold cyan", "done": "green", "cached": "green", "failed": "bold red", "skipped": "dim", "stopped": "yellow",
}  # fmt: skip
_NAME_STYLES: Final = {"running": "bold", "failed": "bold", "waiting": "dim", "skipped": "dim"}
_ABOUT: Final = {"cached": "from cache", "skipped": "skipped", "stopped": "stopped", "failed": "failed"}
_SPINNER: Final = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_STREAM_LINES: Final = 6
_KEPT_CHARACTERS: Final = 4000
_PER_SECOND: Final = 10


@dataclass
class _Row:
    name: str
    state: State = "waiting"
    started: float = 0.0
    seconds: float = 0.0
    about: str = ""
    attempt: int = 1
    text: str = ""
    thinking: bool = False
    streams: dict[str, object] = field(default_factory=dict)


class LiveTree:
    """Reads a run's events and keeps a drawing of it at the bottom of the terminal; prints stand above it."""

    def __init__(self, flow: str, stream: TextIO) -> None:
        from rich.console import Console, ConsoleDimensions
        from rich.live import Live

        class SizedConsole(Console):
            """rich asks the standard streams for the size, which stand for something else while a flow runs."""

            @property
            def size(self) -> ConsoleDimensions:  # pyright: ignore[reportIncompatibleMethodOverride]
                return ConsoleDimensions(*sink.size(stream))

        self._flow = flow
        self._rows: dict[str, _Row] = {}
        self._lock = threading.RLock()
        self._started = time.monotonic()
        self._ended = ""
        self._partial = ""
        # Colour is rich's to decide (NO_COLOR); markup and emoji codes in a flow's text are text.
        self.console: Console = SizedConsole(file=stream, markup=False, emoji=False, highlight=False, soft_wrap=False)
        self._plain = not _takes(stream, "✓⠋│└")
        self._live = Live(
            get_renderable=lambda: _Drawing(self),
            console=self.console,
            refresh_per_second=_PER_SECOND,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._live.start()
        self._is_live = True

    def show(self, event: events.Event) -> None:
        with self._lock:
            self._take(event)

    def printed(self, text: str) -> None:
        """Something was printed while the flow ran: whole lines go above the drawing."""
        with self._lock:
            *lines, self._partial = (self._partial + text).split("\n")
            if lines:
                self._above("\n".join(lines))

    def close(self) -> None:
        """End the drawing, leaving what the run came to."""
        with self._lock:
            if not self._is_live:
                return
            self._is_live = False
            if self._partial:
                self._above(self._partial)
                self._partial = ""
        self._live.stop()
        if self._rows:
            self.console.print(_Drawing(self, final=True))

    def abandon(self) -> None:
        """Give the cursor back at once, for a process that is about to end."""
        self.console.show_cursor(True)

    def _above(self, text: str) -> None:
        from rich.text import Text

        self.console.print(Text(sink.clean(text.replace("\r", "")), style="dim"))

    def _take(self, event: events.Event) -> None:
        if isinstance(event, events.RunStarted):
            if not self._rows:  # a flow inside this one starts a run of its own
                self._flow, self._rows = event.flow, {name: _Row(name) for name in event.nodes}
            return
        if isinstance(event, events.RunFinished):
            verb = {"completed": "done in", "failed": "failed after", "cancelled": "stopped after"}[event.status]
            self._ended = f"{verb} {words.seconds(event.seconds)}"
            return
        node = getattr(event, "node", None)
        if node is None:
            return
        row = self._row_of(node)
        match event:
            case events.NodeStarted():
                row.state, row.started, row.attempt = "running", time.monotonic(), event.attempt
            case events.NodeDelta():
                self._stream(row, str(event.chunk), event.channel)
            case events.NodeFinished():
                row.state, row.seconds, row.text = "cached" if event.cached else "done", event.seconds, ""
                row.about = ", ".join(part for part in (words.usage(event.usage), _outcome(event.outcome)) if part)
            case events.NodeSkipped():
                row.state, row.about = "skipped", event.why
            case events.NodeFailed():
                row.state, row.seconds = ("running" if event.will_retry else "failed"), event.seconds
                row.about = f"trying again: {event.error.message}" if event.will_retry else event.error.message
                row.text = ""
            case events.NodeCancelled():
                row.state, row.seconds, row.text = "stopped", event.seconds, ""
            case events.Log(stream="log"):
                self._above(sink.redact(event.text if node in event.text else f"{node}: {event.text}"))
            case _:
                pass

    def _row_of(self, node: str) -> _Row:
        """The node's row; that of a node inside another (``call/ask``) stands below it."""
        row = self._rows.get(node)
        if row is None:
            row = _Row(node)
            rows = list(self._rows.values())
            outer = node.rpartition("/")[0]
            inside = [at for at, other in enumerate(rows) if outer and f"{other.name}/".startswith(f"{outer}/")]
            last = max(inside, default=len(rows) - 1)
            rows.insert(last + 1, row)
            self._rows = {other.name: other for other in rows}
        return row

    def _stream(self, row: _Row, chunk: str, channel: str) -> None:
        stream = row.streams.setdefault(channel, sink.redactor().stream())
        row.thinking = channel == "thinking"
        row.text = (row.text + stream.feed(chunk))[-_KEPT_CHARACTERS:]  # type: ignore[attr-defined]

    # Drawing

    def lines(self, width: int, height: int, *, final: bool) -> Iterator[Text]:
        """The drawing, line by line, no wider and (while live) no higher than the terminal."""
        from rich.text import Text

        with self._lock:
            rows = list(self._rows.values())
        title = Text(sink.clean(self._flow), style="bold", no_wrap=True)
        title.append(f"  {self._ended or words.seconds(time.monotonic() - self._started)}", style="dim")
        title.truncate(width, overflow="ellipsis")
        yield title
        streaming = [row for row in rows if row.state == "running" and row.text]
        room = 10_000 if final else max(1, height - 2)
        per_stream = 0
        if streaming and not final:
            per_stream = max(1, min(_STREAM_LINES, (room - min(len(rows), room // 2)) // len(streaming)))
        shown, summary = _fitted(rows, max(1, room - per_stream * len(streaming)), final=final)
        names = min(max((_width(_shown_name(row.name)) for row in shown), default=0), max(8, width // 3))
        used = 1
        for row in shown:
            yield self._row(row, names, width)
            used += 1
            if row in streaming:
                for line in self._text(row, width, min(per_stream, room - used)):
                    yield line
                    used += 1
        if summary:
            yield Text(f"  {summary}"[:width], style="dim", no_wrap=True)

    def _row(self, row: _Row, names: int, width: int) -> Text:
        from rich.text import Text

        sign = self._sign(row.state)
        line = Text(f" {sign} ", style=_STYLES[row.state], no_wrap=True)
        name = Text(_shown_name(row.name), style=_NAME_STYLES.get(row.state, ""))
        name.truncate(names, overflow="ellipsis", pad=True)
        line.append_text(name)
        line.append(f"  {self._time(row):>8}", style="dim")
        about = _ABOUT.get(row.state, "")
        if row.state == "running" and row.attempt > 1:
            about = f"attempt {row.attempt}"
        separator = ": " if row.state in ("failed", "skipped") else ", "
        rest = separator.join(part for part in (about, row.about) if part)
        if rest:
            line.append(f"  {sink.clean(sink.redact(rest))}", style="red" if row.state == "failed" else "dim")
        line.truncate(width, overflow="ellipsis")
        return line

    def _text(self, row: _Row, width: int, most: int) -> Iterable[Text]:
        """The end of what streams, wrapped, behind a bar."""
        from rich.text import Text

        if most <= 0:
            return
        inside = max(4, width - 6)
        text = Text(sink.clean(row.text.replace("\r", "")).expandtabs(4), style="italic dim" if row.thinking else "")
        wrapped = text.wrap(self.console, inside, no_wrap=False)
        for piece in list(wrapped)[-most:]:
            piece.rstrip()
            line = Text("   | " if self._plain else "   │ ", style="cyan", no_wrap=True)
            line.append_text(piece)
            line.truncate(width)
            yield line

    def _sign(self, state: State) -> str:
        if self._plain:
            return _PLAIN_SIGNS[state]
        if state == "running":
            return _SPINNER[int(time.monotonic() * _PER_SECOND) % len(_SPINNER)]
        return _SIGNS[state]

    def _time(self, row: _Row) -> str:
        if row.state == "running":
            return words.seconds(time.monotonic() - row.started)
        return words.seconds(row.seconds) if row.state in ("done", "failed", "stopped") else ""


class _Drawing:
    """What rich asks for at each refresh."""

    def __init__(self, tree: LiveTree, *, final: bool = False) -> None:
        self._tree = tree
        self._final = final

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from self._tree.lines(options.max_width, console.size.height, final=self._final)


def _fitted(rows: list[_Row], room: int, *, final: bool) -> tuple[list[_Row], str]:
    """The rows that fit, in the flow's order, those that matter first; and a line about the rest."""
    if len(rows) <= (200 if final else room):
        return rows, ""
    matter = {"failed": 0, "running": 1, "stopped": 2, "done": 3, "cached": 3, "skipped": 4, "waiting": 5}
    room = 40 if final else max(1, room - 1)
    by_place = {row.name: place for place, row in enumerate(rows)}
    # Of those that are done the latest, of the others the first.
    chosen = sorted(
        rows, key=lambda row: (matter[row.state], by_place[row.name] * (-1 if matter[row.state] == 3 else 1))
    )[:room]
    kept = {row.name for row in chosen}
    counts: dict[str, int] = {}
    for row in rows:
        if row.name not in kept:
            counts[row.state] = counts.get(row.state, 0) + 1
    summary = "and " + ", ".join(f"{count:,} {state}" for state, count in counts.items())
    return [row for row in rows if row.name in kept], summary


def _shown_name(name: str) -> str:
    *outer, last = sink.clean(name).split("/")
    return "  " * len(outer) + last


def _outcome(outcome: str | None) -> str:
    return {"length": "cut off at the length that was asked for"}.get(outcome or "", outcome or "")


def _width(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)


def _takes(stream: TextIO, characters: str) -> bool:
    try:
        characters.encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
