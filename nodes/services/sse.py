"""Server-sent events, read from bytes as they come (WHATWG HTML, 9.2.6): only the ``data`` of each event matters
here."""

from __future__ import annotations


class EventReader:
    """Feed it bytes in any pieces; it gives the data of each event that is complete. Lines end with LF, CRLF or CR."""

    def __init__(self) -> None:
        self._buffer = b""
        self._data: list[bytes] = []
        self._began = False

    def feed(self, data: bytes) -> list[bytes]:
        """The data of all events that these bytes complete."""
        if not self._began and data:
            self._began = True
            data = data.removeprefix(b"\xef\xbb\xbf")
        self._buffer += data
        if b"\n" not in data and b"\r" not in data:
            return []
        lines = self._buffer.replace(b"\r\n", b"\n")
        held = b""
        if lines.endswith(b"\r"):
            # The LF that may belong to it has not come yet.
            lines, held = lines[:-1], b"\r"
        *complete, rest = lines.replace(b"\r", b"\n").split(b"\n")
        self._buffer = rest + held
        events = []
        for line in complete:
            if line:
                self._line(line)
            elif self._data:
                events.append(b"\n".join(self._data))
                self._data = []
        return events

    def rest(self) -> bytes:
        """What stands in an event that was never closed, for a stream that ended."""
        if self._buffer.strip():
            self._line(self._buffer.strip(b"\r\n"))
            self._buffer = b""
        return b"\n".join(self._data)

    def _line(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        if name == b"data":
            self._data.append(value.removeprefix(b" "))
