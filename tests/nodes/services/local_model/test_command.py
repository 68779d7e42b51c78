from __future__ import annotations

import json
from pathlib import Path

import pytest

from flowloom.flows.cli.main import main
from flowloom.nodes.services.local_model.catalogue import SMOLLM2, place_of


@pytest.fixture(autouse=True)
def data_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path


def put_in_place() -> None:
    place_of(SMOLLM2).parent.mkdir(parents=True, exist_ok=True)
    with place_of(SMOLLM2).open("wb") as file:
        file.truncate(SMOLLM2.size)


def test_the_list_says_what_is_here_and_how_to_get_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models"]) == 0
    assert "flowloom models download" in capsys.readouterr().out
    put_in_place()
    (place_of(SMOLLM2).parent / "qwen.gguf").write_bytes(b"GGUF")
    assert main(["models", "list"]) == 0
    out = capsys.readouterr().out
    assert str(place_of(SMOLLM2)) in out
    assert "qwen" in out
    assert "download" not in out


def test_the_list_as_one_object(capsys: pytest.CaptureFixture[str], data_home: Path) -> None:
    assert main(["models", "list", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["folder"] == str(data_home / "flowloom" / "models")
    (model,) = said["models"]
    assert (model["name"], model["here"], model["path"], model["context"]) == (
        SMOLLM2.name,
        False,
        None,
        SMOLLM2.context,
    )


def test_path_and_download_of_what_is_here(capsys: pytest.CaptureFixture[str]) -> None:
    put_in_place()
    assert main(["models", "path"]) == 0
    assert capsys.readouterr().out.strip() == str(place_of(SMOLLM2))
    assert main(["models", "download"]) == 0
    assert "is here already" in capsys.readouterr().out


def test_path_of_what_is_missing_names_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "path"]) == 1
    assert "flowloom models download" in capsys.readouterr().err


def test_remove_deletes_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    put_in_place()
    assert main(["models", "remove", SMOLLM2.name]) == 0
    assert not place_of(SMOLLM2).exists()
    assert main(["models", "remove"]) == 0
    assert "was not here" in capsys.readouterr().out


def test_an_unknown_model_lists_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "download", "gpt-4o"]) == 2
    assert SMOLLM2.name in capsys.readouterr().err
