"""Whether a window can open here, told without Qt."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from flowloom.flows.cli import display


def test_a_missing_extra_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "find_spec", lambda name: None if name == "PySide6" else object())
    fault = display.fault({"DISPLAY": ":0"})
    assert fault is not None
    assert fault.kind == "missing_extra"
    assert "PySide6-Essentials" in fault.message
    assert "pip install 'flowloom[studio]'" in fault.hint


def test_without_a_screen_the_other_commands_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display.sys, "platform", "linux")
    monkeypatch.setattr(display, "find_spec", lambda _name: object())
    fault = display.fault({})
    assert fault is not None
    assert "DISPLAY" in fault.message
    assert "flowloom run" in fault.hint
    monkeypatch.setattr(display.sys, "platform", "darwin")
    assert display.fault({}) is None


@pytest.mark.skipif(not shutil.which("gcc") or not shutil.which("ldd"), reason="needs a C compiler and ldd")
def test_a_missing_library_names_the_apt_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plug-in that was linked against a library which is gone since."""
    monkeypatch.setattr(display, "find_spec", lambda _name: object())
    platforms = tmp_path / "plugins" / "platforms"
    platforms.mkdir(parents=True)
    (tmp_path / "a.c").write_text("int a(void) { return 1; }\n")
    (tmp_path / "b.c").write_text("int a(void);\nint b(void) { return a(); }\n")
    gone = tmp_path / "libxcb-oddity.so.0"
    subprocess.run(["gcc", "-shared", "-fPIC", "-Wl,-soname,libxcb-oddity.so.0", "-o", gone, tmp_path / "a.c"], check=True)
    plugin = platforms / "libqxcb.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", plugin, tmp_path / "b.c", gone], check=True)
    gone.unlink()
    fault = display.fault({"DISPLAY": ":0"}, tmp_path)
    assert fault is not None
    assert "libxcb-oddity.so.0" in fault.message
    assert fault.hint == "Run: sudo apt install libxcb-oddity0"
    assert display._loading(plugin) == ["libxcb-oddity.so.0"]
    assert display.fault({"QT_QPA_PLATFORM": "offscreen"}, tmp_path) is None


def test_packages_of_libraries() -> None:
    libraries = ["libxcb-icccm.so.4", "libxcb-keysyms.so.1", "libxkbcommon-x11.so.0", "libGL.so.1", "libxcb-icccm.so.4"]
    assert display.packages_of(libraries) == ["libgl1", "libxcb-icccm4", "libxcb-keysyms1", "libxkbcommon-x11-0"]
