from __future__ import annotations

from flowloom.flows.document.yaml_text import load_yaml
from flowloom.flows.document.yaml_tree import Location, line_starts

TEXT = """\
inputs:
  frage:   # asked
    type: string
nodes:
- name: "a b"
  source: &s {type: code, path: ä.py}
- name: c
  source: *s
  inputs:
    <<: &m {x: 1}
    y: |
      two
      lines

"""


def test_values_and_keys_have_places() -> None:
    doc = load_yaml(TEXT, "f")
    place = doc.location(("inputs", "frage", "type"))
    assert place is not None
    assert place == Location(3, 11, TEXT.index("string"), TEXT.index("string") + 6)
    assert _text(doc.location(("nodes", 0, "name"))) == '"a b"'
    assert _text(doc.location(("nodes", 0, "source"))) == "&s {type: code, path: ä.py}"
    assert _text(doc.location(("nodes", 1, "source"))) == "*s"
    assert _text(doc.location(("nodes", 1, "inputs", "y"))) == "|\n      two\n      lines"
    assert _text(doc.location(("inputs", "frage"), key=True)) == "frage"
    assert doc.location(("nodes", 0), key=True) is None


def test_a_place_behind_an_alias_or_merge_is_where_the_value_is_written() -> None:
    doc = load_yaml(TEXT, "f")
    assert _text(doc.location(("nodes", 1, "source", "path"))) == "ä.py"
    assert _text(doc.location(("nodes", 1, "inputs", "x"))) == "1"
    assert doc.location(("nodes", 1, "inputs", "x"), key=True) is not None


def test_no_place_for_what_is_not_there() -> None:
    doc = load_yaml(TEXT, "f")
    for path in [
        ("inputs", "question"),
        ("nodes", 9),
        ("nodes", "x"),
        ("inputs", "frage", "type", "x"),
        ("nodes", True),
    ]:
        assert doc.location(path) is None
    assert load_yaml("", "f").location(("a",)) is None


def test_lines_count_as_editors_count_them() -> None:
    assert line_starts("a\nb\r\nc\rd") == [0, 2, 5, 7]
    doc = load_yaml("\ufeffa: 1\r\nb: 2\r\n", "f")
    first, second = doc.location(("a",)), doc.location(("b",))
    assert first is not None
    assert second is not None
    assert (first.line, first.column, second.line, second.column) == (1, 4, 2, 4)


def _text(place: Location | None) -> str:
    assert place is not None
    return TEXT[place.start : place.end]
