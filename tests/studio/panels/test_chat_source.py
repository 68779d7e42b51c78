"""The passage behind a citation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flowloom.studio.panels.chat_source import SourceDialog
from flowloom.studio.run.citations import Citation


def test_a_source_in_the_folder_can_be_opened_and_any_other_only_read(open_flow: Callable, letters: Path) -> None:
    workspace = open_flow(letters, trusted=False)
    asked: list[Any] = []
    workspace.place_asked.connect(lambda *place: asked.append(place))
    dialog = SourceDialog(Citation(1, "Loud", "<b>text</b>", "loud.py"), workspace)
    dialog.show()
    assert dialog.text.toPlainText() == "<b>text</b>"
    dialog.open_button.click()
    assert asked == [("", "loud.py", 0)]
    for source in ("https://example.org/a", "../outside.txt", "/etc/passwd", "", "missing.md"):
        other = SourceDialog(Citation(1, "x", "y", source), workspace)
        other.show()
        assert not other.open_button.isVisible(), source
