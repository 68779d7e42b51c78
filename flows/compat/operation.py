"""``OperationContext`` and the loggers of prompt flow, as far as flows ask for them."""

from __future__ import annotations

import logging
from typing import Any

from flowloom.flows.node.context import running

VERSION = "1.18.5"
"""The version of prompt flow whose names these are."""

logger = flow_logger = bulk_logger = logging.getLogger("promptflow")


def get_logger(name: str = "promptflow", *args: Any, **options: Any) -> logging.Logger:
    return logging.getLogger(name)


class LoggerFactory:
    """``LoggerFactory.get_logger(name)``."""

    get_logger = staticmethod(get_logger)


class OperationContext(dict[str, Any]):
    """Facts about the run, as keys and attributes."""

    @classmethod
    def get_instance(cls) -> OperationContext:
        context = running.get()
        if context is None:
            return cls()
        return cls({"flow-id": context.flow, "root-run-id": context.run_id, "run_mode": "Test"})

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value
