"""Adding, editing, testing and deleting a connection."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QLineEdit

from flowloom.studio.dialogs.connections import keeping
from flowloom.studio.dialogs.connections.edit_page import EditPage
from flowloom.studio.dialogs.connections.kind_form import KindForm
from flowloom.studio.run.background import Background


@pytest.fixture
def page() -> EditPage:
    made = EditPage(Background())
    made.resize(700, 600)
    made.show()
    return made


def _field(page: EditPage, key: str) -> QLineEdit:
    assert isinstance(page.form, KindForm)
    return page.form.fields[key]


def test_a_new_connection_is_tried_and_stored(page: EditPage, memory: Any, openai_server: Any, wait: Callable) -> None:
    page.show_known(None, True, "my_openai")
    assert page.kind.currentData() == "open_ai"
    _field(page, "base_url").setText(openai_server.base_url)
    page.test_button.click()
    wait(lambda: page.message.property("role") == "bad", 10)
    assert "refuses the key" in page.message.text()
    _field(page, "api_key").setText("demo-key-0123456789")
    page.test_button.click()
    wait(lambda: page.message.property("role") == "ok", 10)
    assert page.models.count() > 0
    saved: list[str] = []
    page.saved.connect(saved.append)
    page.save_button.click()
    wait(lambda: saved, 10)
    assert json.loads(memory.kept["flowloom", "my_openai"])["api_key"] == "demo-key-0123456789"


def test_deleting_asks_twice(page: EditPage, memory: Any, wait: Callable) -> None:
    keeping.keep("mine", {"type": "open_ai", "api_key": "sk-1234567890"}, ())
    known = next(one for one in keeping.everything().known if one.entry.name == "mine")
    page.show_known(known, True)
    gone: list[str] = []
    page.deleted.connect(gone.append)
    page.delete_button.click()
    assert page.delete_button.text() == "Really delete"
    assert ("flowloom", "mine") in memory.kept
    page.delete_button.click()
    wait(lambda: gone == ["mine"], 10)
    assert ("flowloom", "mine") not in memory.kept


def test_where_nothing_can_be_stored_that_is_said_first(page: EditPage) -> None:
    page.show_known(None, False, "mine")
    assert not page.save_button.isEnabled()
    assert "no working keyring" in page.message.text()


def test_a_connection_from_the_environment_can_be_tried_but_not_changed(page: EditPage, memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINE_CONNECTION_TYPE", "open_ai")
    monkeypatch.setenv("MINE_CONNECTION_API_KEY", "sk-1234567890")
    known = next(one for one in keeping.everything().known if one.entry.name == "mine_connection")
    page.show_known(known, True)
    assert (page.save_button.isVisible(), page.delete_button.isVisible(), page.test_button.isVisible()) == (False, False, True)
    assert page.where.text() == "From environment variables"
    assert page.form is not None
    assert not page.form.isEnabled()
    assert _field(page, "api_key").placeholderText() == "set; never shown"
