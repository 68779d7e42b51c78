"""Asks the model on this computer how it is, or fetches it, in a process of its own: the window never loads what runs models.

    python -P model_child.py status      one line: {"status": {...}, "folder": "...", "files": [{"name", "bytes", "path"}]}
    python -P model_child.py download    lines {"what", "done", "total"}, then {"path"} or {"error", "hint"}
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def tell(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def main(action: str) -> int:
    from flowloom.flows.errors import FlowloomError
    from flowloom.flows.node.registry import service

    try:
        model = service("local_model")
        if action == "download":
            tell({"path": str(model.download(lambda what, done, total: tell({"what": what, "done": done, "total": total})))})
            return 0
        status = model.status()
    except FlowloomError as error:
        tell({"error": error.message, "hint": error.hint})
        return 1
    folder = Path(status["path"]).parent
    files = [
        {"name": path.stem, "bytes": path.stat().st_size, "path": str(path.resolve())}
        for path in (sorted(folder.glob("*.gguf")) if folder.is_dir() else ())
        if path.is_file()
    ]
    tell({"status": status, "folder": str(folder), "files": files})
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
