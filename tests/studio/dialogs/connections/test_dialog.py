"""Connections and models in one dialog."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from flowloom.studio.dialogs.connections import keeping
from flowloom.studio.dialogs.connections.dialog import ConnectionsDialog
from flowloom.studio.workspace import Workspace


@pytest.fixture
def opened(bare: Workspace, memory: Any) -> Iterator[Callable[..., ConnectionsDialog]]:
    made: list[ConnectionsDialog] = []

    def show(wanted: str = "") -> ConnectionsDialog:
        dialog = ConnectionsDialog(bare, wanted=wanted)
        made.append(dialog)
        dialog.show()
        return dialog

    yield show
    for dialog in made:
        dialog.close()


def _names(dialog: ConnectionsDialog) -> list[str]:
    return [dialog.list.item(row).text() for row in range(dialog.list.count())]


def test_all_connections_are_listed_the_model_here_first(opened: Callable, wait: Callable) -> None:
    keeping.keep("mine", {"type": "open_ai", "api_key": "sk-1234567890"}, ())
    dialog = opened()
    wait(lambda: dialog.list.count() == 2, 20)
    assert _names(dialog) == ["The model on this computer", "mine"]
    assert dialog.stack.currentWidget() is dialog.local
    dialog.list.setCurrentRow(1)
    assert dialog.stack.currentWidget() is dialog.edit
    assert dialog.edit.title.text() == "mine"


def test_a_connection_that_a_flow_misses_is_offered_with_its_name(opened: Callable, wait: Callable) -> None:
    dialog = opened("azure_gpt")
    wait(lambda: dialog.edit.name.text() == "azure_gpt", 20)
    assert dialog.edit.kind.currentData() == "azure_open_ai"


def test_what_was_saved_is_listed(opened: Callable, wait: Callable) -> None:
    dialog = opened("mine_openai")
    wait(lambda: dialog.edit.form is not None, 20)
    dialog.edit.form.fields["api_key"].setText("sk-1234567890")
    dialog.edit.save_button.click()
    wait(lambda: "mine_openai" in _names(dialog), 20)
    assert dialog.edit.title.text() == "mine_openai"
    assert dialog.edit.form.fields["api_key"].text() == ""
