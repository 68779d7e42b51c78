"""Tells when anybody opens a file of a folder, or asks a port of this computer."""

from __future__ import annotations

import ctypes
import errno
import os
import select
import socket
import struct
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Final

_OPENED: Final = 0x20 | 0x1  # IN_OPEN, IN_ACCESS
_PATIENCE: Final = 15
_HEAD: Final = struct.Struct("iIII")


class Opened:
    """Names of files of a folder that were opened since the last look, by whatever part of this program; Linux's inotify tells."""

    def __init__(self, folder: Path) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        end = time.monotonic() + _PATIENCE
        while (number := self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)) < 0:
            # All programs of a person share a small number of these.
            if ctypes.get_errno() != errno.EMFILE or time.monotonic() > end:
                break
            time.sleep(0.2)
        self._number = number
        if number < 0 or self._libc.inotify_add_watch(self._number, os.fsencode(folder), _OPENED) < 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), "inotify")

    def look(self) -> list[str]:
        found: list[str] = []
        while select.select([self._number], [], [], 0)[0]:
            data = os.read(self._number, 65536)
            at = 0
            while at < len(data):
                _watch, _mask, _cookie, length = _HEAD.unpack_from(data, at)
                name = data[at + _HEAD.size : at + _HEAD.size + length].rstrip(b"\0").decode()
                at += _HEAD.size + length
                if name:
                    found.append(name)
        return found

    def close(self) -> None:
        os.close(self._number)


class Asked:
    """A port of this computer that counts who connects, and closes at once."""

    def __init__(self) -> None:
        self.count = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Asked:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.count += 1
            connection.close()
