"""Whether a window can open here, found out without Qt: the extra, a screen, and the system's libraries that Qt's Linux plug-in needs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from flowloom.flows.errors import FlowloomError, MissingExtra, UsageError

MODULES: Final = {"PySide6": "PySide6-Essentials", "qtawesome": "QtAwesome", "fast_sugiyama": "fast-sugiyama"}

_PARTS: Final = ("plugins/platforms/libqxcb.so", "lib/libQt6Gui.so.6", "lib/libQt6Widgets.so.6", "lib/libQt6XcbQpa.so.6")
_PACKAGES: Final[Mapping[str, str]] = {
    "libEGL.so.1": "libegl1", "libGL.so.1": "libgl1", "libGLX.so.0": "libglx0", "libOpenGL.so.0": "libopengl0",
    "libX11.so.6": "libx11-6", "libX11-xcb.so.1": "libx11-xcb1", "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1", "libfreetype.so.6": "libfreetype6", "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0", "libxkbcommon.so.0": "libxkbcommon0", "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb.so.1": "libxcb1", "libz.so.1": "zlib1g", "libzstd.so.1": "libzstd1",
}  # fmt: skip


def fault(environment: Mapping[str, str] = os.environ, folder: Path | None = None) -> FlowloomError | None:
    """Why no window can open, with what mends it; None where one can. ``folder`` is Qt's, in place of the installed one."""
    missing = [package for module, package in MODULES.items() if find_spec(module) is None]
    if missing:
        return MissingExtra(
            f"The studio's packages are not installed: {', '.join(missing)}.", hint="Run: pip install 'flowloom[studio]'"
        )
    if not sys.platform.startswith("linux"):
        return None
    platform = environment.get("QT_QPA_PLATFORM", "")
    if platform.partition(":")[0] in ("offscreen", "minimal", "vnc", "linuxfb"):
        return _library_fault(folder, _PARTS[1:3])
    if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        return UsageError(
            "There is no screen to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set.",
            hint="Start it from a desktop session. Without one, 'flowloom run', 'flowloom show' and 'flowloom validate' do the same work.",
        )
    is_wayland = bool(environment.get("WAYLAND_DISPLAY")) and platform.partition(":")[0] in ("", "wayland")
    return _library_fault(folder, _PARTS[1:3] if is_wayland else _PARTS)


def qt_folder() -> Path | None:
    """The folder ``Qt`` within the installed PySide6; None where it brings none."""
    found = find_spec("PySide6")
    places = list(found.submodule_search_locations or ()) if found is not None else []
    folder = Path(places[0]) / "Qt" if places else None
    return folder if folder is not None and folder.is_dir() else None


def missing_libraries(folder: Path, parts: Sequence[str] = _PARTS) -> list[str]:
    """The system's libraries that Qt's files ask for and that are not here, such as ``libxcb-cursor.so.0``."""
    found: dict[str, None] = {}
    for part in parts:
        file = folder / part
        if file.is_file():
            found.update(dict.fromkeys(_missing(file)))
    return list(found)


def packages_of(libraries: Sequence[str]) -> list[str]:
    """The Debian packages that bring libraries."""
    return sorted({_package(name) for name in libraries})


def _package(library: str) -> str:
    if library in _PACKAGES:
        return _PACKAGES[library]
    match = re.fullmatch(r"(lib[\w+.-]+?)\.so\.(\d+)", library)
    if match is None:
        return library
    name, number = match.group(1).lower().replace("_", "-"), match.group(2)
    return f"{name}-{number}" if name[-1].isdigit() else f"{name}{number}"


def _library_fault(folder: Path | None, parts: Sequence[str]) -> FlowloomError | None:
    folder = folder or qt_folder()
    libraries = missing_libraries(folder, parts) if folder is not None else []
    if not libraries:
        return None
    listed = ", ".join(libraries)
    return MissingExtra(
        f"The window needs libraries of the system that are not here: {listed}.",
        hint=f"Run: sudo apt install {' '.join(packages_of(libraries))}",
    )


def _missing(file: Path) -> list[str]:
    """What the dynamic linker does not find for a file; it is asked to list, not to run anything."""
    try:
        done = subprocess.run(["ldd", str(file)], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.SubprocessError):
        return _loading(file)
    return re.findall(r"^\s*(\S+) => not found", done.stdout, re.MULTILINE)


def _loading(file: Path) -> list[str]:
    """The first library that loading the file misses, where there is no ``ldd``; in a process of its own."""
    program = "import ctypes, sys\ntry:\n ctypes.CDLL(sys.argv[1])\nexcept OSError as error:\n print(error)\n"
    try:
        done = subprocess.run([sys.executable, "-c", program, str(file)], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.SubprocessError):
        return []
    return re.findall(r"^(lib\S+): cannot open shared object", done.stdout, re.MULTILINE)
