"""``flowloom use``: a flow as a form or a chat, for people who only want to use it."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path

from flowloom.flows.errors import UsageError


def register(parser: argparse.ArgumentParser) -> None:
    """Open a flow as a form or a chat, without its graph."""
    parser.add_argument("path", help="the flow: its folder, or its file")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from flowloom.flows.cli import display
    from flowloom.flows.cli.studio import APPLICATION

    if (fault := display.fault()) is not None:
        raise fault
    if not Path(arguments.path).exists():
        raise UsageError(f"There is no flow at {arguments.path}.", hint="Give the folder of a flow, or its flow file.", field="path")
    return import_module(APPLICATION).main([arguments.path], face="use")
