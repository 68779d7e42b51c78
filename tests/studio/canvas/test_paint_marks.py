"""Thumbnails of pictures that came out of a node."""

from __future__ import annotations

from base64 import b64encode

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from flowloom.studio.canvas.paint_marks import thumbnail


def _png(width: int, height: int) -> str:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # pyright: ignore[reportCallIssue, reportArgumentType]
    return b64encode(data.data()).decode()


def test_a_picture_is_made_small_in_its_shape(application: QApplication) -> None:
    small = thumbnail(_png(1200, 600))
    assert (small.width(), small.height()) == (480, 240)
    assert small.pixelColor(10, 10) == QColor("red")


@pytest.mark.parametrize("text", ["", "no base64!", b64encode(b"no picture").decode(), "/etc/passwd"])
def test_what_is_no_picture_gives_none(application: QApplication, text: str) -> None:
    assert thumbnail(text).isNull()


def test_a_picture_of_monstrous_size_is_not_unpacked(application: QApplication) -> None:
    assert thumbnail(_png(5000, 10)).isNull()
