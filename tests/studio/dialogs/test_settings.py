"""Settings count at once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from flowloom.studio.application import Studio
from flowloom.studio.dialogs.settings import SettingsDialog
from flowloom.studio.theme import theme


def test_theme_and_motion(studio: Studio) -> None:
    dialog = SettingsDialog(studio.workspace, studio.window)
    light = dialog.findChild(QPushButton, "theme.light")
    assert isinstance(light, QPushButton)
    assert light.accessibleName() == "Theme: Light"
    QTest.mouseClick(light, Qt.MouseButton.LeftButton)
    assert theme.current().name == "light"
    assert not studio.settings.reduced_motion
    dialog.motion.click()
    assert studio.settings.reduced_motion
    dialog.deleteLater()
