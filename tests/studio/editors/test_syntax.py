"""What is what in a line of a prompt, of Python and of JSON."""

from __future__ import annotations

from collections.abc import Callable

from flowloom.studio.editors.syntax import Lexed, json_line, prompt_line, python_line


def kinds(lex: Callable[[str, int], Lexed], line: str, state: int = 0) -> list[tuple[str, str]]:
    return [(line[span.start : span.start + span.length], span.kind) for span in lex(line, state)[0]]


def test_roles_stand_alone_on_their_line() -> None:
    assert kinds(prompt_line, "system:") == [("system:", "role")]
    assert kinds(prompt_line, "  # User:  ") == [("# User:", "role")]
    assert kinds(prompt_line, "user: hello") == []
    assert kinds(prompt_line, "a system:") == []


def test_names_within_tags_are_found_and_those_of_attributes_are_not() -> None:
    found = kinds(prompt_line, "{{ person.name | upper }} and {% if tone == 'warm' %}")
    assert [text for text, kind in found if kind == "name"] == ["person", "tone"]
    assert ("'warm'", "string") in found
    assert ("if", "keyword") in found
    assert ("| upper", "function") in found


def test_a_comment_goes_on_over_lines() -> None:
    spans, state = prompt_line("a {# note", 0)
    assert state != 0
    assert [span.kind for span in spans] == ["comment"]
    assert kinds(prompt_line, "more {{ x }} #} {{ y }}", state)[0] == ("more {{ x }} #}", "comment")
    assert prompt_line("more #} end", state)[1] == 0


def test_a_role_within_a_comment_is_none() -> None:
    _, state = prompt_line("{#", 0)
    assert kinds(prompt_line, "system:", state) == [("system:", "comment")]


def test_python_knows_texts_of_many_lines_and_what_is_defined() -> None:
    assert kinds(python_line, "def work(a: int):  # so") == [("def", "keyword"), ("work", "function"), ("# so", "comment")]
    spans, state = python_line('x = """begin', 0)
    assert (spans[-1].kind, state) == ("string", 1)
    assert kinds(python_line, 'end""" + "a" if b', state)[:2] == [('end"""', "string"), ('"a"', "string")]
    assert kinds(python_line, "@tool") == [("@tool", "decorator")]
    assert kinds(python_line, "a @ b") == []
    assert kinds(python_line, "url = 'http://x#y'") == [("'http://x#y'", "string")]


def test_json_tells_keys_from_texts() -> None:
    assert kinds(json_line, '{"a": "b", "c": [1.5, true]}') == [
        ('"a"', "key"), ('"b"', "string"), ('"c"', "key"), ("1.5", "number"), ("true", "keyword"),
    ]  # fmt: skip
