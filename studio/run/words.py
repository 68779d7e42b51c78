"""What is said of a run and its nodes, in a few words."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING

from flowloom.flows.engine.events import Usage
from flowloom.studio.language import tr, tr_data
from flowloom.studio.run.cost import price_words

if TYPE_CHECKING:
    from flowloom.flows.worker.protocol import Confinement
    from flowloom.studio.document.flow_document import FlowDocument
    from flowloom.studio.run.run_view import NodeView, RunView


def title_of(document: FlowDocument, name: str) -> str:
    """What people call a node: the title of its card, or its name; of what a node calls, the called name."""
    if "/" in name:
        return name.rpartition("/")[2]
    place = document.layout.place(name)
    return place.title if place is not None and place.title else name


def length(seconds: float) -> str:
    """A length of time: ``12 ms``, ``0.8 s``, ``2 min 5 s``."""
    if seconds < 0.0005:
        return tr("0 ms")
    if seconds < 0.1:
        return tr("{count} ms", count=max(1, round(seconds * 1000)))
    if seconds < 60:
        return tr("{count} s", count=f"{seconds:.1f}")
    minutes, rest = divmod(round(seconds), 60)
    return tr("{minutes} min {seconds} s", minutes=minutes, seconds=rest)


def usage_words(usage: Usage | None) -> str:
    """``412 + 46 tokens · $0.002``; empty where no model was asked."""
    if usage is None or not usage.calls:
        return ""
    tokens = tr("{sent} + {received} tokens", sent=f"{usage.prompt_tokens:,}", received=f"{usage.completion_tokens:,}")
    price = price_words(usage.price, usage.total_tokens) if usage.price else ""
    return " · ".join(part for part in (tokens, price) if part)


def run_words(view: RunView, number: int = 0) -> str:
    """``Run 14 · 0.8 s · 458 tokens · free``."""
    parts = [tr("Run {number}", number=number)] if number else []
    if not view.live and view.started is not None:
        from flowloom.studio.run.dates import when

        parts = [tr("Run of {when}", when=when(view.started))]
    if view.status in ("failed", "cancelled", "crashed"):
        parts.append({"failed": tr("failed"), "cancelled": tr("stopped")}.get(view.status, tr("broken off")))
    if view.status == "completed" and view.nodes and all(node.cached or node.status == "bypassed" for node in view.nodes.values()):
        parts.append(tr("from cache"))
    if view.seconds is not None:
        parts.append(length(view.seconds))
    elif view.live and view.started is not None:
        parts.append(length(time() - view.started))
    usage = view.usage
    if usage.calls:
        parts.append(tr("{count} tokens", count=f"{usage.total_tokens:,}"))
        parts.append(price_words(usage.price, usage.total_tokens))
    return " · ".join(part for part in parts if part)


def bounds_words(found: Confinement | None) -> str:
    """What really bounds the process that runs flows, a line each: found out by trying, so that nothing is promised that does not hold."""
    if found is None:
        return ""
    memory = tr("Memory: at most {size} MB", size=f"{found.memory / 1e6:,.0f}") if found.memory else tr("Memory: not limited on this computer")
    processes = tr("Processes: at most {count}", count=found.processes) if found.processes else tr("Processes: not limited on this computer")
    files = tr("Files and network: not confined; a flow's code may do what you may")
    return "\n".join([tr("Flows run in a process of their own: what their code breaks costs a run, not the window."), memory, processes, files])


def node_words(view: RunView, node: NodeView, document: FlowDocument) -> str:
    """What a line of the timeline says of a node."""
    why = tr_data(node.why)
    if node.status == "waiting":
        sources = view.waiting_for(node.name)
        if not view.running:
            return tr("did not run")
        return tr("waits for {names}", names=", ".join(title_of(document, name) for name in sources)) if sources else tr("waits")
    if node.status == "running":
        seconds = max(0.0, time() - node.started) if node.started is not None else 0.0
        parts = [length(seconds), tr("streaming") if node.tail(1) else tr("thinking") if node.thinking else tr("running")]
        if node.attempt > 1:
            parts.append(tr("attempt {number}", number=node.attempt))
        return " · ".join(parts)
    if node.status == "failed":
        return tr_data(node.error.message) if node.error is not None else tr("failed")
    if node.status == "bypassed":
        return tr("skipped: {why}", why=why) if why else tr("skipped")
    if node.status == "cancelled":
        return tr("stopped")
    if node.cached:
        return tr("from cache: {why}", why=why) if why else tr("from cache")
    parts = [length(node.seconds or 0.0), usage_words(node.usage)]
    if why and (view.again or any(other.cached for other in view.nodes.values())):
        # Where nothing was reused and nothing could have been, nobody asks why this was not.
        parts.append(tr("ran because {why}", why=why))
    return " · ".join(part for part in parts if part)
