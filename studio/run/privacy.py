"""Keeps what leaves this computer, and what a run may cost, in step with the flow as it is edited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from flowloom.flows.engine.events import Usage
from flowloom.flows.model.flow import EMPTY
from flowloom.studio.run import cost, leaving
from flowloom.studio.run.making_ready import hosts_of

if TYPE_CHECKING:
    from flowloom.studio.document.flow_document import FlowDocument
    from flowloom.studio.run.background import Background

LOOK_MS: Final = 400
"""How long after an edit it is worked out anew."""


class Privacy(QObject):
    """``changed`` is emitted when ``leaving`` is another."""

    changed = Signal()

    def __init__(self, document: FlowDocument, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._background = background
        self._hosts: dict[str, str | None] = {}
        self._used: Mapping[str, Usage] = EMPTY
        self.leaving = leaving.Leaving()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)
        document.changed.connect(self._edited)
        self._timer.start(0)

    def know(self, hosts: Mapping[str, str | None]) -> None:
        """Where connections send to was just found out."""
        self._hosts = dict(hosts)
        self._timer.start()

    def forget(self) -> None:
        """Connections were added, changed or deleted."""
        self._hosts = {}
        self._timer.start(0)

    def used(self, usage: Mapping[str, Usage]) -> None:
        """What nodes took in a run that has ended."""
        self._used = usage
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _edited(self, _delta: object) -> None:
        self._timer.start()

    def _look(self) -> None:
        names = leaving.connection_names(self._document.flow)
        if set(names) <= self._hosts.keys():
            self._tell()
        else:
            self._background.do(lambda: hosts_of(names), self._take)

    def _take(self, hosts: dict[str, str | None]) -> None:
        self._hosts = hosts
        self._tell()

    def _tell(self) -> None:
        document = self._document

        def kind_of(name: str) -> str:
            spec = document.spec(name)
            return spec.kind if spec is not None else ""

        likely = cost.estimate(document.flow, document.text, self._hosts, self._used, kind_of)
        found = leaving.look(document, self._hosts, likely)
        if found != self.leaving:
            self.leaving = found
            self.changed.emit()
