"""The row at the bottom tells what is going on."""

from __future__ import annotations

from flowloom.flows.model.edits import RenameNode
from flowloom.studio.application import Studio
from flowloom.studio.workspace import Page


def test_it_says_whether_everything_is_saved(studio: Studio, page: Page) -> None:
    bar = studio.window.status
    assert bar._saved.text() == "Saved"
    page.document.apply(RenameNode("answer", "reply"))
    assert bar._saved.text() == "Not saved yet"
    page.parts["saving"].save()
    assert bar._saved.text() == "Saved just now"


def test_a_notice_is_shown_and_goes(studio: Studio, wait) -> None:
    bar = studio.window.status
    studio.workspace.say("Copied.")
    assert bar._notice.text() == "Copied."
    bar._clear.setInterval(1)
    bar._clear.start()
    wait(lambda: not bar._notice.text())


def test_the_state_of_the_worker_has_a_sign_of_its_own(studio: Studio) -> None:
    bar = studio.window.status
    bar.set_worker("ready", "Ready")
    ready = bar._worker_mark.pixmap().toImage()
    bar.set_worker("crashed", "Stopped")
    assert bar._worker_mark.pixmap().toImage() != ready
    assert bar._worker.text() == "Stopped"
