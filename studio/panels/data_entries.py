"""What there is to see of a node, a wire or a whole run: a list of named values, in the order in which people ask for them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flowloom.flows.document.layout import INPUTS_ID, OUTPUTS_ID
from flowloom.studio.language import tr, tr_data

if TYPE_CHECKING:
    from flowloom.studio.canvas.cards import Cards, Wire
    from flowloom.studio.run.run_view import NodeView, RunView

MISSING: Final = object()
CALLS: Final = "calls"
ERROR: Final = "error"
OUTPUT: Final = "out:output"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to look at. ``key`` names it across nodes; ``value`` is MISSING where ``words`` say why there is none; ``calls`` are
    model calls to be shown as a conversation."""

    key: str
    section: str
    title: str
    value: Any = MISSING
    words: str = ""
    calls: tuple[tuple[Mapping[str, Any], Mapping[str, Any] | None], ...] = ()
    hint: str = ""


def run_entries(view: RunView) -> list[Entry]:
    """What went into a run and came out of it."""
    found = [Entry(f"in:{name}", tr("What went in"), name, value) for name, value in _inputs(view).items()]
    if view.error is not None:
        found.append(_error(view.error))
    found += _outputs(view)
    found += [Entry(f"metric:{name}", tr("Metrics"), name, value) for name, value in view.metrics.items()]
    return found


def card_entries(view: RunView, card: str, settings: Collection[str] = ()) -> list[Entry]:
    """What there is of a card: of ``@inputs``, ``@outputs``, or a node. ``settings`` are inputs that are written in the flow."""
    if card == INPUTS_ID:
        return [Entry(f"in:{name}", tr("What went in"), name, value) for name, value in _inputs(view).items()]
    if card == OUTPUTS_ID:
        return _outputs(view)
    node = view.nodes.get(card)
    return node_entries(node, view, settings) if node is not None else []


def node_entries(node: NodeView, view: RunView, settings: Collection[str] = ()) -> list[Entry]:
    found: list[Entry] = []
    if node.error is not None and node.status == "failed":
        found.append(_error(node.error))
    if node.exchanges:
        found.append(Entry(CALLS, "", tr("Messages and reply"), calls=tuple(node.exchanges)))
    inputs = node.inputs or {}
    found += [Entry(f"in:{name}", tr("What went in"), name, value) for name, value in inputs.items() if name not in settings]
    found.append(_output(node))
    if node.thinking:
        found.append(Entry("thinking", tr("What came out"), tr("Thinking"), node.thinking))
    under = f"{node.name}/"
    for name, called in view.nodes.items():
        if name.startswith(under):
            found.append(Entry(f"called:{name[len(under) :]}", tr("What it called"), name[len(under) :], *_value(called)))
    if node.logs:
        text = "\n".join(line.text for line in node.logs)
        found.append(Entry("log", tr("What it wrote"), tr("Log"), text, hint="text"))
    found += [Entry(f"in:{name}", tr("Settings"), name, value) for name, value in inputs.items() if name in settings]
    return found


def wire_entries(view: RunView, wire: Wire, cards: Cards, title_of: Callable[[str], str]) -> list[Entry]:
    """The value that went along a wire."""
    words = f"{title_of(wire.source.card)} › {wire.source.port}"
    value = _at_source(view, wire, cards)
    why = "" if value is not MISSING else tr("Nothing went along this wire in this run.")
    return [Entry("wire", tr("What went along the wire"), words, value, why)]


def first_to_show(entries: list[Entry]) -> str:
    """The key of the entry that people want to see first."""
    keys = [entry.key for entry in entries]
    for key in (ERROR, CALLS, OUTPUT):
        if key in keys:
            return key
    return next((key for key in keys if key.startswith("out:")), keys[0] if keys else "")


def _inputs(view: RunView) -> dict[str, Any]:
    """What the run was given, and the defaults of what it was not."""
    return {**(view.ran or {}).get("inputs", {}), **view.inputs}


def _outputs(view: RunView) -> list[Entry]:
    if view.outputs:
        return [Entry(f"out:{name}", tr("What came out"), name, value) for name, value in view.outputs.items()]
    words = tr("The run is under way.") if view.running else tr("The run came to no output.")
    return [Entry(OUTPUT, tr("What came out"), tr("output"), MISSING, words)]


def _output(node: NodeView) -> Entry:
    value, words = _value(node)
    return Entry(OUTPUT, tr("What came out"), tr("output"), value, words)


def _value(node: NodeView) -> tuple[Any, str]:
    if node.status == "completed":
        return node.output, ""
    if node.text:
        return node.text, ""
    words = {
        "waiting": tr("It has not run."),
        "running": tr("It is at work."),
        "failed": tr("It failed before it gave anything."),
        "bypassed": tr_data(node.why) or tr("It was skipped."),
        "cancelled": tr("It was stopped before it gave anything."),
    }
    return MISSING, words.get(node.status, "")


def _error(error: Any) -> Entry:
    text = "\n\n".join(part for part in (tr_data(error.message), tr_data(error.hint), error.detail) if part)
    return Entry(ERROR, "", tr("What went wrong"), text, hint="text")


def _at_source(view: RunView, wire: Wire, cards: Cards) -> Any:
    source = wire.source
    if source.card == INPUTS_ID:
        return _inputs(view).get(source.port, MISSING)
    node = view.nodes.get(source.card)
    if node is None or node.status != "completed":
        return MISSING
    value = node.output
    for part in wire.path:
        try:
            value = value[part]
        except (LookupError, TypeError):
            return MISSING
    return value
