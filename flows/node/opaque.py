"""What flex flows and prompties share: samples, references in their settings, and inputs that they convert themselves.

Source of the rules: prompt flow's ``executor/_script_executor.py`` and ``core/_prompty_utils.py``, checked by running it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowloom.flows.errors import DocumentError, InputError
from flowloom.flows.model.flow import MISSING, FlowInput

if TYPE_CHECKING:
    from flowloom.flows.document.flow_file import FlowFile

_REFERENCE = re.compile(r"\$\{(\w+):(.*)\}")


def resolve(value: Any, files: FlowFile) -> Any:
    """The value with every ``${env:NAME}`` and ``${file:path}`` in it replaced, at any depth; an unset variable is kept as text.

    Raises DocumentError or PathError for a file that cannot be read.
    """
    if isinstance(value, str):
        match = _REFERENCE.match(value)
        if match is None:
            return value
        kind, name = match.groups()
        if kind == "env":
            return os.environ.get(name, value)
        return read_values(files, name) if kind == "file" else value
    if isinstance(value, list):
        return [resolve(item, files) for item in value]
    if isinstance(value, dict):
        return {key: resolve(item, files) for key, item in value.items()}
    return value


def read_values(files: FlowFile, path: str) -> Any:
    """A JSON or YAML file as a value, any other file as its text; ``path`` starts at the flow's folder and may leave it as far as
    ``fenced`` allows."""
    text = files.read_text(path) if files.exists(path) else _read_near(files, path)
    if path.lower().endswith(".json"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            line = getattr(error, "lineno", None)
            raise DocumentError(f"{path} is not JSON: {error}.", file=path, line=line, hint="Correct the file.") from error
    if path.lower().endswith((".yaml", ".yml")):
        from flowloom.flows.document.yaml_text import load_yaml

        return load_yaml(text, path).value
    return text


def _read_near(files: FlowFile, path: str) -> str:
    from flowloom.flows.document.flow_file import decode, read_regular_file

    fence, inside = fenced(files, path)
    text = decode(read_regular_file(fence / inside, path), path)
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def fenced(files: FlowFile, path: str) -> tuple[Path, str]:
    """How far a path in a flow's settings may lead, and the path seen from there: as for includes, to the nearest folder above that holds
    ``.git``, or else to the parent of the flow's folder. Raises PathError for one that leads further."""
    from flowloom.flows.document.contain import contain

    root = Path(os.path.realpath(files.root))
    fence = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root.parent)
    inside = os.path.relpath(os.path.join(root, path), fence).replace(os.sep, "/")
    contain(fence, inside)
    return fence, inside


def sample(files: FlowFile) -> Mapping[str, Any]:
    """The flow's sample: of a flex flow ``{"init": ..., "inputs": ...}``, of a prompty its inputs. Empty where it has none."""
    written = files.data.get("sample")
    if isinstance(written, str) and not written.startswith("${"):
        written = read_values(files, written.removeprefix("file:"))
    found = resolve(written, files)
    return found if isinstance(found, Mapping) else {}


def given_inputs(given: Mapping[str, Any], specs: Mapping[str, FlowInput], instead: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of one run: what was given, or ``instead`` (the sample) where nothing was, then defaults, in the inputs' types.

    Raises InputError for one that is missing or does not fit. Names that no input has are kept, for the caller to drop.
    """
    values = dict(given or instead)
    for name, spec in specs.items():
        if name in values:
            values[name] = convert(spec, values[name])
        elif spec.default is not MISSING:
            values[name] = convert(spec, spec.default)
        else:
            raise InputError(
                f"The flow needs a value for its input '{name}'.", hint=f"Give one, or write a default for '{name}'.", field=name
            )
    return values


def convert(spec: FlowInput, value: Any) -> Any:
    """A value in the type of an input. Unlike in a graph, images inside of lists and objects are not looked for."""
    if spec.type in ("int", "double", "bool", "string"):
        from flowloom.flows.model.coerce import flow_input

        return flow_input(spec, value)
    if spec.type == "list":
        found = _parsed(value)
        if not isinstance(found, list):
            raise InputError(f"The input '{spec.name}' must be a list.", hint="Write it as JSON, such as [1, 2].", field=spec.name)
        return found
    return _parsed(value) if spec.type == "object" else value


def _parsed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def as_result(value: Any) -> Any:
    """A flow's result as data: a dataclass gives its fields; iterators among them, or in an object, are joined to text."""
    if is_dataclass(value) and not isinstance(value, type):
        value = {part.name: getattr(value, part.name) for part in fields(value)}
    if not isinstance(value, dict):
        return value
    return {key: "".join(str(item) for item in part) if isinstance(part, Iterator) else part for key, part in value.items()}


async def as_result_async(value: Any) -> Any:
    """The same with async iterators joined too."""
    found = as_result(value)
    if isinstance(found, dict):
        for key, part in found.items():
            if isinstance(part, AsyncIterator):
                found[key] = "".join([str(item) async for item in part])
    return found


def working_path(files: FlowFile, relative: str) -> Path:
    """A file or folder of the flow's folder on disk. Raises PathError where it lies outside."""
    from flowloom.flows.document.contain import contain

    return contain(files.root, relative)
