"""Shared by the tests of the studio: one application without a screen, and no warning of Qt's unheard."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest

if not os.environ.get("DISPLAY") or os.environ.get("FLOWLOOM_OFFSCREEN", "1") == "1":
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from flowloom.flows.node.registry import Registry, default_registry
from flowloom.studio import language
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.theme import theme

if TYPE_CHECKING:
    from flowloom.studio.workspace import Workspace

if TYPE_CHECKING:
    from flowloom.studio.application import Studio
    from flowloom.studio.workspace import Page

_FLOOD = 100
_HARMLESS = ("This plugin does not support", "propagateSizeHints", "Populating font family aliases")


@pytest.fixture(scope="session")
def application() -> QApplication:
    found = QApplication.instance()
    return found if isinstance(found, QApplication) else QApplication(["flowloom"])


def _collect() -> None:
    """Young garbage after each test, all of it now and then: all of it takes a while."""
    global _tests
    _tests += 1
    gc.collect(2 if _tests % 25 == 0 else 1)


_tests = 0


@pytest.fixture(autouse=True)
def _qt_is_silent(application: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Any warning of Qt's fails the test, and nothing a test keeps meets the next."""
    warnings: list[str] = []
    # As in the studio: garbage that holds Qt objects must not be collected by a thread that happens to allocate.
    gc.disable()

    def heard(kind: QtMsgType, _context: object, message: str) -> None:
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) and not any(words in message for words in _HARMLESS):
            if len(warnings) == _FLOOD:
                os.write(2, f"Qt goes on and on: {message}\n".encode())
            if len(warnings) <= _FLOOD:
                warnings.append(message)

    monkeypatch.setenv("FLOWLOOM_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    previous = qInstallMessageHandler(heard)
    try:
        yield
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        application.processEvents()
    finally:
        _collect()
        qInstallMessageHandler(previous)
        language.set_language("en")
        theme.set_theme("dark")
    assert not warnings, warnings


@pytest.fixture
def wait(application: QApplication) -> Callable[..., None]:
    """``wait(condition, seconds=5)`` handles events until the condition holds, and fails where it never does."""

    def until(condition: Callable[[], object], seconds: float = 5) -> None:
        end = monotonic() + seconds
        while not condition():
            assert monotonic() < end, f"waited {seconds} s in vain"
            application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 100)
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    return until


@pytest.fixture(scope="session")
def registry() -> Registry:
    return default_registry()


TWO_NODES = """\
# A flow with a comment that must stay.
inputs:
  question:
    type: string
    default: Why?
outputs:
  answer:
    type: string
    reference: ${answer.output}
nodes:
- name: prepare
  type: python
  source:
    type: code
    path: prepare.py
  inputs:
    text: ${inputs.question}
- name: answer
  type: llm
  source:
    type: code
    path: answer.jinja2
  inputs:
    question: ${prepare.output}
    temperature: 0.2
  connection: local
  api: chat
"""


@pytest.fixture
def flow_folder(tmp_path: Path) -> Path:
    """A folder with a flow of two nodes, ``prepare`` (Python) and ``answer`` (a model), and no layout file."""
    root = tmp_path / "flow"
    root.mkdir()
    (root / "flow.dag.yaml").write_text(TWO_NODES, encoding="utf-8")
    (root / "prepare.py").write_text(
        "from promptflow.core import tool\n\n\n@tool\ndef prepare(text: str, upper: bool = False) -> str:\n    return text\n",
        encoding="utf-8",
    )
    (root / "answer.jinja2").write_text("system:\nYou are kind.\n\nuser:\n{{question}}\n", encoding="utf-8")
    return root


@pytest.fixture
def studio(application: QApplication, tmp_path: Path) -> Iterator[Studio]:
    """The whole window, 1280 by 800, with nothing open, in English and dark."""
    from flowloom.studio.application import Studio, close_page
    from flowloom.studio.settings import Settings

    settings = Settings(tmp_path / "state")
    for key, value in {"theme": "dark", "language": "en", "flows_folder": str(tmp_path)}.items():
        settings.set(key, value)
    made = Studio(application, settings)
    made.show()
    made.window.resize(1280, 800)
    application.processEvents()
    yield made
    for page in list(made.workspace.pages):
        close_page(made.workspace, page)
    made.window.release()
    made.window.close()
    made.window.deleteLater()
    made.deleteLater()


@pytest.fixture
def page(studio: Studio, flow_folder: Path, application: QApplication) -> Page:
    """The flow of two nodes, open in the window and trusted."""
    from flowloom.studio.application import open_path

    opened = open_path(studio.workspace, flow_folder)
    opened.parts["trust"].trust()
    application.processEvents()
    return opened


@pytest.fixture
def document(flow_folder: Path, registry: Registry) -> Iterator[FlowDocument]:
    opened = FlowDocument(flow_folder, registry)
    yield opened
    opened.checker.settle()
    opened.deleteLater()


LETTERS = """\
inputs:
  text:
    type: string
  times:
    type: int
    default: 2
outputs:
  result:
    type: string
    reference: ${repeat.output}
nodes:
- name: loud
  type: python
  source: {type: code, path: loud.py}
  inputs:
    text: ${inputs.text}
- name: repeat
  type: python
  source: {type: code, path: repeat.py}
  inputs:
    text: ${loud.output}
    times: ${inputs.times}
"""


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """A flow without models: ``loud`` makes its text upper case, ``repeat`` writes it ``times`` times. It needs a text."""
    root = tmp_path / "letters"
    root.mkdir()
    (root / "flow.dag.yaml").write_text(LETTERS, encoding="utf-8")
    head = "from promptflow.core import tool\n\n\n@tool\n"
    (root / "loud.py").write_text(head + "def loud(text: str) -> str:\n    return text.upper()\n", encoding="utf-8")
    (root / "repeat.py").write_text(head + "def repeat(text: str, times: int) -> str:\n    return text * times\n", encoding="utf-8")
    return root


@pytest.fixture
def open_flow(registry: Registry, tmp_path: Path, wait: Callable[..., None]) -> Iterator[Callable[..., Workspace]]:
    """``open_flow(folder)`` opens a flow as the window does, trusted and with its worker, and gives the workspace."""
    from flowloom.studio.application import close_page, open_path
    from flowloom.studio.settings import Settings
    from flowloom.studio.workspace import Workspace

    opened: list[Workspace] = []

    def open_it(folder: Path, *, trusted: bool = True) -> Workspace:
        workspace = Workspace(registry, Settings(tmp_path / "settings"))
        opened.append(workspace)
        page = open_path(workspace, folder)
        if trusted:
            page.parts["trust"].trust()
        return workspace

    yield open_it
    for workspace in opened:
        for page in list(workspace.pages):
            close_page(workspace, page)
        workspace.deleteLater()


@pytest.fixture
def run_to_end(wait: Callable[..., None]) -> Callable[..., Any]:
    """``run_to_end(workspace, **ask)`` runs the flow that is shown and gives the RunView when it has ended."""
    from flowloom.studio.run.runner import Ask

    def run(workspace: Any, **ask: Any) -> Any:
        runner = workspace.page.parts["runner"]
        assert runner.run(Ask(**ask))
        wait(lambda: not runner.running, 30)
        return runner.last

    return run
