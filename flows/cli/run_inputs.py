"""Reads the values a run is given: ``-i name=value``, ``--inputs FILE``, ``-e NAME=VALUE``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flowloom.flows.errors import InputError, UsageError

if TYPE_CHECKING:
    from flowloom.flows.model.flow import Flow

_MOST_BYTES: Final = 256 << 20


def read_inputs(pairs: Iterable[str], file: str | None) -> dict[str, Any]:
    """Values by input name: those of the file, then the pairs over them, as text. Their types are the flow's to say."""
    values = read_values(file) if file is not None else {}
    values.update(read_pairs(pairs, "-i", "name=value"))
    return values


def read_pairs(pairs: Iterable[str], option: str, form: str) -> dict[str, str]:
    """``name=value`` texts as a dict; the value may hold more ``=``. Raises UsageError."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator or not name.strip():
            raise UsageError(
                f"{option} needs {form}, not {pair!r}.", hint=f"Write {option} {form}, in quotes where it holds spaces."
            )
        found[name.strip()] = value
    return found


def read_values(file: str) -> dict[str, Any]:
    """A JSON object, or the first row of a JSONL file; ``-`` reads stdin. Raises UsageError or InputError."""
    name = "stdin" if file == "-" else file
    try:
        if file == "-":
            raw = sys.stdin.buffer.read(_MOST_BYTES + 1)
        else:
            with Path(file).open("rb") as stream:
                raw = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(
            f"The inputs file {file} cannot be read: {error.strerror or error}.", hint="Check the path after --inputs."
        ) from error
    if len(raw) > _MOST_BYTES:
        raise UsageError(
            f"The inputs file {file} is larger than 256 MB.", hint="For many rows there is 'flowloom batch'."
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not text in UTF-8.", hint="Save it as UTF-8.", file=name) from error
    value = _first_value(text, name)
    if not isinstance(value, dict):
        raise InputError(
            f"{name} must hold a JSON object with a value for each input, not {_kind(value)}.",
            hint='Write it as: {"question": "..."}',
            file=name,
        )
    return value


def check_needed(flow: Flow, given: dict[str, Any], names: Iterable[str] | None = None) -> None:
    """Raise InputError where inputs without default were not given; one sentence names them all. ``names`` limits the
    question to the inputs that a partial run needs.
    """
    from flowloom.flows.model.chat import history_input

    wanted = set(flow.inputs if names is None else names) - {history_input(flow)}  # a chat begins with an empty one
    missing = [spec for name, spec in flow.inputs.items() if spec.required and name not in given and name in wanted]
    if not missing:
        return
    listed = " and ".join(filter(None, [", ".join(f"'{spec.name}'" for spec in missing[:-1]), f"'{missing[-1].name}'"]))
    example = " ".join(f"-i {spec.name}=..." for spec in missing)
    raise InputError(
        f"The flow needs {'a value' if len(missing) == 1 else 'values'} for {listed}.",
        hint=f"Give {'it' if len(missing) == 1 else 'them'}: {example}",
        field=missing[0].name,
    )


def _first_value(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        whole = error
    first = next((line for line in text.splitlines() if line.strip()), "")
    try:
        return json.loads(first)  # JSONL: a value a line
    except ValueError:
        pass
    place = f", line {whole.lineno}, column {whole.colno}" if isinstance(whole, json.JSONDecodeError) else ""
    raise InputError(f"{name}{place}: this is not JSON.", hint='Write it as: {"question": "..."}', file=name) from whole


def _kind(value: Any) -> str:
    return {list: "a list", str: "a text", bool: "true or false", type(None): "null"}.get(type(value), "a number")
