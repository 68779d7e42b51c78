"""``python -m tests.bench [AREA ...]``: measure all areas, or those named."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from tests.bench.harness import keep, table

NOT_AREAS = {"__init__", "__main__", "harness"}


def main(asked: list[str]) -> int:
    areas = sorted(
        path.stem
        for path in Path(__file__).parent.glob("*.py")
        if path.stem not in NOT_AREAS and not path.stem.startswith("_")
    )
    if unknown := [name for name in asked if name not in areas]:
        print(f"There is nothing to measure named {unknown[0]}; there is {', '.join(areas)}.", file=sys.stderr)
        return 2
    for name in asked or areas:
        figures = importlib.import_module(f"tests.bench.{name}").measure()
        keep(figures)
        print(table(figures), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
