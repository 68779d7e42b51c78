"""What a run may cost: from what its model calls took last time, or from the length of their prompts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from flowloom import resources
from flowloom.flows.engine.events import Usage
from flowloom.flows.model.flow import Constant, Flow, Node
from flowloom.studio.language import tr

PRICES_FILE: Final = "flow.prices.json"
LIKELY_REPLY: Final = 300
"""Tokens a reply is taken to have where neither the flow nor an earlier run says more."""

_DATED: Final = re.compile(r"[-@](\d{4}-\d{2}-\d{2}|\d{8}|\d{4}|latest)$")
_MODEL_INPUTS: Final = ("model", "deployment_name", "engine")


@dataclass(frozen=True, slots=True)
class Estimate:
    """``price`` in US dollars, None where a model's price is not known; ``tokens`` together; ``calls`` that are not free."""

    calls: int = 0
    tokens: int = 0
    price: float | None = 0.0
    unpriced: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """In short; empty where nothing costs anything."""
        if not self.calls:
            return ""
        if self.price is None:
            return tr("cost not known")
        return tr("about {price}", price=money(self.price))

    @property
    def sentence(self) -> str:
        if not self.calls:
            return ""
        if self.price is None:
            models = ", ".join(self.unpriced)
            return tr("About {tokens} tokens; the price of {models} is not known.", tokens=f"{self.tokens:,}", models=models)
        return tr("About {tokens} tokens, which cost about {price}.", tokens=f"{self.tokens:,}", price=money(self.price))


FREE: Final = Estimate()


def money(dollars: float) -> str:
    """US dollars with as many digits as tell something."""
    if dollars and dollars < 0.01:
        return f"${dollars:.4f}".rstrip("0")
    return f"${dollars:.2f}"


def price_words(price: float | None, tokens: int = 0) -> str:
    """A price for people: ``free`` for nothing, a question mark's worth of words where it is not known."""
    if price is None:
        return tr("cost not known") if tokens else ""
    return money(price) if price else tr("free")


def estimate(
    flow: Flow,
    text_of: Callable[[str], str],
    hosts: Mapping[str, str | None],
    used: Mapping[str, Usage],
    kind_of: Callable[[str], str],
) -> Estimate:
    """The likely cost of a run. ``used`` is what nodes took in their last run, by name; ``kind_of`` their kind (``llm``)."""
    prices = price_table(text_of(PRICES_FILE))
    calls, tokens, total, unpriced = 0, 0, 0.0, {}
    for node in flow.nodes.values():
        if kind_of(node.name) != "llm" or not node.connection or hosts.get(node.connection) is None:
            continue
        model = _model(node)
        prompt, reply = _tokens(node, text_of, used.get(node.name))
        calls += 1
        tokens += prompt + reply
        entry = _entry(prices, model)
        if entry is None:
            unpriced[model or node.name] = None
        else:
            total += (prompt * entry["input"] + reply * entry.get("output", 0.0)) / 1_000_000
    return Estimate(calls, tokens, None if unpriced else total, tuple(unpriced))


def price_table(own: str) -> dict[str, Any]:
    """List prices in US dollars per million tokens by model; ``own`` is the text of the flow's ``flow.prices.json``."""
    return {**_list_prices(), **_read(own)}


@lru_cache(maxsize=1)
def _list_prices() -> dict[str, Any]:
    return _read(resources.path("prices.json").read_text(encoding="utf-8"))


def _read(text: str) -> dict[str, Any]:
    try:
        values = json.loads(text) if text else {}
    except ValueError:
        return {}
    models = values.get("models", values) if isinstance(values, dict) else {}
    return {
        name: entry
        for name, entry in models.items()
        if isinstance(entry, dict) and isinstance(entry.get("input"), int | float)
    }


def _entry(prices: Mapping[str, Any], model: str) -> Mapping[str, float] | None:
    name = model.rpartition("/")[2]
    return next((prices[one] for one in (model, name, _DATED.sub("", name)) if one in prices), None)


def _model(node: Node) -> str:
    for name in _MODEL_INPUTS:
        binding = node.inputs.get(name)
        if isinstance(binding, Constant) and binding.value:
            return str(binding.value)
    return ""


def _tokens(node: Node, text_of: Callable[[str], str], used: Usage | None) -> tuple[int, int]:
    """Tokens sent and received. Four characters are taken for a token, as is usual for English; more are for a few lines of inputs."""
    if used is not None and used.total_tokens:
        return used.prompt_tokens, used.completion_tokens
    prompt = text_of(node.source.path) if node.source.path else ""
    most = node.inputs.get("max_tokens")
    reply = most.value if isinstance(most, Constant) and isinstance(most.value, int) else LIKELY_REPLY
    wires = sum(1 for binding in node.inputs.values() if not isinstance(binding, Constant))
    return len(prompt) // 4 + 50 * wires, min(reply, LIKELY_REPLY)
