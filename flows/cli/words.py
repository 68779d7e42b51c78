"""Numbers and states of a run in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowloom.flows.engine.events import Usage


def seconds(value: float) -> str:
    """``0.02 s``, ``1.4 s``, ``2 min 05 s``."""
    if value < 1:
        return f"{value:.2f} s"
    if value < 60:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest:02d} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def usage(used: Usage | None) -> str:
    """``412 tokens, $0.0012``; the price is left out where it is not known, and says so."""
    if used is None or not used.calls:
        return ""
    tokens = f"{used.total_tokens:,} tokens"
    if used.price is None:
        return f"{tokens}, price unknown"
    return tokens if not used.price else f"{tokens}, {price(used.price)}"


def price(dollars: float) -> str:
    return f"${dollars:,.2f}" if dollars >= 1 else f"${dollars:.4f}" if dollars >= 0.0001 else "under $0.0001"


def plural(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"
