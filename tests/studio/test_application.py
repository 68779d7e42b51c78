"""Opening flows, the theme and the language at once, larger type for a room; and how light the window's process is."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from flowloom.flows.errors import FlowloomError
from flowloom.studio.application import Studio, close_page, open_path
from flowloom.studio.language import language
from flowloom.studio.theme import theme
from flowloom.studio.workspace import Page

HEAVY = ("openai", "networkx", "keyring", "rich", "jsonschema", "numpy", "pydantic", "httpx2")


def test_a_flow_is_opened_once_and_shown_again(studio: Studio, page: Page, flow_folder: Path) -> None:
    other = flow_folder.parent / "other"
    other.mkdir()
    (other / "flow.dag.yaml").write_text("inputs: {}\noutputs: {}\nnodes: []\n")
    second = open_path(studio.workspace, other)
    assert studio.workspace.page is second
    assert open_path(studio.workspace, flow_folder / "flow.dag.yaml") is page
    assert studio.workspace.page is page
    assert len(studio.workspace.pages) == 2


def test_what_is_no_flow_is_refused_and_nothing_opens(studio: Studio, tmp_path: Path) -> None:
    with pytest.raises(FlowloomError):
        open_path(studio.workspace, tmp_path / "nowhere")
    assert studio.workspace.pages == []


def test_a_new_folder_opens_restricted_and_opening_makes_no_file(studio: Studio, flow_folder: Path) -> None:
    before = sorted(path.name for path in flow_folder.iterdir())
    page = open_path(studio.workspace, flow_folder)
    QApplication.processEvents()
    assert page.parts["trust"].state == "restricted"
    assert sorted(path.name for path in flow_folder.iterdir()) == before


def test_a_refused_edit_is_told_in_the_status_bar(studio: Studio, page: Page) -> None:
    from flowloom.flows.model.edits import RenameNode

    assert not page.document.apply(RenameNode("answer", "prepare"))
    assert "prepare" in studio.window.status._notice.text()


def test_the_theme_changes_at_once(studio: Studio, page: Page) -> None:
    studio.settings.set("theme", "light")
    assert theme.current().name == "light"
    picture = studio.window.grab().toImage()
    assert picture.pixelColor(5, 100).lightnessF() > 0.9
    studio.settings.set("theme", "dark")
    assert studio.window.grab().toImage().pixelColor(5, 100).lightnessF() < 0.2


def test_the_language_changes_at_once(studio: Studio, page: Page) -> None:
    studio.settings.set("language", "zh_CN")
    QApplication.processEvents()
    assert language() == "zh_CN"
    assert studio.window.title.run_button.text() == "运行"
    assert studio.workspace.page is page


def test_presenting_enlarges_type_and_puts_the_library_away(studio: Studio, page: Page) -> None:
    before = QApplication.font().pixelSize()
    studio.workspace.do("view.present")
    assert QApplication.font().pixelSize() == round(before * 1.5)
    assert not studio.window.docks["library"].isVisible()
    studio.workspace.do("view.present")
    assert QApplication.font().pixelSize() == before
    assert studio.window.docks["library"].isVisible()
    studio.workspace.do("view.library")
    studio.workspace.do("view.present")
    studio.workspace.do("view.present")
    assert not studio.window.docks["library"].isVisible()


def test_closing_a_page_leaves_nothing_of_it(studio: Studio, page: Page) -> None:
    close_page(studio.workspace, page)
    assert studio.workspace.page is None
    assert studio.window.title.tabs.count() == 0


def test_the_window_loads_nothing_heavy(flow_folder: Path, tmp_path: Path) -> None:
    program = f"""
import sys
from dataclasses import replace
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from flowloom.studio import application
qt = QApplication(["flowloom"])
QTimer.singleShot(1200, qt.closeAllWindows)
code = application.main([{str(flow_folder)!r}])
print(code, [name for name in {HEAVY!r} if name in sys.modules])
"""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "FLOWLOOM_STATE": str(tmp_path / "state")}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "0 []", done.stdout + done.stderr


def test_a_fault_of_ours_is_told_in_a_sentence(studio: Studio) -> None:
    from flowloom.studio.application import _unexpected

    told: list[object] = []
    error = KeyError("nowhere")
    _unexpected(studio, lambda *fault: told.append(fault), KeyError, error, None)
    assert told == [(KeyError, error, None)]
    assert "KeyError" in studio.window.status._notice.text()


def test_node_types_that_become_known_appear_at_once(studio: Studio, page: Page, wait) -> None:
    """A flow with a tool of another package: a placeholder until its description is there."""
    from flowloom.flows.model.edits import SetNodeKey
    from flowloom.flows.node.registry import default_registry
    from flowloom.studio.panels.library import LibraryPanel

    page.document.apply(SetNodeKey("prepare", ("source",), {"type": "package", "tool": "acme.text.shorten"}))
    assert page.scene.cards.cards["prepare"].unknown
    join = default_registry().get("loom.text.join")
    known = type("Known", (), {"spec": replace(join.spec, id="acme.text.shorten", title="Shorten"), "ports": join.ports, "check": join.check})()
    studio.workspace.registry.register(known)
    studio._known(True)
    assert not page.scene.cards.cards["prepare"].unknown
    library = studio.window.panel("library")
    assert isinstance(library, LibraryPanel)
    assert "Shorten" in [row.title for row in library.list.rows]
