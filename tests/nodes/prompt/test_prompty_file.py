from __future__ import annotations

import base64

import pytest

from flowloom.flows.document import read
from flowloom.flows.errors import DocumentError, InputError
from flowloom.flows.model.flow import MISSING
from flowloom.flows.model.images import Image
from flowloom.nodes.prompt.prompty_file import merged, read_prompty

PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")


@pytest.fixture
def prompty(write):
    def prompty(settings: str, files: dict[str, str] | None = None, overrides=None):
        return read_prompty(read(write(settings, "user:\nhi\n", files=files)), overrides or {})

    return prompty


def test_references_are_resolved_anywhere(prompty, monkeypatch):
    monkeypatch.setenv("STOP_AT", "END")
    monkeypatch.delenv("NOT_SET", raising=False)
    found = prompty(
        "  parameters: {stop: '${env:STOP_AT}', user: '${env:NOT_SET}', tools: '${file:t.yaml}'}\nname: N\n", {"t.yaml": "- {type: function}\n"}
    )
    assert found.model["parameters"] == {"stop": "END", "user": "${env:NOT_SET}", "tools": [{"type": "function"}]}
    assert found.name == "N"


def test_overrides_are_merged_key_by_key(prompty):
    found = prompty("  parameters: {temperature: 0.5, max_tokens: 4}\n", overrides={"model": {"parameters": {"max_tokens": 9}}, "name": "other"})
    assert found.model["parameters"] == {"temperature": 0.5, "max_tokens": 9}
    assert found.model["configuration"]["model"] == "echo"
    assert found.name == "other"
    assert merged({"a": 1}, {"a": {"b": 2}}) == {"a": {"b": 2}}


def test_the_signature_is_declared_or_the_samples_keys(prompty):
    declared = prompty("inputs: {q: {type: string, description: The question}, n: {type: int, default: 2}}\nsample: {other: 1}\n").ports()
    assert [(port.name, port.type, port.required, port.default, port.description) for port in declared.values()] == [
        ("q", "string", True, MISSING, "The question"),
        ("n", "int", False, 2, ""),
    ]
    sampled = prompty("sample: {q: x, l: [1], o: {a: 1}}\n").ports()
    assert {name: port.type for name, port in sampled.items()} == {"q": "string", "l": "list", "o": "object"}
    assert prompty("name: x\n").ports() == {}


def test_what_a_run_is_given_is_converted_or_sampled(prompty):
    found = prompty("inputs: {q: {type: string}, n: {type: int, default: 2}}\nsample: {q: sampled, n: 5}\n")
    assert found.given({"q": 1, "n": "7", "zz": 0}) == {"q": "1", "n": 7, "zz": 0}
    assert found.given({"q": "x"}) == {"q": "x", "n": 2}
    assert found.given({}) == {"q": "sampled", "n": 5}
    with pytest.raises(InputError, match="'q'"):
        found.given({"n": 1})


def test_the_variables_of_one_call(prompty):
    found = prompty("inputs: {q: {type: string}, n: {type: int, default: 2}}\nsample: {q: sampled}\n")
    assert found.variables({"q": "x", "zz": 1}) == {"q": "x", "n": 2}
    assert found.variables({}) == {"q": "sampled", "n": 2}
    with pytest.raises(InputError, match="needs a value for 'q'"):
        found.variables({"n": 1})
    with pytest.raises(InputError, match="needs a value for 'b'"):
        prompty("sample: {a: 1, b: 2}\n").variables({"a": 1})


def test_a_text_can_mean_an_image(prompty, tmp_path):
    (tmp_path / "pixel.png").write_bytes(PIXEL)
    found = prompty("inputs: {i: {type: image}}\n")
    image = found.variables({"i": "data:image/png;path: pixel.png"})["i"]
    assert isinstance(image, Image)
    assert (bytes(image), image.mime_type) == (PIXEL, "image/png")
    encoded = "data:image/png;base64:" + base64.b64encode(PIXEL).decode()
    assert bytes(found.variables({"i": encoded})["i"]) == PIXEL
    assert found.variables({"i": "just text"})["i"] == "just text"
    (tmp_path.parent / "beside.png").write_bytes(PIXEL)
    assert bytes(found.variables({"i": "data:image/png;path:../beside.png"})["i"]) == PIXEL
    with pytest.raises(InputError, match=r"absent\.png"):
        found.variables({"i": "data:image/png;path:absent.png"})


def test_only_a_prompty_is_one(tmp_path):
    (tmp_path / "flow.dag.yaml").write_text("nodes: []\n")
    with pytest.raises(DocumentError, match="is no prompty"):
        read_prompty(read(tmp_path))
