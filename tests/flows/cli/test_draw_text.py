from __future__ import annotations

import random

from flowloom.flows.cli.draw_text import cells, draw_text, fit
from flowloom.flows.cli.picture import Card, Picture, Wire


def draw(cards: str, *wires: str, columns: int = 100, **options: object) -> str:
    made = tuple(Card(id, id, "python", "python") for id in cards)
    return draw_text(Picture("flow", made, tuple(Wire(wire[0], wire[1]) for wire in wires)), columns, **options)  # type: ignore[arg-type]


def test_a_diamond() -> None:
    assert draw("abcd", "ab", "ac", "bd", "cd") == (
        "      ╭─────────╮\n"
        "      │ a       │\n"
        "      │ python  │\n"
        "      ╰─────────╯\n"
        "     ╭─────┴──────╮\n"
        "     ▼            ▼\n"
        "╭─────────╮  ╭─────────╮\n"
        "│ b       │  │ c       │\n"
        "│ python  │  │ python  │\n"
        "╰─────────╯  ╰─────────╯\n"
        "     ╰───╮  ╭─────╯\n"
        "         ▼  ▼\n"
        "      ╭─────────╮\n"
        "      │ d       │\n"
        "      │ python  │\n"
        "      ╰─────────╯\n"
    )


def test_a_wire_over_several_layers_passes_beside_the_boxes() -> None:
    text = draw("abc", "ab", "bc", "ac")
    rows = text.splitlines()
    box_b = next(number for number, row in enumerate(rows) if "│ b " in row)
    assert rows[box_b].count("│") == 3
    assert text.count("▼") == 3


def test_wires_that_cross_are_not_joined() -> None:
    # Both sources feed both targets: every crossing shows one line passing the other.
    text = draw("abxy", "ax", "ay", "bx", "by")
    assert "┼" not in text
    assert text.count("▼") == 4


def test_no_line_is_wider_than_the_window_and_narrow_windows_get_a_list() -> None:
    for columns in (20, 40, 80, 200):
        text = draw("abcdefgh", "ab", "ac", "ad", "ae", "af", "ag", "ah", columns=columns)
        assert max(cells(line) for line in text.splitlines()) <= columns
    narrow = draw("abcdefgh", "ab", "ac", "ad", "ae", "af", "ag", "bh", columns=40)
    assert "╭" not in narrow
    assert narrow.splitlines()[0] == "a  python"
    assert narrow.splitlines()[-1] == "h  python  ← b"


def test_wide_characters_keep_boxes_closed() -> None:
    picture = Picture(
        "流程", (Card("复核答案", "复核答案", "python · 检查.py", "python"), Card("b", "b", "c", "llm")), ()
    )
    rows = draw_text(picture, 80).splitlines()
    assert len({cells(row) for row in rows}) == 1


def test_long_titles_are_cut_where_a_column_ends() -> None:
    assert fit("abcdef", 4) == "abc…"
    assert cells(fit("流程图流程图", 6)) <= 6
    assert fit("short", 20) == "short"


def test_ascii_where_the_terminal_has_nothing_else() -> None:
    assert draw("abc", "ab", "ac", unicode=False).isascii()


def test_styles_are_asked_for_by_name() -> None:
    seen: set[tuple[str, ...]] = set()

    def style(text: str, *names: str) -> str:
        seen.add(names)
        return text

    assert draw("ab", "ab", style=style) == draw("ab", "ab")
    assert ("bold", "yellow") in seen


def test_a_flow_without_nodes_says_so() -> None:
    assert draw("") == "(this flow has no nodes)\n"


def test_random_graphs_show_every_card_once_and_an_arrow_for_every_wire(rng: random.Random, samples: int) -> None:
    for _ in range(30 * samples):
        count = rng.randint(1, 9)
        names = "abcdefghi"[:count]
        wires = [a + b for at, a in enumerate(names) for b in names[at + 1 :] if rng.random() < 0.3]
        text = draw(names, *wires, columns=400)
        for name in names:
            assert text.count(f"│ {name} ") == 1
        assert text.count("▼") == len(wires)
