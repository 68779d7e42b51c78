"""Connections in the keyring of the operating system: service ``flowloom``, one entry a connection, one that lists the
names.

Where no keyring works nothing is stored anywhere else.
"""

from __future__ import annotations

import json
from typing import Any, Final

from flowloom.flows.errors import ConnectionFault

SERVICE: Final = "flowloom"
_NAMES: Final = "@names"
NO_KEYRING: Final = "This computer has no working keyring, so nothing is stored."
_HINT: Final = (
    "Keep the connection in a file of your own and name it with --connections FILE.yaml, with secrets as ${env:VARIABLE}; "
    "on Linux a keyring comes with gnome-keyring or KWallet."
)


def available() -> bool:
    """Whether a keyring is there and takes secrets."""
    return _backend() is not None


def unavailable() -> ConnectionFault:
    """The error that says so."""
    return ConnectionFault(NO_KEYRING, hint=_HINT)


def names() -> list[str]:
    """Names of the stored connections, sorted. Empty where no keyring works."""
    backend = _backend()
    return _read_names(backend) if backend is not None else []


def read(name: str) -> dict[str, Any] | None:
    """The keys of a stored connection, with its ``type``; None where there is none of that name."""
    backend = _backend()
    text = _call(backend.get_password, SERVICE, name) if backend is not None else None
    if text is None:
        return None
    try:
        values = json.loads(text)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise ConnectionFault(
            f"What the keyring holds for the connection {name!r} cannot be read.",
            hint=f"Remove it and add it again: flowloom connection delete {name}",
        )
    return values


def write(name: str, values: dict[str, Any]) -> None:
    """Store a connection, replacing one of that name. Raises ConnectionFault where no keyring works."""
    backend = _backend()
    if backend is None:
        raise unavailable()
    _call(backend.set_password, SERVICE, name, json.dumps(values, ensure_ascii=False))
    known = _read_names(backend)
    if name not in known:
        _call(backend.set_password, SERVICE, _NAMES, json.dumps(sorted([*known, name]), ensure_ascii=False))


def delete(name: str) -> bool:
    """Forget a connection; False where there was none."""
    backend = _backend()
    if backend is None:
        return False
    known = _read_names(backend)
    stored = _call(backend.get_password, SERVICE, name) is not None
    if stored:
        _call(backend.delete_password, SERVICE, name)
    if name in known:
        known.remove(name)
        _call(backend.set_password, SERVICE, _NAMES, json.dumps(known, ensure_ascii=False))
    return stored


def _backend() -> Any:
    import keyring
    from keyring.backends import fail, null

    backend = keyring.get_keyring()
    return None if isinstance(backend, fail.Keyring | null.Keyring) else backend


def _read_names(backend: Any) -> list[str]:
    try:
        found = json.loads(_call(backend.get_password, SERVICE, _NAMES) or "[]")
    except ValueError:
        return []
    return sorted(str(name) for name in found) if isinstance(found, list) else []


def _call(method: Any, *arguments: str) -> Any:
    from keyring.errors import KeyringError

    try:
        return method(*arguments)
    except KeyringError as error:
        raise ConnectionFault(
            f"The keyring of this computer refuses: {str(error).strip() or type(error).__name__}.",
            hint="Unlock it and try again, or use a connections file: --connections FILE.yaml",
        ) from error
