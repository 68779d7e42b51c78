"""Which flows a person trusts to run, kept outside of their folders: a folder cannot speak for itself."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import time

from flowloom.flows.document.save import write_file

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Signed:
    """What was trusted: the hash, and the digests it is made of, to tell what changed since."""

    hash: str
    digests: Mapping[str, str]


def read_trust(root: str | os.PathLike[str], name: str) -> Signed | None:
    """What was trusted of the flow ``name`` in the folder ``root``; None where nothing was."""
    try:
        data = json.loads(_place(root, name).read_bytes())
        digests = data["digests"]
        if data["version"] != _VERSION or data["folder"] != os.path.realpath(root) or not isinstance(digests, dict):
            return None
        return Signed(str(data["hash"]), {str(path): str(digest) for path, digest in digests.items()})
    except (OSError, ValueError, KeyError, TypeError):
        # A record that cannot be read trusts nothing.
        return None


def keep_trust(root: str | os.PathLike[str], name: str, signed: Signed) -> None:
    """Trust this, and nothing else, of the flow. Raises DocumentError where the state directory cannot be written."""
    data = {
        "version": _VERSION,
        "folder": os.path.realpath(root),
        "flow": name,
        "hash": signed.hash,
        "digests": dict(sorted(signed.digests.items())),
        "when": time(),
    }
    write_file(_place(root, name), json.dumps(data, indent=1).encode("utf-8", "surrogatepass"), shown="the list of trusted folders")


def drop_trust(root: str | os.PathLike[str], name: str) -> None:
    """Trust nothing of the flow any more."""
    _place(root, name).unlink(missing_ok=True)


def _place(root: str | os.PathLike[str], name: str) -> Path:
    from flowloom.flows.engine.places import state_directory

    key = f"{os.path.realpath(root)}\0{name}".encode("utf-8", "surrogatepass")
    return state_directory() / "trust" / f"{hashlib.sha256(key).hexdigest()[:32]}.json"
