"""Everything Tab stops at has a name for a screen reader, in every panel and dialog."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QTabBar, QWidget

from flowloom.studio.application import Studio
from flowloom.studio.dialogs.connections.dialog import ConnectionsDialog
from flowloom.studio.dialogs.new_flow import NewFlowDialog
from flowloom.studio.dialogs.save_as import SaveAsDialog
from flowloom.studio.dialogs.settings import SettingsDialog
from flowloom.studio.dialogs.shortcuts import ShortcutsDialog
from flowloom.studio.panels.registry import panels
from flowloom.studio.workspace import Page


def nameless(root: QWidget) -> list[str]:
    """Where Tab stops without a name below ``root``, as the way to it from outside."""
    found: list[str] = []
    for widget in [root, *root.findChildren(QWidget)]:
        stops = widget.isVisible() and widget.isEnabled() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if not stops or widget.focusProxy() is not None or widget.objectName() == "qt_spinbox_lineedit":
            continue
        if isinstance(widget, QTabBar) and not widget.count():
            continue  # Qt's own, of docks that are hidden: it takes no room
        interface = QAccessible.queryAccessibleInterface(widget)
        if not (interface.text(QAccessible.Text.Name) if interface else widget.accessibleName()):
            way, outer = [type(widget).__name__], widget.parentWidget()
            while outer is not None:
                way.append(type(outer).__name__)
                outer = outer.parentWidget()
            found.append(" in ".join(way[:5]))
    return found


def settle() -> None:
    for _ in range(5):
        QApplication.processEvents()


def test_welcome(studio: Studio) -> None:
    settle()
    assert not nameless(studio.window)


def test_panels(studio: Studio, page: Page) -> None:
    for area in ("left", "beside", "bottom"):
        for panel in panels(area):
            assert studio.window.panel(panel.id) is not None
            settle()
            assert not nameless(studio.window), panel.id


def test_the_inspector(studio: Studio, page: Page) -> None:
    for chosen in (["answer"], ["prepare"], ["@inputs"], ["@outputs"], ["answer", "prepare"], []):
        page.scene.select(chosen)
        settle()
        assert not nameless(studio.window), chosen


def test_the_use_face(studio: Studio, page: Page) -> None:
    studio.window.show_face("use")
    settle()
    assert not nameless(studio.window)


def test_dialogs(studio: Studio, page: Page) -> None:
    window, workspace = studio.window, studio.workspace
    dialogs = (
        NewFlowDialog(workspace, window), SettingsDialog(workspace, window), ShortcutsDialog(window),
        SaveAsDialog(page.document, window), ConnectionsDialog(workspace, window),
    )  # fmt: skip
    for dialog in dialogs:
        dialog.show()
        settle()
        assert not nameless(dialog), type(dialog).__name__
        dialog.close()
        dialog.deleteLater()
