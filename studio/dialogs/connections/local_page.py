"""The model on this computer: whether it is here, fetching it, and other model files of one's own."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QProcess, Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from flowloom.studio.language import tr, tr_data
from flowloom.studio.run.background import Background

if TYPE_CHECKING:
    from flowloom.studio.workspace import Workspace

CHILD: Final = str(Path(__file__).with_name("model_child.py"))


class LocalPage(QWidget):
    """``told`` after each answer of the child, ``status`` being the newest."""

    told = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.status: dict[str, Any] = {}
        self._folder: Path | None = None
        self._child: QProcess | None = None
        self._background = Background(self)
        title = _label(tr("The model on this computer"), "title", self)
        about = _label(tr("It needs no key and no network: nothing you write leaves this computer, and it costs nothing. It is small: good for sorting and short texts, and for trying things out."), "muted", self)  # fmt: skip
        self.state = _label(tr("Looking..."), "heading", self)
        self.detail = _label("", "small", self)
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(tr("Download"))
        self.progress.hide()
        self.download_button = QPushButton(tr("Download"), self)
        self.download_button.setProperty("kind", "primary")
        self.download_button.clicked.connect(self._download_or_stop)
        self.download_button.hide()
        card = QFrame(self)
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(16, 12, 16, 12)
        inside.setSpacing(8)
        row = QHBoxLayout()
        row.addWidget(self.state, 1)
        row.addWidget(self.download_button)
        inside.addLayout(row)
        inside.addWidget(self.progress)
        inside.addWidget(self.detail)
        self.files = QListWidget(self)
        self.files.setAccessibleName(tr("Model files on this computer"))
        self.files.setMaximumHeight(104)
        self.add_button = QPushButton(tr("Add a GGUF file..."), self)
        self.add_button.clicked.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(title)
        layout.addWidget(about)
        layout.addWidget(card)
        layout.addWidget(_label(tr("Model files"), "section", self))
        layout.addWidget(self.files)
        layout.addWidget(_label(tr("Write a file's name as the model of a step whose connection is 'local'."), "small", self))
        layout.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)

    def look(self) -> None:
        """Ask how the model is."""
        self._start("status")

    def add_file(self, path: str | Path) -> None:
        """Make a GGUF file known by its name: a link to it in the models' folder, or a copy where links cannot be made."""
        source = Path(path)
        if self._folder is None or source.suffix.lower() != ".gguf" or not source.is_file():
            self._workspace.say(tr("This is no GGUF file."))
            return
        target = self._folder / source.name
        self._background.do(lambda: _place(source, target), lambda _none: self.look())

    def close_child(self) -> None:
        """End a child at work; what was fetched so far is used the next time."""
        child, self._child = self._child, None
        if child is not None:
            child.readyReadStandardOutput.disconnect()
            child.finished.disconnect()
            child.kill()
            child.waitForFinished(2000)
        self._background.settle()

    def _start(self, action: str) -> None:
        if self._child is not None:
            return
        self._child = QProcess(self)
        self._child.readyReadStandardOutput.connect(self._read)
        self._child.finished.connect(self._ended)
        self._child.start(sys.executable, ["-P", CHILD, action])
        if action == "download":
            self.download_button.setText(tr("Cancel"))
            self.progress.setRange(0, 0)
            self.progress.show()

    def _read(self) -> None:
        child = self._child
        while child is not None and child.canReadLine():
            self._hear(json.loads(child.readLine().toStdString()))

    def _hear(self, line: dict[str, Any]) -> None:
        if "status" in line:
            self._folder = Path(line["folder"])
            self._show(line["status"], line["files"])
        elif "total" in line:
            total = max(1, int(line["total"]))
            self.progress.setRange(0, 1000)
            self.progress.setValue(min(1000, 1000 * int(line["done"]) // total))
            self.detail.setText(tr("{what}: {done} of {total} MB", what=tr_data(line["what"]), done=round(line["done"] / 1e6), total=round(total / 1e6)))  # fmt: skip
        elif "error" in line:
            self.state.setText(tr_data(line["error"]))
            self.detail.setText(tr_data(line.get("hint") or ""))
        self.told.emit()

    def _ended(self, _code: int, _status: QProcess.ExitStatus) -> None:
        child = self._child
        self._read()
        self._child = None
        downloaded = child is not None and child.arguments()[-1] == "download"
        if child is not None:
            child.deleteLater()
        self.progress.hide()
        self.download_button.setText(tr("Download"))
        if downloaded:
            self.look()

    def _show(self, status: dict[str, Any], files: list[dict[str, Any]]) -> None:
        self.status = status
        if not status["runtime"]:
            self.state.setText(tr("What runs models on this computer is not installed."))
            self.detail.setText("pip install 'flowloom[local]'")
        elif status["present"]:
            self.state.setText(tr("{model} is here and ready.", model=status["model"]))
            self.detail.setText(status["path"])
        else:
            self.state.setText(tr("{model} is not here yet.", model=status["model"]))
            self.detail.setText(tr("It is fetched once, about 93 MB, and kept."))
        self.download_button.setVisible(bool(status["runtime"]) and not status["present"])
        self.files.clear()
        for file in files:
            item = QListWidgetItem(f"{file['name']}   {file['bytes'] / 1e6:,.0f} MB")
            item.setToolTip(file["path"])
            self.files.addItem(item)

    def _download_or_stop(self) -> None:
        if self._child is None:
            self._start("download")
            return
        self.close_child()
        self.progress.hide()
        self.download_button.setText(tr("Download"))
        self.look()

    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("Choose a model file"), "", tr("Models ({endings})", endings="*.gguf"))
        if path:
            self.add_file(path)


def _place(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        return
    try:
        os.symlink(source.resolve(), target)
    except OSError:
        shutil.copyfile(source, target)


def _label(text: str, role: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("role", role)
    return label
