from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from flowloom.flows.cli.run_inputs import check_needed, read_inputs, read_pairs, read_values
from flowloom.flows.errors import InputError, UsageError
from flowloom.flows.model.flow import Flow, FlowInput


def test_pairs_keep_everything_after_the_first_equals_sign() -> None:
    assert read_pairs(["a=b=c", "q= two words ", "empty="], "-i", "name=value") == {
        "a": "b=c",
        "q": " two words ",
        "empty": "",
    }


@pytest.mark.parametrize("pair", ["question", "=x", ""])
def test_what_is_no_pair_is_refused(pair: str) -> None:
    with pytest.raises(UsageError, match="-i needs name=value"):
        read_pairs([pair], "-i", "name=value")


def test_a_value_that_begins_with_an_at_sign_is_a_value(tmp_path: Path) -> None:
    assert read_inputs(["q=@someone"], None) == {"q": "@someone"}


def test_pairs_stand_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "inputs.json"
    file.write_text('{"a": 1, "b": [2]}')
    assert read_inputs(["a=text"], str(file)) == {"a": "text", "b": [2]}


@pytest.mark.parametrize(
    "text",
    ['{"a": 1}', '{\n "a": 1\n}\n', '{"a": 1}\n{"a": 2}\n', '\n{"a": 1}\n\n{"a": 2}\n', '\ufeff{"a": 1}'],
)
def test_an_object_or_the_first_row(tmp_path: Path, text: str) -> None:
    file = tmp_path / "inputs.jsonl"
    file.write_text(text, encoding="utf-8")
    assert read_values(str(file)) == {"a": 1}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[1]", "not a list"),
        (b'"x"', "not a text"),
        (b"{a: 1}", "line 1, column 2: this is not JSON"),
        (b"", "this is not JSON"),
        (b"\xff\xfe{}", "not text in UTF-8"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "inputs.json"
    file.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_values(str(file))
    assert words in caught.value.message
    assert "inputs.json" in caught.value.message


def test_a_missing_file_is_bad_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_values(str(tmp_path / "nowhere.json"))


def test_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"a": 1}')))
    assert read_values("-") == {"a": 1}


def flow(*inputs: FlowInput) -> Flow:
    return Flow(Path("."), "flow.dag.yaml", "f", "dag", inputs={spec.name: spec for spec in inputs})


def test_one_sentence_names_all_that_is_missing() -> None:
    needs = flow(
        FlowInput("a", "string"),
        FlowInput("b", "int", default=1),
        FlowInput("c", "string"),
        FlowInput("d", "string", default=None),
    )
    with pytest.raises(InputError) as caught:
        check_needed(needs, {})
    assert caught.value.message == "The flow needs values for 'a', 'c' and 'd'."
    assert caught.value.hint == "Give them: -i a=... -i c=... -i d=..."
    with pytest.raises(InputError, match="needs a value for 'd'"):
        check_needed(needs, {"a": "", "c": 0})
    check_needed(needs, {"a": "", "c": 0}, names=["a"])
