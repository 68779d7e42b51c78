"""The middle shows the page that is chosen, under its own notices."""

from __future__ import annotations

from pathlib import Path

from flowloom.studio.application import Studio, open_path
from flowloom.studio.workspace import Page


def test_each_flow_has_its_canvas_and_its_notices(studio: Studio, page: Page, tmp_path: Path) -> None:
    folder = tmp_path / "second"
    folder.mkdir()
    (folder / "flow.dag.yaml").write_text("inputs: {}\noutputs: {}\nnodes: []\n")
    second = open_path(studio.workspace, folder)
    assert (second.view.isVisible(), page.view.isVisible()) == (True, False)
    studio.workspace.show(page)
    assert (second.view.isVisible(), page.view.isVisible()) == (False, True)


def test_without_a_use_panel_there_is_only_the_graph(studio: Studio, page: Page, monkeypatch) -> None:
    monkeypatch.setattr("flowloom.studio.center.panel", lambda _id: None)
    studio.window.show_face("use")
    assert studio.window.center.face == "build"
