"""``flowloom new``: starts a flow from a template."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from flowloom.flows.cli import sink
from flowloom.flows.document.templates import copy_template, templates

DEFAULT: Final = "question"


def register(parser: argparse.ArgumentParser) -> None:
    """Start a flow from a template."""
    parser.add_argument("folder", nargs="?", help="the folder to make; without it, the templates are listed")
    parser.add_argument("--template", default=DEFAULT, metavar="NAME", help=f"what to start from (default: {DEFAULT})")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    if arguments.folder is None:
        _list()
        return 0
    target = Path(arguments.folder)
    copy_template(arguments.template, target)
    sink.tell(f"Made {target}. Run it: flowloom run {_quoted(target)}{_example(target)}")
    sink.tell(f"Look at it: flowloom show {_quoted(target)}")
    return 0


def _list() -> None:
    from flowloom.flows.document import read
    from flowloom.flows.model.build import build

    flows = {name: build(read(folder)).flow for name, folder in templates().items()}
    width = max(map(len, flows), default=0)
    for name, flow in flows.items():
        words = flow.description.strip().partition("\n")[0] or flow.display_name
        sink.tell(f"{sink.style(f'{name:<{width}}', 'bold', stream=sys.stdout)}  {words}")
    sink.tell("\nStart one: flowloom new FOLDER --template NAME")


def _example(folder: Path) -> str:
    """The inputs that a run of the new flow needs, as an example to go on from."""
    from flowloom.flows.document import read
    from flowloom.flows.model.build import build

    needed = [spec.name for spec in build(read(folder)).flow.inputs.values() if spec.required]
    return "".join(f" -i {name}='...'" for name in needed)


def _quoted(path: Path) -> str:
    from shlex import quote

    return quote(str(path))
