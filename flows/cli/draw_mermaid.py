"""Draws a flow as a Mermaid flowchart, for README files and wikis."""

from __future__ import annotations

from typing import Final

from flowloom.flows.cli.picture import INPUTS, OUTPUTS, Card, Picture

_CLASSES: Final = {
    "llm": "#8f7df7", "prompt": "#4a9df0", "python": "#d8a534", "retrieval": "#2bb3a3",
    "agent": "#e0679f", "logic": "#dd8450", "io": "#8593a8", "out": "#8593a8",
}  # fmt: skip


def draw_mermaid(picture: Picture) -> str:
    """``flowchart TD`` with a node a card; names are quoted, so that no name can break out of it."""
    ids = {card.id: f"n{number}" for number, card in enumerate(picture.cards)}
    lines = ["flowchart TD"]
    lines += [f"    {ids[card.id]}{_shape(card)}" for card in picture.cards]
    for wire in picture.wires:
        arrow = f'-. "{_text(wire.condition)}" .->' if wire.condition else "-->"
        lines.append(f"    {ids[wire.source]} {arrow} {ids[wire.target]}")
    for kind, colour in _CLASSES.items():
        members = [ids[card.id] for card in picture.cards if card.kind == kind]
        if members:
            lines += [f"    classDef {kind} stroke:{colour},stroke-width:2px", f"    class {','.join(members)} {kind}"]
    return "\n".join(lines) + "\n"


def _shape(card: Card) -> str:
    title, about = _text(card.title), _text(card.about)
    text = f'"<b>{title}</b><br/>{about}"' if about else f'"<b>{title}</b>"'
    return f"([{text}])" if card.id in (INPUTS, OUTPUTS) else f"[{text}]"


def _text(text: str) -> str:
    """Quoted text of Mermaid: entities for what would end it or be read as markup."""
    escapes = {"&": "#amp;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "#": "#35;", "`": "#96;"}
    return "".join(escapes.get(character, character) for character in " ".join(text.split()))
