"""What Prompt flow's results look like once they are written down: JSON, images by their content, errors without paths."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

MEDIA_KEY = re.compile(r"^data:image/(.*);path$")


def settle(value: Any, scratch: Path, copy: Path) -> Any:
    """JSON as prompt flow writes it, with images that it left in files named by their content instead."""
    from promptflow._utils.utils import default_json_encoder

    plain = json.loads(re.sub(r" at 0x[0-9a-f]+", " at 0x", json.dumps(value, default=default_json_encoder)))
    return fingerprinted(plain, [copy, scratch, Path(".").resolve()])


def fingerprinted(value: Any, folders: list[Path]) -> Any:
    if isinstance(value, list):
        return [fingerprinted(item, folders) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        key, content = next(iter(value.items()))
        found = MEDIA_KEY.match(str(key))
        if found and isinstance(content, str):
            return {f"data:image/{found.group(1)};sha1": hash_of(content, folders)}
    if value.get("type") == "image_file" and isinstance(value.get("image_file"), dict):
        return {"type": "image_file", "image_file": {"sha1": hash_of(value["image_file"].get("path", ""), folders)}}
    return {key: fingerprinted(item, folders) for key, item in value.items()}


def hash_of(name: str, folders: list[Path]) -> str:
    for folder in folders:
        found = [folder / name, *folder.rglob(Path(name).name)] if name else []
        for path in found:
            if path.is_file():
                return hashlib.sha1(path.read_bytes(), usedforsecurity=False).hexdigest()
    return f"missing {name}"


def said(error: Any, scratch: Path) -> dict[str, str]:
    """The type of an error and its message, without the paths of this machine."""
    if isinstance(error, dict):
        kind, message = innermost(error), error.get("message", "")
    else:
        kind, message = type(error).__name__, str(error)
        cause = error.__cause__
        while cause is not None:
            kind, cause = f"{kind} < {type(cause).__name__}", cause.__cause__
    message = str(message).replace(str(scratch), "SCRATCH")
    return {"type": kind, "message": re.sub(r"/tmp/\S+?/|/\S+?/site-packages", "TMP/", message)[:2000]}


def innermost(error: dict[str, Any]) -> str:
    names = [str(error.get("code", ""))]
    inner = error.get("innerError")
    while isinstance(inner, dict):
        names.append(str(inner.get("code", "")))
        inner = inner.get("innerError")
    debug = error.get("debugInfo")
    while isinstance(debug, dict):
        names.append(str(debug.get("type", "")))
        debug = debug.get("innerException")
    return " < ".join(names)
