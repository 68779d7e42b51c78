"""A past run shown again node by node, slowly enough to talk about it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from flowloom.studio.run.run_view import NodeView, RunView

if TYPE_CHECKING:
    from flowloom.studio.run.runner import Runner

STEP_MS: Final = 1_200


class Replay(QObject):
    """Shows ``view`` anew: all nodes wait, then one after another runs and ends as it did. ``step`` goes on by hand."""

    finished = Signal()

    def __init__(self, runner: Runner, view: RunView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._past = view
        self._steps = _steps(view)
        self.shown = _waiting(view)
        self._timer = QTimer(self)
        self._timer.setInterval(STEP_MS)
        self._timer.timeout.connect(self.step)

    def start(self) -> None:
        self._runner.show(self.shown)
        self._timer.start()

    @property
    def over(self) -> bool:
        return not self._steps

    def step(self) -> None:
        """Show the next thing that happened; the run as it was at the end of it."""
        if self._runner.view is not self.shown:
            self._stop()
            return
        name, node = self._steps.pop(0)
        self.shown.nodes[name] = node
        self._runner.redraw({name})
        if not self._steps:
            self._runner.show(self._past)
            self._stop()

    def _stop(self) -> None:
        self._timer.stop()
        self._steps = []
        self.finished.emit()


def _waiting(view: RunView) -> RunView:
    """The run before anything of it happened."""
    found = copy.copy(view)
    found.nodes = {name: NodeView(name) for name in view.nodes}
    found.outputs, found.error = {}, None
    return found


def _steps(view: RunView) -> list[tuple[str, NodeView]]:
    """For each node, in the order in which they began: at work, then as it ended. Those that never began are not part of it."""
    found: list[tuple[str, NodeView]] = []
    begun = [node for node in view.nodes.values() if node.status != "waiting"]
    order = {name: number for number, name in enumerate(view.nodes)}
    for node in sorted(begun, key=lambda node: (node.started or view.started or 0.0, order[node.name])):
        if node.started is not None and not node.cached:
            found.append((node.name, NodeView(node.name, "running", started=None, inputs=node.inputs)))
        found.append((node.name, node))
    return found
