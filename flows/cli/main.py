"""The command ``flowloom``: finds the subcommand's module, runs it, and turns failures into a sentence and an exit
code.

    0    done
    1    the flow, or what was asked, failed
    2    bad usage, or an invalid flow
    130  stopped with Ctrl+C

Each subcommand is a module with ``register(parser)``, which adds its arguments and sets the default ``run``, a function
from the parsed arguments to an exit code. Packages add subcommands by entry point ``flowloom.commands``, whose object
is such a ``register``; it is imported only when its command or the list of all commands is asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    import argparse

    from flowloom.flows.node.entry_points import EntryPoint

COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "run": ("flowloom.flows.cli.run", "run a flow"),
    "batch": ("flowloom.flows.cli.batch", "run a flow over the rows of a dataset"),
    "studio": ("flowloom.flows.cli.studio", "open the studio, where flows are built, run and watched"),
    "use": ("flowloom.flows.cli.use", "use a flow as a form or a chat, without its graph"),
    "demo": ("flowloom.flows.cli.demo", "run a small flow on a model on this computer, to see how it looks"),
    "new": ("flowloom.flows.cli.new", "start a flow from a template"),
    "runs": ("flowloom.flows.cli.runs", "look at past runs of a flow, compare two, delete them"),
    "validate": ("flowloom.flows.cli.validate", "list everything that is wrong with a flow, without running it"),
    "show": ("flowloom.flows.cli.show", "draw a flow's graph"),
    "nodes": ("flowloom.flows.cli.nodes", "list the node types, or explain one"),
    "connection": ("flowloom.flows.cli.connection", "add, list, test and delete connections to services"),
}

Register = Callable[["argparse.ArgumentParser"], None]

FAILED: Final = 1
BAD_USAGE: Final = 2
CANCELLED: Final = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; ``arguments`` are those after the program's name. Returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if arguments is None:
        from flowloom.flows.cli import startup

        startup.begin()
    _open_streams()
    try:
        return _dispatch(given)
    except KeyboardInterrupt:
        from flowloom.flows.cli.failure import report_cancelled

        return report_cancelled(given)
    except BrokenPipeError:
        return _nobody_reads()
    except SystemExit as stop:  # argparse ends --help so
        return stop.code if isinstance(stop.code, int) else FAILED if stop.code else 0
    except Exception as error:
        from flowloom.flows.cli.failure import report

        return report(error, given)
    finally:
        _flush()


def _dispatch(given: list[str]) -> int:
    if not given or given[0] in ("-h", "--help", "help"):
        if len(given) > 1 and given[0] == "help":
            return _dispatch([given[1], "--help"])
        _write(overview())
        return 0 if given else BAD_USAGE
    if given[0] in ("-V", "--version", "version"):
        _write(f"flowloom {_version()}\n")
        return 0
    name, rest = given[0], given[1:]
    register = _find(name)
    parser = make_parser(name, register)
    parsed = parser.parse_args(rest)
    return int(parsed.run(parsed) or 0)


def make_parser(name: str, register: Register) -> argparse.ArgumentParser:
    """The parser of one command. Bad usage raises UsageError instead of ending the process."""
    import argparse

    from flowloom.flows.errors import UsageError

    class Parser(argparse.ArgumentParser):
        def error(self, message: str) -> NoReturn:
            raise UsageError(f"{message[:1].upper()}{message[1:]}.".replace("..", "."), hint=f"See: {self.prog} --help")

    def formatter(prog: str) -> argparse.HelpFormatter:
        # The default would import shutil for the terminal's width with each argument, also where no help is asked for.
        return argparse.HelpFormatter(prog, width=_columns(), max_help_position=32)

    described = COMMANDS.get(name, ("", ""))[1]
    parser = Parser(
        prog=f"flowloom {name}",
        formatter_class=formatter,
        description=f"{described[:1].upper()}{described[1:]}." if described else None,
    )
    register(parser)
    return parser


def _columns() -> int:
    import os

    try:
        return max(40, int(os.environ.get("COLUMNS") or os.get_terminal_size(1).columns) - 2)
    except (OSError, ValueError):
        return 98


def overview() -> str:
    """What ``flowloom --help`` prints."""
    lines = ["usage: flowloom COMMAND ...", "", "Build flows of prompts, models and Python, and run them.", ""]
    commands = {name: words for name, (_, words) in COMMANDS.items()}
    for entry in _contributed():
        commands.setdefault(entry.name, _first_line(entry))
    width = max(map(len, commands)) + 2
    lines += [f"  {name:<{width}}{words}" for name, words in commands.items()]
    lines += ["", "'flowloom COMMAND --help' explains one. 'flowloom demo' shows it at work.", ""]
    return "\n".join(lines)


def _find(name: str) -> Register:
    from importlib import import_module

    if name in COMMANDS:
        return import_module(COMMANDS[name][0]).register
    contributed = _contributed()
    for entry in contributed:
        if entry.name == name:
            return entry.load()
    from difflib import get_close_matches

    from flowloom.flows.errors import UsageError

    names = list(dict.fromkeys([*COMMANDS, *(entry.name for entry in contributed)]))
    close = get_close_matches(name, names, n=1)
    meant = f"Did you mean 'flowloom {close[0]}'? " if close else ""
    raise UsageError(f"There is no command {name!r}.", hint=f"{meant}The commands are: {', '.join(names)}.")


def _contributed() -> list[EntryPoint]:
    from flowloom.flows.node.entry_points import entry_points, metadata_folders

    found = [entry for name, folder in metadata_folders().items() for entry in entry_points(folder, name)]
    return [entry for entry in found if entry.group == "flowloom.commands"]


def _first_line(entry: EntryPoint) -> str:
    """The help of a contributed command: the first line of its ``register``'s docstring."""
    try:
        words = (entry.load().__doc__ or "").strip().partition("\n")[0]
    except Exception as error:
        return f"(cannot be loaded: {type(error).__name__}: {error})"
    return f"{words[:1].lower()}{words[1:]}".rstrip(".")


def _version() -> str:
    from flowloom.flows.node.entry_points import EntryPoint, metadata_folders

    return EntryPoint("", "", "", "flowloom", metadata_folders().get("flowloom", "")).version or "unknown"


def _write(text: str) -> None:
    sys.stdout.write(text)


def _open_streams() -> None:
    """Where we were started with a standard stream closed, open it on nothing: else the next file opened would take its
    number, and receive what is printed.
    """
    import os

    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            try:
                opened = os.open(os.devnull, os.O_RDWR)
                if opened != number:
                    os.dup2(opened, number)
                    os.close(opened)
                setattr(sys, name, open(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False))  # noqa: SIM115
            except OSError:
                pass


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            _nobody_reads()
        except (ValueError, OSError, AttributeError):
            pass  # closed already


def _nobody_reads() -> int:
    """Whoever read our output has closed it (``flowloom show | head``): the rest is nobody's, and no error."""
    import os

    try:
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, sys.stdout.fileno())
        os.close(silent)
    except (OSError, ValueError, AttributeError):
        pass
    return 0
