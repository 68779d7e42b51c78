"""The Data pane in the window: what went in and out of what is chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from flowloom.flows.engine.events import Exchange, NodeDelta, NodeFinished, NodeStarted, RunFinished, RunStarted, Usage
from flowloom.studio.panels.data import DataPanel
from flowloom.studio.run.run_view import RunView
from flowloom.studio.views.conversation import ConversationView
from flowloom.studio.views.markdown_view import MarkdownView
from flowloom.studio.views.text_view import TextView


@pytest.fixture
def panel(studio: Any, page: Any) -> DataPanel:
    found = studio.workspace.parts["bottom"].show_tab("data")
    assert isinstance(found, DataPanel)
    return found


@pytest.fixture
def view(page: Any) -> RunView:
    """A run that ended, shown on the canvas."""
    found = RunView("r", inputs={"question": "Why?"})
    reply = {"choices": [{"message": {"role": "assistant", "content": "Because"}}]}
    found.feed(
        [
            RunStarted("r", "flow", ("prepare", "answer"), 1.0),
            *(NodeStarted("prepare", 1.0), NodeFinished("prepare", {"text": "Why?"}, 0.01)),
            *(NodeStarted("answer", 1.0), Exchange("answer", {"messages": [{"role": "user", "content": "Why?"}]}, reply, 0.5)),
            NodeFinished("answer", "# Because\n\n- of **that**", 0.8, Usage(10, 5, 15, 1, 0.0, "m")),
            RunFinished("r", "completed", {"answer": "Because"}, None, 1.0),
        ]
    )
    found.nodes["answer"].inputs = {"question": "Why?", "temperature": 0.2}
    page.parts["runner"].show(found)
    return found


def titles(panel: DataPanel) -> list[str]:
    return [row.title for row in panel.list.rows if not row.heading]


def test_before_the_first_run_it_says_what_will_be_here(panel: DataPanel, studio: Any) -> None:
    asked: list[str] = []
    studio.workspace.command_asked.connect(asked.append)
    assert panel.empty.isVisible()
    QTest.mouseClick(panel.empty.button, Qt.MouseButton.LeftButton)
    assert asked == ["run.run"]
    studio.workspace.page.parts["runner"].stop()


def test_choosing_a_card_shows_what_went_through_it(panel: DataPanel, page: Any, view: RunView) -> None:
    assert panel.title.text() == "The whole flow"
    assert titles(panel) == ["question", "answer"]
    page.scene.select(["answer"])
    assert panel.title.text() == "answer"
    assert "10 + 5 tokens" in panel.words.text()
    assert titles(panel) == ["Messages and reply", "question", "output", "temperature"]
    assert isinstance(panel.value.current_view, ConversationView)
    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    assert isinstance(panel.value.current_view, TextView)
    assert panel.value.current_view.text == "Why?"
    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    assert isinstance(panel.value.current_view, MarkdownView)
    page.scene.select(["prepare"])
    assert titles(panel) == ["output"]


def test_choosing_a_wire_shows_what_went_along_it(panel: DataPanel, page: Any, view: RunView) -> None:
    (wire,) = [wire for wire in page.scene.cards.wires.values() if wire.source.card == "prepare"]
    page.view.gestures.choose_wire(wire)
    assert titles(panel) == ["prepare › output"]
    assert panel.title.text() == "prepare to answer"
    page.scene.select(["answer"])
    assert panel.title.text() == "answer"


def test_a_reply_streams_into_view(panel: DataPanel, page: Any, wait: Callable[..., None]) -> None:
    runner = page.parts["runner"]
    live = RunView("live")
    live.feed([RunStarted("live", "flow", ("prepare", "answer"), 1.0), NodeStarted("answer", 1.0)])
    runner.show(live)
    page.scene.select(["answer"])
    assert "at work" in panel.value._message.text()
    for piece in ("Be", "cause"):
        runner.changed.emit(live.feed([NodeDelta("answer", piece)]))
    wait(lambda: isinstance(panel.value.current_view, TextView) and panel.value.current_view.text == "Because")


def test_a_card_that_took_no_part_is_said_so(panel: DataPanel, page: Any) -> None:
    part = RunView("p")
    part.feed([RunStarted("p", "flow", ("prepare",), 1.0), NodeStarted("prepare", 1.0), NodeFinished("prepare", "x", 0.1)])
    page.parts["runner"].show(part)
    page.scene.select(["answer"])
    assert "took no part" in panel.words.text()
