"""The results of a batch on disk: one JSON object a row, in the order of the dataset however the rows came to an end.

While the batch runs, lines are appended to ``NAME.part`` as rows end, so that a batch that is killed leaves all but its last second; ``close`` puts
them in order. Where each line starts is all that is kept in memory: 16 bytes a row.
"""

from __future__ import annotations

import os
import shutil
from array import array
from pathlib import Path
from time import monotonic
from typing import Any

from flowloom.flows.engine.codec import to_text
from flowloom.flows.errors import DocumentError

_BUFFER_BYTES = 64 * 1024
_FLUSH_SECONDS = 1.0


class ResultsFile:
    """Written by one batch. ``path`` exists only once ``close`` has been called. Raises DocumentError where it cannot be written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._part = path.with_name(path.name + ".part")
        self._numbers = array("q")
        self._starts = array("q")
        self._end = 0
        self._flushed = monotonic()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = open(self._part, "w+b", buffering=_BUFFER_BYTES)  # noqa: SIM115 - closed in close()
        except OSError as error:
            raise self._fault(error) from error

    def add(self, number: int, record: dict[str, Any]) -> None:
        """Append the record of the row with that number."""
        data = to_text(record).encode("utf-8") + b"\n"
        try:
            self._file.write(data)
            if monotonic() - self._flushed > _FLUSH_SECONDS:
                self._file.flush()
                self._flushed = monotonic()
        except OSError as error:
            raise self._fault(error) from error
        self._numbers.append(number)
        self._starts.append(self._end)
        self._end += len(data)

    def close(self) -> None:
        """Put the lines in the order of the rows, under the final name."""
        numbers = self._numbers
        in_order = all(numbers[index] < numbers[index + 1] for index in range(len(numbers) - 1))
        try:
            self._file.flush()
            if in_order:
                os.fsync(self._file.fileno())
                self._file.close()
                os.replace(self._part, self.path)
                return
            sorted_path = self.path.with_name(self.path.name + ".sorted")
            with open(sorted_path, "wb", buffering=_BUFFER_BYTES) as target:
                for index in sorted(range(len(numbers)), key=numbers.__getitem__):
                    self._file.seek(self._starts[index])
                    target.write(self._file.readline())
                target.flush()
                os.fsync(target.fileno())
            self._file.close()
            shutil.move(sorted_path, self.path)
            self._part.unlink()
        except OSError as error:
            raise self._fault(error) from error

    def _fault(self, error: OSError) -> DocumentError:
        return DocumentError(
            f"The results cannot be written to {self.path}: {error.strerror or error}.",
            file=str(self.path),
            hint="Check the disk and the folder's rights, or choose another file with --results.",
        )
