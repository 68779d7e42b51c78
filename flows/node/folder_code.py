"""Imports the Python files of one flow folder so that they never meet those of another.

A folder's modules live in ``sys.modules`` under the private name of the folder (``flowloom_folder_3.helper``), where pickle, dataclasses,
``typing.get_type_hints`` and ``inspect`` find them. The folder's code has builtins of its own, in which ``__import__`` looks into the
folder first: ``import helper`` is bound to the code that says it, in whatever thread or task it runs.
"""

from __future__ import annotations

import builtins
import hashlib
import importlib
import importlib.util
import itertools
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, ModuleSpec, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any, Final

from flowloom.flows.document.contain import contain
from flowloom.flows.errors import ToolLoadError
from flowloom.flows.model.flow import EMPTY
from flowloom.flows.node import user_code
from flowloom.flows.node.folder_finders import MAIN, MARK, alias, import_module, is_installed, register
from flowloom.flows.node.prompt_flow_modules import LOADED_FIRST

_numbers = itertools.count(1)
_compiled: dict[tuple[str, bytes], CodeType] = {}
_COMPILED_AT_MOST: Final = 512
_FILES_AT_MOST: Final = 2000
_ENTRIES_AT_MOST: Final = 20_000


class FolderCode:
    """The Python code of one flow folder, for as long as a flow is loaded.

    ``overlay`` is unsaved text by path relative to ``root`` (posix), laid over the disk. Nothing is imported before it is asked for.
    ``close`` forgets the modules; code that still runs keeps what it has.
    """

    def __init__(self, root: str | os.PathLike[str], overlay: Mapping[str, str] = EMPTY) -> None:
        self.root = os.path.abspath(root)
        self.name = f"{user_code.PRIVATE}{next(_numbers)}"
        self._overlay = dict(overlay)
        self._sources: dict[str, str] = {}
        self.mains: list[ModuleType] = []
        """The tool files loaded so far."""
        self._provided: set[str] = set()
        self._elsewhere: set[str] = set()
        self._python_files: tuple[str, ...] | None = None
        self._too_many_files = False
        self._path_before = frozenset(sys.path)
        self._also: list[str] = []
        self._builtins = dict(vars(builtins))
        self._builtins["__import__"] = self._import
        self._builtins[MARK] = self
        self._builtins_count = len(vars(builtins))
        package = ModuleType(self.name, "The Python files of one flow folder.")
        package.__path__ = [self.root]
        package.__spec__ = ModuleSpec(self.name, None, is_package=True)
        package.__spec__.submodule_search_locations = package.__path__
        self._dispose = register(self, package)

    # Loading

    def load_tool_file(self, path: str) -> ModuleType:
        """Run a Python file of the folder as module ``__pf_main__``, afresh, and return the module.

        Raises PathError for a path that leaves the folder, ToolLoadError with the line, and for a missing package its name and the
        flow's requirements file.
        """
        contain(self.root, path)
        if not path.endswith(".py"):
            raise ToolLoadError(f"{path} is not a Python file.", hint="Name a file that ends in .py as the node's source.", file=path)
        file = os.path.abspath(os.path.join(self.root, path))
        loader = _FolderLoader(MAIN, file, self)
        spec = ModuleSpec(MAIN, loader, origin=file)
        spec.has_location = True
        module = importlib.util.module_from_spec(spec)
        self.mains.append(module)
        self._run(lambda: loader.exec_module(module), path)
        return module

    def import_module(self, name: str) -> ModuleType:
        """Import a module as the folder's code would: the folder's own first, else an installed one. Raises ToolLoadError."""
        return self._run(lambda: self.import_own(name), name.replace(".", "/") + ".py")

    def _run(self, load: Callable[[], Any], path: str) -> Any:
        try:
            return load()
        except (Exception, SystemExit) as error:
            raise user_code.load_error(error, root=self.root, file=path, files=self.python_files() or ()) from error

    # What was loaded

    def sources(self) -> Mapping[str, str]:
        """sha256 of the text of every file loaded so far, by path relative to the root."""
        return dict(self._sources)

    def changed(self) -> bool:
        """True where a file loaded so far reads otherwise now."""
        for relative, digest in self._sources.items():
            try:
                if hashlib.sha256(self.read(os.path.join(self.root, relative))).hexdigest() != digest:
                    return True
            except OSError:
                return True
        return False

    def close(self) -> None:
        """Take the folder's modules out of ``sys.modules``, and off ``sys.path`` what its code put there of itself. May be called twice."""
        self._dispose()
        inside = self.root + os.sep
        for entry in [entry for entry in sys.path if entry.startswith(inside) and entry not in self._path_before]:
            sys.path.remove(entry)

    def __enter__(self) -> FolderCode:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    # Files

    def read(self, file: str) -> bytes:
        """The bytes of a file of the folder, unsaved text first. Raises OSError."""
        if self._overlay:
            text = self._overlay.get(os.path.relpath(file, self.root).replace(os.sep, "/"))
            if text is not None:
                return text.encode()
        with open(file, "rb") as stream:
            return stream.read()

    def python_files(self) -> tuple[str, ...] | None:
        """Every Python file of the folder by its path relative to the root (posix); None where there are too many to look through."""
        if self._python_files is None:
            found = {path for path in self._overlay if path.endswith(".py")}
            entries = 0
            for folder, folders, files in os.walk(self.root):
                entries += len(folders) + len(files)
                folders[:] = [name for name in folders if not name.startswith(".") and name != "__pycache__"]
                inside = os.path.relpath(folder, self.root)
                for name in files:
                    if name.endswith(".py"):
                        found.add(os.path.normpath(os.path.join(inside, name)).replace(os.sep, "/"))
                if len(found) > _FILES_AT_MOST or entries > _ENTRIES_AT_MOST:
                    self._python_files = ()
                    self._too_many_files = True
                    return None
            self._python_files = tuple(sorted(found))
        return None if self._too_many_files else self._python_files

    def _is_file(self, file: str) -> bool:
        if self._overlay and os.path.relpath(file, self.root).replace(os.sep, "/") in self._overlay:
            return True
        return os.path.isfile(file)

    def compile(self, file: str, *, loading: bool = True) -> CodeType:
        """The code of a source file, compiled from its text as it is now: byte code on disk may be older than an edit.

        Raises OSError, SyntaxError or ValueError.
        """
        data = self.read(file)
        digest = hashlib.sha256(data)
        if loading and file.startswith(self.root + os.sep):
            self._sources[os.path.relpath(file, self.root)] = digest.hexdigest()
        key = (file, digest.digest())
        code = _compiled.get(key)
        if code is None:
            code = compile(data, file, "exec", dont_inherit=True)
            if len(_compiled) >= _COMPILED_AT_MOST:
                _compiled.clear()
            _compiled[key] = code
        return code

    def find(self, fullname: str, path: Sequence[str]) -> ModuleSpec | None:
        """Where a module of the folder comes from: a package, a compiled extension, a source file, else a folder without __init__."""
        leaf = fullname.rpartition(".")[2]
        folders: list[str] = []
        for entry in path:
            base = os.path.join(entry, leaf)
            package = os.path.join(base, "__init__.py")
            if self._is_file(package):
                return self._spec(fullname, package, base)
            for suffix in EXTENSION_SUFFIXES:
                if os.path.isfile(base + suffix):
                    loader = ExtensionFileLoader(fullname, base + suffix)
                    return importlib.util.spec_from_file_location(fullname, base + suffix, loader=loader)
            if self._is_file(base + ".py"):
                return self._spec(fullname, base + ".py", None)
            if os.path.isdir(base):
                folders.append(base)
        if not folders:
            return None
        spec = ModuleSpec(fullname, None, is_package=True)
        spec.submodule_search_locations = folders
        return spec

    def _spec(self, fullname: str, file: str, package: str | None) -> ModuleSpec:
        spec = ModuleSpec(fullname, _FolderLoader(fullname, file, self), origin=file, is_package=package is not None)
        spec.has_location = True
        if package is not None:
            spec.submodule_search_locations = [package]
        return spec

    # Importing

    def provides(self, top: str) -> bool:
        """Whether ``import top`` means a file of the folder. As with the folder first on ``sys.path``, except for modules that are
        there before any flow's code: a file ``openai.py`` never hides the package from a tool that imports it."""
        if top in self._provided:
            return True
        if not top or top in sys.builtin_module_names or (top in LOADED_FIRST and is_installed(top)):
            return False
        if top in self._elsewhere and top in sys.modules:
            return False
        spec = self.find(f"{self.name}.{top}", self.search_path())
        found = spec is not None and (spec.loader is not None or not is_installed(top))
        (self._provided if found else self._elsewhere).add(top)
        return found

    def search_also(self, folder: str) -> None:
        """Look for modules in a folder within the root too, before the root itself."""
        if folder != self.root and folder not in self._also:
            self._also.append(folder)

    def search_path(self) -> list[str]:
        """The root, and what the folder's code added to ``sys.path`` from within it."""
        inside = self.root + os.sep
        path = [*self._also, self.root, *(entry for entry in sys.path if entry.startswith(inside))]
        sys.modules[self.name].__path__ = path
        return path

    def _import(
        self,
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        try:
            if level or not self.provides(name.partition(".")[0]):
                return builtins.__import__(name, globals, locals, fromlist or (), level)
            leaf = self.import_own(name)
            if type(fromlist) is list:
                # So asks C code, such as that of pickle, which then looks into sys.modules itself.
                alias(name, leaf, self)
            if not fromlist:
                return sys.modules[f"{self.name}.{name.partition('.')[0]}"]
            # Submodules named in the list are imported by the machinery itself.
            return builtins.__import__(leaf.__name__, None, None, fromlist, 0) if hasattr(leaf, "__path__") else leaf
        finally:
            self._refresh_builtins()

    def import_own(self, name: str) -> ModuleType:
        if not self.provides(name.partition(".")[0]):
            return import_module(name)
        try:
            return import_module(f"{self.name}.{name}")
        except ModuleNotFoundError as error:
            user_code.publish_name(error)
            raise

    def _refresh_builtins(self) -> None:
        """Take over what was added to ``builtins`` since, as gettext does."""
        if len(vars(builtins)) != self._builtins_count:
            own = {name: self._builtins[name] for name in ("__import__", MARK)}
            self._builtins.update({**vars(builtins), **own})
            self._builtins_count = len(vars(builtins))


class _FolderLoader(SourceFileLoader):
    """Runs a source file with the folder's own builtins; neither reads nor writes byte code."""

    def __init__(self, fullname: str, path: str, folder: FolderCode) -> None:
        super().__init__(fullname, path)
        self.folder = folder

    def get_data(self, path: str) -> bytes:
        return self.folder.read(path)

    def get_code(self, fullname: str) -> CodeType:
        return self.folder.compile(self.path)

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__["__builtins__"] = self.folder._builtins
        super().exec_module(module)
