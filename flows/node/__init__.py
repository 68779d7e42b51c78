"""What a node type is: declaring one, finding one, its ports.

The package itself can be called: ``from flowloom.flows import node`` and ``@node(id=..., title=...)`` is the decorator of
``flowloom.flows.node.declare``, which shares its name with this package.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Package(ModuleType):
    def __call__(self, *args: Any, **named: Any) -> Any:
        from flowloom.flows.node.declare import node

        return node(*args, **named)


sys.modules[__name__].__class__ = _Package
