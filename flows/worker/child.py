"""The worker process. Started as ``python -P child.py``: no folder of anybody's comes onto the path of imports.

Before anything else is imported the pipes on descriptors 0 and 1 move to private ones, and 0 and 1 point at nothing and at the log: no
print, of Python or of C, can break the protocol.
"""

import os
import sys
import time

_PRIVATE_FROM = 900
"""Descriptors are moved this high, out of the way of code that closes the low ones."""


def take_pipes() -> tuple[int, int]:
    """The descriptors of requests and of answers."""
    incoming, outgoing = _moved(0), _moved(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    for stream, descriptor in (("stdout", 1), ("stderr", 2)):
        text = open(descriptor, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
        setattr(sys, stream, text)
        setattr(sys, f"__{stream}__", text)
    sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", errors="replace", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    return incoming, outgoing


def _moved(descriptor: int) -> int:
    try:
        import fcntl

        for lowest in (_PRIVATE_FROM, 200, 3):
            try:
                return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, lowest)
            except OSError:
                continue
    except ImportError:
        pass
    return os.dup(descriptor)


def main() -> None:
    began = time.monotonic()
    incoming, outgoing = take_pipes()
    from flowloom.flows.worker.loop import work

    work(incoming, outgoing, began)


if __name__ == "__main__":
    main()
