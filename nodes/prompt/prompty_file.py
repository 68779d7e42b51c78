"""A prompty as data: its settings with references resolved, its template, and the inputs of one call.

Source of the rules: prompt flow's ``core/_flow.py: Prompty``, checked by running it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flowloom.flows.errors import DocumentError, InputError
from flowloom.flows.model.flow import EMPTY, MISSING, FlowInput
from flowloom.flows.model.types import type_of
from flowloom.flows.node import opaque
from flowloom.flows.node.spec import Port

if TYPE_CHECKING:
    from flowloom.flows.document.flow_file import FlowFile

_IMAGE = re.compile(r"^data:image/(.*);(path|base64|url):\s*(.*)$")


@dataclass(frozen=True)
class PromptyFile:
    """``settings`` is the front matter, resolved and overridden; ``files`` the folder the prompty lies in."""

    files: FlowFile
    settings: Mapping[str, Any]
    template: str

    @cached_property
    def sample(self) -> Mapping[str, Any]:
        """The sample, read only where it is needed: its file need not exist elsewhere. Raises DocumentError or PathError."""
        written = self.settings.get("sample")
        if isinstance(written, str):
            written = opaque.resolve(opaque.read_values(self.files, written.removeprefix("file:")), self.files)
        return written if isinstance(written, Mapping) else EMPTY

    @property
    def name(self) -> str:
        return str(self.settings.get("name") or self.files.name.removesuffix(".prompty"))

    @property
    def model(self) -> Mapping[str, Any]:
        return self._mapping("model")

    @property
    def inputs(self) -> Mapping[str, Mapping[str, Any]]:
        """The signature: what the file declares, else one input for each key of the sample."""
        declared = self._mapping("inputs")
        if declared:
            return {
                str(name): told if isinstance(told, Mapping) else {"default": told} for name, told in declared.items()
            }
        return {str(name): {"type": type_of(value)} for name, value in self.sample.items()}

    @property
    def outputs(self) -> Mapping[str, Any]:
        return self._mapping("outputs")

    def ports(self) -> dict[str, Port]:
        return {
            name: Port(
                name,
                str(told.get("type", "object")),
                "default" not in told,
                told.get("default", MISSING),
                str(told.get("description") or ""),
            )
            for name, told in self.inputs.items()
        }

    def given(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """What a run was given, in the types that the file declares; the sample where nothing was. Raises InputError."""
        if not self._mapping("inputs"):
            return dict(inputs or self.sample)
        specs = {
            name: FlowInput(name, str(told.get("type", "object")), told["default"] if told.get("default") is not None else MISSING)
            for name, told in self.inputs.items()
        }
        return opaque.given_inputs(inputs, specs, EMPTY if inputs else self.sample)

    def variables(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The template's variables for one call: the signature's inputs, with texts that mean an image as images.

        Raises InputError for a missing input or an image that cannot be read.
        """
        given = given or self.sample
        missing = [name for name, told in self.inputs.items() if name not in given and "default" not in told]
        if missing:
            raise InputError(
                f"The prompty '{self.name}' needs a value for {', '.join(repr(name) for name in missing)}.",
                hint="Give one, or write a default in the prompty.",
                field=missing[0],
            )
        return {name: self._image(given.get(name, told.get("default"))) for name, told in self.inputs.items()}

    def _image(self, value: Any) -> Any:
        match = _IMAGE.match(value) if isinstance(value, str) else None
        if match is None:
            return value
        from flowloom.flows.model.images import load_image

        kind, form, content = match.groups()
        root = self.files.root
        if form == "path":
            root, content = opaque.fenced(self.files, content)
        return load_image({f"data:image/{kind};{form}": content}, root)

    def _mapping(self, key: str) -> Mapping[str, Any]:
        found = self.settings.get(key)
        return found if isinstance(found, Mapping) else {}


def read_prompty(files: FlowFile, overrides: Mapping[str, Any] = EMPTY) -> PromptyFile:
    """The prompty of a file, with ``overrides`` laid over its settings: ``{"model": {...}}`` and others, merged key by key.

    ``${env:X}`` and ``${file:p}`` are resolved anywhere in both. Raises DocumentError or PathError.
    """
    if files.kind != "prompty":
        raise DocumentError(f"{files.name} is no prompty.", file=files.name, hint="Name a file that ends in .prompty.")
    settings = merged(opaque.resolve(files.data, files), opaque.resolve(dict(overrides), files))
    return PromptyFile(files, settings, files.body)


def merged(settings: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """One mapping laid over another, mappings within it likewise."""
    found = dict(settings)
    for key, value in overrides.items():
        below = found.get(key)
        found[key] = merged(below if isinstance(below, Mapping) else {}, value) if isinstance(value, Mapping) else value
    return found
