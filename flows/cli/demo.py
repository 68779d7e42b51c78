"""``flowloom demo``: puts the demo flow into a folder and runs it on the model on this computer."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from flowloom.flows.cli import sink
from flowloom.flows.cli.new import copy_template
from flowloom.flows.cli.run import add_run_options

FOLDER: Final = "flowloom-demo"
TEMPLATE: Final = "demo"


def register(parser: argparse.ArgumentParser) -> None:
    """Run a small flow on a model on this computer."""
    parser.add_argument("folder", nargs="?", default=FOLDER, help=f"where to put the flow (default: {FOLDER}); one that is there is run as it is")
    add_run_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from flowloom.flows.cli.run import run as run_flow

    folder = Path(arguments.folder)
    if not (folder / "flow.dag.yaml").is_file():
        copy_template(TEMPLATE, folder)
        sink.say(f"The demo flow is in {folder}: open the files, change them, run it again.")
    _fetch_model()
    arguments.path = str(folder)
    code = run_flow(arguments)
    if code == 0 and not (arguments.json or arguments.events):
        sink.say(sink.style(f"\nLook at it: flowloom show {folder}   Ask your own: flowloom run {folder} -i NAME=VALUE", "dim"))
    return code


def _fetch_model() -> None:
    """Fetch the model's file where it is not here yet, with its progress."""
    from flowloom.flows.node.registry import service

    model = service("local_model")
    if model.status().get("present"):
        return
    shown = _Progress()
    try:
        model.download(shown)
    finally:
        shown.close()


class _Progress:
    """How far a download is: a bar on a terminal, a line each quarter elsewhere."""

    def __init__(self) -> None:
        import sys

        self._live = sink.is_terminal(sys.stderr)
        self._last = -1
        self._open = False

    def __call__(self, what: str, done: int, total: int) -> None:
        percent = 100 * done // total if total else 0
        if percent == self._last or (not self._live and percent // 25 == self._last // 25):
            return
        self._last = percent
        text = f"{what}  {percent:3d} %  {done / 1e6:,.0f} of {total / 1e6:,.0f} MB"
        if not self._live:
            sink.say(text)
            return
        filled = percent * 30 // 100
        sink.say(f"\r{text}  [{'#' * filled}{'.' * (30 - filled)}]", end="")
        self._open = True

    def close(self) -> None:
        if self._open:
            sink.say()
            self._open = False
