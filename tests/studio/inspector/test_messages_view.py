"""The prompt as the model reads it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from flowloom.studio.inspector.messages_view import Message, MessagesView, content_text, read_messages


def test_messages_are_read_from_requests_and_previews() -> None:
    found = read_messages({"messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": [{"type": "text", "text": "Hi"}, {"type": "image_url"}]}]})
    assert found == [Message("system", "Be kind."), Message("user", "Hi\n(an image)")]
    assert read_messages({"text": "filled"}) == [Message("text", "filled")]
    assert read_messages(None) == []
    assert content_text({"a": 1}) == '{"a": 1}'
    assert content_text(None) == ""


def test_nothing_in_a_message_is_taken_for_markup() -> None:
    view = MessagesView()
    view.show_messages([Message("user", "<img src='file:///etc/passwd'>")], note="With the values of the last run.", fault="<b>no</b>")
    for words in view.findChildren(QLabel):
        assert words.textFormat() == Qt.TextFormat.PlainText
    assert any("<img" in words.text() for words in view.findChildren(QLabel))


def test_a_very_long_message_does_not_stall() -> None:
    view = MessagesView()
    view.show_messages([Message("user", "x" * 3_000_000)])
    assert max(len(words.text()) for words in view.findChildren(QLabel)) < 20_000
