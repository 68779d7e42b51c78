"""``flowloom demo``: puts the demo flow into a folder and runs it on the model on this computer.

``flowloom demo --server`` instead serves a deterministic stand-in for a model's service on this computer, for trying
flows offline."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path
from typing import Final

from flowloom.flows.cli import sink
from flowloom.flows.cli.run import add_run_options
from flowloom.flows.cli.studio import APPLICATION
from flowloom.flows.document.templates import copy_template
from flowloom.flows.errors import UsageError

FOLDER: Final = "flowloom-demo"
TEMPLATE: Final = "demo"
PICTURE: Final = "flowloom.studio.run.picture"


def register(parser: argparse.ArgumentParser) -> None:
    """Run a small flow on a model on this computer."""
    parser.add_argument(
        "folder",
        nargs="?",
        default=FOLDER,
        help=f"where to put the flow (default: {FOLDER}); one that is there is run as it is",
    )
    add_run_options(parser)
    parser.add_argument(
        "--server",
        action="store_true",
        help="instead, stand in for a model's service until Ctrl+C, for trying flows offline",
    )
    parser.add_argument(
        "--port", type=int, default=0, help="with --server: the port to listen at (a free one unless given)"
    )
    parser.add_argument("--window", action="store_true", help="open it in the studio, where there is a screen for it")
    parser.add_argument("--picture", metavar="FILE.png", help="after a run in the terminal, draw the studio as it looks then")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    if arguments.server:
        return _serve(arguments.port)
    from flowloom.flows.cli.run import run as run_flow

    folder = Path(arguments.folder)
    if not (folder / "flow.dag.yaml").is_file():
        copy_template(TEMPLATE, folder)
        _trust(folder)
        sink.say(f"The demo flow is in {folder}: open the files, change them, run it again.")
    _fetch_model()
    if arguments.window and _has_window():
        sink.say(f"The demo is open in the studio: press F5 to run it. Later: flowloom studio {folder}")
        return import_module(APPLICATION).main([str(folder)])
    arguments.path = str(folder)
    code = run_flow(arguments)
    if code == 0 and not (arguments.json or arguments.events):
        sink.say(
            sink.style(
                f"\nLook at it: flowloom show {folder}   Ask your own: flowloom run {folder}{_own_inputs(folder)}",
                "dim",
            )
        )
    if arguments.picture is not None and code == 0:
        _draw(folder, arguments.picture)
    return code


def _trust(folder: Path) -> None:
    """What this program has just written itself may run."""
    from flowloom.flows.document import read
    from flowloom.flows.document.trust import what_runs
    from flowloom.flows.document.trust_store import Signed, keep_trust

    file = read(folder)
    found = what_runs(file)
    keep_trust(file.root, file.name, Signed(found.hash, found.digests))


def _has_window() -> bool:
    """Whether a window really opens: a screen that is named may be gone."""
    import subprocess

    from flowloom.flows.cli import display

    if display.fault() is not None:
        return False
    program = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"
    try:
        return subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def _draw(folder: Path, target: str) -> None:
    """Draw the studio after the run, in a process of its own; say why where that cannot be."""
    import os
    import subprocess

    from flowloom.flows.cli import display

    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    if (fault := display.fault(environment)) is not None:
        sink.say(f"No picture of the studio is drawn. {fault.message} {fault.hint}")
        return
    program = f"import sys; from {PICTURE} import draw; draw(sys.argv[1], sys.argv[2])"
    command = [sys.executable, "-c", program, str(folder), target]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode == 0:
        sink.say(f"The studio after this run: {target}")
    else:
        sink.say(f"No picture of the studio was drawn: {(done.stderr.strip().splitlines() or ['Qt stopped'])[-1]}")


def _own_inputs(folder: Path) -> str:
    from flowloom.flows.document import read
    from flowloom.flows.model.build import build

    return "".join(f" -i {name}='...'" for name in build(read(folder)).flow.inputs)


def _serve(port: int) -> int:
    """Serve the stand-in until Ctrl+C. Its address is the first line of stdout, then a connections file that points at
    it.
    """
    import asyncio

    from flowloom.flows.node.registry import service

    server = service("demo_server")

    async def serve() -> None:
        try:
            await server.start("127.0.0.1", port)
        except (OSError, OverflowError) as error:
            words = getattr(error, "strerror", None) or "ports are numbers from 0 to 65535"
            raise UsageError(
                f"Port {port} cannot be used: {words}.", hint="Choose another with --port; 0 takes a free one."
            ) from error
        sink.tell(server.address)
        sink.tell(
            "\n# connections.yaml: give it to flowloom run with --connections connections.yaml\n"
            f'open_ai_connection: {{type: open_ai, api_key: "any text will do", base_url: "{server.address}/v1"}}\n'
            f'azure_open_ai_connection: {{type: azure_open_ai, api_key: "any text will do", api_base: "{server.address}"}}'
        )
        sys.stdout.flush()
        sink.say("Serving made-up replies, the same for the same request, to this computer only. Ctrl+C stops.")
        try:
            await asyncio.Event().wait()
        finally:
            await server.stop()

    try:
        asyncio.run(serve())
    except KeyboardInterrupt:
        sink.say("Stopped.")
    return 0


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
