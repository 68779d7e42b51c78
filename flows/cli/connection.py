"""``flowloom connection add|list|test|delete``: connections in this computer's keyring, and a look at those of files
and environment.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any, Final

from flowloom.flows.cli import sink
from flowloom.flows.errors import ConnectionFault, UsageError

if TYPE_CHECKING:
    from flowloom.flows.connections.connection import Connection

_PLACEHOLDERS: Final = frozenset({"", "<user-input>", "<no-change>", "to_replace_with_connection_api_key"})


def register(parser: argparse.ArgumentParser) -> None:
    """Add, list, test and delete connections to services."""
    actions = parser.add_subparsers(
        dest="action", required=True, metavar="add|list|test|delete", parser_class=type(parser)
    )
    add = actions.add_parser(
        "add", help="store a connection in the keyring; secrets are asked for, or read from stdin, one a line"
    )
    add.add_argument("name")
    add.add_argument("--type", help="open_ai, azure_open_ai, local, custom, ... (asked for where it is left out)")
    add.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="a setting; '${env:VAR}' is read at each run"
    )
    add.add_argument(
        "--secret", action="append", default=[], metavar="KEY", help="a secret of a custom connection, to be asked for"
    )
    add.add_argument("--file", help="take the settings from a connection file, such as prompt flow's")
    add.set_defaults(run=_add)
    show = actions.add_parser("list", help="list connections, without their secrets")
    show.add_argument("--connections", action="append", default=[], metavar="FILE.yaml", help="also those of a file")
    show.add_argument("--json", action="store_true", help="print one JSON object")
    show.set_defaults(run=_list)
    test = actions.add_parser("test", help="ask the service whether it takes the connection")
    test.add_argument("name")
    test.add_argument("--connections", action="append", default=[], metavar="FILE.yaml", help="look in this file first")
    test.set_defaults(run=_test)
    delete = actions.add_parser("delete", help="remove a connection from the keyring")
    delete.add_argument("name")
    delete.add_argument("--yes", action="store_true", help="do not ask")
    delete.set_defaults(run=_delete)


def _add(arguments: argparse.Namespace) -> int:
    from flowloom.flows.connections import keyring_store, registry

    name = arguments.name.strip()
    if not name or name.startswith("@"):
        raise UsageError(
            f"{arguments.name!r} cannot be the name of a connection.", hint="Use letters, digits, - and _."
        )
    if name == "local":
        raise UsageError(
            "The connection 'local' is built in: it needs no keys.",
            hint="Name another, or define 'local' in a connections file.",
        )
    if not keyring_store.available():  # before anybody types a secret for nothing
        raise keyring_store.unavailable()
    values = _from_file(arguments.file)
    written = arguments.type or values.get("type") or _ask_type()
    cls = registry.kind_class(written)
    values = {**values, "type": cls.kind}
    if cls.kind == "custom":
        _fill_custom(values, arguments)
    else:
        _fill(values, cls, arguments)
    replaced = keyring_store.read(name) is not None
    _check(name, values)
    keyring_store.write(name, values)
    sink.say(f"{'Replaced' if replaced else 'Stored'} {name!r} in the keyring. Try it: flowloom connection test {name}")
    return 0


def _from_file(file: str | None) -> dict[str, Any]:
    if file is None:
        return {}
    from pathlib import Path

    from flowloom.flows.connections.store import read_file

    found = read_file(Path(file))
    if len(found) != 1:
        raise UsageError(
            f"{file} holds {len(found)} connections.", hint="Give a file of one, or use it as it is with --connections."
        )
    values = dict(next(iter(found.values())))
    values.pop("$schema", None)
    values.pop("name", None)
    return values


def _ask_type() -> str:
    from flowloom.flows.connections import registry

    if not sink.is_terminal(sys.stdin):
        raise UsageError(
            "The type of the connection is missing.", hint=f"Give --type, one of: {', '.join(registry.kind_names())}."
        )
    for name in registry.kind_names():
        sink.say(f"  {name:<22}{registry.kind_class(name).title}")
    return _ask("Type: ")


def _fill(values: dict[str, Any], cls: type[Connection], arguments: argparse.Namespace) -> None:
    """Take the settings from the command line and ask for what is missing."""
    declared = cls.settings()
    for key, value in _given(arguments.set).items():
        if key not in declared:
            raise UsageError(
                f"A connection of kind {cls.kind} has no key {key!r}.", hint=f"It has: {', '.join(declared)}."
            )
        if declared[key].secret and not _is_reference(value):
            _warn_visible(key)
        values[key] = value
    if arguments.secret:
        raise UsageError(
            "--secret is for connections of kind custom.", hint=f"The secrets of {cls.kind} are asked for anyway."
        )
    by_token = values.get("auth_mode", "key") != "key"
    for key, setting in declared.items():
        missing = (
            values.get(key) is None
            or str(values[key]).strip().lower() in _PLACEHOLDERS
            or set(str(values[key])) == {"*"}
        )
        if not missing or (setting.secret and by_token):
            continue
        values.pop(key, None)
        if setting.secret:
            secret = _ask_secret(key, optional=not setting.required)
            if secret:
                values[key] = secret
        elif setting.required or (setting.url and sink.is_terminal(sys.stdin)):
            answer = _ask_setting(key, setting.help, required=setting.required)
            if answer:
                values[key] = answer


def _fill_custom(values: dict[str, Any], arguments: argparse.Namespace) -> None:
    configs, secrets = dict(values.get("configs") or {}), dict(values.get("secrets") or {})
    from flowloom.flows.connections.registry import looks_secret

    for key, value in _given(arguments.set).items():
        if key in secrets or key in arguments.secret or looks_secret(key):
            if not _is_reference(value):
                _warn_visible(key)
            secrets[key] = value
        else:
            configs[key] = value
    for key in dict.fromkeys([*arguments.secret, *secrets]):
        if str(secrets.get(key, "")).strip().lower() in _PLACEHOLDERS or set(str(secrets[key])) == {"*"}:
            secrets[key] = _ask_secret(key)
    if not configs and not secrets:
        raise UsageError(
            "A custom connection needs at least one key.",
            hint="Give --set KEY=VALUE for settings and --secret KEY for secrets.",
        )
    values.update(configs=configs, secrets=secrets)


def _given(pairs: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        key, separator, value = pair.partition("=")
        if not separator or not key.strip():
            raise UsageError(f"--set needs KEY=VALUE, not {key!r}.")
        found[key.strip()] = value
    return found


def _is_reference(value: str) -> bool:
    return value.strip().startswith("${env:")


def _warn_visible(key: str) -> None:
    sink.say(
        sink.style(
            f"Warning: {key} was written on the command line, where other programs and the shell's history can see it. "
            f"Leave it out to be asked for it, or write '${{env:VARIABLE}}'.",
            "yellow",
        )
    )


def _ask_secret(key: str, *, optional: bool = False) -> str:
    """A secret, typed without echo, or the next line of stdin where that is no terminal."""
    if sink.is_terminal(sys.stdin):
        from getpass import getpass

        while True:
            secret = getpass(f"{key}{' (Enter for none)' if optional else ''}: ", stream=sys.stderr).strip()
            if secret or optional:
                return secret
            sink.say(f"{key} cannot be empty.")
    line = sys.stdin.readline() if sys.stdin is not None else ""
    if not line.strip() and not optional:
        raise UsageError(
            f"The secret {key!r} is missing.", hint=f"Pipe it in (one line), or write --set {key}='${{env:VARIABLE}}'."
        )
    return line.strip()


def _ask_setting(key: str, help: str, *, required: bool) -> str:
    if not sink.is_terminal(sys.stdin):
        raise UsageError(f"The setting {key!r} is missing.", hint=f"Give it: --set {key}=VALUE")
    while True:
        answer = _ask(f"{key}{f' ({help})' if help else ''}{'' if required else ' (Enter for none)'}: ")
        if answer or not required:
            return answer


def _ask(question: str) -> str:
    sink.say(question, end="")
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise KeyboardInterrupt  # the end of the input is as good as Ctrl+C
    return line.strip()


def _check(name: str, values: dict[str, Any]) -> None:
    """Refuse what could not be used. What is read from the environment need not be there yet."""
    import os

    from flowloom.flows.connections import registry

    def known(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: known(item) for key, item in value.items()}
        return "set later" if isinstance(value, str) and _is_reference(value) else value

    registry.make(name, known(values), where="the command line", environ=os.environ)


def _list(arguments: argparse.Namespace) -> int:
    from flowloom.flows.connections import keyring_store
    from flowloom.flows.connections.store import Connections

    connections = Connections(arguments.connections)
    sink.use(connections.redactor)
    entries = connections.entries()
    if arguments.json:
        import json
        from dataclasses import asdict

        sink.tell(
            json.dumps({"connections": [asdict(entry) for entry in entries], "keyring": keyring_store.available()})
        )
        return 0
    names = max(len(entry.name) for entry in entries)
    kinds = max(len(entry.kind) for entry in entries)
    for entry in entries:
        rest = (
            sink.style(entry.problem, "yellow", stream=sys.stdout)
            if entry.problem
            else entry.host or "nothing leaves this computer" * (entry.kind == "local")
        )
        sink.tell(f"{entry.name:<{names}}  {entry.kind:<{kinds}}  {entry.where:<11}  {sink.clean(rest)}".rstrip())
    if not keyring_store.available():
        sink.say(sink.style(keyring_store.NO_KEYRING, "dim"))
    return 0


def _test(arguments: argparse.Namespace) -> int:
    from flowloom.flows.connections.store import Connections

    connections = Connections(arguments.connections)
    sink.use(connections.redactor)
    connection = connections.get(arguments.name)
    if connection.kind == "local":
        return _test_local(connection)
    from flowloom.flows.connections.probe import probe

    answer = probe(connection)
    more = f" and {len(answer.names) - 8} more" if len(answer.names) > 8 else ""
    listed = f" Its {answer.what}: {', '.join(answer.names[:8])}{more}." if answer.names else ""
    sink.tell(
        sink.clean(
            f"{sink.style('Works.', 'green', stream=sys.stdout)} {answer.host} takes the connection {arguments.name!r}.{listed}"
        )
    )
    return 0


def _test_local(connection: Connection) -> int:
    from flowloom.flows.errors import MissingExtra
    from flowloom.flows.node.registry import service

    status = service("local_model").status()
    if not status["runtime"]:
        raise MissingExtra(
            "What runs models on this computer is not installed.", hint="Install it: pip install 'flowloom[local]'"
        )
    if not connection.get("model") and not status["present"]:
        raise MissingExtra(f"The model {status['model']} is not on this computer yet.", hint="flowloom models download")
    model = connection.get("model") or status["model"]
    sink.tell(f"{sink.style('Works.', 'green', stream=sys.stdout)} {sink.clean(str(model))} runs on this computer.")
    return 0


def _delete(arguments: argparse.Namespace) -> int:
    from flowloom.flows.connections import keyring_store
    from flowloom.flows.connections.store import Connections

    name = arguments.name
    if name not in keyring_store.names():
        where = "it is built in" if name == "local" else "there is none of that name in the keyring"
        known = [other for other in Connections().names() if other != "local"]
        raise ConnectionFault(
            f"The connection {name!r} cannot be deleted: {where}.",
            hint=f"There {'are' if len(known) > 1 else 'is'} {', '.join(known)}."
            if known
            else "The keyring holds no connection.",
        )
    if (
        not arguments.yes
        and sink.is_terminal(sys.stdin)
        and _ask(f"Delete {name!r} from the keyring? [y/N] ").lower() not in ("y", "yes")
    ):
        sink.say("Kept.")
        return 0
    keyring_store.delete(name)
    sink.say(f"Deleted {name!r}.")
    return 0
