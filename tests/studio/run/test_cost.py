"""What a run may cost, said before it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flowloom.flows.engine.events import Usage
from flowloom.flows.model.flow import Constant, Flow, Node, Reference, Source
from flowloom.studio.run.cost import Estimate, estimate, money, price_words


def _flow(**inputs: Any) -> Flow:
    bound = {key: value if isinstance(value, Reference) else Constant(value) for key, value in inputs.items()}
    node = Node("ask", "llm", Source("code", "ask.jinja2"), bound, "c")  # type: ignore[arg-type]
    return Flow(Path("/nowhere"), "flow.dag.yaml", "flow", "dag", nodes={"ask": node})  # type: ignore[dict-item]


def _estimate(flow: Flow, *, host: str | None = "api.example.com", used: dict[str, Usage] | None = None, prices: str = "") -> Estimate:
    texts = {"ask.jinja2": "x" * 400, "flow.prices.json": prices}
    return estimate(flow, lambda path: texts.get(path, ""), {"c": host}, used or {}, lambda _name: "llm")


def test_the_model_on_this_computer_costs_nothing() -> None:
    assert _estimate(_flow(model="gpt-4o"), host=None) == Estimate()
    assert _estimate(_flow(model="gpt-4o"), host=None).words == ""


def test_the_price_follows_the_length_of_the_prompt_and_the_limit_of_the_reply() -> None:
    found = _estimate(_flow(model="gpt-4o", max_tokens=100))
    assert (found.calls, found.tokens) == (1, 200)
    assert found.price == pytest.approx((100 * 2.5 + 100 * 10) / 1e6)


def test_what_a_node_took_last_time_counts_for_more() -> None:
    found = _estimate(_flow(model="gpt-4o"), used={"ask": Usage(1000, 500, 1500, 1)})
    assert found.price == pytest.approx((1000 * 2.5 + 500 * 10) / 1e6)


def test_a_dated_model_has_its_models_price_and_the_flows_own_prices_win() -> None:
    assert _estimate(_flow(model="gpt-4o-mini-2024-07-18")).price
    own = json.dumps({"mine": {"input": 1000000, "output": 0}})
    assert _estimate(_flow(model="mine", max_tokens=1), prices=own).price == pytest.approx(100.0)


def test_an_unknown_price_is_unknown_and_not_nothing() -> None:
    found = _estimate(_flow(model="who-knows"))
    assert (found.price, found.words) == (None, "cost not known")
    assert "who-knows" in found.sentence


@pytest.mark.parametrize(("dollars", "words"), [(0.0, "$0.00"), (0.00123, "$0.0012"), (0.5, "$0.50"), (12.345, "$12.35")])
def test_money_has_as_many_digits_as_tell_something(dollars: float, words: str) -> None:
    assert money(dollars) == words


def test_free_is_said_and_not_known_is_said() -> None:
    assert (price_words(0.0, 5), price_words(None, 5), price_words(None, 0)) == ("free", "cost not known", "")
