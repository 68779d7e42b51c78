"""Where Python's import machinery meets the folders of flows: who asks, and what the names they ask for mean to them.

While a folder is open, ``sys.meta_path`` holds two finders more, ``importlib.import_module`` looks for the folder whose code called it, and
``sys.modules["__pf_main__"]`` stands for the tool file that asks. All of it goes when the last folder is closed.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import threading
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import FrameType, ModuleType
from typing import Any, Final, Protocol

from flowloom.flows.node.user_code import PRIVATE

MAIN: Final = "__pf_main__"
"""What every tool file is called."""

MARK: Final = "__flowloom_folder__"
"""Among the builtins of a folder's code: the folder."""

import_module: Final = importlib.import_module
"""Python's own."""


class Folder(Protocol):
    """What is asked of ``flowloom.flows.node.folder_code.FolderCode`` here."""

    name: str
    root: str
    mains: list[ModuleType]

    def provides(self, top: str) -> bool: ...
    def import_own(self, name: str) -> ModuleType: ...
    def search_path(self) -> list[str]: ...
    def find(self, fullname: str, path: Sequence[str]) -> ModuleSpec | None: ...


_open: dict[str, Folder] = {}
_aliases: dict[str, ModuleType] = {}
"""Modules that ``sys.modules`` holds under the plain names that data from elsewhere, such as a pickled model, knows them by. There are none
while several folders are open, except for the moment in which C code looks one up."""
_lock = threading.Lock()
_asking = threading.local()
_dispose_compat: Callable[[], None] | None = None


def register(folder: Folder, package: ModuleType) -> Callable[[], None]:
    """Make a folder's modules importable under ``package``, its private name. Call what it returns to take them away again."""
    with _lock:
        if not _open:
            _install()
        _drop_aliases()
        _open[folder.name] = folder
        sys.modules[folder.name] = package

    def dispose() -> None:
        with _lock:
            if _open.pop(folder.name, None) is None:
                return
            for name in [name for name in sys.modules if name == folder.name or name.startswith(f"{folder.name}.")]:
                del sys.modules[name]
            _drop_aliases()
            if not _open:
                _uninstall()

    return dispose


def alias(name: str, module: ModuleType, folder: Folder) -> None:
    """Let a folder's module, and the packages it lies in, be found in ``sys.modules`` by plain name, unless something else has that name."""
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        plain = ".".join(parts[:length])
        if sys.modules.get(plain) is _aliases.get(plain):
            _aliases[plain] = sys.modules[plain] = module if length == len(parts) else sys.modules[f"{folder.name}.{plain}"]


def _drop_aliases() -> None:
    for name, module in _aliases.items():
        if sys.modules.get(name) is module:
            del sys.modules[name]
    _aliases.clear()


class _FolderFinder:
    """First on ``sys.meta_path`` while a folder is open: finds its modules by their private names, and what lies in a package that has an
    alias."""

    @staticmethod
    def find_spec(fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if path is not None and fullname.partition(".")[0] in _aliases:
            return _PlainFinder.find_spec(fullname)
        if not fullname.startswith(PRIVATE):
            return None
        folder = _open.get(fullname.partition(".")[0])
        return None if folder is None or path is None else folder.find(fullname, path)


class _PlainFinder:
    """Last on ``sys.meta_path``: finds a folder's module by its plain name for a library that asks on behalf of the folder's code and
    finds nothing installed (``importlib.util.find_spec``, plug-ins named in settings)."""

    @staticmethod
    def find_spec(fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if path is not None or getattr(_asking, "installed", False):
            return None
        folder = asking_folder()
        if folder is None or not folder.provides(fullname.partition(".")[0]):
            return None
        return ModuleSpec(f"{folder.name}.{fullname}", _OwnLoader(folder, fullname), origin=folder.root)  # type: ignore[arg-type]


class _OwnLoader:
    """Loads a folder's module as the folder's own code would."""

    def __init__(self, folder: Folder, name: str) -> None:
        self.folder = folder
        self.name = name
        self.spec: ModuleSpec | None = None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = self.folder.import_own(self.name)
        self.spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """It has run; only what says where it came from was replaced."""
        module.__spec__ = self.spec
        if len(_open) == 1:
            alias(self.name, module, self.folder)


class _Main(ModuleType):
    """What ``sys.modules["__pf_main__"]`` holds: every tool file is a module of that name, and whoever looks one up (pickle, dataclasses,
    ``typing``, ``inspect``) means the one whose code is asking."""

    @property
    def __dict__(self) -> dict[str, Any]:  # type: ignore[override]
        return _asking_main("")

    def __getattr__(self, name: str) -> Any:
        try:
            return _asking_main(name)[name]
        except KeyError:
            raise AttributeError(f"module '{MAIN}' has no attribute '{name}'") from None

    def __setattr__(self, name: str, value: Any) -> None:
        _asking_main("")[name] = value


def _asking_main(name: str) -> dict[str, Any]:
    """The tool file whose code is asking; where none is (a pool's own thread pickles), the newest that has the name."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        if frame.f_globals.get("__name__") == MAIN:
            return frame.f_globals
        frame = frame.f_back
    mains = [vars(main) for folder in reversed(_open.values()) for main in reversed(folder.mains)]
    return next((main for main in mains if not name or name in main), {"__name__": MAIN})


def asking_folder() -> Folder | None:
    """The folder whose code called, directly or through a library; None outside of flows."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        folder = frame.f_builtins.get(MARK)
        if folder is not None:
            return folder
        frame = frame.f_back
    return None


def _import_module(name: str, package: str | None = None) -> ModuleType:
    if not name.startswith("."):
        folder = asking_folder()
        if folder is not None and folder.provides(name.partition(".")[0]):
            return folder.import_own(name)
    return import_module(name, package)


def _install() -> None:
    global _dispose_compat
    from flowloom.flows.compat.finder import install

    _dispose_compat = install()
    sys.meta_path.insert(0, _FolderFinder)  # type: ignore[arg-type]
    sys.meta_path.append(_PlainFinder)  # type: ignore[arg-type]
    sys.modules[MAIN] = _Main(MAIN)
    importlib.import_module = _import_module


def _uninstall() -> None:
    sys.meta_path.remove(_FolderFinder)  # type: ignore[arg-type]
    sys.meta_path.remove(_PlainFinder)  # type: ignore[arg-type]
    sys.modules.pop(MAIN, None)
    if importlib.import_module is _import_module:
        importlib.import_module = import_module
    if _dispose_compat is not None:
        _dispose_compat()


def is_installed(top: str) -> bool:
    """Whether a module of that name can be imported without any folder."""
    if top in sys.modules:
        return True
    _asking.installed = True
    try:
        return importlib.util.find_spec(top) is not None
    except (ImportError, ValueError):
        return False
    finally:
        _asking.installed = False
