"""Whether an open flow may run: a person trusted exactly what would run, and nothing of it changed from outside since.

A flow that is not trusted opens restricted: it can be read and edited, and nothing of its folder is handed to a worker. What the person
changes here stays trusted; what changes on the disk by other hands revokes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal

from flowloom.flows.document import read
from flowloom.flows.document.trust import NOT_INSTALLED, RunFile, WhatRuns, what_runs
from flowloom.flows.document.trust_store import Signed, drop_trust, keep_trust, read_trust
from flowloom.flows.errors import FlowloomError, UsageError
from flowloom.studio.document.disk_look import code_of, disk_flow
from flowloom.studio.language import tr

if TYPE_CHECKING:
    from flowloom.studio.document.flow_document import FlowDocument

State = Literal["trusted", "restricted"]


@dataclass(frozen=True, slots=True)
class Runs:
    """One line of what would run: a file or tool, and in plain words what it is and who uses it."""

    name: str
    words: str
    changed: bool = False
    """Whether it is new or other than when the flow was trusted."""


class Trust(QObject):
    """``changed`` is emitted when ``state`` or ``outside`` may be other than before."""

    changed = Signal()

    def __init__(self, document: FlowDocument, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._signed: Signed | None = None
        self._listed = ""
        self._dropped = False
        self.state: State = "restricted"
        self.outside: tuple[str, ...] = ()
        """What other hands changed since the flow was trusted; empty where it never was."""
        self.open()

    @property
    def trusted(self) -> bool:
        return self.state == "trusted"

    def open(self) -> None:
        """Look up whether this flow, as the disk holds it, is trusted."""
        self._signed = read_trust(self._document.root, self._document.name)
        self.state, self.outside = "restricted", ()
        if self._signed is not None:
            self._compare(self._signed, code_of(self._document.root, self._document.name))
        self.changed.emit()

    def check(self) -> bool:
        """Look at the disk again; whether the flow may still run. Trust that outside changes broke is revoked for good."""
        if self._signed is not None:
            self.take(code_of(self._document.root, self._document.name))
        return self.trusted

    def take(self, code: WhatRuns | FlowloomError) -> None:
        """Somebody looked at the disk, and this is what would run, or why that cannot be told."""
        before = (self.state, self.outside)
        if self._signed is not None:
            self._compare(self._signed, code)
        if (self.state, self.outside) != before:
            self.changed.emit()

    def _compare(self, signed: Signed, code: WhatRuns | FlowloomError) -> None:
        if isinstance(code, FlowloomError):
            # The disk holds no flow any more that could be compared, or run.
            self.state, self.outside = "restricted", (self._document.name,)
        elif code.hash == signed.hash:
            if self._dropped:
                keep_trust(self._document.root, self._document.name, signed)
                self._dropped = False
            self.state, self.outside = "trusted", ()
        else:
            self.state, self.outside = "restricted", tuple(code.changed_since(signed.digests))
            self._drop()

    def trust(self) -> None:
        """Trust what was listed last, else what the disk holds. Raises UsageError where the disk holds something else by now than the
        screen shows, DocumentError where it cannot be read or kept."""
        found = what_runs(disk_flow(self._document.root, self._document.name))
        listed, self._listed = self._listed, ""
        _check_seen(found, self._document.disk)
        if listed not in ("", found.hash):
            raise UsageError(tr("The folder changed while you looked."), hint=tr("Look at what would run once more, and choose Trust."))
        self._sign(found)
        self.state, self.outside = "trusted", ()
        self.changed.emit()

    def distrust(self) -> None:
        """Stay restricted, also when the flow is opened again."""
        drop_trust(self._document.root, self._document.name)
        self._signed = None
        self.state, self.outside = "restricted", ()
        self.changed.emit()

    def _drop(self) -> None:
        drop_trust(self._document.root, self._document.name)
        self._dropped = True

    def _sign(self, found: WhatRuns) -> None:
        self._dropped = False
        self._signed = Signed(found.hash, found.digests)
        keep_trust(self._document.root, self._document.name, self._signed)

    def signature(self) -> str:
        """The hash that must hold of what a run is given: the trusted disk with the document's unsaved text over it.

        Raises UsageError where the flow is not trusted, or not any more.
        """
        self.check()
        return self.signer()()

    def signer(self) -> Callable[[], str]:
        """The same for a thread: it looks at the document as it is now, and raises UsageError where the flow is not trusted any more;
        ``check`` then takes that over."""
        document, signed = self._document, self._signed if self.trusted else None
        root, name, overlay, shown = document.root, document.name, document.changed_files, dict(document.disk)

        def sign() -> str:
            code = code_of(root, name) if signed is not None else None
            if signed is None or not isinstance(code, WhatRuns) or code.hash != signed.hash:
                raise UsageError(tr("This flow is not trusted to run yet."), hint=tr("Look at what would run, and choose Trust."))
            _check_seen(code, shown)
            return what_runs(read(root / name, overlay=overlay), disk=code.files).hash if overlay else code.hash

        return sign

    def saved(self, written: Iterable[str]) -> None:
        """The document was saved: its own changes to ``written`` are trusted, changes by others that came between are not."""
        if not self.trusted or self._signed is None:
            return
        document, own = self._document, set(written)
        now = what_runs(disk_flow(document.root, document.name))
        own_flow = document.name in own
        others = [path for path in now.changed_since(self._signed.digests) if not self._is_own(path, now, own, own_flow)]
        if others:
            self.state, self.outside = "restricted", tuple(others)
            self._drop()
        else:
            self._sign(now)
        self.changed.emit()

    def _is_own(self, path: str, now: WhatRuns, own: set[str], own_flow: bool) -> bool:
        found = now.files.get(path)
        if path in own:
            text = self._document.disk.get(path)
            return (found.text == text) if found is not None else text is None or path in self._document.disk
        # What the flow's own new text names for the first time, or names no more.
        known = self._signed.digests if self._signed else {}
        is_named = path.startswith("package ") or found is None or found.kind == "other" or found.target != found.path
        return own_flow and is_named and (path not in known or found is None or path.startswith("package "))

    def moved(self, trusted: bool) -> None:
        """The document was saved to another folder: that is trusted where this one was."""
        if trusted:
            self.trust()
        else:
            self.open()

    def what_runs(self) -> list[Runs]:
        """Every file and tool that would run, in plain words; what changed first, then in the order of the flow's files."""
        document = self._document
        try:
            disk = what_runs(disk_flow(document.root, document.name))
            self._listed = disk.hash
            found = what_runs(read(document.root / document.name, overlay=document.changed_files), disk=disk.files)
        except FlowloomError as error:
            return [Runs(document.name, error.message)]
        changed = set(self.outside)
        lines = [Runs(path, _words(file, found.used_by.get(path, ())), path in changed) for path, file in sorted(found.files.items())]
        for tool in found.tools:
            nodes = ", ".join(found.used_by[tool])
            if found.packages.get(tool) == NOT_INSTALLED:
                lines.append(Runs(tool, tr("A tool that is not installed here, used by {nodes}.", nodes=nodes), f"package {tool}" in changed))
            else:
                lines.append(Runs(tool, tr("A tool, used by {nodes}.", nodes=nodes)))
        for name, version in sorted(found.packages.items()):
            if version != NOT_INSTALLED:
                words = tr("A package whose tools the flow uses, version {version}.", version=version or "?")
                lines.append(Runs(name, words, f"package {name}" in changed))
        lines += [Runs(path, tr("Was deleted."), True) for path in sorted(changed) if path not in found.files and not path.startswith("package ")]
        lines += [Runs(name, tr("A variable that the flow sets for everything it runs.")) for name in found.variables]
        return sorted(lines, key=lambda line: not line.changed)


def _check_seen(found: WhatRuns, shown: Mapping[str, str]) -> None:
    """Nobody trusts, or runs, what the screen does not show. Raises UsageError."""
    other = [path for path, file in found.files.items() if path in shown and file.text is not None and file.text != shown[path]]
    if other:
        raise UsageError(
            tr("Changed on disk by others, and not shown here yet: {names}.", names=", ".join(sorted(other)[:5])),
            hint=tr("Reload to see the change, or keep yours."),
        )


def _words(file: RunFile, nodes: tuple[str, ...]) -> str:
    used = ", ".join(nodes)
    if file.kind == "python":
        return tr("Python code, run by {nodes}.", nodes=used) if used else tr("Python code that other code may import.")
    if file.kind == "prompt":
        return tr("A prompt, used by {nodes}.", nodes=used) if used else tr("A prompt that code may use.")
    if file.kind == "flow":
        return tr("A flow: what runs, in which order.")
    if file.kind == "program":
        return tr("A program or script that code may start.")
    if file.kind == "data":
        return tr("Data that can run code when it is read.")
    if file.kind == "settings":
        return tr("Settings that code may read.")
    return tr("A file used by {nodes}.", nodes=used) if used else tr("A file that the flow brings along.")
