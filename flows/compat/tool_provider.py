"""``ToolProvider``: a class whose constructor's parameters are inputs of its ``@tool`` method too."""

from __future__ import annotations

import inspect
from abc import ABC
from typing import Any, Self


class ToolProvider(ABC):
    """Subclass it, give ``__init__`` the settings, and mark one method with ``@tool``."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        made = super().__new__(cls)
        made._instance_init_params = {**dict(zip(cls.get_initialize_inputs(), args, strict=False)), **kwargs}
        return made

    _instance_init_params: dict[str, Any]

    def __init__(self) -> None:
        self._init_params = self._instance_init_params

    @classmethod
    def get_initialize_inputs(cls) -> dict[str, inspect.Parameter]:
        """The parameters of ``__init__`` by name."""
        return {name: parameter for name, parameter in inspect.signature(cls.__init__).parameters.items() if name != "self"}

    @classmethod
    def get_required_initialize_inputs(cls) -> dict[str, inspect.Parameter]:
        """Those of them without a default."""
        return {name: found for name, found in cls.get_initialize_inputs().items() if found.default is found.empty}
