"""Every action has a name, a menu or a key, and no key means two things."""

from __future__ import annotations

from collections import defaultdict

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from flowloom.flows.errors import UsageError
from flowloom.studio.application import Studio
from flowloom.studio.commands.command import Command
from flowloom.studio.commands.table import MENUS, commands, key_text
from flowloom.studio.theme.icons import _characters
from flowloom.studio.workspace import Page, Workspace


def test_no_key_is_taken_twice() -> None:
    taken: defaultdict[str, list[str]] = defaultdict(list)
    for command in commands().values():
        for key in command.keys:
            sequence = QKeySequence(key)
            assert not sequence.isEmpty(), f"{command.id}: {key!r} is no key"
            taken[sequence.toString()].append(command.id)
    assert not {key: ids for key, ids in taken.items() if len(ids) > 1}


def test_every_action_is_named_and_can_be_found() -> None:
    for command in commands().values():
        assert command.title[:1].isupper(), command.id
        assert command.menu in (*MENUS, ""), command.id
        assert command.icon == "" or command.icon in _characters(), command.id


def test_what_a_person_needs_is_there() -> None:
    wanted = {
        "file.new", "file.open", "file.save", "file.save_as", "file.close", "edit.undo", "edit.redo", "edit.copy", "edit.paste",
        "edit.find", "canvas.quick_add", "canvas.arrange", "run.run", "run.stop", "run.afresh", "view.palette", "help.shortcuts",
    }  # fmt: skip
    assert wanted <= commands().keys()


def test_menus_hold_their_commands_in_sections(studio: Studio) -> None:
    menu = studio.window.actions_table.menu("File", studio.window)
    texts = [action.text() or "-" for action in menu.actions()]
    assert texts[:4] == ["New flow", "Open folder", "Open flow file", "Open recent"]
    assert "-" in texts
    assert not studio.window.actions_table.action("file.save").isEnabled()
    menu.deleteLater()


def test_enablement_follows_what_is_open(studio: Studio, page: Page, wait) -> None:
    table = studio.window.actions_table
    wait(lambda: table.action("file.close").isEnabled())
    assert not table.action("file.save").isEnabled()
    from flowloom.flows.model.edits import RenameNode

    page.document.apply(RenameNode("answer", "reply"))
    wait(lambda: table.action("file.save").isEnabled())
    wait(lambda: table.action("edit.undo").isEnabled())


def test_a_failure_is_told_not_raised(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    studio.workspace.notice.connect(said.append)

    def fails(_workspace: Workspace) -> None:
        raise UsageError("That cannot be.", hint="Do this.")

    monkeypatch.setitem(commands(), "file.new", Command("file.new", "New flow", fails))
    studio.workspace.do("file.new")
    studio.workspace.do("no.such.command")
    assert said == ["That cannot be. Do this."]


def test_menus_show_keys_of_the_canvas_but_a_text_keeps_them(studio: Studio, page: Page) -> None:
    from flowloom.studio.panels.library import LibraryPanel

    table = studio.window.actions_table
    assert table.action("edit.delete").shortcut().toString() == "Del"
    page.scene.select(["answer"])
    panel = studio.window.panel("library")
    assert isinstance(panel, LibraryPanel)
    panel.search.setFocus()
    QTest.keyClicks(panel.search, "ab")
    QTest.keyClick(panel.search, Qt.Key.Key_Left)
    QTest.keyClick(panel.search, Qt.Key.Key_Delete)
    assert panel.search.text() == "a"
    assert "answer" in page.document.flow.nodes


def test_a_menu_that_is_shown_tells_what_can_be_done_now(studio: Studio, page: Page) -> None:
    menu = studio.window.actions_table.menu("Edit", studio.window)
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    undo = studio.window.actions_table.action("edit.undo")
    assert not undo.isEnabled()
    assert key_text(commands()["edit.undo"]) == "Ctrl+Z"
    menu.deleteLater()
