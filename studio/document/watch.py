"""Notices what others change in an open flow's folder (git, an editor), and lets a person reload it, keep their own, or see both."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QFileSystemWatcher, QObject, QRunnable, Qt, QThreadPool, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from flowloom.flows.document.layout import LAYOUT_FILE
from flowloom.flows.document.pins import PINS_FILE
from flowloom.flows.document.splice import difference
from flowloom.flows.model.edits import Change, Step
from flowloom.studio.document.disk_look import Known, Seen, Stamp, look, stamp_of

if TYPE_CHECKING:
    from flowloom.studio.document.flow_document import FlowDocument
    from flowloom.studio.document.trust import Trust

WAIT_MS: Final = 150
"""Others write several files one after another: how long it must be quiet before they are looked at."""

@dataclass(frozen=True, slots=True)
class FileDifference:
    """One file as the screen shows it and as the disk holds it now; None where there is none."""

    path: str
    mine: str | None
    theirs: str | None


class Watcher(QObject):
    """``outside`` holds what others changed and the person has not decided upon; ``changed_outside`` tells that it changed."""

    changed_outside = Signal()
    _arrived = Signal(int, object)

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
        self._timer.timeout.connect(self._begin)
        self._code_stamp = ""
        self._generation = 0
        self._looking = False
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._arrived.connect(self._arrive)
        self._watcher.fileChanged.connect(self._stirred)
        self._watcher.directoryChanged.connect(self._stirred)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._application_state)
        self.note()

    def note(self) -> None:
        """The disk is as the document knows it: it was just read or saved."""
        root = self._document.root
        self._generation += 1
        self._stamps = {path: stamp for path in self._document.disk if (stamp := stamp_of(root, path)) is not None}
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
        self._pool.waitForDone()

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
        """Compare the disk with what the document knows of it, at once."""
        self._generation += 1
        self._take(look(self._known()))

    def _begin(self) -> None:
        """The same in a thread: folders may be large, and disks slow."""
        if self._looking:
            self._timer.start()
            return
        self._looking = True
        self._pool.start(_Look(self, self._generation, self._known()))

    def _known(self) -> Known:
        document, listed = self._document, self._folder_stirred
        self._folder_stirred = False
        paths = frozenset({*document.disk, document.name, LAYOUT_FILE, PINS_FILE, *self._named()})
        return Known(document.root, document.name, paths, self._stamps, listed, self._code_stamp)

    def _arrive(self, generation: int, seen: Seen) -> None:
        self._looking = False
        if generation == self._generation:
            self._take(seen)
        else:
            # The document was saved, or looked after, meanwhile.
            self._folder_stirred = True
            self._timer.start()

    def _take(self, seen: Seen) -> None:
        document = self._document
        self._stamps = dict(seen.stamps)
        found = {path: text for path, text in seen.texts.items() if text != document.disk.get(path)}
        # What was noticed before and did not stir since.
        found.update({item.path: item.theirs for item in self.outside if item.path not in seen.texts})
        quiet = {path: text for path, text in found.items() if not self._matters(path)}
        if quiet:
            document.absorb(quiet)
        loud = {path: text for path, text in found.items() if path not in quiet}
        self._watch()
        if seen.code is not None:
            self._code_stamp = seen.code_stamp
            self._trust.take(seen.code)
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


class _Look(QRunnable):
    def __init__(self, watcher: Watcher, generation: int, known: Known) -> None:
        super().__init__()
        self._watcher = watcher
        self._generation = generation
        self._known = known

    def run(self) -> None:
        self._watcher._arrived.emit(self._generation, look(self._known))
