"""Running: the whole flow, to a node, one node; stopping; pins; and what belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

from flowloom.flows.model.edits import ClearPin, SetPin
from flowloom.studio.commands.command import Command, always, has_document
from flowloom.studio.language import tr

if TYPE_CHECKING:
    from flowloom.studio.run.runner import Runner
    from flowloom.studio.workspace import Workspace


def runner_of(workspace: Workspace) -> Runner | None:
    """What runs the flow that is shown."""
    return workspace.page.parts.get("runner") if workspace.page is not None else None


def _can_run(workspace: Workspace) -> bool:
    runner = runner_of(workspace)
    return runner is not None and not runner.running


def _running(workspace: Workspace) -> bool:
    runner = runner_of(workspace)
    return runner is not None and runner.running


def _node(workspace: Workspace) -> str | None:
    """The one chosen node, where exactly one is."""
    name, document = workspace.current_node, workspace.document
    return name if name is not None and document is not None and document.node(name) is not None else None


def _can_run_node(workspace: Workspace) -> bool:
    return _can_run(workspace) and _node(workspace) is not None


def _output(workspace: Workspace) -> Any:
    """The chosen node's output in the run that is shown; None where there is none."""
    runner, name = runner_of(workspace), _node(workspace)
    if runner is None or runner.view is None or name is None:
        return None
    return runner.view.output_of(name)


def _can_pin(workspace: Workspace) -> bool:
    runner, name = runner_of(workspace), _node(workspace)
    view = runner.view if runner is not None else None
    return view is not None and name in view.nodes and view.nodes[name].status == "completed"


def _is_pinned(workspace: Workspace) -> bool:
    document, name = workspace.document, _node(workspace)
    return document is not None and name is not None and name in document.pins.values


def _can_continue(workspace: Workspace) -> bool:
    runner = runner_of(workspace)
    return runner is not None and not runner.running and runner.view is not None and runner.view.status in ("failed", "cancelled", "crashed")


def _start(workspace: Workspace, **what: Any) -> None:
    from flowloom.studio.run.runner import Ask

    runner = runner_of(workspace)
    if runner is not None:
        runner.run(Ask(**what))


def _stop(workspace: Workspace) -> None:
    runner = runner_of(workspace)
    if runner is not None:
        runner.stop()


def _can_replay(workspace: Workspace) -> bool:
    runner = runner_of(workspace)
    return runner is not None and not runner.running and runner.view is not None


def _replay(workspace: Workspace) -> None:
    """Show the run again step by step; asked for again, go on to the next step."""
    from flowloom.studio.run.replay import Replay

    runner = runner_of(workspace)
    if runner is None or runner.view is None:
        return
    if runner.replay is not None and not runner.replay.over and runner.view is runner.replay.shown:
        runner.replay.step()
        return
    runner.replay = Replay(runner, runner.view, runner)
    runner.replay.start()


def _continue(workspace: Workspace) -> None:
    runner = runner_of(workspace)
    if runner is not None:
        runner.continue_failed()


def _pin(workspace: Workspace) -> None:
    from flowloom.studio.run.pins import pinnable

    document, name = workspace.document, _node(workspace)
    if document is None or name is None:
        return
    value, why = pinnable(_output(workspace))
    if why:
        workspace.say(tr("This output cannot be pinned: {why}.", why=why))
    elif document.apply(SetPin(name, value)):
        workspace.say(tr("Pinned: runs here take this output until you unpin it."))


def _unpin(workspace: Workspace) -> None:
    document, name = workspace.document, _node(workspace)
    if document is not None and name is not None:
        document.apply(ClearPin(name))


def _edit_pin(workspace: Workspace) -> None:
    from flowloom.studio.run.edit_pin import edit_pin

    document, name = workspace.document, _node(workspace)
    if document is not None and name is not None:
        edit_pin(workspace, document, name, _output(workspace))


def _inputs(workspace: Workspace) -> None:
    bottom = workspace.parts.get("bottom")
    if bottom is not None and (panel := bottom.show_tab("timeline")) is not None:
        panel.form.focus_first()


def _lanes(workspace: Workspace) -> None:
    if (bottom := workspace.parts.get("bottom")) is not None:
        bottom.show_tab("lanes")
        # A table of long texts wants room: half the window, where it has less.
        window = workspace.window
        if isinstance(window, QMainWindow) and isinstance(bottom, QDockWidget) and bottom.height() < window.height() // 2:
            window.resizeDocks([bottom], [window.height() * 55 // 100], Qt.Orientation.Vertical)


def _connections(workspace: Workspace) -> None:
    from flowloom.studio.dialogs.connections.dialog import show_connections

    show_connections(workspace)


def _fix(workspace: Workspace) -> None:
    """Do the first thing that can be done about the chosen node's error, or the run's."""
    from flowloom.studio.run.fixes import fixes

    runner, document = runner_of(workspace), workspace.document
    fault = runner.fault_of(workspace.current_node) if runner is not None else None
    if fault is not None and document is not None:
        fixes(fault, document)[0].run(workspace)


def _has_fault(workspace: Workspace) -> bool:
    runner = runner_of(workspace)
    return runner is not None and runner.fault_of(workspace.current_node) is not None


COMMANDS: Final = (
    Command("run.run", "Run", lambda w: _start(w), ("F5",), "Run", _can_run, "play", section="run"),
    Command("run.afresh", "Run all afresh", lambda w: _start(w, reuse=False), ("Ctrl+F5",), "Run", _can_run, "arrow-clockwise", section="run"),
    Command("run.to_here", "Run to here", lambda w: _start(w, node=_node(w)), ("F6",), "Run", _can_run_node, "flag", section="run"),
    Command("run.only", "Run only this node", lambda w: _start(w, node=_node(w), only=True), ("Shift+F6",), "Run", _can_run_node, "play-circle", section="run"),
    Command("run.stop", "Stop", _stop, ("Esc",), "Run", _running, "stop", section="run"),
    Command("run.continue", "Continue from where it failed", _continue, (), "Run", _can_continue, "skip-forward", section="after"),
    Command("run.fix", "Fix what failed", _fix, (), "Run", _has_fault, "wrench", section="after"),
    Command("run.replay", "Replay step by step", _replay, ("Shift+F5",), "Run", _can_replay, "film-strip", section="after"),
    Command("run.inputs", "Inputs of the run", _inputs, (), "Run", has_document, "pencil-simple", section="inputs"),
    Command("run.lanes", "Compare variants side by side", _lanes, (), "Run", has_document, "columns", section="inputs"),
    Command("run.pin", "Pin the output", _pin, (), "Node", _can_pin, "push-pin", section="pins"),
    Command("run.edit_pin", "Edit the pinned output", _edit_pin, (), "Node", lambda w: _is_pinned(w) or _can_pin(w), "pencil-simple", section="pins"),
    Command("run.unpin", "Unpin the output", _unpin, (), "Node", _is_pinned, "push-pin-slash", section="pins"),
    Command("run.connections", "Connections and models", _connections, (), "Run", always, "link-simple", section="connections"),
)  # fmt: skip
