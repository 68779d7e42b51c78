"""How typed letters are matched."""

from __future__ import annotations

import pytest

from flowloom.studio.panels.matching import score


@pytest.mark.parametrize("typed", ["ask", "mod", "ask mod", "model ask", "aamo", "ASK A MODEL", ""])
def test_these_find_ask_a_model(typed: str) -> None:
    assert score(typed, "Ask a model") > 0


@pytest.mark.parametrize("typed", ["xyz", "ask xyz", "ledom"])
def test_these_do_not(typed: str) -> None:
    assert score(typed, "Ask a model") == 0


def test_a_beginning_is_better_than_a_word_inside_and_that_than_letters() -> None:
    assert score("jo", "Join texts") > score("jo", "Then join") > score("oi", "Join texts") > score("jt", "Join texts") > 0
