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


def test_a_restricted_flow_says_so(studio: Studio, page: Page, wait) -> None:
    bar = studio.window.status
    page.parts["trust"].distrust()
    assert bar._worker.text() == "Restricted: nothing runs"
    page.parts["trust"].trust()
    wait(lambda: bar._worker.text() == "Ready to run", 15)


def test_tokens_and_price_add_up_over_runs(studio: Studio, page: Page) -> None:
    from types import SimpleNamespace

    from flowloom.flows.engine.events import Usage

    runner = page.parts["runner"]
    for number in ("1", "2", "2"):
        runner.last = SimpleNamespace(run_id=number, running=False, usage=Usage(prompt_tokens=900, completion_tokens=100, total_tokens=1000, calls=1, price=0.01))
        studio.window.status._count_runs()
    runner.last = None
    assert studio.window.status._usage.text().startswith("2,000 tokens · ")


def test_it_says_who_answers(studio: Studio, page: Page) -> None:
    from flowloom.flows.model.edits import SetInput, SetNodeKey

    bar = studio.window.status
    assert bar._model.text() == "the model on this computer"
    page.document.apply(SetNodeKey("answer", ("connection",), "my_openai"))
    page.document.apply(SetInput("answer", "model", "gpt-x"))
    assert bar._model.text() == "gpt-x · my_openai"
