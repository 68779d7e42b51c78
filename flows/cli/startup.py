"""Makes short commands short: the garbage collector would walk through everything that was imported, again and
again.
"""

from __future__ import annotations

import gc

_ours = False


def begin() -> None:
    """The process is a command's own. It makes few cycles of garbage, so collections may be rarer."""
    global _ours
    _ours = True
    gc.set_threshold(50_000, 20, 20)


def settle() -> None:
    """What is loaded by now stays: no collection, the last one included, need look at it again. A host program's
    objects are let be.
    """
    if _ours:
        gc.freeze()
