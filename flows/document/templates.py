"""The flows that come along to start from."""

from __future__ import annotations

import shutil
from pathlib import Path

from flowloom.flows.errors import UsageError


def templates() -> dict[str, Path]:
    """The folders of the templates, by name."""
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
    copy_folder(known[name], target)


def copy_folder(source: Path, target: Path) -> None:
    """Copy a flow's folder, without its records, to one that does not exist yet or is empty. Raises UsageError."""
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise UsageError(
                f"{target} is there already and is not empty.", hint="Name another folder.", field="folder"
            )
        shutil.copytree(
            source,
            target,
            symlinks=True,
            dirs_exist_ok=True,
            ignore=shutil.ignore_patterns("__pycache__", ".flowloom", ".promptflow", ".git"),
        )
    except (OSError, shutil.Error) as error:
        words = getattr(error, "strerror", None) or error
        raise UsageError(f"{target} cannot be made: {words}.", hint="Name another folder.", field="folder") from error
