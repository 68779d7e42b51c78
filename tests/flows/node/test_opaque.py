from __future__ import annotations

from dataclasses import dataclass

import pytest

from flowloom.flows.document import read
from flowloom.flows.errors import DocumentError, InputError, PathError
from flowloom.flows.model.flow import FlowInput
from flowloom.flows.node import opaque


@pytest.fixture
def files(write):
    def files(flow: str, more: dict[str, str] | None = None):
        return read(write("flow", {"flow.flex.yaml": f"entry: m:f\n{flow}", **(more or {})}))

    return files


def test_references_are_replaced_at_any_depth(files, monkeypatch):
    monkeypatch.setenv("SET_HERE", "value")
    monkeypatch.delenv("NOT_SET", raising=False)
    found = files("", {"a.json": '{"x": [1]}', "b.yaml": "y: no\n", "c.txt": "text\n"})
    value = {"a": ["${env:SET_HERE}", "${env:NOT_SET}", 3], "b": "${file:a.json}", "c": "${file:b.yaml}", "d": "${file:c.txt}", "e": "${other:x}"}
    assert opaque.resolve(value, found) == {
        "a": ["value", "${env:NOT_SET}", 3],
        "b": {"x": [1]},
        "c": {"y": "no"},
        "d": "text\n",
        "e": "${other:x}",
    }


@pytest.mark.parametrize("path", ["missing.json", "broken.json"])
def test_a_reference_to_a_file_that_cannot_be_read_names_it(files, path):
    with pytest.raises(DocumentError, match=path):
        opaque.resolve(f"${{file:{path}}}", files("", {"broken.json": "{"}))


@pytest.mark.parametrize(
    "written",
    ["sample: {inputs: {a: 1}}", "sample: '${file:s.json}'", "sample: {inputs: '${file:i.json}'}", "sample: s.json", "sample: file:s.json"],
)
def test_samples_stand_in_the_file_or_beside_it(files, written):
    found = files(written, {"s.json": '{"inputs": {"a": 1}}', "i.json": '{"a": 1}'})
    assert opaque.sample(found) == {"inputs": {"a": 1}}


def test_files_may_lie_beside_the_folder_but_not_further_away(files, tmp_path):
    found = files("sample: '${file:../data/s.json}'")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "s.json").write_text('{"inputs": {"a": 1}}')
    assert opaque.sample(found) == {"inputs": {"a": 1}}
    with pytest.raises(PathError):
        opaque.resolve(f"${{file:../../{tmp_path.parent.name}.json}}", found)
    with pytest.raises(PathError):
        opaque.resolve("${file:/etc/passwd}", found)
    (tmp_path / "data" / "out.txt").symlink_to("/etc/passwd")
    with pytest.raises(PathError):
        opaque.resolve("${file:../data/out.txt}", found)
    (tmp_path / "flow" / ".git").mkdir()
    with pytest.raises(PathError):
        opaque.sample(found)


def test_inputs_are_given_or_sampled_then_defaulted_and_converted():
    specs = {"a": FlowInput("a", "int"), "b": FlowInput("b", "list", "[1]"), "c": FlowInput("c", "object", {"k": 1})}
    assert opaque.given_inputs({"a": "5", "more": 1}, specs, {"a": 7}) == {"a": 5, "b": [1], "c": {"k": 1}, "more": 1}
    assert opaque.given_inputs({}, specs, {"a": 7, "b": [2]}) == {"a": 7, "b": [2], "c": {"k": 1}}
    with pytest.raises(InputError, match="needs a value for its input 'a'"):
        opaque.given_inputs({"b": []}, specs, {"a": 7})
    with pytest.raises(InputError, match="'b' must be a list"):
        opaque.given_inputs({"a": 1, "b": "{}"}, specs, {})


def test_an_object_that_looks_like_an_image_stays_one():
    value = {"data:image/png;path": "nowhere.png"}
    assert opaque.convert(FlowInput("x", "object"), value) is value


@dataclass
class Result:
    text: str
    pieces: object


async def test_results_become_data():
    async def letters():
        for letter in "ab":
            yield letter

    assert opaque.as_result(Result("t", iter(["a", 1]))) == {"text": "t", "pieces": "a1"}
    assert opaque.as_result({"g": (n for n in range(3)), "l": [1]}) == {"g": "012", "l": [1]}
    assert opaque.as_result([1]) == [1]
    assert opaque.as_result(None) is None
    assert await opaque.as_result_async({"g": letters()}) == {"g": "ab"}
