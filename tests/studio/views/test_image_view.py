from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from flowloom.studio.views.image_view import ImageView


def png(width: int, height: int) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.ReadWrite)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


@pytest.fixture
def view(application: QApplication) -> ImageView:
    found = ImageView()
    found.resize(300, 200)
    found.show()
    return found


def words(view: ImageView) -> str:
    return " ".join(label.text() for label in view.findChildren(QLabel) if label.isVisible())


def test_a_picture_is_fitted_and_painted(view: ImageView, wait: Callable[..., None]) -> None:
    view.show_picture(png(1000, 500))
    wait(lambda: view.image is not None)
    assert "PNG · 1,000 × 500 · " in words(view)
    grabbed = view.grab().toImage()
    ratio = grabbed.devicePixelRatio()
    assert grabbed.pixelColor(int(150 * ratio), int(80 * ratio)) == QColor("red")
    assert grabbed.pixelColor(int(150 * ratio), int(4 * ratio)) != QColor("red"), "it is wider than high"


def test_keys_make_it_larger_and_smaller(view: ImageView, wait: Callable[..., None]) -> None:
    view.show_picture(png(100, 50))
    wait(lambda: view.image is not None)
    assert "100 %" in words(view)
    view.setFocus()
    target = view.focusWidget() or view.focusProxy()
    assert target is not None
    QTest.keyClick(target, Qt.Key.Key_Plus)
    assert "125 %" in words(view)
    QTest.keyClick(target, Qt.Key.Key_0)
    assert "100 %" in words(view)


def test_what_is_no_picture_is_said_to_be_none(view: ImageView, wait: Callable[..., None]) -> None:
    view.show_picture(b"<svg/>")
    assert view.image is None
    assert "no picture" in words(view)
    data = png(50, 50)
    view.show_picture(data[:41] + bytes(len(data) - 41))
    wait(lambda: "Opening" not in words(view))


def test_the_last_picture_asked_for_is_the_one_shown(view: ImageView, wait: Callable[..., None]) -> None:
    view.show_picture(png(10, 10))
    view.show_picture(png(20, 20))
    wait(lambda: view.image is not None)
    assert view.image is not None
    assert view.image.width() == 20
