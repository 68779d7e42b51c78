from __future__ import annotations

import pytest

from flowloom.flows.document.yaml_draft import YamlDraft

CASES = [
    # An alias becomes a copy of its own where it is edited.
    ("a: &x {p: 1}\nb: *x\n", ("b", "p"), 2, "a: &x {p: 1}\nb:\n  p: 2\n"),
    # The value it stands for stays what the others see.
    ("a: &x 1\nb: *x\nc: *x\n", ("a",), 2, "a: &x 2\nb: 1\nc: 1\n"),
    # A merged key is hidden by one of its own.
    ("a: &x {p: 1, q: 2}\nb:\n  <<: *x\n", ("b", "p"), 3, "a: &x {p: 1, q: 2}\nb:\n  <<: *x\n  p: 3\n"),
    # Inside a merged mapping, that mapping is copied first.
    ("a: &x {p: {r: 1}}\nb:\n  <<: *x\n", ("b", "p", "r"), 3, "a: &x {p: {r: 1}}\nb:\n  <<: *x\n  p:\n    r: 3\n"),
    # What is merged elsewhere is written out there.
    ("a: &x\n  p: 1\nb:\n  <<: *x\n", ("a", "p"), 2, "a: &x\n  p: 2\nb:\n  <<: {p: 1}\n"),
    # Nothing shared, nothing written out.
    ("a: &x 1\nb: *x\nc: 3\n", ("c",), 4, "a: &x 1\nb: *x\nc: 4\n"),
]


@pytest.mark.parametrize(("text", "path", "value", "wanted"), CASES)
def test_sharing_ends_only_where_it_must(text: str, path: tuple[str, ...], value: int, wanted: str) -> None:
    draft = YamlDraft(text, "f")
    draft.set(path, value)
    assert draft.text == wanted


def test_deleting_what_others_share_leaves_them_a_copy() -> None:
    draft = YamlDraft("a:\n  k: &x {p: 1}\nb: *x\n", "f")
    draft.delete(("a", "k"))
    assert draft.text == "a: {}\nb:\n  p: 1\n"


def test_deleting_a_merged_key_writes_the_others_out() -> None:
    draft = YamlDraft("a: &x {p: 1, q: 2}\nb:\n  <<: *x\n  r: 3\nc: {<<: *x}\n", "f")
    draft.delete(("b", "p"))
    assert draft.value["b"] == {"q": 2, "r": 3}
    draft.delete(("c", "q"))
    assert draft.value == {"a": {"p": 1, "q": 2}, "b": {"q": 2, "r": 3}, "c": {"p": 1}}
