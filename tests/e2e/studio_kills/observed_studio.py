"""The real studio, started as its command starts it, with an onlooker that writes down what it holds and where things are on the screen.

``python observed_studio.py FOLDER JOURNAL``: the journal gets one JSON line an event, each with ``t`` (the system's monotonic clock).
``state`` holds the texts as the screen shows them, ``spots`` where cards and editors are in pixels of the screen.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from time import monotonic
from typing import Any

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtWidgets import QAbstractItemView, QApplication, QPlainTextEdit, QWidget

from flowloom.studio import application
from flowloom.studio.panels.file_bars import RecoveryBar
from flowloom.studio.workspace import Page, Workspace


class Onlooker(QObject):
    def __init__(self, workspace: Workspace, page: Page, journal: str) -> None:
        super().__init__(page.document)
        self._workspace, self._page = workspace, page
        self._journal = journal
        self._spots: dict[str, Any] = {}
        document = page.document
        document.changed.connect(self.state)
        page.parts["saving"].saved.connect(lambda paths: self.write("saved", paths=list(paths)))
        page.parts["backup"].kept.connect(lambda: self.write("kept"))
        document.undo_stack.indexChanged.connect(lambda index: self.write("step", index=index, title=document.undo_stack.undoText()))
        self.state()
        self._clock = QTimer(self)
        self._clock.timeout.connect(self.spots)
        self._clock.start(60)

    def write(self, kind: str, **more: Any) -> None:
        with open(self._journal, "a", encoding="ascii") as file:
            file.write(json.dumps({"t": monotonic(), "kind": kind, **more}) + "\n")

    def state(self) -> None:
        document = self._page.document
        unused = document.unused
        self.write("state", files={path: text for path, text in document.files.items() if path not in unused})

    def _library(self, view: QWidget) -> Iterator[tuple[str, QPoint]]:
        """The lines of the library that are seen, in the viewport's coordinates."""
        lists = [found for found in view.window().findChildren(QAbstractItemView) if found.accessibleName() == "Node types"]
        for lines in lists:
            model = lines.model()
            for row in range(model.rowCount()):
                rect = lines.visualRect(model.index(row, 0))
                if lines.viewport().rect().contains(rect):
                    point = lines.viewport().mapToGlobal(rect.center())
                    yield str(model.index(row, 0).data()), view.viewport().mapFromGlobal(point)  # pyright: ignore[reportAttributeAccessIssue]

    def spots(self) -> None:
        """Where the mouse can take hold of things, written where it changed."""
        view, scene = self._page.view, self._page.scene
        ratio = view.devicePixelRatioF()

        def on_screen(point: QPoint) -> list[int]:
            place = view.viewport().mapToGlobal(point)
            return [round(place.x() * ratio), round(place.y() * ratio)]

        cards: dict[str, list[int]] = {}
        for name in scene.cards.cards:
            rect = scene.rect(name)
            point = view.mapFromScene(QPointF(rect.center().x(), rect.top() + 14))
            if view.viewport().rect().adjusted(8, 8, -8, -8).contains(point):
                cards[name] = on_screen(point)
        editors = []
        inspector = self._workspace.parts.get("inspector")
        for editor in inspector.findChildren(QPlainTextEdit) if inspector is not None else ():
            if editor.isVisible() and not editor.isReadOnly() and not editor.visibleRegion().isEmpty():
                place = editor.viewport().mapToGlobal(editor.visibleRegion().boundingRect().center())
                editors.append([round(place.x() * ratio), round(place.y() * ratio)])
        bars = [bar for bar in view.window().findChildren(RecoveryBar) if bar.isVisible()]
        recover = bars[0].recover_button if bars else None
        focus = QApplication.focusWidget()
        modal = QApplication.activeModalWidget() or QApplication.activePopupWidget()
        empty = on_screen(QPoint(view.viewport().width() // 2, 12))
        found = {
            "library": {title: on_screen(point) for title, point in self._library(view)},
            "cards": cards,
            "editors": editors,
            "chosen": list(scene.selected),
            "empty": empty,
            "recover": on_screen(view.viewport().mapFromGlobal(recover.mapToGlobal(recover.rect().center()))) if recover else None,
            "focus": type(focus).__name__ if focus else "",
            "modal": type(modal).__name__ if modal else "",
            "window": int(view.window().winId()),
        }
        if found != self._spots:
            self._spots = found
            self.write("spots", **found)


def main(folder: str, journal: str) -> int:
    opened = application.open_path

    def open_and_look(workspace: Workspace, path: str) -> Page:
        page = opened(workspace, path)
        Onlooker(workspace, page, journal)
        return page

    application.open_path = open_and_look  # pyright: ignore[reportAttributeAccessIssue]
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeMenuBar)
    return application.main([folder])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
