"""``python -m tests.pictures [FOLDER] [PART ...]``: pictures of every screen of the studio, for people to look at.

Each of both themes, both languages and two sizes gives a folder such as ``dark-en-1280``; PART is a part of such a name. What is shown
comes about as a person brings it about: by mouse, keys and commands of the menu, on the embedded model. FOLDER is ``build/pictures``
unless given.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SIZES = {"1280": (1280, 800), "2560": (2560, 1440)}


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else ROOT / "build" / "pictures"
    looks = ["-".join(look) for look in itertools.product(("dark", "light"), ("en", "zh_CN"), SIZES)]
    wanted = [look for look in looks if not arguments[1:] or any(part in look for part in arguments[1:])]
    failed = 0
    for look in wanted:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        command = [sys.executable, "-m", "tests.pictures.tour", look, str(folder / look)]
        failed |= subprocess.run(command, cwd=ROOT, env=environment).returncode
    print(f"{len(wanted)} looks in {folder}")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
