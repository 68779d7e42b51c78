"""Flows that ask a service, in the whole window: streaming, faults with their fix, and what is said to leave this computer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flowloom.studio.run.fixes import fixes
from flowloom.studio.run.runner import Ask

FLOW = {
    "type": "chat",
    "inputs": {
        "chat_history": {"type": "list", "is_chat_history": True, "default": []},
        "question": {"type": "string", "is_chat_input": True, "default": "What is a flow?"},
    },
    "outputs": {"answer": {"type": "string", "reference": "${ask.output}", "is_chat_output": True}},
    "nodes": [
        {
            "name": "ask",
            "type": "llm",
            "source": {"type": "code", "path": "ask.jinja2"},
            "inputs": {"model": "gpt-4o", "question": "${inputs.question}", "max_tokens": 200},
            "connection": "open_ai_connection",
            "api": "chat",
        }
    ],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "ask"
    root.mkdir()
    (root / "flow.dag.yaml").write_text(json.dumps(FLOW), encoding="utf-8")
    (root / "ask.jinja2").write_text("user:\n{{question}}\n", encoding="utf-8")
    return root


@pytest.fixture
def connected(openai_server: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("OPEN_AI_CONNECTION_TYPE", "open_ai")
    monkeypatch.setenv("OPEN_AI_CONNECTION_API_KEY", "demo-key-0123456789")
    monkeypatch.setenv("OPEN_AI_CONNECTION_BASE_URL", openai_server.base_url)
    return openai_server


def test_tokens_stream_from_the_service_and_the_request_is_kept_without_its_key(room: Any, folder: Path, connected: Any) -> None:
    page = room.open(folder)
    runner = page.parts["runner"]
    texts: list[str] = []
    runner.changed.connect(lambda _names: texts.append(runner.last.nodes["ask"].text))
    assert runner.run(Ask(inputs={"question": "Tell me more."}))
    room.wait(lambda: not runner.running, 30)
    view = runner.last
    assert view.status == "completed", view.error
    assert view.outputs["answer"]
    assert view.nodes["ask"].usage.total_tokens > 0
    request, reply = view.nodes["ask"].exchanges[0]
    assert request["messages"][0]["content"] == "Tell me more."
    assert reply is not None
    assert "demo-key" not in json.dumps([request, reply], default=str)
    parts = list(dict.fromkeys(texts))
    assert view.outputs["answer"].startswith(parts[0])


def test_a_missing_connection_is_no_dead_end(room: Any, folder: Path) -> None:
    page = room.open(folder)
    runner = page.parts["runner"]
    room.wait(lambda: not runner.privacy.nothing)
    assert runner.privacy.sentence == "No connection yet: open_ai_connection"
    assert runner.run(Ask(inputs={"question": "Hi"}))
    room.wait(lambda: not runner.running, 30)
    fault = runner.last.error
    assert (runner.last.status, fault.kind, fault.node) == ("failed", "connection", "ask")
    offered = fixes(fault, page.document)
    assert [fix.title for fix in offered] == ["Set up the connection", "Use the model on this computer"]
    offered[1].run(room.workspace)
    assert page.document.node("ask").connection == "local"
    room.wait(lambda: runner.privacy.nothing)


def test_chatting_keeps_the_conversation_and_can_ask_again(room: Any, folder: Path, connected: Any) -> None:
    page = room.open(folder)
    room.workspace.do("view.chat")
    from flowloom.studio.panels.chat import ChatPanel

    room.wait(lambda: any(panel.isVisible() for panel in room.studio.window.findChildren(ChatPanel)))
    panel = next(panel for panel in room.studio.window.findChildren(ChatPanel) if panel.isVisible())
    runner = page.parts["runner"]
    for question in ("First?", "Second?"):
        panel.edit.setPlainText(question)
        assert panel.send()
        room.wait(lambda: not runner.running, 30)
    turns = panel.conversation.turns
    assert [turn.state for turn in turns] == ["completed", "completed"]
    history = runner.last.inputs["chat_history"]
    assert history == [{"inputs": {"question": "First?"}, "outputs": {"answer": turns[0].answer}}]
    panel._retry(turns[1])
    room.wait(lambda: not runner.running, 30)
    assert [turn.question for turn in panel.conversation.turns] == ["First?", "Second?"]
    assert len(runner.last.inputs["chat_history"]) == 1
