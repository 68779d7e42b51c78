"""Random edits of random documents: the value read back is the edited one, other lines stay, and undo gives the bytes back."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.flows.document.splice import Splice, apply_splices
from flowloom.flows.document.yaml_blocks import content_end, last_scalar, line_end, line_start, next_line
from flowloom.flows.document.yaml_draft import YamlDraft
from flowloom.flows.document.yaml_text import load_yaml
from flowloom.flows.document.yaml_tree import YamlText
from tests.flows.document.yaml_samples import Writer, same

Path = tuple[str | int, ...]
MANY = settings(max_examples=12 * settings.default.max_examples)
SEEDS = st.integers(0, 2**40)


def unshared(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: unshared(item) for key, item in value.items()}
    return [unshared(item) for item in value] if isinstance(value, list) else value


def paths(value: Any, before: Path = ()) -> list[Path]:
    found = [before] if before else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found += paths(item, (*before, key))
    return found


def at(value: Any, path: Path) -> Any:
    for part in path:
        value = value[part]
    return value


class Case:
    """A random document under edit, with what its value should become."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.text = Writer(self.rng).document()
        self.before = load_yaml(self.text, "f.yaml")
        self.value = unshared(self.before.value)
        self.wanted = copy.deepcopy(self.value)
        self.paths = paths(self.value)
        self.new = Writer(random.Random(seed + 1)).value(2)
        self.undo: list[tuple[Splice, ...]] = []
        self.text_now = self.text
        self.draft = YamlDraft(self.text, "f.yaml", self.on_step)

    def on_step(self, splices: tuple[Splice, ...]) -> None:
        self.text_now, inverse = apply_splices(self.text_now, splices)
        self.undo.append(inverse)

    def check(self, *touched: Path, whole: bool = True, comments: bool = False) -> None:
        """The new value is the wanted one, undo restores the text, and only lines of ``touched`` changed.

        With ``comments``, comment lines right below them may have gone too.
        """
        assert same(unshared(self.draft.value), self.wanted), f"{self.text}\n-->\n{self.draft.text}"
        assert same(unshared(load_yaml(self.draft.text, "f.yaml").value), self.wanted)
        text = self.draft.text
        for splices in reversed(self.undo):
            text, _ = apply_splices(text, splices)
        assert text == self.text
        if not self.before.shares:
            start, end = self.lines(touched, whole)
            while (
                comments
                and end < len(self.text)
                and self.text[end : line_end(self.text, end)].lstrip()[:1] in ("", "#")
            ):
                end = next_line(self.text, end)
            assert self.draft.text.startswith(self.text[:start])
            assert self.draft.text.endswith(self.text[end:])

    def lines(self, touched: tuple[Path, ...], whole: bool) -> tuple[int, int]:
        doc: YamlText = self.before
        starts, ends = [], []
        for path in touched:
            node, key = doc.node(path), doc.key_node(path)
            if node is None:
                continue
            end = content_end(doc, node)
            starts.append(line_start(self.text, (key or node).start if whole or node.style != "block" else end))
            if path and isinstance(path[-1], int) and node.style == "block":
                starts.append(self.text.rfind("-", 0, node.start))
            ends.append(line_end(self.text, max(end, key.end if key else 0)) + 2)
            last = last_scalar(doc.root) if doc.root else None
            if last is not None and last.style in ("|", ">") and not self.text.endswith("\n"):
                # Lines below a text that ended with the file: its header changes so that its value does not.
                starts.append(line_start(self.text, last.start))
            if last is not None and "+" in self.text:
                ends.append(len(self.text))
        return max(min(starts, default=0) - 2, 0), min(max(ends, default=0), len(self.text))


@MANY
@given(SEEDS)
def test_reading_gives_every_value_its_place(seed: int) -> None:
    case = Case(seed)
    for path in case.paths:
        place = case.before.location(path)
        assert place is not None
        node = case.before.node(path)
        if node is None or node.style == "*" or node.tag or node.anchor:
            continue
        value = at(case.value, path)
        written = case.text[place.start : place.end]
        if node.style == "" and not isinstance(value, (dict, list)):
            assert same(load_yaml(f"x: {written}", "x").value["x"], value)
        elif node.style in ("'", '"', "flow"):
            assert same(unshared(load_yaml(f"x: {written}", "x").value["x"]), value)


@MANY
@given(SEEDS)
def test_setting_a_value(seed: int) -> None:
    case = Case(seed)
    if not case.paths:
        return
    path = case.rng.choice(case.paths)
    at(case.wanted, path[:-1])[path[-1]] = case.new
    case.draft.set(path, case.new)
    case.check(path)


@MANY
@given(SEEDS)
def test_adding_a_key(seed: int) -> None:
    case = Case(seed)
    mappings = [path for path in [(), *case.paths] if isinstance(at(case.value, path), dict)]
    path = case.rng.choice(mappings)
    at(case.wanted, path)["new key"] = case.new
    case.draft.set((*path, "new key"), case.new)
    case.check(path, whole=False)


