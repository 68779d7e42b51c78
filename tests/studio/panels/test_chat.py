"""A chat flow as a conversation, on real runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from flowloom.studio.panels.chat import ChatPanel
from flowloom.studio.workspace import Workspace

FLOW = """\
type: chat
inputs:
  chat_history: {type: list, is_chat_history: true, default: []}
  question: {type: QUESTION, is_chat_input: true}
outputs:
  answer: {type: string, reference: '${talk.output}', is_chat_output: true}
  passages: {type: list, reference: '${find.output}'}
nodes:
- {name: find, type: python, source: {type: code, path: find.py}, inputs: {question: '${inputs.question}'}}
- {name: talk, type: python, source: {type: code, path: talk.py}, inputs: {question: '${inputs.question}', history: '${inputs.chat_history}'}}
"""
FIND = """\
from promptflow.core import tool

@tool
def find(question) -> list:
    return [{"title": "Returns", "text": "Within thirty days."}]
"""
TALK = """\
import time
from promptflow.core import tool

@tool
def talk(question, history: list):
    if question == "fail":
        raise ValueError("not today")
    if question == "long":
        while True:
            time.sleep(0.05)
            yield "and on "
    yield f"**{question}** [1] "
    yield f"after {len(history)}"
"""


@pytest.fixture
def make(open_flow: Callable, tmp_path: Path) -> Callable[[str], tuple[Workspace, ChatPanel]]:
    def build(question: str = "string") -> tuple[Workspace, ChatPanel]:
        root = tmp_path / "talk"
        root.mkdir()
        (root / "flow.dag.yaml").write_text(FLOW.replace("QUESTION", question))
        (root / "find.py").write_text(FIND)
        (root / "talk.py").write_text(TALK)
        workspace = open_flow(root)
        panel = ChatPanel(workspace)
        panel.resize(360, 640)
        panel.show()
        return workspace, panel

    return build


def _say(workspace: Any, panel: ChatPanel, text: str, wait: Callable) -> Any:
    panel.edit.setFocus()
    QTest.keyClicks(panel.edit, text)
    QTest.keyClick(panel.edit, Qt.Key.Key_Return)
    wait(lambda: not workspace.page.parts["runner"].running, 30)
    assert panel.conversation is not None
    return panel.conversation.turns[-1]


def test_enter_asks_and_the_reply_stands_as_markdown_with_its_source(make: Callable, wait: Callable) -> None:
    workspace, panel = make()
    turn = _say(workspace, panel, "Hello", wait)
    assert (turn.state, turn.answer) == ("completed", "**Hello** [1] after 0")
    assert [citation.title for citation in turn.citations] == ["Returns"]
    view = panel._turns[-1]
    assert view.reply is not None
    assert view.reply.toPlainText() == "Hello [1] after 0"
    assert panel.edit.toPlainText() == ""
    assert _say(workspace, panel, "More", wait).answer == "**More** [1] after 1"


def test_asking_again_and_editing_forget_what_came_after(make: Callable, wait: Callable) -> None:
    workspace, panel = make()
    _say(workspace, panel, "One", wait)
    _say(workspace, panel, "Two", wait)
    panel._turns[0].retry_button.click()
    wait(lambda: not workspace.page.parts["runner"].running, 30)
    assert [turn.question for turn in panel.conversation.turns] == ["One"]
    panel._turns[0].edit_button.click()
    assert (panel.edit.toPlainText(), panel.conversation.turns) == ("One", [])


def test_a_reply_streams_and_can_be_stopped(make: Callable, wait: Callable) -> None:
    workspace, panel = make()
    panel.edit.setPlainText("long")
    panel.send()
    wait(lambda: panel._turns and "and on" in panel._turns[0]._live.text(), 30)
    assert panel.send_button.text() == "Stop"
    panel.send_button.click()
    wait(lambda: not workspace.page.parts["runner"].running, 5)
    assert panel.conversation.turns[0].state == "stopped"
    assert "Stopped." in panel._turns[0]._live.text()
    assert panel.send_button.text() == "Send"
    assert _say(workspace, panel, "Next", wait).answer == "**Next** [1] after 0"


def test_a_failure_is_said_in_the_conversation_with_its_fix(make: Callable, wait: Callable) -> None:
    workspace, panel = make()
    turn = _say(workspace, panel, "fail", wait)
    assert turn.state == "failed"
    assert "not today" in turn.fault.message
    asked: list[Any] = []
    workspace.place_asked.connect(lambda *place: asked.append(place))
    from PySide6.QtWidgets import QPushButton

    next(button for button in panel._turns[-1].findChildren(QPushButton) if button.text() == "Show the place").click()
    assert asked[0][:2] == ("talk", "talk.py")


def test_pictures_go_along_where_the_flow_takes_them(make: Callable, wait: Callable) -> None:
    workspace, panel = make("list")
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    assert panel.attach_button.isVisible()
    assert not panel.add_picture(b"no picture")
    assert panel.add_picture(bytes(data.data()))
    turn = _say(workspace, panel, "Look", wait)
    assert turn.question[0] == "Look"
    assert next(iter(turn.question[1])) == "data:image/png;base64"
    assert turn.state == "completed"


def test_a_flow_that_is_no_conversation_says_what_is_missing(open_flow: Callable, letters: Path) -> None:
    panel = ChatPanel(open_flow(letters))
    panel.show()
    assert "no conversation" in panel._hint.text()
    assert not panel.send()
    assert not panel.edit.isEnabled()


def test_a_new_conversation_forgets_the_old_one(make: Callable, wait: Callable) -> None:
    workspace, panel = make()
    _say(workspace, panel, "One", wait)
    panel.new_button.click()
    assert (panel.conversation.turns, panel._turns) == ([], [])


def test_a_reply_without_end_does_not_hold_up_the_window(make: Callable, wait: Callable) -> None:
    from time import perf_counter

    workspace, panel = make()
    talk = workspace.document.text("talk.py").replace('            time.sleep(0.05)\n            yield "and on "', '            yield "and on " * 2000')
    from flowloom.flows.model.edits import SetText

    workspace.document.apply(SetText("talk.py", talk))
    panel.edit.setPlainText("long")
    panel.send()
    wait(lambda: not workspace.page.parts["runner"].running or len(workspace.page.parts["runner"].last.nodes["talk"].text) > 1_000_000, 30)
    began = perf_counter()
    panel._refresh()
    assert perf_counter() - began < 0.1
    workspace.page.parts["runner"].stop()
    wait(lambda: not workspace.page.parts["runner"].running, 5)


def test_what_may_go_well_the_next_time_is_asked_again_in_the_conversation(make: Callable, wait: Callable) -> None:
    from PySide6.QtWidgets import QPushButton

    workspace, panel = make()
    from flowloom.flows.model.edits import SetText

    whole = workspace.document.text("talk.py")
    workspace.document.apply(SetText("talk.py", whole.replace('raise ValueError("not today")', "import os\n        os._exit(3)")))
    turn = _say(workspace, panel, "fail", wait)
    assert turn.fault.kind == "worker_lost"
    workspace.document.apply(SetText("talk.py", whole.replace('question == "fail"', "False")))
    next(button for button in panel._turns[-1].findChildren(QPushButton) if button.text() == "Ask again").click()
    wait(lambda: not workspace.page.parts["runner"].running, 30)
    assert [(found.question, found.state) for found in panel.conversation.turns] == [("fail", "completed")]


def test_a_conversation_goes_on_wherever_it_is_looked_at(make: Callable, wait: Callable) -> None:
    workspace, panel = make()
    other = ChatPanel(workspace)
    other.show()
    other.hide()
    panel.edit.setPlainText("long")
    panel.send()
    wait(lambda: "and on" in panel._turns[0]._live.text(), 30)
    other.show()
    wait(lambda: other._turns and "and on" in other._turns[0]._live.text(), 5)
    panel.hide()
    page = workspace.page
    workspace.show(None)
    page.parts["runner"].stop()
    wait(lambda: not page.parts["runner"].running, 5)
    workspace.show(page)
    assert [view.turn.state for view in other._turns] == ["stopped"]
    panel.show()
    assert [view.turn.state for view in panel._turns] == ["stopped"]
    assert _say(workspace, panel, "Next", wait).answer == "**Next** [1] after 0"
