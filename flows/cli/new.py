"""``flowloom new``: starts a flow from a template."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import Final

from flowloom.flows.cli import sink
from flowloom.flows.errors import UsageError

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


def templates() -> dict[str, Path]:
    """The templates that come along, by name."""
    from flowloom import resources

    return {
        folder.name: folder
        for folder in sorted(resources.path("templates").iterdir())
        if (folder / "flow.dag.yaml").is_file()
    }


def copy_template(name: str, target: Path) -> None:
    """Copy a template into a folder that does not exist yet or is empty. Raises UsageError."""
    known = templates()
    if name not in known:
        raise UsageError(
            f"There is no template {name!r}.", hint=f"The templates are: {', '.join(known)}.", field="template"
        )
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise UsageError(
                f"{target} is there already and is not empty.", hint="Name another folder.", field="folder"
            )
        shutil.copytree(
            known[name],
            target,
            dirs_exist_ok=True,
            ignore=shutil.ignore_patterns("__pycache__", ".flowloom", ".promptflow"),
        )
    except OSError as error:
        raise UsageError(
            f"{target} cannot be made: {error.strerror or error}.", hint="Name another folder.", field="folder"
        ) from error


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