@MANY
@given(SEEDS)
def test_adding_below_nothing(seed: int) -> None:
    case = Case(seed)
    empty = [path for path in case.paths if at(case.value, path) is None and isinstance(path[-1], str)]
    if not empty:
        return
    path = case.rng.choice(empty)
    at(case.wanted, path[:-1])[path[-1]] = {"a": {"b c": case.new}}
    case.draft.set((*path, "a", "b c"), case.new)
    case.check(path)


@MANY
@given(SEEDS)
def test_deleting_keys_and_items(seed: int) -> None:
    case = Case(seed)
    if not case.paths:
        return
    parent = case.rng.choice(case.paths)[:-1]
    siblings = [path for path in case.paths if path[:-1] == parent]
    chosen = case.rng.sample(siblings, case.rng.randrange(1, len(siblings) + 1))
    container = at(case.wanted, parent)
    for key in sorted((path[-1] for path in chosen), key=lambda key: -key if isinstance(key, int) else 0):
        del container[key]
    case.draft.delete(*chosen)
    everything = len(chosen) == len(siblings)
    # In brackets, and where all go, the list or mapping itself is written anew.
    node = case.before.node(parent)
    # The first key behind a dash gives its place to the next one.
    moves_up = chosen and siblings[0] in chosen and parent and isinstance(parent[-1], int)
    case.check(*([parent] if everything or moves_up or (node and node.style == "flow") else chosen), comments=True)


@MANY
@given(SEEDS)
def test_deleting_in_many_places(seed: int) -> None:
    case = Case(seed)
    chosen = [path for path in case.paths if case.rng.random() < 0.2]
    kept = [path for path in chosen if not any(path[:length] in chosen for length in range(1, len(path)))]
    for path in sorted(kept, key=lambda path: [-part if isinstance(part, int) else 0 for part in path]):
        del at(case.wanted, path[:-1])[path[-1]]
    case.draft.delete_all(chosen)
    case.check((), comments=True)


@MANY
@given(SEEDS)
def test_renaming_a_key(seed: int) -> None:
    case = Case(seed)
    keys = [path for path in case.paths if isinstance(path[-1], str)]
    if not keys:
        return
    path = case.rng.choice(keys)
    container = at(case.wanted, path[:-1])
    container["new: name"] = container.pop(path[-1])
    case.draft.rename(path, "new: name")
    case.check(path)


@MANY
@given(SEEDS)
def test_appending_an_item(seed: int) -> None:
    case = Case(seed)
    lists = [path for path in case.paths if isinstance(at(case.value, path), list)]
    if not lists:
        return
    path = case.rng.choice(lists)
    at(case.wanted, path).append(case.new)
    case.draft.append(path, case.new)
    case.check(path, whole=False)


@MANY
@given(SEEDS, st.integers(2, 6))
def test_edits_one_after_another(seed: int, count: int) -> None:
    case = Case(seed)
    moves: list[Callable[[Path, int], None]] = [
        lambda path, number: case.draft.set(path, f"value {number}"),
        lambda path, number: case.draft.delete(path),
        lambda path, number: case.draft.set((*path[:-1], f"k{number}"), number) if isinstance(path[-1], str) else None,
    ]
    for number in range(count):
        value = unshared(case.draft.value)
        choices = paths(value)
        if not choices:
            return
        path, move = case.rng.choice(choices), case.rng.randrange(3)
        wanted = copy.deepcopy(value)
        if move == 1:
            del at(wanted, path[:-1])[path[-1]]
        elif move == 0:
            at(wanted, path[:-1])[path[-1]] = f"value {number}"
        elif isinstance(path[-1], str):
            at(wanted, path[:-1])[f"k{number}"] = number
        moves[move](path, number)
        case.wanted = wanted
        assert same(unshared(case.draft.value), wanted)
    text = case.draft.text
    for splices in reversed(case.undo):
        text, _ = apply_splices(text, splices)
    assert text == case.text


def test_an_edit_of_a_shared_value_leaves_the_others() -> None:
    draft = YamlDraft("a: &x {p: 1, q: 2}\nb: *x\nc:\n  <<: *x\n  q: 3\n", "f.yaml")
    draft.set(("b", "p"), 9)
    assert draft.value == {"a": {"p": 1, "q": 2}, "b": {"p": 9, "q": 2}, "c": {"p": 1, "q": 3}}
    draft.set(("a", "q"), 7)
    assert draft.value == {"a": {"p": 1, "q": 7}, "b": {"p": 9, "q": 2}, "c": {"p": 1, "q": 3}}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_new_line_ends_like_the_others(newline: str) -> None:
    draft = YamlDraft(newline.join(["a:", "  b: 1", ""]), "f.yaml")
    draft.set(("a", "c"), "two\nlines")
    assert draft.text == newline.join(["a:", "  b: 1", "  c: |-", "    two", "    lines", ""])
