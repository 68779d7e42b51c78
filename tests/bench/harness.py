"""What all measurements share: virtual environments of peers, and how figures are shown and kept.

An area is a module with ``measure() -> {"area.name": {"value", "unit", "references": {peer: value}}}``.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
BUILD: Final = ROOT / "build"
RESULTS: Final = BUILD / "bench.json"
PROMPTFLOW: Final = ("promptflow==1.18.5", "promptflow-tools==1.6.1", "setuptools<81")

Figures = Mapping[str, Mapping[str, Any]]


def peer(name: str, *requirements: str) -> Path:
    """The folder ``bin`` of a virtual environment with these packages, made once under ``build/bench``."""
    folder = BUILD / "bench" / name
    if not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        print(f"Installing {name} to measure beside it (once) ...", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin" / "python", "-m", "pip", "install", "--quiet", *requirements], check=True)
        (folder / "ready").touch()
    return folder / "bin"


def keep(figures: Figures) -> None:
    """Add figures to ``build/bench.json``, in place of older ones of the same names."""
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    known = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    known.update(figures)
    RESULTS.write_text(json.dumps(dict(sorted(known.items())), indent=2) + "\n", encoding="utf-8")


def table(figures: Figures) -> str:
    """The figures as lines of a table: ours, then each reference with how many times ours it is."""
    lines = [f"{'figure':<36}{'ours':>12}  unit    references"]
    for name, figure in figures.items():
        value = float(figure["value"])
        references = ", ".join(
            f"{peer} {_number(other)} ({other / value:.2f}x)" if value else f"{peer} {_number(other)}"
            for peer, other in figure.get("references", {}).items()
        )
        lines.append(f"{name:<36}{_number(value):>12}  {figure['unit']:<6}  {references}".rstrip())
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
