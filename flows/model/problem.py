"""What ``validate`` finds: one thing to mend, in words a business user understands."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Problem:
    """``code`` never changes once published (``reference.unknown_node``); ``line`` and ``column`` count from 1.

    An ``error`` keeps the flow from running, a ``warning`` does not. ``fix`` is the next step, as an instruction.
    """

    code: str
    severity: Literal["error", "warning"]
    message: str
    fix: str = ""
    node: str | None = None
    field: str | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        text = f"{where}: {self.message}" if where else self.message
        return f"{text} {self.fix}".rstrip()
