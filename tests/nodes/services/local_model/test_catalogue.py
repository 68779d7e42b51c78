from __future__ import annotations

from pathlib import Path

import pytest

from flowloom.flows.errors import BadRequest, MissingExtra
from flowloom.nodes.services.local_model.catalogue import SMOLLM2, choose, is_here, known, models_folder, place_of


@pytest.fixture(autouse=True)
def data_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path


def fetch(size: int = SMOLLM2.size) -> None:
    place_of(SMOLLM2).parent.mkdir(parents=True)
    with place_of(SMOLLM2).open("wb") as file:
        file.truncate(size)


def test_models_are_kept_where_the_platform_keeps_data(data_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert models_folder() == data_home / "flowloom" / "models"
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert models_folder() == Path.home() / ".local" / "share" / "flowloom" / "models"


def test_a_missing_model_names_the_one_command() -> None:
    with pytest.raises(MissingExtra, match="not on this computer yet") as caught:
        choose(None)
    assert caught.value.hint == "flowloom models download"


def test_half_a_file_is_no_model() -> None:
    fetch(SMOLLM2.size - 1)
    assert not is_here(SMOLLM2)


@pytest.mark.parametrize(
    "name", [None, "", "smollm2-135m-instruct", "SmolLM2-135M-Instruct", "gpt-4o", "local", "org/model"]
)
def test_the_connection_decides_whatever_name_a_flow_carries(name: str | None) -> None:
    fetch()
    assert choose(name).path == place_of(SMOLLM2)
    assert choose(name).name == SMOLLM2.name


def test_a_gguf_file_is_chosen_by_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.gguf"
    path.write_bytes(b"GGUF")
    assert choose(str(path)).path == path
    assert choose(str(path)).name == "mine"
    monkeypatch.chdir(tmp_path)
    assert choose("mine.gguf").path == path
    assert choose("./mine.gguf").path == path


def test_a_gguf_file_in_the_models_folder_is_chosen_by_its_name() -> None:
    models_folder().mkdir(parents=True)
    (models_folder() / "qwen.gguf").write_bytes(b"GGUF")
    assert choose("qwen").path == models_folder() / "qwen.gguf"


@pytest.mark.parametrize("name", ["nowhere.gguf", "/nowhere/model", "./model", "~/model.gguf"])
def test_a_path_that_leads_nowhere_is_an_error_not_another_model(name: str) -> None:
    fetch()
    with pytest.raises(BadRequest, match="no model file") as caught:
        choose(name)
    assert caught.value.field == "model"


def test_names_are_known_in_any_case() -> None:
    assert known("SMOLLM2-135m-Instruct") is SMOLLM2
    assert known("other") is None
