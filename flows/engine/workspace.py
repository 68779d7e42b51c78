"""The folder a run works in: the flow's own, or a temporary copy with what ``additional_includes`` names laid over it."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from flowloom.flows.errors import PathError
from flowloom.flows.model.flow import Flow

_NOT_COPIED: Final = frozenset({".flowloom", ".git", "__pycache__", ".promptflow"})


class Workspace:
    """Where a flow's code runs. The temporary copy, if there is one, goes when the workspace is closed or forgotten."""

    def __init__(self, flow: Flow) -> None:
        self.root = os.path.realpath(flow.root)
        self.is_copy = bool(flow.additional_includes)
        self._remove = None
        if self.is_copy:
            # Imported where a flow includes files: most do not, and a short run notices what these modules bring with them.
            import shutil
            import tempfile

            self.root = os.path.realpath(tempfile.mkdtemp(prefix="flowloom-"))
            self._remove = weakref.finalize(self, shutil.rmtree, self.root, True)
            try:
                _copy_folder(os.path.realpath(flow.root), self.root)
                include(flow, self.root)
            except BaseException:
                self._remove()
                raise

    def close(self) -> None:
        if self._remove is not None:
            self._remove()


def include(flow: Flow, target: str) -> None:
    """Copy what the flow includes into ``target``, each by its base name and over what is there.

    A path may lead to the nearest folder above that holds ``.git``, or else to the flow folder's parent, and no further; links that lead
    out of it are refused too. ``x.zip`` beside a folder ``x`` is that folder, zipped now. Raises PathError.
    """
    import shutil

    root = Path(os.path.realpath(flow.root))
    fence = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root.parent)
    for written in flow.additional_includes:
        if os.path.isabs(written) or written.startswith("\\") or (len(written) > 1 and written[1] == ":"):
            raise _refused(flow, written, "is an absolute path", "Write it as seen from the flow's folder, such as ../shared/prompt.jinja2.")
        # Lexically first: a symbolic link must not turn '..' into another folder than the one people read.
        place = Path(os.path.normpath(root / written))
        if not _within(place, fence) or not _within(Path(os.path.realpath(place)), fence):
            raise _refused(flow, written, f"leads out of {fence}", "Move the file into the project, or keep the project in git.")
        if place.suffix == ".zip" and not place.exists() and place.with_suffix("").is_dir():
            _zip(place.with_suffix(""), Path(target) / place.name, fence)
        elif place.is_dir():
            _copy_folder(str(place), os.path.join(target, place.name), fence)
        elif place.is_file():
            shutil.copy2(place, os.path.join(target, place.name))
        else:
            raise _refused(flow, written, "does not exist", "Correct the path, or take it off the list.")


def _refused(flow: Flow, written: str, why: str, hint: str) -> PathError:
    return PathError(f"The additional include '{written}' {why}.", hint=hint, file=flow.file, field="additional_includes")


def _within(place: Path, fence: Path) -> bool:
    return place == fence or fence in place.parents


def _copy_folder(source: str, target: str, fence: Path | None = None, above: tuple[str, ...] = ()) -> None:
    """Copy a folder over another. Files that a link takes out of ``fence`` are left out, and links back to a folder ``above``."""
    real = os.path.realpath(source)
    if real in above:
        return
    import shutil

    os.makedirs(target, exist_ok=True)
    with os.scandir(source) as entries:
        for entry in entries:
            if entry.name in _NOT_COPIED:
                continue
            if fence is not None and not _within(Path(os.path.realpath(entry.path)), fence):
                continue
            to = os.path.join(target, entry.name)
            if entry.is_symlink() and fence is None:
                # The flow's own links are kept as they are: what they may reach is decided where they are followed.
                os.symlink(os.path.join(source, os.readlink(entry.path)), to)
            elif entry.is_dir():
                _copy_folder(entry.path, to, fence, (*above, real))
            elif entry.is_file():
                shutil.copy2(entry.path, to)


def _zip(folder: Path, target: Path, fence: Path) -> None:
    import zipfile

    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(folder, folder.name)
        for path, _, files in os.walk(folder):
            for file in sorted(files):
                full = Path(path) / file
                if full.is_file() and _within(Path(os.path.realpath(full)), fence):
                    archive.write(full, full.relative_to(folder.parent))



@contextmanager
def working_directory(root: str) -> Iterator[None]:
    """Make ``root`` the process's current directory until the end.

    Only the command line and workers ask for it: a program that embeds flows has a current directory of its own.
    """
    before = os.getcwd()
    os.chdir(root)
    try:
        yield
    finally:
        os.chdir(before)
