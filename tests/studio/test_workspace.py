"""What is open and chosen, as panels and commands see it."""

from __future__ import annotations

from pathlib import Path

from flowloom.studio.application import Studio, close_page, open_path
from flowloom.studio.workspace import Page


def second(studio: Studio, tmp_path: Path) -> Page:
    folder = tmp_path / "second"
    folder.mkdir()
    (folder / "flow.dag.yaml").write_text("inputs: {}\noutputs: {}\nnodes: []\n")
    return open_path(studio.workspace, folder)


def test_the_choice_is_that_of_the_page_that_is_shown(studio: Studio, page: Page, tmp_path: Path) -> None:
    workspace = studio.workspace
    heard: list[tuple[str, ...]] = []
    workspace.selection_changed.connect(lambda: heard.append(workspace.selection))
    page.scene.select(["answer", "prepare"])
    assert workspace.selection == ("answer", "prepare")
    assert workspace.current_node is None
    other = second(studio, tmp_path)
    assert workspace.document is other.document
    assert workspace.selection == ()
    heard.clear()
    page.scene.select(["answer"])
    assert heard == [], "a flow that is not shown says nothing"
    workspace.show(page)
    assert workspace.current_node == "answer"
    assert heard == [("answer",)]


def test_closing_the_shown_page_shows_its_neighbour(studio: Studio, page: Page, tmp_path: Path) -> None:
    workspace = studio.workspace
    other = second(studio, tmp_path)
    shown: list[Page | None] = []
    workspace.page_changed.connect(lambda: shown.append(workspace.page))
    close_page(workspace, other)
    assert shown == [page]
    close_page(workspace, page)
    assert shown == [page, None]
    assert workspace.document is None
    assert workspace.selection == ()
