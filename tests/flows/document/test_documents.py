"""Flows of every shape that public prompt flow repositories show: they read, build, save unchanged, and survive edits."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from flowloom.flows.document import FlowFile, load_yaml, read
from flowloom.flows.document.save import save
from flowloom.flows.document.splice import apply_splices
from flowloom.flows.document.yaml_draft import YamlDraft
from flowloom.flows.errors import YamlError
from flowloom.flows.model.build import build
from flowloom.flows.model.edits import RenameNode, apply
from tests.flows.document.test_yaml_draft import at, paths, unshared
from tests.flows.document.yaml_samples import same

FOLDER = Path(__file__).parents[2] / "documents" / "flows"
DOCUMENTS = sorted(FOLDER.glob("*.yaml"))


@pytest.fixture(params=DOCUMENTS, ids=lambda path: path.stem)
def file(request: pytest.FixtureRequest) -> FlowFile:
    return read(request.param)


def test_there_are_documents() -> None:
    assert len(DOCUMENTS) >= 40


def test_it_builds_without_problems(file: FlowFile) -> None:
    built = build(file)
    assert built.problems == ()
    for name, path in built.paths.items():
        assert file.location(path) is not None, name


def test_loading_and_saving_changes_nothing(file: FlowFile) -> None:
    before = file.path.read_bytes()
    stamp = file.path.stat().st_mtime_ns
    assert file.text.encode() == before
    assert save(file.root, {file.name: file.text}, base={file.name: file.text}) == ()
    assert (file.path.read_bytes(), file.path.stat().st_mtime_ns) == (before, stamp)


def test_random_edits_change_the_value_and_can_be_undone(file: FlowFile, rng: random.Random, samples: int) -> None:
    value = unshared(file.data)
    for _ in range(15 * samples):
        undo = []
        text = file.text

        def on_step(splices, undo=undo) -> None:
            nonlocal text
            text, inverse = apply_splices(text, splices)
            undo.append(inverse)

        draft = YamlDraft(file.text, file.name, on_step)
        wanted = unshared(value)
        choices = [(), *paths(value)]
        path = rng.choice(choices)
        if path and rng.random() < 0.5:
            del at(wanted, path[:-1])[path[-1]]
            draft.delete(path)
        elif isinstance(at(value, path), dict):
            at(wanted, path)["added key"] = ["x", {"y": "two\nlines\n"}]
            draft.set((*path, "added key"), ["x", {"y": "two\nlines\n"}])
        elif isinstance(at(value, path), list):
            at(wanted, path).append({"added": 1})
            draft.append(path, {"added": 1})
        else:
            at(wanted, path[:-1])[path[-1]] = "yes: no"
            draft.set(path, "yes: no")
        assert same(unshared(load_yaml(draft.text, "f").value), wanted)
        for splices in reversed(undo):
            text, _ = apply_splices(text, splices)
        assert text == file.text


def test_renaming_each_node_and_back_gives_the_same_flow(file: FlowFile) -> None:
    if file.kind != "dag":
        return
    for name in build(file).flow.nodes:
        renamed = apply({file.name: file.text}, RenameNode(name, "a new name"), flow=file.name)
        again = read(file.path, overlay={file.name: renamed.files[file.name]})
        assert build(again).problems == ()
        assert "a new name" in build(again).flow.nodes
        assert name not in {
            reference.name
            for node in build(again).flow.nodes.values()
            for reference in node.references
            if reference.source == "node"
        }
        undone = apply(renamed.files, renamed.inverse, flow=file.name)
        assert undone.files == {file.name: file.text}


def mutated(text: str, rng: random.Random) -> str:
    """The text with a few characters, words or lines lost, doubled, moved or replaced."""
    for _ in range(rng.randrange(1, 4)):
        start = rng.randrange(len(text) + 1)
        end = min(len(text), start + rng.choice([0, 1, 1, 2, 5, 20]))
        new = rng.choice(
            [
                "",
                " ",
                "\n",
                "\t",
                ":",
                "- ",
                "{",
                "]",
                '"',
                "'",
                "&a ",
                "*a",
                "#",
                "|",
                "!x ",
                "\r",
                "é",
                "\x00",
                "<<: ",
                text[start:end] * 2,
            ]
        )
        text = text[:start] + new + text[end:]
        if rng.random() < 0.2:
            lines = text.splitlines(keepends=True)
            rng.shuffle(lines)
            text = "".join(lines)
    return text


def check_refusal(error: YamlError, name: str, text: str) -> None:
    assert error.file == name
    assert error.hint
    assert error.column
    assert 1 <= (error.line or 0) <= len(text.splitlines()) + 1


def test_a_damaged_document_is_refused_in_words_or_read_and_edited_like_any_other(
    file: FlowFile, rng: random.Random, samples: int
) -> None:
    for _ in range(20 * samples):
        text = mutated(file.text, rng)
        try:
            damaged = read(file.path, overlay={file.name: text})
        except YamlError as error:
            check_refusal(error, file.name, text)
            continue
        built = build(damaged)
        assert all(problem.line and problem.fix for problem in built.problems)
        value = unshared(damaged.data)
        choices = paths(value)
        if not choices:
            continue
        path = rng.choice(choices)
        draft = YamlDraft(text, file.name)
        wanted = unshared(value)
        at(wanted, path[:-1])[path[-1]] = "set: anew"
        draft.set(path, "set: anew")
        assert same(unshared(draft.value), wanted), f"{path}\n{text}\n-->\n{draft.text}"
