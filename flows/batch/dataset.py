"""Rows out of JSONL, JSON, CSV and TSV files, one at a time, so that a large file takes no more memory than a small one.

As in prompt flow, values of CSV and TSV stay texts (the flow's input types turn them into numbers), and a row's number counts from 0.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from flowloom.flows.errors import DocumentError, FlowloomError, InputError, UsageError

MAX_JSON_FILE = 256 * 1024 * 1024
"""Bytes of a .json file: unlike the other forms it has to be read whole."""
MAX_CELL = 16 * 1024 * 1024
"""Characters of one value in CSV and TSV."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``number`` counts from 0, ``line`` is where it starts in the file, from 1; ``fault`` says why it cannot be used."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    line: int | None = None
    fault: FlowloomError | None = None


def read_rows(path: str | Path, *, limit: int | None = None) -> Iterator[Row]:
    """The rows of a file, in order; at most ``limit``. A row that is broken by itself carries its ``fault`` and the reading goes on.

    Raises UsageError where the file does not exist or its form is unknown, DocumentError where the whole of it cannot be read.
    """
    place = Path(path)
    if not place.is_file():
        raise UsageError(f"There is no data file at {place}.", hint="Check the path given with --data.")
    reader = {".jsonl": _jsonl, ".json": _json, ".csv": _csv, ".tsv": _tsv}.get(place.suffix.lower())
    if reader is None:
        raise UsageError(
            f"{place.name} is none of .jsonl, .json, .csv and .tsv.", hint="Save the data in one of these forms, with that ending."
        )
    return _limited(reader, place, limit)


def _limited(reader: Any, place: Path, limit: int | None) -> Iterator[Row]:
    try:
        with open(place, encoding="utf-8-sig", newline="") as file:
            for row in reader(file, place.name):
                if limit is not None and row.number >= limit:
                    return
                yield row
    except UnicodeDecodeError as error:
        raise DocumentError(f"{place.name} is not UTF-8.", file=str(place), hint="Save the file as UTF-8.") from error
    except OSError as error:
        raise DocumentError(f"{place.name} cannot be read: {error.strerror}.", file=str(place), hint="Check its rights.") from error


def _as_row(number: int, value: Any, line: int | None, name: str) -> Row:
    if isinstance(value, dict):
        return Row(number, value, line)
    where = f"Line {line}" if line is not None else f"Row {number + 1}"
    return Row(
        number,
        line=line,
        fault=InputError(
            f"{where} of {name} is not an object but {type(value).__name__}.",
            file=name,
            line=line,
            hint='Write each row as an object with named columns: {"question": "..."}.',
        ),
    )


def _jsonl(file: IO[str], name: str) -> Iterator[Row]:
    number = 0
    for line, text in enumerate(file, start=1):
        if not text.strip():
            continue
        try:
            yield _as_row(number, json.loads(text), line, name)
        except (ValueError, RecursionError) as error:
            reason = str(error) or "it is nested too deeply"
            fault = InputError(
                f"Line {line} of {name} is not JSON: {reason}.", file=name, line=line, hint="Write one JSON object on each line."
            )
            yield Row(number, line=line, fault=fault)
        number += 1


def _json(file: IO[str], name: str) -> Iterator[Row]:
    text = file.read(MAX_JSON_FILE + 1)
    if len(text) > MAX_JSON_FILE:
        raise DocumentError(f"{name} is too large to be read whole.", file=name, hint="Save it as JSONL, one object a line.")
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"{name} is not JSON: {error}.", file=name, hint="Mend it, or save it as JSONL.") from error
    for number, value in enumerate(values if isinstance(values, list) else [values]):
        yield _as_row(number, value, None, name)


def _csv(file: IO[str], name: str) -> Iterator[Row]:
    return _table(file, name, ",")


def _tsv(file: IO[str], name: str) -> Iterator[Row]:
    return _table(file, name, "\t")


def _table(file: IO[str], name: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(min(MAX_CELL, sys.maxsize))
    reader = csv.DictReader(file, delimiter=delimiter, restval="")
    number = 0
    try:
        for values in reader:
            if None in values:
                fault = InputError(
                    f"Line {reader.line_num} of {name} has more values than there are columns.",
                    file=name,
                    line=reader.line_num,
                    hint="Put quotes around values that hold the delimiter.",
                )
                yield Row(number, line=reader.line_num, fault=fault)
            else:
                yield Row(number, dict(values), reader.line_num)
            number += 1
    except csv.Error as error:
        raise DocumentError(
            f"{name} cannot be read at line {reader.line_num}: {error}.", file=name, line=reader.line_num, hint="Mend its quotes."
        ) from error
