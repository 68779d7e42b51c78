"""Comparing variants row by row."""

from __future__ import annotations

import random

import pytest

from flowloom.flows.batch.statistics import (
    CheckFault,
    bootstrap,
    compare,
    plain,
    read_check,
    run_check,
    score,
    sign_test,
)


def test_rows_without_a_score_on_either_side_do_not_count() -> None:
    found = compare([1.0, 0.0, None, 0.0], [1.0, 1.0, 1.0, None])
    assert (found.rows, found.better, found.worse, found.same) == (2, 1, 0, 1)


def test_a_large_difference_is_no_chance_and_a_small_one_may_be() -> None:
    assert compare([0.0] * 20, [1.0] * 18 + [0.0] * 2).verdict == "better"
    assert compare([1.0] * 18 + [0.0] * 2, [0.0] * 20).verdict == "worse"
    assert compare([0.0] * 7 + [1.0] * 3, [1.0] * 5 + [0.0] * 5).verdict == "chance"
    assert compare([1.0, 0.0], [1.0, 0.0]).verdict == "same"
    assert compare([None], [1.0]).verdict == "nothing"


@pytest.mark.parametrize(("rows", "verdict"), [(1, "chance"), (2, "chance"), (5, "chance"), (6, "better")])
def test_few_rows_are_no_proof_however_clear(rows: int, verdict: str) -> None:
    """Six of six is as rare as 2 in 64; five of five is not rare enough."""
    assert compare([0.0] * rows, [1.0] * rows).verdict == verdict


def test_the_interval_holds_the_mean_and_is_the_same_each_time() -> None:
    first = bootstrap([0.0, 1.0, 1.0, 0.0, -1.0, 1.0])
    assert first == bootstrap([0.0, 1.0, 1.0, 0.0, -1.0, 1.0])
    assert first is not None
    assert first.low <= first.mean <= first.high


def test_where_nothing_differs_the_interval_warns_in_about_one_of_twenty() -> None:
    generator = random.Random(5)
    false_alarms = 0
    for trial in range(200):
        scores = [(float(generator.random() < 0.6), float(generator.random() < 0.6)) for _ in range(40)]
        verdict = compare([a for a, _ in scores], [b for _, b in scores], seed=trial).verdict
        false_alarms += verdict in ("better", "worse")
    assert false_alarms <= 20  # at most 10 are expected; more than 20 of 200 would be a chance of one in five hundred


def test_the_sign_test_is_exact() -> None:
    assert sign_test(0, 0) == 1.0
    assert sign_test(5, 0) == pytest.approx(2 / 32)
    assert sign_test(7, 3) == pytest.approx(0.34375)


@pytest.mark.parametrize(
    ("output", "expected", "check", "wanted"),
    [
        ("Positive ", "positive", "exact", 1.0),
        ("It is positive.", "positive", "exact", 0.0),
        ("It is Positive.", "positive", "contains", 1.0),
        (3.0, "3", "exact", 1.0),
        ({"a": 1}, '{"a": 1}', "exact", 1.0),
        ("x", None, "exact", None),
        ("x", "", "contains", None),
        (None, "none", "exact", 1.0),
        ("cafe\u0301", "CAFÉ", "exact", 1.0),
    ],
)
def test_texts_are_compared_as_people_would(output: object, expected: object, check: str, wanted: float | None) -> None:
    assert score(output, expected, check) == wanted  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("check", "wanted"),
    [
        ("output == expected", 0.0),
        ("plain(output) == plain(expected)", 1.0),
        ("len(output) < 10 and 'ES' in output", 1.0),
        ("output.lower().startswith('y')", 1.0),
        ("row['n'] / 4", 0.5),
        ("not output", 0.0),
        ("1 if row.get('n') == 2 else 0", 1.0),
        ("output[0] in ['Y', 'J']", 1.0),
        ("output[-2:] == 'ES'", 1.0),
        ("1 < row['n'] < 3", 1.0),
        ("5", 1.0),
    ],
)
def test_a_python_check_scores_a_row(check: str, wanted: float) -> None:
    assert run_check(read_check(check), "YES", "yes", {"n": 2}) == wanted


@pytest.mark.parametrize(
    "check",
    [
        "__import__('os').system('true')",
        "().__class__",
        "output.__class__",
        "open('/etc/passwd')",
        "lambda: 1",
        "[x for x in output]",
        "(a := 1)",
        "import os",
        "",
        "f'{output}'",
        "output.format(1)",
        "x" * 3000,
    ],
)
def test_what_is_no_check_is_refused_before_anything_is_worked_out(check: str) -> None:
    with pytest.raises(CheckFault):
        read_check(check)


@pytest.mark.parametrize("check", ["'a' * 10 ** 9", "row['missing']", "1 / 0", "output + 1", "len", "str(output, 1, 2, 3)", "'x' * 9"])
def test_a_check_that_fails_says_so_in_words(check: str) -> None:
    with pytest.raises(CheckFault):
        run_check(read_check(check), "YES", "yes", {"n": 2})


def test_numbers_and_their_texts_are_the_same() -> None:
    assert plain(2.0) == plain(2) == plain(" 2 ")
