"""``flowloom studio``: opens the window."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path
from typing import Final

from flowloom.flows.errors import UsageError

APPLICATION: Final = "flowloom.studio.application"


def register(parser: argparse.ArgumentParser) -> None:
    """Open the studio, where flows are built, run and watched."""
    parser.add_argument("folder", nargs="?", help="the flow to open: its folder, or its file")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from flowloom.flows.cli import display

    if (fault := display.fault()) is not None:
        raise fault
    if arguments.folder is not None and not Path(arguments.folder).exists():
        raise UsageError(f"There is no folder {arguments.folder}.", hint="'flowloom new FOLDER' starts a flow.", field="folder")
    application = import_module(APPLICATION)
    return application.main([arguments.folder] if arguments.folder is not None else [])
