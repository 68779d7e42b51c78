"""What this is: version and licence."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel

from flowloom.studio.application import Studio


def test_it_tells_versions_and_closes(studio: Studio) -> None:
    words: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        words.extend(label.text() for label in dialog.findChildren(QLabel))
        dialog.accept()

    QTimer.singleShot(50, studio, look)
    studio.workspace.do("help.about")
    assert any(text.startswith("Flowloom 0.") for text in words)
    assert any("MIT" in text and "Qt 6" in text for text in words)
