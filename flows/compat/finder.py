"""Makes the names of ``flowloom.flows.compat.names`` importable, after everything installed has been asked."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from flowloom.flows.compat.names import MODULES


class CompatModule(ModuleType):
    """A module whose attributes are looked up when they are first used, so that a flow pays only for the names it imports."""

    def __init__(self, name: str, targets: Mapping[str, str]) -> None:
        super().__init__(name, "Stands in for prompt flow's module of this name.")
        self.__dict__["_targets"] = targets
        self.__all__ = [target for target in targets if not target.startswith("_")]

    def __getattr__(self, name: str) -> Any:
        target = self.__dict__.get("_targets", {}).get(name)
        if target is None:
            raise AttributeError(f"'{self.__name__}.{name}' is part of prompt flow itself, which is not installed here")
        from importlib import import_module

        module, _, attribute = target.partition(":")
        value = getattr(import_module(module), attribute)
        self.__dict__[name] = value
        return value

    def __dir__(self) -> list[str]:
        return sorted({*self.__dict__, *self.__dict__["_targets"]})


class _Loader:
    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return CompatModule(spec.name, MODULES[spec.name])

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""


class _Finder:
    @staticmethod
    def find_spec(fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if fullname not in MODULES:
            return None
        is_package = any(name.startswith(f"{fullname}.") for name in MODULES)
        return ModuleSpec(fullname, _Loader(), is_package=is_package)  # type: ignore[arg-type]


_users = 0
_lock = threading.Lock()


def install() -> Callable[[], None]:
    """Make the names importable where prompt flow is absent. Call what it returns to take them away again."""
    global _users
    with _lock:
        _users += 1
        if _users == 1:
            sys.meta_path.append(_Finder)  # type: ignore[arg-type]
    pending = [True]

    def dispose() -> None:
        global _users
        with _lock:
            if not pending:
                return
            pending.clear()
            _users -= 1
            if _users == 0:
                sys.meta_path.remove(_Finder)  # type: ignore[arg-type]
                for name in [name for name, module in sys.modules.items() if isinstance(module, CompatModule)]:
                    del sys.modules[name]

    return dispose


@contextmanager
def installed() -> Iterator[None]:
    """The same until the end of the block."""
    dispose = install()
    try:
        yield
    finally:
        dispose()
