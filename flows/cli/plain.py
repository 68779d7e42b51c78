"""Shows a run as plain lines: where no terminal is watched, or with ``--plain``."""

from __future__ import annotations

from flowloom.flows.cli import sink, words
from flowloom.flows.cli.failure import sentence
from flowloom.flows.engine import events


class PlainLines:
    """One line a node as it ends. What nodes print goes its own way to stderr."""

    def __init__(self) -> None:
        self._width = 0

    def show(self, event: events.Event) -> None:
        match event:
            case events.RunStarted():
                self._width = min(max(map(len, event.nodes), default=0), 40)
            case events.NodeFinished():
                parts = ["from cache" if event.cached else words.seconds(event.seconds), words.usage(event.usage)]
                self._line(event.node, "done", ", ".join(part for part in parts if part), "green")
            case events.NodeSkipped():
                self._line(event.node, "skipped", event.why, "dim")
            case events.NodeFailed():
                self._line(
                    event.node, "failed, trying again" if event.will_retry else "failed", sentence(event.error), "red"
                )
            case events.NodeCancelled():
                self._line(event.node, "stopped", words.seconds(event.seconds), "yellow")
            case events.Log(stream="log"):
                sink.say(f"  {event.node or 'flow'}: {sink.clean(event.text)}")
            case _:
                pass

    def close(self) -> None:
        """Nothing is left to draw."""

    def printed(self, text: str) -> None:
        """Not called: what is printed goes to stderr by itself."""

    def _line(self, node: str, state: str, rest: str, *colours: str) -> None:
        sink.say(f"  {sink.clean(node):<{self._width}}  {sink.style(state, *colours)}  {sink.clean(rest)}".rstrip())
