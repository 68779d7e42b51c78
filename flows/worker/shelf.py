"""The flow a worker has at hand: loaded and prepared once, for as long as nothing it was made of has changed."""

from __future__ import annotations

import hashlib
import os
import time
from typing import TYPE_CHECKING, Final

from flowloom.flows.worker.protocol import RunRequest

if TYPE_CHECKING:
    from flowloom.flows.api import LoadedFlow

_MOST_FILES: Final = 2000
_NOT_LOOKED_INTO: Final = frozenset({".flowloom", ".git", "__pycache__", ".promptflow", ".venv", "node_modules"})
_MADE_OF: Final = ("path", "overlay", "variants", "environment", "connections", "init")
_TOO_FRESH: Final = 0.1

Stamp = tuple[tuple[str, int, int, int], ...]


class Shelf:
    """Holds one flow, for the main thread."""

    def __init__(self) -> None:
        self._flow: LoadedFlow | None = None
        self._request: RunRequest | None = None
        self._stamp: Stamp | None = None
        self._code: dict[str, str] = {}

    def take(self, request: RunRequest) -> LoadedFlow:
        """The flow of a request, loaded unless it is at hand. Raises what ``load_flow`` raises."""
        from flowloom.flows.api import load_flow
        from flowloom.flows.connections.store import Connections

        self.note_code()
        stamp = folder_stamp(request.root)
        if self._flow is not None and stamp is not None and stamp == self._stamp and self._is_same(request):
            return self._flow
        self.clear()
        connections = Connections(values=request.connections)
        flow = load_flow(
            request.path,
            connections=connections,
            variant=dict(request.variants),
            environment=request.environment,
            overlay=request.overlay,
            init=request.init,
        )
        # What lies outside the folder is not looked at, so a flow that includes such files is read again for each run.
        self._flow, self._request, self._stamp = flow, request, None if flow.flow.additional_includes else stamp
        return flow

    def note_code(self) -> None:
        """Remember which code of the flow this process has imported by now."""
        if self._flow is not None:
            self._code.update(self._flow.sources())

    def changed_code(self, flow: LoadedFlow, request: RunRequest) -> str:
        """A file whose code this process imported before, and that now reads otherwise; empty without one."""
        if not self._code:
            return ""
        root = flow.working_folder()
        for path, digest in self._code.items():
            text = request.overlay.get(path)
            try:
                if text is None:
                    with open(os.path.join(root, path), "rb") as file:
                        data = file.read()
                else:
                    data = text.encode()
            except OSError:
                return path
            if hashlib.sha256(data).hexdigest() != digest:
                return path
        return ""

    def clear(self) -> None:
        """Forget the flow."""
        if self._flow is not None:
            self._flow.close()
        self._flow = self._request = self._stamp = None

    def _is_same(self, request: RunRequest) -> bool:
        assert self._request is not None
        return all(getattr(request, name) == getattr(self._request, name) for name in _MADE_OF)


def folder_stamp(root: str) -> Stamp | None:
    """What tells whether a file of the folder was written since: name, time, size and number of each. None where there are too many, or
    one was written so recently that another write could look the same."""
    found: list[tuple[str, int, int, int]] = []
    open_ = [root]
    newest = 0
    while open_:
        try:
            with os.scandir(open_.pop()) as entries:
                for entry in entries:
                    if entry.name in _NOT_LOOKED_INTO:
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        open_.append(entry.path)
                        continue
                    state = entry.stat()
                    found.append((entry.path, state.st_mtime_ns, state.st_size, state.st_ino))
                    newest = max(newest, state.st_mtime_ns)
                    if len(found) > _MOST_FILES:
                        return None
        except OSError:
            return None
    if time.time() - newest / 1e9 < _TOO_FRESH:
        return None
    return tuple(sorted(found))
