"""What one rendering of a template may use up: steps, characters made, seconds.

Rendering happens in the calling process, where nothing can be stopped from outside, so whatever a template can do asks here first.
Limits count the same on every computer; the seconds are only the last resort.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import ItemsView, Iterator, KeysView, ValuesView
from contextvars import ContextVar
from typing import Any, Final

from flowloom.flows.errors import LimitExceeded

MAX_TEXT: Final = 10_000_000
"""Characters of one value, and of the rendered text."""
ITEM: Final = 32
"""Characters that one item of a list or object counts for, besides its own."""
MAX_WORK: Final = 40_000_000
"""Characters made or read by all operations of a template together."""
MAX_STEPS: Final = 300_000
"""Operations, outputs and turns of loops."""
MAX_SECONDS: Final = 5.0
MAX_BITS: Final = 14_000
"""Of a whole number: a little more than 4,200 digits, the most that Python prints."""
MAX_WIDTH: Final = 10_000
"""Of a field in a format such as ``%20s``, and of other numbers that ask for padding."""

_HINT: Final = "Simplify the prompt, or prepare the text in a Python tool."
_VIEWS: Final = (KeysView, ValuesView, ItemsView)
_SEQUENCES: Final = (list, tuple, set, frozenset, deque)

current: ContextVar[Budget] = ContextVar("current")
"""The budget of the rendering that runs in this thread or task."""


class Budget:
    """Counts what one rendering used. Every method raises LimitExceeded past a limit."""

    __slots__ = ("deadline", "mutable", "output", "steps", "work")

    def __init__(self, mutable: bool = False, seconds: float = MAX_SECONDS) -> None:
        self.steps = 0
        self.work = 0
        self.output = 0
        self.deadline = time.monotonic() + seconds
        self.mutable = mutable
        """Whether the template may change lists and objects: then it works on copies of its own."""

    def step(self) -> None:
        """One more operation, or one more turn of a loop."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise LimitExceeded(f"The prompt takes more than {MAX_STEPS:,} steps to fill in.", hint=_HINT)
        if time.monotonic() > self.deadline:
            raise LimitExceeded("The prompt takes too long to fill in.", hint=_HINT)

    def charge(self, size: int) -> None:
        """That many characters are about to be made or read."""
        if size > MAX_TEXT:
            raise too_large()
        self.work += size
        if self.work > MAX_WORK:
            raise LimitExceeded("The prompt handles too much text while it is filled in.", hint=_HINT)
        if size > 10_000 and time.monotonic() > self.deadline:
            raise LimitExceeded("The prompt takes too long to fill in.", hint=_HINT)

    def write(self, size: int) -> None:
        """That many characters go into the text, or into a part of it."""
        self.output += size
        if self.output > MAX_TEXT * 2:
            raise LimitExceeded(f"The filled-in prompt has more than {MAX_TEXT:,} characters.", hint=_HINT)

    def counted(self, items: Iterator[Any]) -> Iterator[Any]:
        """The same items, each counted as a step when it is taken."""
        for item in items:
            self.step()
            yield item

    def result(self, value: Any) -> None:
        """Account for a value that an operation made."""
        if isinstance(value, str | bytes):
            self.charge(len(value))
        elif isinstance(value, int):
            if value.bit_length() > MAX_BITS:
                raise LimitExceeded("The prompt computes a number with too many digits.", hint=_HINT)
        elif isinstance(value, (*_SEQUENCES, dict)):
            self.charge(weigh(value))


def too_large() -> LimitExceeded:
    return LimitExceeded(f"The prompt makes a text of more than {MAX_TEXT:,} characters, or a list as large.", hint=_HINT)


def weigh(value: Any, limit: int = MAX_TEXT) -> int:
    """About how many characters a value has when written out, repeated parts counted each time.

    Raises LimitExceeded past the limit, which also ends the walk through a value that contains itself.
    """
    if isinstance(value, str | bytes):
        return len(value)
    total = 0
    pending: list[Any] = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, str | bytes):
            total += len(item)
        elif isinstance(item, (*_SEQUENCES, *_VIEWS)):
            total += ITEM * len(item)
            if total <= limit:
                pending.extend(item)
        elif isinstance(item, dict):
            total += 2 * ITEM * len(item)
            if total <= limit:
                pending.extend(item.keys())
                pending.extend(item.values())
        elif isinstance(item, range):
            total += ITEM * len(item)
        elif isinstance(item, int):
            total += item.bit_length() // 3
        elif type(item).__name__ == "Namespace":
            pending.append(getattr(item, "_Namespace__attrs", None))
        if total > limit:
            raise too_large()
    return total


def depth_of(value: Any, limit: int = 1000) -> int:
    """How deep lists and objects are nested within a value."""
    depth = 0
    level = [value]
    while level and depth < limit:
        deeper: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                deeper.extend(item.values())
            elif isinstance(item, _SEQUENCES):
                deeper.extend(item)
        level = [item for item in deeper if isinstance(item, (*_SEQUENCES, dict))]
        depth += 1
    return depth
