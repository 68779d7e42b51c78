from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from flowloom.nodes.services import prices
from flowloom.nodes.services.prices import price, usage_of, user_file


@pytest.fixture(autouse=True)
def tables_read_anew() -> Iterator[None]:
    """Tables are looked at once a second; a test changes them faster."""
    prices._tables_now.cache_clear()
    yield
    prices._tables_now.cache_clear()


@pytest.fixture(autouse=True)
def own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FLOWLOOM_CONFIG_DIR", str(tmp_path / "config"))
    (tmp_path / "config").mkdir()
    return tmp_path / "config" / "prices.json"


def test_list_prices() -> None:
    assert price("gpt-4o", 1_000_000, 1_000_000) == pytest.approx(12.5)
    assert price("gpt-4o", 1_000_000, 0, cached_tokens=1_000_000) == pytest.approx(1.25)
    assert price("text-embedding-3-small", 1_000_000, 0) == pytest.approx(0.02)


@pytest.mark.parametrize("name", ["gpt-4o-mini-2024-07-18", "openai/gpt-4o-mini", "gpt-4o-mini"])
def test_dates_and_prefixes_do_not_matter(name: str) -> None:
    assert price(name, 1_000_000, 0) == pytest.approx(0.15)


def test_an_unknown_price_is_unknown() -> None:
    assert price("my-model", 10, 10) is None
    usage = usage_of({"prompt_tokens": 1, "completion_tokens": 2}, "my-model")
    assert (usage.price, usage.total_tokens, usage.calls) == (None, 3, 1)
    assert usage_of(None, "gpt-4o").price is None
    assert usage_of({"prompt_tokens": None, "completion_tokens": "many"}, "gpt-4o").price is None
    assert usage_of({"prompt_tokens": True, "completion_tokens": -1}, "gpt-4o").price is None


def test_a_model_on_this_computer_costs_nothing() -> None:
    assert usage_of({"prompt_tokens": 1, "completion_tokens": 2}, "small", free=True).price == 0.0


def test_users_prices_go_over_the_list_and_a_flows_over_both(own_configuration: Path, tmp_path: Path) -> None:
    own_configuration.write_text(
        json.dumps({"models": {"my-model": {"input": 1, "output": 2}, "gpt-4o": {"input": 9, "output": 9}}})
    )
    prices._tables_now.cache_clear()
    assert user_file() == own_configuration
    assert price("my-model", 1_000_000, 1_000_000) == pytest.approx(3.0)
    assert price("gpt-4o", 1_000_000, 0) == pytest.approx(9.0)
    flow = tmp_path / "flow"
    flow.mkdir()
    (flow / "flow.prices.json").write_text(json.dumps({"gpt-4o": {"input": 4}}))
    assert price("gpt-4o", 1_000_000, 1_000_000, root=str(flow)) == pytest.approx(4.0)
    assert price("gpt-4o", 1_000_000, 0) == pytest.approx(9.0)


@pytest.mark.parametrize(
    "text", ["", "no json", "[]", '{"gpt-4o": 5}', '{"gpt-4o": {"input": "much"}}', '{"gpt-4o": {"input": -1}}']
)
def test_a_table_that_cannot_be_read_changes_nothing(text: str, own_configuration: Path) -> None:
    own_configuration.write_text(text)
    assert price("gpt-4o", 1_000_000, 0) == pytest.approx(2.5)
