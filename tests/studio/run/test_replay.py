"""A past run is shown again step by step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flowloom.studio.commands.run import COMMANDS

REPLAY = next(command for command in COMMANDS if command.id == "run.replay")


def test_nodes_come_back_in_their_order_and_the_run_stands_at_the_end(open_flow: Callable, letters: Path, run_to_end: Callable, wait: Callable) -> None:
    workspace = open_flow(letters)
    view = run_to_end(workspace, inputs={"text": "ab"})
    runner = workspace.page.parts["runner"]
    wait(lambda: not runner._dirty)
    REPLAY.run(workspace)
    replay = runner.replay
    items = workspace.page.scene.card_items
    states: list[tuple[str, str]] = [(items["loud"].marks.state, items["repeat"].marks.state)]
    while not replay.over:
        REPLAY.run(workspace)
        states.append((items["loud"].marks.state, items["repeat"].marks.state))
    assert states == [
        ("waiting", "waiting"), ("running", "waiting"), ("completed", "waiting"), ("completed", "running"), ("completed", "completed")
    ]  # fmt: skip
    assert runner.view is view
    assert view.outputs == {"result": "ABAB"}


def test_it_goes_on_by_itself_and_ends_where_another_run_is_shown(open_flow: Callable, letters: Path, run_to_end: Callable, wait: Callable) -> None:
    workspace = open_flow(letters)
    view = run_to_end(workspace, inputs={"text": "ab"})
    runner = workspace.page.parts["runner"]
    REPLAY.run(workspace)
    wait(lambda: runner.replay.shown.nodes["loud"].status == "running")
    runner.show(view)
    runner.replay.step()
    assert runner.replay.over
    assert runner.view is view
