"""Pictures out of bytes that a run holds. Nothing here is ever given a path or an address.

The format is told from the first bytes and only the decoders of pixels are asked, never one of drawings (SVG), which may name further
files. A picture is measured before it is decoded: a few bytes may promise gigabytes.

All of it happens in the window's thread: decoding in another would wait for Qt's lock on its picture plug-ins with Python's held, and for
Python's with Qt's held, and so for ever. The limits keep it short.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

MOST_PIXELS: Final = 4096 * 4096
"""Larger pictures are not decoded: it would take more than a moment."""
MOST_PIXELS_JPEG: Final = 100_000_000
"""A JPEG can be made smaller while it is decoded, which is fast."""
MOST_SHOWN: Final = QSize(2400, 2400)

_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known of a picture before it is decoded."""

    format: str
    width: int
    height: int

    @property
    def fits(self) -> bool:
        return 0 < self.width * self.height <= (MOST_PIXELS_JPEG if self.format == "jpeg" else MOST_PIXELS)


def format_of(data: bytes) -> str:
    """``png jpeg gif bmp webp``, or empty for anything else."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((name for magic, name in _MAGIC if data.startswith(magic)), "")


def measure(data: bytes) -> Measured | None:
    """Format and size in pixels; None where the bytes are no picture that is shown here."""
    found = format_of(data)
    if not found:
        return None
    _buffer, reader = _reader(data, found)
    size = reader.size()
    return Measured(found, size.width(), size.height()) if size.isValid() else None


def decode(data: bytes, most: QSize = MOST_SHOWN) -> QImage | None:
    """The picture, made smaller where it is larger than ``most``; None where it cannot or must not be decoded."""
    measured = measure(data)
    if measured is None or not measured.fits:
        return None
    _buffer, reader = _reader(data, measured.format)
    size = QSize(measured.width, measured.height)
    if size.width() > most.width() or size.height() > most.height():
        reader.setScaledSize(size.scaled(most, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1)))
    reader.setAutoTransform(True)
    image = reader.read()
    return None if image.isNull() else image


def _reader(data: bytes, format: str) -> tuple[QBuffer, QImageReader]:
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(format.encode()))
    reader.setAutoDetectImageFormat(False)
    reader.setDecideFormatFromContent(False)
    return buffer, reader
