from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.flows.errors import UsageError
from flowloom.flows.model.edits import check_name, free_name
from flowloom.flows.model.flow import Reference
from flowloom.flows.model.references import parse_binding


@given(st.text("ab_ -.[]{}$'é文0", max_size=8))
def test_a_name_that_is_allowed_can_be_referred_to(name: str) -> None:
    try:
        check_name(name, ())
    except UsageError:
        return
    assert parse_binding(f"${{{name}.output.x}}") == Reference("node", name, ("x",))
    assert parse_binding(f"${{inputs.{name}}}") == Reference("input", name)


@pytest.mark.parametrize("name", ["inputs", "flow", "", "a.b", "a]", " a", "a ", "a\tb"])
def test_names_that_mean_something_else(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_name(name, ())
    assert caught.value.hint


def test_a_taken_name() -> None:
    with pytest.raises(UsageError, match="There is an input named 'q' already"):
        check_name("q", ["q"], "input")
    assert check_name("inputs", (), "input") == "inputs"


@given(st.text(max_size=8), st.sets(st.sampled_from(["a", "node", "node_2", "a_2", "inputs_1"])))
def test_a_free_name_is_fit_and_free(base: str, taken: set[str]) -> None:
    name = free_name(base, taken)
    assert name not in taken
    assert check_name(name, taken) == name


def test_free_names_count() -> None:
    assert free_name("Ask the model", ()) == "ask_the_model"
    assert free_name("search", ["search", "search_2"]) == "search_3"
    assert free_name("???", ()) == "node"
    assert free_name("inputs", ()) == "inputs_1"
