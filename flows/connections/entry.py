"""What is told about a connection without its secrets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of ``flowloom connection list``. ``where`` is a file's name, ``environment``, ``keyring`` or ``built
    in``.
    """

    name: str
    kind: str
    where: str
    host: str | None = None
    problem: str = ""
