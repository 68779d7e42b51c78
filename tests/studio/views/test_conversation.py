from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QApplication, QPushButton, QToolButton

from flowloom.studio.views.conversation import MOST_CHARACTERS, MOST_MESSAGES, ConversationView, parts_of, role_words
from flowloom.studio.views.markdown_view import MarkdownView

SYSTEM = {"role": "system", "content": "Be kind."}
USER = {"role": "user", "content": "Who?"}


def reply(text: Any, **more: Any) -> dict[str, Any]:
    return {"choices": [{"message": {"role": "assistant", "content": text, **more}}]}


def texts(view: ConversationView) -> list[str]:
    return [found.toPlainText() for found in view.findChildren(MarkdownView) if found.toPlainText()]


def test_messages_and_reply_follow_each_other(application: QApplication) -> None:
    view = ConversationView()
    view.show_calls([({"messages": [SYSTEM, USER]}, reply("**Me**"))])
    view.resize(400, 400)
    view.show()
    assert texts(view) == ["Be kind.", "Who?", "**Me**"]
    assert [role_words(part) for part in view.parts] == ["System", "User", "Reply"]
    copy = view.findChildren(QToolButton)[-1]
    copy.click()
    assert application.clipboard().text() == "**Me**"
    view.close()


def test_a_later_call_that_goes_on_repeats_nothing(application: QApplication) -> None:
    first = ({"messages": [SYSTEM, USER]}, reply(None, tool_calls=[{"id": "1", "function": {"name": "look", "arguments": "{}"}}]))
    called = first[1]["choices"][0]["message"]
    second = ({"messages": [SYSTEM, USER, called, {"role": "tool", "content": "found"}]}, reply("Me"))
    view = ConversationView()
    view.show_calls([first, second])
    assert [part.text or part.calls[0] for part in view.parts] == ["Be kind.", "Who?", "look({})", "found", "Me"]
    other = ({"messages": [{"role": "user", "content": "Another"}]}, reply("x"))
    view.show_calls([first, other])
    assert [part.text or part.calls[0] for part in view.parts] == ["Be kind.", "Who?", "look({})", "Another", "x"]


def test_what_a_request_may_look_like() -> None:
    assert [part.text for part in parts_of({"prompt": "Say"}, {"choices": [{"text": "said"}]})] == ["Say", "said"]
    pictured = [{"type": "text", "text": "Look"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]
    (part,) = parts_of({"messages": [{"role": "user", "content": pictured}]}, None)
    assert (part.text, part.pictures) == ("Look", (b"\0\0\0",))
    named = [{"type": "image_url", "image_url": {"url": "http://x/y.png"}}]
    (part,) = parts_of({"messages": [{"role": "user", "content": named}]}, None)
    assert "http://x/y.png" in part.text
    assert parts_of({"messages": "nonsense"}, {"choices": "nonsense"}) == []


def test_a_long_message_is_shown_whole_on_request(application: QApplication) -> None:
    view = ConversationView()
    text = "word " * MOST_CHARACTERS
    view.show_calls([({"messages": [{"role": "user", "content": text}]}, None)])
    view.resize(500, 300)
    view.show()
    assert len(texts(view)[0]) <= MOST_CHARACTERS + 20
    (more,) = [button for button in view.findChildren(QPushButton) if button.isVisible()]
    more.click()
    assert len(texts(view)[0]) > MOST_CHARACTERS + 20
    view.close()


def test_of_a_long_conversation_the_end_is_shown_first(application: QApplication) -> None:
    messages = [{"role": "user", "content": f"message {number}"} for number in range(MOST_MESSAGES + 30)]
    view = ConversationView()
    view.show_calls([({"messages": messages}, reply("last"))])
    view.show()
    assert texts(view)[-1] == "last"
    assert len(texts(view)) == MOST_MESSAGES
    (more,) = [button for button in view.findChildren(QPushButton) if button.isVisible()]
    assert "31" in more.text()
    more.click()
    application.processEvents()
    assert "message 0" in [found.toPlainText() for found in view.widget().findChildren(MarkdownView)]
    view.close()
