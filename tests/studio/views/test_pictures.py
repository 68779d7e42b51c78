from __future__ import annotations

import struct
import zlib

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QSize
from PySide6.QtGui import QColor, QImage

from flowloom.studio.views.pictures import MOST_SHOWN, decode, format_of, measure


def encoded(width: int, height: int, format: str = "PNG") -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.ReadWrite)
    assert image.save(buffer, format)
    return bytes(buffer.data().data())


def promising(width: int, height: int) -> bytes:
    """A PNG that holds nothing of the size it promises."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize("format", ["PNG", "JPEG", "BMP", "WEBP"])
def test_pictures_are_told_by_their_bytes(format: str) -> None:
    data = encoded(30, 20, format)
    measured = measure(data)
    assert measured is not None
    assert (measured.format, measured.width, measured.height, measured.fits) == (format.lower(), 30, 20, True)
    image = decode(data)
    assert image is not None
    assert image.size() == QSize(30, 20)


def test_a_large_picture_is_made_smaller() -> None:
    image = decode(encoded(3000, 1000))
    assert image is not None
    assert image.size() == QSize(MOST_SHOWN.width(), MOST_SHOWN.width() // 3)


def test_a_picture_that_promises_too_much_is_not_decoded() -> None:
    measured = measure(promising(40_000, 40_000))
    assert measured is not None
    assert not measured.fits
    assert decode(promising(40_000, 40_000)) is None


@pytest.mark.parametrize("data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF87", b"P6 1 1 255 abc", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_none(data: bytes) -> None:
    assert decode(data) is None
    assert measure(data) is None


def test_drawings_are_no_pictures() -> None:
    assert format_of(b"<?xml version='1.0'?><svg/>") == ""
