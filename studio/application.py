"""Puts the studio together: application, settings, words, theme, node types, workspace, window. The only place that knows all rooms."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from flowloom.studio import language
from flowloom.studio.collector import Collector
from flowloom.studio.settings import Settings
from flowloom.studio.theme import theme
from flowloom.studio.theme.style import apply_style
from flowloom.studio.workspace import Page, Workspace

if TYPE_CHECKING:
    from flowloom.studio.window import MainWindow

PRESENTING: Final = 1.5
"""How much larger type is while presenting."""


CALM_MS: Final = 400
"""How long after a flow was opened or closed memory is put in order."""


class Studio(QObject):
    """The running studio: one workspace and the window over it, rebuilt when the language or the size of type changes."""

    _learned = Signal(bool)
    ready = Signal()
    """The window is on the screen and takes what a person does."""

    def __init__(self, application: QApplication, settings: Settings | None = None) -> None:
        super().__init__(application)
        from flowloom.flows.node.spec_catalogue import Catalogue

        self.application = application
        self.settings = settings or Settings(parent=self)
        language.set_language(self.settings.language)
        self._larger = 1.0
        self._had_library = True
        self._dress()
        self.catalogue = Catalogue()
        self.workspace = Workspace(self.catalogue.registry(), self.settings, self)
        self.workspace.parts["studio"] = self
        self.settings.changed.connect(self._setting_changed)
        application.styleHints().colorSchemeChanged.connect(self._scheme_changed)
        self._learned.connect(self._known)
        self.window = self._window()

    def _window(self) -> MainWindow:
        from flowloom.studio.window import MainWindow

        return MainWindow(self.workspace)

    def show(self) -> None:
        self.window.show()
        QTimer.singleShot(0, self, self.ready.emit)

    def learn(self) -> None:
        """Find out, in the background and in another process, which node types other packages bring."""
        self.catalogue.refresh(lambda changed: self._learned.emit(changed))

    def _known(self, changed: bool) -> None:
        if not changed:
            return
        for page in self.workspace.pages:
            page.document.look_again()
        library = self.window.docks.get("library")
        if library is not None and library.made:
            library.content.load()  # pyright: ignore[reportAttributeAccessIssue]

    # What changes the whole window

    @property
    def presenting(self) -> bool:
        return self._larger > 1

    def present(self, on: bool) -> None:
        """Type at 150 % for a room, without the library; or as before."""
        self._larger = PRESENTING if on else 1.0
        self._dress()
        if on:
            self._had_library = self.window.is_shown("library")
        if self._had_library and on == self.window.is_shown("library"):
            self.window.toggle("library")

    def _dress(self) -> None:
        apply_style(self.application, theme.load_theme(self.settings.theme), larger=self._larger)

    def _scheme_changed(self) -> None:
        if self.settings.theme != theme.current().name:
            self._dress()

    def _setting_changed(self, key: str) -> None:
        if key == "theme":
            self._dress()
        elif key == "language" and self.settings.language != language.language():
            language.set_language(self.settings.language)
            QTimer.singleShot(0, self, self.rebuild)

    def rebuild(self) -> None:
        """Another window over the same open flows, in the language that now counts."""
        from flowloom.studio.document.delta import Delta

        old = self.window
        old.release()
        self.window = self._window()
        self.window.restoreGeometry(old.saveGeometry())
        if not old.isMaximized():
            self.window.resize(old.size())
        for page in self.workspace.pages:
            page.document.checker.look()
            page.document.changed.emit(Delta(everything=True))
        self.window.show()
        old.hide()
        old.deleteLater()


def open_path(workspace: Workspace, path: str | Path) -> Page:
    """Open the flow at a path, its folder or file, as a page of the workspace; one that is open already is shown.

    Nothing of it runs. Raises UsageError, DocumentError, YamlError, PathError.
    """
    from flowloom.studio.canvas.interactions.gestures import Gestures
    from flowloom.studio.canvas.scene import CanvasScene
    from flowloom.studio.canvas.view import CanvasView
    from flowloom.studio.document import attach as care
    from flowloom.studio.document.flow_document import FlowDocument
    from flowloom.studio.document.recent import remember
    from flowloom.studio.run import attach as running

    document = FlowDocument(path, workspace.registry, workspace)
    for page in workspace.pages:
        if (page.document.root, page.document.name) == (document.root, document.name):
            document.checker.settle()
            document.deleteLater()
            workspace.show(page)
            return page
    scene = CanvasScene(document, document)
    scene.still = workspace.settings.reduced_motion
    view = CanvasView(scene)
    page = Page(document, scene, view)
    kept = care.attach(document, page.parts)
    view.gestures = page.parts["gestures"] = Gestures(workspace, page)
    for refusal in (document.refused, kept.saving.failed, kept.backup.failed):
        refusal.connect(lambda error: workspace.say(_sentence(error)))
    running.attach(workspace, page)
    workspace.add(page)
    several = Path(path).is_file() and document.kind != "dag"
    remember(path if several else document.root, document.title)
    return page


def close_page(workspace: Workspace, page: Page) -> None:
    """Close a page whose changes were saved or given up."""
    page.document.checker.settle()
    page.parts["care"].close()
    workspace.close(page)
    page.view.deleteLater()
    page.document.deleteLater()


def close_pages(workspace: Workspace) -> None:
    """Close every page, and with it what runs its flow; what is unsaved was asked about before."""
    for page in list(workspace.pages):
        close_page(workspace, page)


def _sentence(error: Exception) -> str:
    message = language.tr_data(str(error))
    hint = language.tr_data(getattr(error, "hint", "") or "")
    return f"{message} {hint}".strip()


def main(arguments: Sequence[str], *, face: str = "") -> int:
    """Open the studio, with the flow at ``arguments[0]`` where one is given, on its face ``use`` or ``build``. Returns the exit code when the window closes."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(["flowloom"])
    application.setApplicationName("Flowloom")
    application.setDesktopFileName("flowloom")
    signal.signal(signal.SIGINT, lambda *_: QApplication.closeAllWindows())
    studio = Studio(application)
    # Its beat is also when Python hears Ctrl+C.
    collector = Collector(studio)
    calm = QTimer(studio)
    calm.setSingleShot(True)
    calm.setInterval(CALM_MS)
    calm.timeout.connect(collector.all)
    studio.ready.connect(lambda: calm.start())
    studio.ready.connect(studio.learn)
    studio.workspace.page_opened.connect(lambda _page: calm.start())
    studio.workspace.page_closed.connect(lambda _page: calm.start())
    sys.excepthook = partial(_unexpected, studio, sys.excepthook)
    studio.show()
    if arguments:
        QTimer.singleShot(0, studio, lambda: _open_given(studio, arguments[0], face))
    code = application.exec()
    close_pages(studio.workspace)
    sys.stdout.flush()
    return code


def _unexpected(studio: Studio, before: Callable[..., object], kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A fault of ours: told in a sentence, and in full where an engineer looks."""
    before(kind, error, trace)
    if isinstance(error, Exception):
        words = language.tr("Flowloom itself failed at that ({error}). Your flow is as it was; save it, and report what the terminal shows.", error=kind.__name__)
        studio.workspace.say(words)


def _open_given(studio: Studio, path: str, face: str = "") -> None:
    from flowloom.flows.errors import FlowloomError
    from flowloom.studio.dialogs.message import tell

    try:
        open_path(studio.workspace, path)
    except FlowloomError as error:
        tell(studio.window, error)
        return
    if face:
        studio.workspace.do(f"view.{face}")
