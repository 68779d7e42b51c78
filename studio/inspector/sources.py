"""What can be wired to an input: every value upstream, with its type, what it was in the last run, and why it may not fit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flowloom.flows.document.layout import INPUTS_ID
from flowloom.flows.model.flow import Reference, path_text
from flowloom.flows.model.types import fits, in_words, type_of
from flowloom.studio.canvas.cards import Cards, PortRef, read_cards
from flowloom.studio.document import wiring
from flowloom.studio.language import tr_data

if TYPE_CHECKING:
    from flowloom.studio.document.flow_document import FlowDocument
    from flowloom.studio.run.run_view import RunView
    from flowloom.studio.workspace import Page

_MOST_PARTS: Final = 12
_MOST_CHARACTERS: Final = 80


@dataclass(frozen=True, slots=True)
class Offer:
    """One value upstream. ``refusal`` is empty where it fits; ``value`` is what it was in the last run, in short."""

    source: PortRef
    reference: Reference
    title: str
    type: str
    value: str = ""
    refusal: str = ""


def run_of(page: Page | None) -> RunView | None:
    """The run that is shown for a page; None where there is none."""
    runner = page.parts.get("runner") if page is not None else None
    return runner.view if runner is not None else None


def offers(document: FlowDocument, target: PortRef, run: RunView | None = None, cards: Cards | None = None) -> list[Offer]:
    """All values upstream of an input port, those that fit first, those of its own name before others."""
    cards = cards or read_cards(document)
    reasons = wiring.lit(document, cards, target)
    target_type = wiring.port_type(document, target)
    found: list[Offer] = []
    for source, refusal in reasons.items():
        if source.card == target.card:
            continue
        card = cards.cards[source.card]
        reference = wiring.reference(document, source)
        value = last_value(document, run, reference)
        type_name = wiring.port_type(document, source)
        found.append(Offer(source, reference, titled(card.title, source.port, card.outputs), type_name, short(value), refusal))
        if not refusal or type_name in ("object", "any"):
            found += _parts(found[-1], value, target_type)
    name = target.port
    return sorted(found, key=lambda offer: (bool(offer.refusal), bool(offer.reference.path and len(offer.reference.path) > 1), offer.source.port != name and offer.source.card != name))


def _parts(whole: Offer, value: Any, target_type: str) -> list[Offer]:
    """The keys of an object that the last run gave, each a value of its own."""
    if not isinstance(value, Mapping) or whole.source.card == INPUTS_ID or len(whole.reference.path) > 0:
        return []
    found = []
    for key, part in list(value.items())[:_MOST_PARTS]:
        if isinstance(key, str) and "'" not in key and fits(type_of(part), target_type):
            reference = Reference("node", whole.reference.name, (key,))
            found.append(Offer(whole.source, reference, f"{whole.title} › {key}", type_of(part), short(part)))
    return found


def titled(card: str, port: str, ports: tuple[Any, ...]) -> str:
    """``Search the handbook › passages``; only the card where it gives one nameless value."""
    return card if len(ports) == 1 and port == "output" else f"{card} › {port}"


def reference_title(document: FlowDocument, reference: Reference) -> str:
    """What a reference is called on its chip."""
    if reference.source == "input":
        return f"{wiring.title_of(document, INPUTS_ID)} › {reference.name}"
    card = wiring.title_of(document, reference.name)
    if len(reference.path) == 1 and isinstance(reference.path[0], str):
        return f"{card} › {reference.path[0]}"
    return f"{card} › {path_text(reference.path).lstrip('.')}" if reference.path else card


def type_title(type_name: str) -> str:
    """``string`` -> ``text``: a type in words, without its article; empty where nothing is known."""
    if type_name == "any":
        return ""
    words = in_words(type_name)
    return tr_data(words.removeprefix("a ").removeprefix("an ").removeprefix("value of type "))


def last_value(document: FlowDocument, run: RunView | None, reference: Reference) -> Any:
    """What a reference stood for in a run, or would in one with the flow's defaults; None where that is not known."""
    if reference.source == "input":
        spec = document.flow.inputs.get(reference.name)
        given = run.inputs.get(reference.name) if run is not None else None
        return given if given is not None or spec is None or spec.required else spec.default
    if run is None:
        return None
    value = run.output_of(reference.name)
    for part in reference.path:
        try:
            value = value[part] if isinstance(value, Mapping | list) else None  # pyright: ignore[reportArgumentType, reportCallIssue]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def short(value: Any) -> str:
    """A value in one line; empty for None."""
    if value is None:
        return ""
    if isinstance(value, str):
        text = value[:400]
    else:
        try:
            text = json.dumps(value, ensure_ascii=False)[:400]
        except (TypeError, ValueError, RecursionError):
            text = str(type(value).__name__)
    text = " ".join(text.split())
    return text if len(text) <= _MOST_CHARACTERS else f"{text[: _MOST_CHARACTERS - 1]}…"


def waiting_for(document: FlowDocument, name: str) -> set[str]:
    """The nodes that take something from a node, directly or through others."""
    found: set[str] = set()
    pending = [name]
    edges: dict[str, list[str]] = {}
    for node in document.flow.nodes.values():
        for reference in node.references:
            if reference.source == "node":
                edges.setdefault(reference.name, []).append(node.name)
    while pending:
        for after in edges.get(pending.pop(), ()):
            if after not in found:
                found.add(after)
                pending.append(after)
    return found
