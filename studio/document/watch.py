"""Notices what others change in an open flow's folder (git, an editor), and lets a person reload it, keep their own, or see both."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QFileSystemWatcher, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from flowloom.flows.document import read
from flowloom.flows.document.contain import contain
from flowloom.flows.document.flow_file import decode, read_regular_file
from flowloom.flows.document.layout import LAYOUT_FILE
from flowloom.flows.document.pins import PINS_FILE
from flowloom.flows.document.splice import difference
from flowloom.flows.errors import DocumentError, FlowloomError
from flowloom.flows.model.edits import Change, Step, folder_texts

if TYPE_CHECKING:
    from flowloom.studio.document.flow_document import FlowDocument
    from flowloom.studio.document.trust import Trust

WAIT_MS: Final = 150
"""Others write several files one after another: how long it must be quiet before they are looked at."""

Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class FileDifference:
    """One file as the screen shows it and as the disk holds it now; None where there is none."""

    path: str
    mine: str | None
    theirs: str | None


class Watcher(QObject):
    """``outside`` holds what others changed and the person has not decided upon; ``changed_outside`` tells that it changed."""

    changed_outside = Signal()

    def __init__(self, document: FlowDocument, trust: Trust, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._trust = trust
        self.outside: tuple[FileDifference, ...] = ()
        self._stamps: dict[str, Stamp] = {}
        self._folder_stirred = False
        self._watcher = QFileSystemWatcher(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self.check)
        self._watcher.fileChanged.connect(self._stirred)
        self._watcher.directoryChanged.connect(self._stirred)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._application_state)
        self.note()

    def note(self) -> None:
        """The disk is as the document knows it: it was just read or saved."""
        self._stamps = {path: stamp for path in self._document.disk if (stamp := self._stamp(path)) is not None}
        self._watch()
        self._tell(())

    def moved(self) -> None:
        """The document is in another folder now."""
        if paths := [*self._watcher.files(), *self._watcher.directories()]:
            self._watcher.removePaths(paths)
        self.note()

    def stop(self) -> None:
        """The document closes."""
        self._timer.stop()
        self._watcher.blockSignals(True)

    # Noticing

    def _stirred(self, path: str) -> None:
        root = str(self._document.root)
        self._folder_stirred = self._folder_stirred or path == root or path.startswith(root + os.sep)
        self._timer.start()

    def _application_state(self, state: Qt.ApplicationState) -> None:
        # Some folders, those of networks above all, tell nobody of changes.
        if state == Qt.ApplicationState.ApplicationActive:
            self._folder_stirred = True
            self._timer.start()

    def check(self) -> None:
        """Compare the disk with what the document knows of it."""
        document = self._document
        found: dict[str, str | None] = {}
        looked: set[str] = set()
        for path in self._paths():
            stamp = self._stamp(path)
            if stamp is not None and stamp == self._stamps.get(path):
                continue
            looked.add(path)
            text = self._read(path) if stamp is not None else None
            if stamp is not None:
                self._stamps[path] = stamp
            if text != document.disk.get(path):
                found[path] = text
        # What was noticed before and did not stir since.
        found.update({item.path: item.theirs for item in self.outside if item.path not in looked})
        quiet = {path: text for path, text in found.items() if not self._matters(path)}
        if quiet:
            document.absorb(quiet)
        loud = {path: text for path, text in found.items() if path not in quiet}
        self._watch()
        self._trust.check()
        self._tell(tuple(FileDifference(path, document.files.get(path), text) for path, text in sorted(loud.items())))

    def _tell(self, outside: tuple[FileDifference, ...]) -> None:
        if outside != self.outside:
            self.outside = outside
            self.changed_outside.emit()

    def _matters(self, path: str) -> bool:
        """Whether a person must decide: the flow's own files, those its nodes name, code, and whatever was edited here."""
        document = self._document
        if path in (document.name, LAYOUT_FILE, PINS_FILE) or path in document.touched:
            return True
        if document.files.get(path) != document.disk.get(path):
            return True
        return path in document.disk and (path in self._named() or path.endswith((".py", ".prompty")))

    def _named(self) -> set[str]:
        flow = self._document.flow
        bodies = [*flow.nodes.values(), *(choice.node for variants in flow.variants.values() for choice in variants.choices.values())]
        return {os.path.normpath(node.source.path).replace(os.sep, "/") for node in bodies if node.source.path}

    def _paths(self) -> Iterable[str]:
        """Files to look at: those that are known, those the flow would read, and where the folder stirred those that lie there anew."""
        document = self._document
        there: Iterable[str] = ()
        if self._folder_stirred:
            self._folder_stirred = False
            try:
                there = folder_texts(read(document.root / document.name)).keys()
            except FlowloomError:
                # The flow file itself is broken or gone: it is among those that are known.
                there = ()
        return sorted({*document.disk, document.name, LAYOUT_FILE, PINS_FILE, *self._named(), *there})

    def _read(self, path: str) -> str | None:
        try:
            return decode(read_regular_file(contain(self._document.root, path), path), path)
        except DocumentError:
            return None

    def _stamp(self, path: str) -> Stamp | None:
        try:
            status = os.stat(self._document.root / path)
        except (OSError, ValueError):
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino

    def _watch(self) -> None:
        """Watch the files that matter and the folders they lie in; one that was replaced must be watched anew."""
        document = self._document
        root = str(document.root)
        wanted = {os.path.join(root, path) for path in (document.name, LAYOUT_FILE, PINS_FILE, *document.disk)}
        wanted = {path for path in wanted if os.path.isfile(path)}
        # The folder around it tells where the flow's own is moved away, or comes back.
        wanted |= {folder for folder in (root, os.path.dirname(root), *map(os.path.dirname, wanted)) if os.path.isdir(folder)}
        missing = wanted - {*self._watcher.files(), *self._watcher.directories()}
        if missing:
            self._watcher.addPaths(sorted(missing))

    # Deciding

    def differences(self) -> tuple[FileDifference, ...]:
        """What the screen shows at this moment beside what the disk holds, for each file that others changed."""
        return tuple(FileDifference(item.path, self._document.files.get(item.path), item.theirs) for item in self.outside)

    def reload(self, title: str) -> bool:
        """Take over what others wrote, as one step of undo named ``title``; unsaved work on other files stays.

        False where what the disk holds is no flow: the document's ``refused`` said why.
        """
        document = self._document
        steps = [
            Step(item.path, difference(item.path, mine or "", item.theirs or ""), mine is not None, item.theirs is not None)
            for item in self.outside
            if (mine := document.files.get(item.path)) != item.theirs
        ]
        if steps and not document.apply(Change(title, tuple(steps))):
            return False
        document.mark_different({item.path: item.theirs for item in self.outside})
        if not document.unsaved:
            document.mark_saved()
        self._tell(())
        return True

    def keep(self) -> None:
        """Keep the document as it is: saving will overwrite what others wrote."""
        self._document.mark_different({item.path: item.theirs for item in self.outside})
        self._tell(())
