"""Names of connections and models to choose from, found out in the background when a list is opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from flowloom.flows.errors import FlowloomError
from flowloom.flows.model.flow import Constant
from flowloom.studio.language import tr

if TYPE_CHECKING:
    from flowloom.studio.document.flow_document import FlowDocument
    from flowloom.studio.workspace import Page

Choices = list[tuple[str, str]]
"""A name, and the words for it in the list."""

LOCAL = "local"


class Suggestions(QObject):
    """``changed`` says that ``connections`` or ``models`` know more now."""

    changed = Signal()
    _found = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kinds: dict[str, str] = {LOCAL: LOCAL}
        self._models: dict[str, tuple[str, ...]] = {}
        self._asked: set[str] = set()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._found.connect(self._take)

    def connections(self, document: FlowDocument, kinds: tuple[str, ...] = ()) -> Choices:
        """Every connection that is known or that the flow names, the model on this computer first."""
        names = dict.fromkeys([*self._kinds, *used_connections(document)])
        fitting = [name for name in names if not kinds or self._kinds.get(name, "") in ("", *kinds)]
        return [(name, self._words(name)) for name in fitting]

    def _words(self, name: str) -> str:
        return tr("local: the model on this computer") if name == LOCAL else name

    def kind(self, connection: str) -> str:
        """The kind of a connection; empty where it is not known here."""
        return self._kinds.get(connection, "")

    def models(self, connection: str, document: FlowDocument) -> Choices:
        """What the service of a connection lists, and what nodes of the flow use with it."""
        used = used_models(document, connection)
        return [(name, name) for name in dict.fromkeys([*self._models.get(connection, ()), *used])]

    def look_for_connections(self) -> None:
        """Ask the environment and the keyring, which takes a moment, in the background."""
        self._pool.start(_Look(self))

    def look_for_models(self, connection: str, page: Page) -> None:
        """Ask the service of a connection what it offers; once for each, and never of a folder that is not trusted."""
        trust, link = page.parts.get("trust"), page.parts.get("worker")
        if not connection or connection in self._asked or link is None or (trust is not None and trust.state != "trusted"):
            return
        self._asked.add(connection)

        def ready(keys: dict[str, Any]) -> None:
            def done(answer: Any, error: FlowloomError | None) -> None:
                if error is not None:
                    self._asked.discard(connection)
                elif isinstance(answer, dict):
                    self._models[connection] = tuple(str(name) for name in answer.get("names", ()))
                    self.changed.emit()

            link.ask("models", {"connection": connection, "connections": keys}, done)

        self._pool.start(_Keys(self, connection, ready))

    def settle(self) -> None:
        """Wait for what is being looked for."""
        self._pool.waitForDone()

    def _take(self, found: Callable[[], None]) -> None:
        found()


class _Look(QRunnable):
    def __init__(self, owner: Suggestions) -> None:
        super().__init__()
        self._owner = owner

    def run(self) -> None:
        from flowloom.flows.connections.store import Connections

        kinds = {LOCAL: LOCAL}
        try:
            kinds |= {entry.name: entry.kind for entry in Connections().entries()}
        except FlowloomError:
            pass  # a keyring that cannot be asked leaves the names that are known; the connections dialog says why
        owner = self._owner

        def take() -> None:
            if owner._kinds != kinds:
                owner._kinds = kinds
                owner.changed.emit()

        owner._found.emit(take)


class _Keys(QRunnable):
    """The keys of one connection, for the worker that asks its service."""

    def __init__(self, owner: Suggestions, connection: str, ready: Callable[[dict[str, Any]], None]) -> None:
        super().__init__()
        self._owner, self._connection, self._ready = owner, connection, ready

    def run(self) -> None:
        from flowloom.flows.connections.store import Connections
        from flowloom.studio.run.making_ready import values_of

        keys: dict[str, Any] = {}
        try:
            keys[self._connection] = values_of(Connections().get(self._connection))
        except FlowloomError:
            pass  # a connection that is missing is said where the node needs it; here there is only nothing to list
        self._owner._found.emit(lambda: self._ready(keys))


def used_connections(document: FlowDocument) -> list[str]:
    """Names of connections that nodes of the flow use, most used first."""
    counts: dict[str, int] = {}
    for node in document.flow.nodes.values():
        names = [node.connection] if node.connection else []
        ports = document.ports(node.name)
        for name, port in ports.inputs.items() if ports else ():
            binding = node.inputs.get(name)
            if port.type == "connection" and isinstance(binding, Constant) and isinstance(binding.value, str):
                names.append(binding.value)
        for name in names:
            counts[name] = counts.get(name, 0) + 1
    return sorted((name for name in counts if name), key=lambda name: -counts[name])


def used_models(document: FlowDocument, connection: str) -> list[str]:
    """Names of models that nodes of the flow ask by a connection."""
    found: dict[str, None] = {}
    for node in document.flow.nodes.values():
        if (node.connection or "") == connection:
            for key in ("model", "deployment_name"):
                binding = node.inputs.get(key)
                if isinstance(binding, Constant) and isinstance(binding.value, str) and binding.value:
                    found[binding.value] = None
    return list(found)
