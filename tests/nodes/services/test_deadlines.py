import pytest

from flowloom.nodes.services.deadlines import ON_THIS_COMPUTER, Deadlines


def test_a_call_may_have_deadlines_of_its_own() -> None:
    changed = Deadlines().overridden({"total": 30, "connect": 2})
    assert (changed.total, changed.connect) == (30.0, 2.0)
    assert changed.first_token == Deadlines().first_token
    assert Deadlines().overridden({}) == Deadlines()


def test_an_unknown_deadline_is_refused() -> None:
    with pytest.raises(TypeError):
        Deadlines().overridden({"forever": 1})


def test_a_model_on_this_computer_may_take_its_time() -> None:
    assert ON_THIS_COMPUTER.first_token > 10 * Deadlines().first_token
