from __future__ import annotations

import pytest

from flowloom.flows.document.yaml_faults import yaml_error
from flowloom.flows.document.yaml_text import load_yaml
from flowloom.flows.errors import YamlError


@pytest.mark.parametrize(("offset", "line", "column"), [(0, 1, 1), (3, 1, 3), (6, 2, 1), (99, 3, 3)])
def test_places_count_from_one_without_the_byte_order_mark(offset: int, line: int, column: int) -> None:
    error = yaml_error("\ufeffabc\r\ndef\nxy", "f", offset, "Words.", "Do this.")
    assert (error.line, error.column, error.hint) == (line, column, "Do this.")
    assert error.where == f"f:{line}:{column}"


def test_the_library_s_own_words_stay_for_engineers() -> None:
    with pytest.raises(YamlError) as caught:
        load_yaml("a: [", "f")
    assert "node content" in caught.value.detail
    assert "node content" not in caught.value.message


def test_bytes_before_a_bad_character_are_no_columns() -> None:
    with pytest.raises(YamlError) as caught:
        load_yaml("größe: 文\nb: ü\x01\n", "f")
    assert (caught.value.line, caught.value.column) == (2, 5)
